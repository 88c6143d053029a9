import { LibvirtError } from '../../errors/index.js';
import { ADDRESS_MARK, ROUTER_KEY } from '../../ovn-model/outside-addresses.js';
import type { OvnRow } from '../../ovn-model/rows.js';
import { mapOf } from '../../ovn-model/values.js';
import type { OvsdbOperation } from '../database/operations.js';
import { type Answered, answeredIn } from './answered-addresses.js';
import type { OwnRows } from './own-rows.js';

const wantedIn = (rows: readonly OvnRow[]): readonly Answered[] =>
  answeredIn(Object.entries(rows.find(({ key }) => key === ROUTER_KEY)?.marks ?? {}));

/**
 * Refuses a network with an address outside that another network has: the routers of both would answer for it, and both networks would
 * lose the outside.
 *
 * @throws `LibvirtError` code `INVALID_ARGUMENT`
 */
export function assertFree(wanted: readonly OvnRow[], { name, answered }: OwnRows): void {
  for (const one of wantedIn(wanted)) {
    const other = answered.otherThan(name, one);
    if (other !== undefined) throw taken(name, other, one.address);
  }
}

const taken = (name: string, other: string, address: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `network "${name}" cannot have ${address} outside: network "${other}" has it`, {
    network: name,
    hint: 'give each network an address of its own in outside.addresses, and in ownAddresses, natAddress and port forwards',
  });

/** Has a transaction fail where another network has taken an address in the meantime that this one gets by it. */
export function addressGuards(wanted: readonly OvnRow[], { rows }: OwnRows): readonly OvsdbOperation[] {
  const marks = mapOf(rows.get(ROUTER_KEY)?.row['external_ids']);
  return wantedIn(wanted)
    .filter(({ address, segment }) => marks.get(`${ADDRESS_MARK}${address}`) !== segment)
    .map(({ address, segment }) => ({
      ...{ op: 'wait', table: 'Logical_Router', columns: ['_uuid'], until: '==', rows: [], timeoutMs: 0 },
      where: [['external_ids', 'includes', { [`${ADDRESS_MARK}${address}`]: segment }]],
    }));
}
