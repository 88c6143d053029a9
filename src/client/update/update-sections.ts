import { parseAddress, sameSubnet } from '../../schema/address.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { effectivePrefix } from '../../schema/rules/addressing.js';
import { normalizeMac } from '../../schema/scalar.js';
import { type Placed, SECTIONS, type Sections, type UpdateSection } from '../../schema/update/sections.js';

/** The entries of a section. */
export const entriesOf = <K extends UpdateSection>(
  document: NetworkDocument,
  section: K,
): readonly Placed<Sections[K]>[] => SECTIONS[section].list(document);

type Properties = Readonly<Record<string, unknown>>;

/** The properties by which an entry is given, without those that are not given. */
export function keysOf(section: UpdateSection, entry: object): Properties {
  const all: Properties = { ...entry };
  return Object.fromEntries(SECTIONS[section].keys.flatMap((key) => (all[key] === undefined ? [] : [[key, all[key]]])));
}

/** Tells whether an entry has all given properties, whatever the spelling of addresses. */
export function hasAll(section: UpdateSection, entry: object, given: Properties): boolean {
  const own = keysOf(section, entry);
  return Object.entries(given).every(([key, value]) => isSame(own[key], value));
}

/** Tells whether an entry has any of the given properties, whatever the spelling of addresses. */
export function hasAny(section: UpdateSection, entry: object, given: Properties): boolean {
  const own = keysOf(section, entry);
  return Object.entries(given).some(([key, value]) => isSame(own[key], value));
}

/** Lists are given in part: each of the names must be there. */
function isSame(own: unknown, given: unknown): boolean {
  if (Array.isArray(given)) return given.every((one) => Array.isArray(own) && own.includes(one));
  return plain(own) === plain(given);
}

const plain = (value: unknown): unknown =>
  typeof value === 'string' ? (normalizeMac(value) ?? parseAddress(value)?.text ?? value) : value;

/**
 * The subnet that an address belongs to, as libvirt counts: over all `<ip>` elements. libvirt's own choice would be
 * the first that serves DHCP, of whatever family. Where no subnet holds the address it is the one of its family that
 * serves DHCP, or the first of its family.
 */
export function subnetFor(document: NetworkDocument, text: string): number | undefined {
  const address = parseAddress(text);
  // Text that is not an address is refused in any subnet.
  if (address === undefined) return document.ips === undefined ? undefined : 0;
  const ips = (document.ips ?? []).map((ip) => ({ ip, own: parseAddress(ip.address), prefix: effectivePrefix(ip) }));
  const holds = ips.findIndex(
    ({ own, prefix }) =>
      own !== undefined && prefix !== undefined && own.family === address.family && sameSubnet(own, address, prefix),
  );
  const serves = ips.findIndex(({ ip, own }) => own?.family === address.family && ip.dhcp !== undefined);
  const first = ips.findIndex(({ own }) => own?.family === address.family);
  return [holds, serves, first].find((at) => at !== -1);
}
