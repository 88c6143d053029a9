import { LibvirtError } from '../../errors/index.js';
import { isList } from '../../options/kind-of-value.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { shown } from '../../options/shown.js';
import type {
  OvnTopology,
  OvnTopologyChassis,
  OvnTopologyGuest,
  OvnTopologyNetwork,
  OvnTopologyOutside,
} from '../../ovn-model/topology.js';
import { expectNetwork } from '../expect-network.js';

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

/** A topology whose lists are there, and have nothing but known properties. */
export interface CheckedTopology {
  readonly chassis: readonly OvnTopologyChassis[];
  readonly networks: readonly OvnTopologyNetwork[];
  readonly guests: readonly OvnTopologyGuest[];
  /** Absent where the next hops of the networks are meant. */
  readonly outside: readonly OvnTopologyOutside[] | undefined;
}

/**
 * Checks a topology; plain JavaScript passes anything.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function checkedTopology(given: OvnTopology): CheckedTopology {
  const { chassis, networks, guests = [], outside } = optionsOf(given, TOPOLOGY, 'a topology of OVN');
  const topology = {
    chassis: listOf('chassis', chassis).map((one) => optionsOf(one, CHASSIS, 'a chassis')),
    networks: listOf('networks', networks).map((one) => optionsOf(one, NETWORK, 'a network of the topology')),
    guests: listOf('guests', guests).map((one) => optionsOf(one, GUEST, 'a guest')),
    outside:
      outside === undefined
        ? undefined
        : listOf('outside', outside).map((one) => optionsOf(one, OUTSIDE, 'a machine outside')),
  };
  for (const { network } of topology.networks) expectNetwork(network, 'a topology of OVN');
  assertNames(topology);
  return topology;
}

function assertNames({ chassis, networks, guests }: CheckedTopology): void {
  const names = [...guests.map(({ name }) => name), ...networks.map(({ network }) => network.name)];
  assertTexts('chassis', [...chassis.map(({ name }) => name)]);
  assertTexts('guests and networks', names);
  const word = guests.find(({ name }) => name === 'outside' || name === 'router');
  if (word !== undefined)
    throw invalid(
      `a guest cannot have the name '${word.name}'`,
      "'outside' and 'router' stand for machines outside and for routers",
    );
  const byName = new Set(networks.map(({ network }) => network.name));
  const hosts = new Set(chassis.map(({ name }) => name));
  for (const { name, network, chassis: host } of guests) {
    if (!byName.has(network))
      throw invalid(`guest "${name}" is on network "${shown(network)}", which is not in the topology`, ADD_OR_CORRECT);
    if (host !== undefined && !hosts.has(host))
      throw invalid(`guest "${name}" is on chassis "${shown(host)}", which is not in the topology`, ADD_OR_CORRECT);
  }
}

const ADD_OR_CORRECT = 'add it to the topology, or correct the name';

function assertTexts(what: string, names: readonly unknown[]): void {
  const seen = new Set<unknown>();
  for (const name of names) {
    if (typeof name !== 'string' || name === '') throw invalid(`${what} have the name ${shown(name)}`, 'pass a text');
    if (seen.has(name)) throw invalid(`${what} have the name '${name}' twice`, 'give each a name of its own');
    seen.add(name);
  }
}

/** @throws {@link LibvirtError} code `INVALID_ARGUMENT` for what is not a list */
export function listOf<T>(what: string, given: readonly T[]): readonly T[] {
  if (isList(given)) return given;
  throw invalid(`${what} of a topology of OVN is ${shown(given)}, not a list`, 'put it in brackets');
}

export const invalid = (message: string, hint: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', message, { hint });
