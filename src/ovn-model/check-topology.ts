import { LibvirtError } from '../errors/index.js';
import { BaseNetwork } from '../model/base.js';
import { expectList, expectRecord, expectText, invalid, listOf } from '../options/expect.js';
import { kindOfValue } from '../options/kind-of-value.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { shown } from '../options/shown.js';
import { parseAddress, parseCidr } from '../schema/address.js';
import { mac as macScalar } from '../schema/scalar.js';
import { shapeOf } from './northbound-rows.js';
import { isVlan } from './outside.js';
import type { OvnShape } from './shape.js';
import type {
  OvnTopology,
  OvnTopologyChassis,
  OvnTopologyGuest,
  OvnTopologyNetwork,
  OvnTopologyOutside,
} from './topology.js';

/** A topology that was checked, with each network as its rows are made of it. */
export interface CheckedTopology {
  readonly chassis: readonly OvnTopologyChassis[];
  readonly networks: readonly OvnShape[];
  readonly guests: readonly OvnTopologyGuest[];
  /** Absent where the next hops of the networks are meant. */
  readonly outside: readonly OvnTopologyOutside[] | undefined;
}

const TOPOLOGY: OptionNames<OvnTopology> = { chassis: true, networks: true, guests: true, outside: true };
const CHASSIS: OptionNames<OvnTopologyChassis> = { name: true, address: true, encapsulation: true };
const NETWORK: OptionNames<OvnTopologyNetwork> = { network: true, outside: true };
const GUEST: OptionNames<OvnTopologyGuest> = {
  name: true,
  network: true,
  chassis: true,
  up: true,
  mac: true,
  addresses: true,
};
const OUTSIDE: OptionNames<OvnTopologyOutside> = { physicalNetwork: true, vlan: true, addresses: true, routes: true };

/** What each part looks like. */
const LIKE = {
  chassis: "write it as { name: 'kvm1', address: '10.0.0.1' }",
  network:
    "write it as { network, outside: { physicalNetwork: 'lan', addresses: ['198.51.100.10/24'], chassis: 'kvm1' } }",
  guest: "write it as { name: 'web', network: 'lab', chassis: 'kvm1' }",
  outside: "write it as { physicalNetwork: 'lan', addresses: ['198.51.100.2/24'] }",
};

/**
 * Checks every part of a topology; plain JavaScript passes anything, and it may be stored data.
 *
 * @throws LibvirtError code `INVALID_ARGUMENT` that names the first part that is wrong
 * @throws OvnUnsupportedError for a network that OVN cannot express, `ValidationError` for one that libvirt refuses
 */
export function checkedTopology(given: OvnTopology): CheckedTopology {
  const topology = optionsOf(given, TOPOLOGY, 'a topology');
  const chassis = partsOf(topology.chassis, 'chassis', CHASSIS, LIKE.chassis);
  const networks = partsOf(topology.networks, 'networks', NETWORK, LIKE.network);
  const guests = topology.guests === undefined ? [] : partsOf(topology.guests, 'guests', GUEST, LIKE.guest);
  const outside =
    topology.outside === undefined ? undefined : partsOf(topology.outside, 'outside', OUTSIDE, LIKE.outside);
  chassis.forEach(checkChassis);
  assertUnique(
    'chassis',
    chassis.map(({ name }) => name),
  );
  const shapes = networks.map(shapeOfPart);
  assertUnique(
    'network',
    shapes.map(({ name }) => name),
  );
  guests.forEach(checkGuest);
  assertUnique(
    'guest',
    guests.map(({ name }) => name),
  );
  assertKnown(guests, { chassis, networks: shapes });
  outside?.forEach(checkOutside);
  return { chassis, networks: shapes, guests, outside };
}

/** Copies of the objects in a list, each property read once. */
function partsOf<T extends object>(
  list: readonly T[],
  name: string,
  names: OptionNames<T>,
  hint: string,
): readonly T[] {
  expectList(list, name);
  return list.map((part, i) => {
    expectRecord(part, `${name}[${i}]`, hint);
    return optionsOf(part, names, `${name}[${i}]`);
  });
}

/** Ways to wrap packets for other hosts, as people write them. */
export const ENCAPSULATIONS = { geneve: 'Geneve', vxlan: 'VXLAN' } as const;

