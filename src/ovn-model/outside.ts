import { LibvirtError } from '../errors/index.js';
import type { BaseNetwork } from '../model/base.js';
import { isList } from '../options/kind-of-value.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { shown } from '../options/shown.js';
import {
  type Address,
  type AddressWithPrefix,
  type Family,
  parseAddress,
  parseCidr,
  sameSubnet,
} from '../schema/address.js';
import {
  type Opening,
  type OvnOpening,
  type OvnOwnAddress,
  type OwnAddress,
  openingsOf,
  ownAddressesOf,
} from './openings.js';
import { isOvnName } from './ovn-name.js';
import { isOfHost } from './router-addresses.js';

/** How a network reaches the outside: what on a libvirt host the host itself is. For networks of mode `nat` and `route`. */
export interface OvnOutside {
  /** Name of the physical network, which `ovn-bridge-mappings` of the gateway chassis maps to a bridge. */
  readonly physicalNetwork: string;
  /** VLAN of the physical network, 1 to 4094. Default: untagged. */
  readonly vlan?: number | undefined;
  /** Addresses of the network's router there in CIDR form, one of each family at most: `198.51.100.10/24`. */
  readonly addresses: readonly string[];
  /** Next hops of default routes, in the subnets of `addresses`, one of each family at most. Default: no default route. */
  readonly gateways?: readonly string[] | undefined;
  /**
   * Names of the chassis that connect the network. One is a gateway router, through which all routed traffic goes. Several take
   * over from each other in this order; between guests traffic is then routed on each host. Of only two neither can notice that the other one is gone.
   */
  readonly chassis: string | readonly string[];
  /** Name servers that guests ask where the network names none. Default: the gateway, where only the network's own names are known. */
  readonly dnsServers?: readonly string[] | undefined;
  /** Traffic from outside that a network with NAT lets in. Default: what port forwards are for, and nothing else. */
  readonly openings?: readonly OvnOpening[] | undefined;
  /** Guests of a network with NAT whose source address outside is not that of all others. Default: none. */
  readonly ownAddresses?: readonly OvnOwnAddress[] | undefined;
}

/** How a network reaches the outside, or a function that says so of each of many. */
export type OvnOutsideFor = OvnOutside | ((network: BaseNetwork) => OvnOutside);

const OUTSIDE: OptionNames<OvnOutside> = {
  physicalNetwork: true,
  vlan: true,
  addresses: true,
  gateways: true,
  chassis: true,
  dnsServers: true,
  openings: true,
  ownAddresses: true,
};

/** The same, checked and read once. */
export interface Outside {
  readonly physicalNetwork: string;
  readonly vlan: number | undefined;
  readonly addresses: readonly AddressWithPrefix[];
  readonly gateways: readonly Address[];
  readonly chassis: readonly [string, ...string[]];
  readonly dnsServers: readonly Address[];
  readonly openings: readonly Opening[];
  readonly ownAddresses: readonly OwnAddress[];
}

/** Several chassis take over from each other; a single one is a gateway router. */
export const isDistributed = ({ chassis }: Outside): boolean => chassis.length > 1;

/**
 * Reads how a network reaches the outside.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function outsideOf(given: OvnOutside): Outside {
  const {
    physicalNetwork,
    vlan,
    addresses,
    gateways = [],
    chassis,
    dnsServers = [],
    openings,
    ownAddresses,
  } = optionsOf(given, OUTSIDE, 'outside');
  const [first, ...others] = namesOf(chassis);
  if (first === undefined) throw invalid('chassis', 'names none');
  const own = onePerFamily('addresses', textsOf('addresses', addresses).map(cidrOf), ({ address }) => address);
  if (own.length === 0) throw invalid('addresses', 'is empty');
  const hops = onePerFamily(
    'gateways',
    textsOf('gateways', gateways).map((text) => addressIn('gateways', text)),
    (hop) => hop,
  );
  for (const hop of hops) assertNear(hop, own);
  return {
    physicalNetwork: nameOf('physicalNetwork', physicalNetwork),
    vlan: vlanOf(vlan),
    addresses: own,
    gateways: hops,
    chassis: [first, ...others],
    dnsServers: textsOf('dnsServers', dnsServers).map((text) => addressIn('dnsServers', text)),
    openings: openingsOf(openings),
    ownAddresses: ownAddressesOf(ownAddresses),
  };
}

/**
 * The router's own address outside.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` where it has none of the family
 */
