import { LibvirtError } from '../errors/index.js';
import { isList } from '../options/kind-of-value.js';
import { shown } from '../options/shown.js';
import { uuid } from '../schema/scalar.js';
import type { MockGuest, MockGuestOptions } from './guest-state.js';

/**
 * Checks what a test passes to `addGuest`.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function expectGuest(given: MockGuestOptions, others: readonly MockGuest[]): void {
  const { name, uuid: id, nics, active = true, persistent = true } = given;
  if (typeof name !== 'string' || name === '') throw invalid('name', 'non-empty text', name);
  if (id !== undefined && !(typeof id === 'string' && uuid.read(id) !== undefined)) throw invalid('uuid', 'a uuid', id);
  if (nics !== undefined && !(isList(nics) && nics.every(isNic)))
    throw invalid('nics', 'a list of NICs, each a class of this library or an <interface> element', nics);
  for (const key of ['active', 'persistent', 'holdsNics'] as const)
    if (given[key] !== undefined && typeof given[key] !== 'boolean') throw invalid(key, 'true or false', given[key]);
  if (!active && !persistent)
    throw refused('a guest runs, or has a stored definition, or both', 'leave one of active and persistent out');
  const twin = others.find((one) => one.name === name || one.uuid === uuidOf(id));
  if (twin !== undefined)
    throw refused(`guest "${twin.name}" with uuid ${twin.uuid} is there already`, 'pass another name and uuid');
}

/** A uuid in libvirt's spelling. */
export const uuidOf = (id: string | undefined): string | undefined => (id === undefined ? undefined : uuid.read(id));

const isNic = (nic: unknown): boolean =>
  typeof nic === 'string' || (typeof nic === 'object' && nic !== null && 'toXml' in nic);

const invalid = (option: string, what: string, value: unknown): LibvirtError =>
  refused(`${option} must be ${what}, not ${shown(value)}`, 'see the options of addGuest');

const refused = (why: string, hint: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `addGuest: ${why}`, { hint });
