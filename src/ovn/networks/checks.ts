import { LibvirtError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import { itemsOf } from './compare.js';
import type { OvnOwnership } from './options.js';
import { type OwnRows, ownerOfRows } from './own-rows.js';
import { isGuest } from './stored.js';

/** Ports of guests, and those that somebody has put into the switch by hand. */
function portsOf({ rows }: OwnRows): number {
  const known = new Set<unknown>([...rows.values()].map(({ uuid }) => uuid));
  const foreign = itemsOf(rows.get('switch')?.row['ports']).filter((uuid) => !known.has(uuid));
  return foreign.length + [...rows.values()].filter(isGuest).length;
}

/** @throws `LibvirtError` code `NETWORK_IN_USE` */
export function assertUnused(found: OwnRows): void {
  const count = portsOf(found);
  if (count === 0) return;
  const ports = count === 1 ? 'a guest has a port' : `${count} guests have ports`;
  throw new LibvirtError('NETWORK_IN_USE', `network "${found.name}" cannot be removed: ${ports} in it`, {
    network: found.name,
    hint: 'remove the ports first, or allow it: inUse: true',
  });
}

/**
 * Refuses a network whose rows somebody has copied by hand.
 *
 * @throws `LibvirtError` code `NETWORK_EXISTS`
 */
export function assertSingle({ name, copies }: OwnRows): void {
  if (copies.length === 0) return;
  const which = copies.map(({ table, uuid }) => `${table} ${uuid}`).sort();
  throw new LibvirtError('NETWORK_EXISTS', `network "${name}" has rows more than once: ${which.join(', ')}`, {
    network: name,
    hint: 'compare them with ovn-nbctl list TABLE, and remove the copies with ovn-nbctl destroy TABLE UUID',
  });
}

/** @throws `LibvirtError` codes `NETWORK_EXISTS` and `NOT_OWNER` */
export function assertOwn(found: OwnRows, { owner, foreign }: OvnOwnership): void {
  const { name, rows } = found;
  assertSingle(found);
  if (found.hasForeignSwitch)
    throw new LibvirtError('NETWORK_EXISTS', `a logical switch "${name}" exists that this library has not made`, {
      network: name,
      hint: 'pick another name, or remove the switch with ovn-nbctl ls-del',
    });
  const actual = ownerOfRows(found);
  if (rows.size === 0 || foreign === true || actual === owner) return;
  const whose = actual === undefined ? 'has no owner' : `belongs to "${actual}"`;
  const not = owner === undefined ? '' : `, not to "${owner}"`;
  throw new LibvirtError('NOT_OWNER', `network "${name}" ${whose}${not}`, { network: name, hint: REMEDIES.NOT_OWNER });
}