function checkChassis({ name, address, encapsulation }: OvnTopologyChassis, i: number): void {
  expectText(name, `chassis[${i}].name`);
  if (address !== undefined) expectAddress(address, `chassis[${i}].address`);
  if (encapsulation === undefined) return;
  if (typeof encapsulation === 'string' && Object.hasOwn(ENCAPSULATIONS, encapsulation)) return;
  throw invalid(
    `'${shown(encapsulation)}' is not a known value of chassis[${i}].encapsulation`,
    `use one of ${Object.keys(ENCAPSULATIONS).join(', ')}`,
  );
}

function shapeOfPart({ network, outside }: OvnTopologyNetwork, i: number): OvnShape {
  if (!(network instanceof BaseNetwork))
    throw invalid(
      `networks[${i}].network is not a network but ${kindOfValue(network)}`,
      'create it with NatNetwork.create() or another class, or read it with Network.parse()',
    );
  try {
    return shapeOf(network, outside);
  } catch (cause) {
    if (!LibvirtError.is(cause) || cause.network !== undefined || cause.code !== 'INVALID_ARGUMENT') throw cause;
    const { code, message, hint } = cause;
    throw new LibvirtError(code, `networks[${i}]: ${message}`, { network: network.name, hint, cause });
  }
}

function checkGuest({ name, network, chassis, up, mac, addresses }: OvnTopologyGuest, i: number): void {
  const place = `guests[${i}]`;
  expectText(name, `${place}.name`);
  expectText(network, `${place}.network`);
  if (chassis !== undefined) expectText(chassis, `${place}.chassis`);
  if (up !== undefined && typeof up !== 'boolean')
    throw invalid(`${place}.up must be true or false, not ${kindOfValue(up)}`, 'leave it out for the default');
  if (mac !== undefined && (typeof mac !== 'string' || macScalar.read(mac) === undefined))
    throw invalid(`'${shown(mac)}' in ${place}.mac is not a MAC address`, 'such as 52:54:00:00:00:01');
  for (const address of listOf(addresses, `${place}.addresses`)) expectAddress(address, `${place}.addresses`);
}

function checkOutside({ physicalNetwork, vlan, addresses, routes }: OvnTopologyOutside, i: number): void {
  if (vlan !== undefined && !isVlan(vlan))
    throw invalid(`outside[${i}].vlan is '${shown(vlan)}', not a number from 1 to 4094`, 'leave it out for untagged');
  for (const route of listOf(routes, `outside[${i}].routes`)) expectText(route, `outside[${i}].routes`);
  expectText(physicalNetwork, `outside[${i}].physicalNetwork`);
  for (const address of expectList(addresses, `outside[${i}].addresses`))
    if (typeof address !== 'string' || parseCidr(address) === undefined)
      throw invalid(
        `'${shown(address)}' in outside[${i}].addresses is not an address with a prefix`,
        "write it as '198.51.100.2/24'",
      );
}

function expectAddress(address: unknown, place: string): void {
  if (typeof address === 'string' && parseAddress(address) !== undefined) return;
  throw invalid(`'${shown(address)}' in ${place} is not an address`, "write it as '172.30.0.11', without a prefix");
}

function assertUnique(what: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw invalid(`${what} "${name}" is in the topology more than once`, 'give each one once');
    seen.add(name);
  }
}

function assertKnown(
  guests: readonly OvnTopologyGuest[],
  { chassis, networks }: Pick<CheckedTopology, 'chassis' | 'networks'>,
): void {
  const places = new Set(networks.map(({ name }) => name));
  const hosts = new Set(chassis.map(({ name }) => name));
  for (const guest of guests) {
    if (!places.has(guest.network)) throw notThere(guest.name, `on network "${guest.network}"`);
    if (guest.chassis !== undefined && !hosts.has(guest.chassis))
      throw notThere(guest.name, `on chassis "${guest.chassis}"`);
    if (guest.name === 'outside' || guest.name === 'router' || places.has(guest.name))
      throw invalid(`guest "${guest.name}" has a name that means something else`, 'give it another name');
  }
}

const notThere = (guest: string, where: string): LibvirtError =>
  invalid(
    `guest "${guest}" is ${where}, which is not in the topology`,
    'add it to the topology, or correct the name; a guest without chassis is not plugged in',
  );
