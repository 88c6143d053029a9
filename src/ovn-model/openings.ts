import { LibvirtError } from '../errors/index.js';
import { isList } from '../options/kind-of-value.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { shown } from '../options/shown.js';
import { type Address, type Family, networkAddress, parseAddress, parseCidr } from '../schema/address.js';
import type { PortRange } from '../schema/port-forward.js';

/** A traffic from outside that a network with NAT lets in. The machines there need a route to the network, by its router's address. */
export interface OvnOpening {
  /**
   * The subnet outside whose machines may open connections, in CIDR form. Its machines and the guests then see each other's own
   * addresses: OVN translates nothing between them. Not everybody, and not the whole subnet of the router outside.
   */
  readonly from: string;
  /** Address of the guest. Default: all guests. */
  readonly to?: string | undefined;
  /** Default: every protocol. */
  readonly protocol?: 'tcp' | 'udp' | 'icmp' | undefined;
  /** Ports of the guests, for TCP and UDP. Default: all. */
  readonly ports?: number | PortRange | undefined;
}

/** A source address outside that a guest of a network with NAT has, and not all guests of the network. */
export interface OvnOwnAddress {
  /** Address of the guest in the network. */
  readonly guest: string;
  /**
   * The address that machines outside see, of the same family. Several guests may have the same one, which may also be that of the router
   * or have port forwards.
   */
  readonly address: string;
}

const OPENING: OptionNames<OvnOpening> = { from: true, to: true, protocol: true, ports: true };
const RANGE: OptionNames<PortRange> = { start: true, end: true };
const OWN: OptionNames<OvnOwnAddress> = { guest: true, address: true };
const PROTOCOLS: ReadonlySet<string | undefined> = new Set([undefined, 'tcp', 'udp', 'icmp']);

/** An opening, checked. */
export interface Opening {
  readonly family: Family;
  /** In CIDR form. */
  readonly from: string;
  readonly to: Address | undefined;
  readonly protocol: OvnOpening['protocol'];
  readonly ports: PortRange | undefined;
}

/** A source address of one guest, checked. */
export interface OwnAddress {
  readonly guest: Address;
  readonly address: Address;
}

/**
 * Reads the openings of a network.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export const openingsOf = (given: readonly OvnOpening[] = []): readonly Opening[] =>
  listOf('openings', given).map((one) => openingOf(optionsOf(one, OPENING, 'an opening')));

function openingOf({ from, to, protocol, ports }: OvnOpening): Opening {
  const subnet = parseCidr(from);
  if (subnet === undefined) throw invalid('openings', `has from: ${shown(from)}, which is not a subnet`);
  const { family } = subnet.address;
  const guest = to === undefined ? undefined : addressIn('openings', to);
  if (guest !== undefined && guest.family !== family)
    throw invalid('openings', `leads from ${from} to ${guest.text}, which is of the other family`);
  if (!PROTOCOLS.has(protocol)) throw invalid('openings', `has the protocol ${shown(protocol)}: use tcp, udp or icmp`);
  return {
    family,
    from: `${networkAddress(subnet.address, subnet.prefix).text}/${subnet.prefix}`,
    to: guest,
    protocol,
    ports: ports === undefined ? undefined : portsOf(ports, protocol),
  };
}

function portsOf(given: number | PortRange, protocol: OvnOpening['protocol']): PortRange {
  if (protocol !== 'tcp' && protocol !== 'udp') throw invalid('openings', "has ports without protocol: 'tcp' or 'udp'");
  const { start, end } =
    typeof given === 'number' ? { start: given, end: given } : optionsOf(given, RANGE, 'ports of an opening');
  if (isPort(start) && isPort(end) && start <= end) return { start, end };
  throw invalid('openings', `has the ports ${shown(given)}: use whole numbers from 1 to 65535, the smaller one first`);
}

const isPort = (port: unknown): boolean => Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535;

/**
 * Reads the source addresses of single guests.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function ownAddressesOf(given: readonly OvnOwnAddress[] = []): readonly OwnAddress[] {
  const all = listOf('ownAddresses', given).map((one) => ownAddressOf(optionsOf(one, OWN, 'an own address')));
  const guests = new Set(all.map(({ guest }) => guest.text));
  if (guests.size < all.length) throw invalid('ownAddresses', 'has two addresses for one guest');
  return all;
}

function ownAddressOf({ guest, address }: OvnOwnAddress): OwnAddress {
  const own = { guest: addressIn('ownAddresses', guest), address: addressIn('ownAddresses', address) };
  if (own.guest.family === own.address.family) return own;
  throw invalid('ownAddresses', `has ${own.address.text} for ${own.guest.text}, which is of the other family`);
}

function listOf<T>(what: string, given: readonly T[]): readonly T[] {
  if (isList(given)) return Array.from(given); // without holes
  throw invalid(what, `is ${shown(given)}, not a list`);
}

function addressIn(what: string, text: string): Address {
  const address = typeof text === 'string' ? parseAddress(text) : undefined;
  if (address !== undefined) return address;
  throw invalid(what, `has ${shown(text)}, which is not an address`);
}

const invalid = (what: string, why: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `outside.${what} ${why}`, {
    hint:
      what === 'openings'
        ? "as in openings: [{ from: '192.0.2.0/24', to: '172.30.0.11', protocol: 'tcp', ports: 443 }]"
        : "as in ownAddresses: [{ guest: '172.30.0.11', address: '198.51.100.20' }]",
  });