export function ownAddress({ addresses }: Outside, family: Family, network: string): string {
  const own = addresses.find(({ address }) => address.family === family);
  if (own !== undefined) return own.address.text;
  const name = family === 'ipv4' ? 'IPv4' : 'IPv6';
  throw new LibvirtError('INVALID_ARGUMENT', `outside.addresses has no ${name} address for network "${network}"`, {
    network,
    hint: `add one, as in addresses: ['${family === 'ipv4' ? '198.51.100.10/24' : '2001:db8::10/64'}']`,
  });
}

/** Most chassis that connect a network: each takes part in watching all others. */
const MOST_CHASSIS = 100;

function namesOf(given: string | readonly string[]): readonly string[] {
  const names = textsOf('chassis', typeof given === 'string' ? [given] : given).map((name) => nameOf('chassis', name));
  if (names.length > MOST_CHASSIS) throw invalid('chassis', `names ${names.length}: ${MOST_CHASSIS} at most`);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw invalid('chassis', `names '${shown(twice)}' twice`);
  return names;
}

function nameOf(what: string, name: unknown): string {
  if (isOvnName(name)) return name;
  throw invalid(what, `is '${shown(name)}', which is not a name`);
}

function textsOf(what: string, given: readonly string[]): readonly string[] {
  if (isList(given) && Array.from(given).every((item) => typeof item === 'string')) return given;
  throw invalid(what, 'is not a list of texts');
}

/** Tells whether a number is that of a VLAN. */
export const isVlan = (vlan: number): boolean => Number.isInteger(vlan) && vlan >= 1 && vlan <= 4094;

function vlanOf(vlan: number | undefined): number | undefined {
  if (vlan === undefined || isVlan(vlan)) return vlan;
  throw invalid('vlan', `is '${shown(vlan)}', not a number from 1 to 4094`);
}

function cidrOf(text: string): AddressWithPrefix {
  const cidr = parseCidr(text);
  if (cidr !== undefined && !isOfHost(cidr)) throw invalid('addresses', `has ${text}, which no router can have`);
  if (cidr !== undefined) return cidr;
  throw invalid('addresses', `has '${shown(text)}', which is not an address with a prefix`);
}

function addressIn(what: string, text: string): Address {
  const address = parseAddress(text);
  if (address !== undefined) return address;
  throw invalid(what, `has '${shown(text)}', which is not an address`);
}

function onePerFamily<T>(what: string, items: readonly T[], addressOf: (item: T) => Address): readonly T[] {
  const families = new Set(items.map((item) => addressOf(item).family));
  if (families.size === items.length) return items;
  throw invalid(what, 'has two of one family');
}

/** OVN leaves a route out, without a word to its clients, whose next hop is in none of the router's networks. */
function assertNear(hop: Address, own: readonly AddressWithPrefix[]): void {
  const isNear = ({ address, prefix }: AddressWithPrefix) =>
    address.family === hop.family && sameSubnet(address, hop, prefix) && address.value !== hop.value;
  const prefix = own.find(isNear)?.prefix;
  if (prefix === undefined || !isOfHost({ address: hop, prefix }))
    throw invalid('gateways', `has ${hop.text}, which no machine in the subnet of an address of the router can have`);
}

const invalid = (what: string, why: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `outside.${what} ${why}`, {
    hint: "as in outside: { physicalNetwork: 'lan', addresses: ['198.51.100.10/24'], gateways: ['198.51.100.1'], chassis: 'kvm1' }",
  });
