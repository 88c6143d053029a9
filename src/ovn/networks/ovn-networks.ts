import { CALL_OPTIONS, type CallOptions, deadline } from '../../async/deadline.js';
import { expectNetwork, expectNetworks, expectText } from '../../client/arguments.js';
import { type Pruned, removeEach } from '../../client/ensure/prune.js';
import type { BaseNetwork } from '../../model/base.js';
import { BridgedNetwork } from '../../model/kinds/bridged-networks.js';
import { optionsOf } from '../../options/options.js';
import type { OvnOutsideFor } from '../../ovn-model/outside.js';
import { mtuOf } from '../../ovn-model/shape.js';
import { INTEGRATION_BRIDGE } from '../chassis/facts.js';
import type { Ovsdb } from '../ovsdb.js';
import { eventsOf, type OvnEventOptions, type OvnNetworkEvent } from './events.js';
import { absentGoal, ownershipOfChange, presentGoal } from './goals.js';
import { ipsIn, macIn, nicOptions, storedIn, withGuests } from './guests.js';
import { disputedIn, listedIn, type SwitchesByName, switchesByName } from './listed.js';
import { ensureAll, expectNames, planAll } from './many.js';
import {
  ABSENT,
  ENSURE,
  MANY,
  type OvnAbsentOptions,
  type OvnApplied,
  type OvnEnsureAllOptions,
  type OvnEnsured,
  type OvnEnsureOptions,
  type OvnListedNetwork,
  type OvnOwnership,
  type OvnPlan,
  type OvnPlanAllOptions,
  type OvnPlanOptions,
  type OvnPort,
  type OvnPortOptions,
  type OvnPruneOptions,
  type OvnReached,
  OWNERSHIP,
  PLAN,
  PLAN_ALL,
  PORT,
  PRUNE,
} from './options.js';
import { FORMAT, MARKS, type OwnRows } from './own-rows.js';
import { type OvnSeenPort, portsIn } from './ports.js';
import { type Northbound, reachGoal } from './reach.js';
import { guestsIn } from './stored.js';
import { WarmRows } from './warm-rows.js';

/** What else networks on OVN need. */
export interface OvnSurroundings {
  readonly outside?: OvnOutsideFor | undefined;
  readonly southbound?: Ovsdb | undefined;
}

/** The networks of an OVN northbound database. Each is made of rows with its mark; rows without it stay as they are. */
export class OvnNetworks {
  readonly #database: Ovsdb;
  readonly #northbound: Northbound;
  readonly #outside: OvnOutsideFor | undefined;
  readonly #southbound: Ovsdb | undefined;

  /** @internal */
  constructor(database: Ovsdb, { outside, southbound }: OvnSurroundings) {
    this.#database = database;
    this.#northbound = { database, rows: new WarmRows(database) };
    this.#outside = outside;
    this.#southbound = southbound;
  }

  /**
   * Plans the steps that bring a network to its desired state; `formatPlan` prints them. Changes nothing.
   *
   * @param desired - of mode `nat` or `route`, or isolated
   * @param options - how it reaches the outside, and its owner
   * @throws as {@link OvnNetworks.ensure}
   */
  async plan(desired: BaseNetwork, options: OvnPlanOptions = {}): Promise<OvnPlan> {
    expectNetwork(desired, 'plan');
    const { plan } = await this.ensure(desired, { ...optionsOf(options, PLAN, 'plan'), dryRun: true });
    return plan;
  }

  /**
   * Plans many networks, each as {@link OvnNetworks.plan} does; `formatPlan` prints them together. Changes nothing.
   *
   * @param networks - networks that should exist
   * @param options - networks that should not exist, and the options of {@link OvnNetworks.plan}
   * @returns one plan for each network, removals first, as {@link OvnNetworks.ensureAll} works
   * @throws as {@link OvnNetworks.ensure}, and `LibvirtError` code `INVALID_ARGUMENT` when a network is listed more than once
   */
  async planAll(networks: readonly BaseNetwork[], options: OvnPlanAllOptions = {}): Promise<readonly OvnPlan[]> {
    expectNetworks(networks, 'planAll');
    const known = optionsOf(options, PLAN_ALL, 'planAll');
    return planAll(this.#northbound, networks, { ...known, outside: known.outside ?? this.#outside });
  }

  /**
   * Brings a network to its desired state, whatever the database has now, in one transaction: all of it, or nothing. A second call
   * changes nothing. Rows of others stay as they are.
   *
   * @param desired - of mode `nat` or `route`, or isolated
   * @param options - how it reaches the outside, its owner, progress
   * @throws before anything is done {@link OvnUnsupportedError} with everything that OVN cannot express, `ValidationError`,
   *   `LibvirtError` codes `INVALID_ARGUMENT`, `UNSUPPORTED` for a network that should not run, `NETWORK_EXISTS` for a switch of that
   *   name that this library has not made and for rows that somebody has copied, `NOT_OWNER`, and as {@link Ovsdb.transact}; `EnsureError` when the transaction fails; after
   *   an abort the signal's own reason
   *
   * @example
   * ```ts
   * const outside = { physicalNetwork: 'lan', addresses: ['198.51.100.10/24'], gateways: ['198.51.100.1'], chassis: 'kvm1' };
   * await networks.ensure(NatNetwork.create('lab').subnet('172.30.0.1/24', (s) => s.dhcp('172.30.0.100', '172.30.0.199')), { outside });
   * ```
   */
  async ensure(desired: BaseNetwork, options: OvnEnsureOptions = {}): Promise<OvnEnsured> {
    expectNetwork(desired, 'ensure');
    const known = optionsOf(options, ENSURE, 'ensure');
    return reachGoal(this.#northbound, presentGoal(desired, known, this.#outside), known);
  }

  /**
   * Ensures many networks, each as {@link OvnNetworks.ensure} does, in a transaction of its own. A failure on one does not stop the others.
   *
   * @param networks - networks that should exist
   * @param options - networks that should not exist, how many to process at a time, and the options of {@link OvnNetworks.ensure}
   * @returns one result for each network, removals first
   * @throws `LibvirtError` code `INVALID_ARGUMENT` when a network is listed more than once
   */
  async ensureAll(networks: readonly BaseNetwork[], options: OvnEnsureAllOptions = {}): Promise<readonly OvnApplied[]> {
    expectNetworks(networks, 'ensureAll');
    const known = optionsOf(options, MANY, 'ensureAll');
    return ensureAll(this.#northbound, networks, { ...known, outside: known.outside ?? this.#outside });
  }

  /**
   * Gives a guest a port in a network, or finds the one that it has: with the address that is reserved for its MAC address, one that is
   * asked for, or one that OVN chooses of the ranges. The NIC that comes with it connects the guest on any host that has the network of
   * {@link OvnNetworks.attachment}.
   *
   * @param network - its name
   * @param options - MAC address and addresses of the guest
   * @throws `LibvirtError` codes `NETWORK_NOT_FOUND`, `NOT_OWNER`, `INVALID_ARGUMENT`; and as {@link OvnNetworks.ensure}
   *
   * @example
   * ```ts
   * const { nic } = await cloud.networks.port('lab', { mac: '52:54:00:00:00:01' });
   * console.log(nic.toXml());
   * ```
   */
  async port(network: string, options: OvnPortOptions): Promise<OvnPort> {
    expectText(network, 'port', 'the name of a network');
    const { mac: given, ip = [], ...known } = optionsOf(options, PORT, 'port');
    const mac = macIn(given);
    const wish = { mac, id: crypto.randomUUID(), ips: ipsIn(ip) };
    let id: string = wish.id;
    let mtu = 0;
    const plan = (found: OwnRows) => {
      const guests = guestsIn(found);
      const known = guests.find((guest) => guest.mac === mac);
      id = known?.id ?? wish.id;
      const others = guests.filter((guest) => guest.mac !== mac);
      const stored = storedIn(found);
      mtu = mtuOf(stored.document);
      return withGuests(found, [...others, { ...known, ...wish, id }]);
    };
    const goal = { name: network, ownership: ownershipOfChange(known), reconcile: plan };
    const { changed } = await reachGoal(this.#northbound, goal, callOf(known));
    return { id, mac, changed, nic: this.attachment().guestNic(nicOptions(id, mac, mtu)) };
  }

  /**
   * Takes the port of a guest away. Nothing happens where it has none.
   *
   * @param network - its name
   * @param mac - MAC address of the guest
   * @param options - owner of the network
   * @throws as {@link OvnNetworks.port}
   */
  async removePort(network: string, mac: string, options: OvnOwnership = {}): Promise<OvnReached> {
    expectText(network, 'removePort', 'the name of a network');
    const gone = macIn(mac);
    const known = optionsOf(options, OWNERSHIP, 'removePort');
    const plan = (found: OwnRows) =>
      withGuests(
        found,
        guestsIn(found).filter((guest) => guest.mac !== gone),
      );
    const goal = { name: network, ownership: ownershipOfChange(known), reconcile: plan };
    return reached(await reachGoal(this.#northbound, goal, callOf(known)));
  }

  /**
   * Lists the ports of a network's guests with their addresses, and where they are plugged in: what leases are on libvirt.
   *
   * @param network - its name
   * @returns the ports by MAC address
   * @throws `LibvirtError` codes `NETWORK_NOT_FOUND`, and `NETWORK_EXISTS` for a network whose rows somebody has copied; and as
   *   {@link Ovsdb.transact}
   *
   * @example
   * ```ts
   * for (const { mac, addresses, chassis } of await cloud.networks.ports('lab')) console.log(mac, addresses.join(' '), chassis);
   * ```
   */
  async ports(network: string, options: CallOptions = {}): Promise<readonly OvnSeenPort[]> {
    expectText(network, 'ports', 'the name of a network');
    const remaining = deadline(optionsOf(options, CALL_OPTIONS, 'ports'));
    const { rows } = this.#northbound;
    const found = await rows.readAgain(await rows.read(network, remaining()), remaining());
    return portsIn(found, this.#southbound, remaining());
  }

  /**
   * Streams the changes of the networks and of their guests' ports, from the first `next()` until the reader stops or the signal aborts.
   *
   * @param options - how many events are kept for a slow reader, and whether to reconnect after a lost connection
   * @throws `LibvirtError` code `INVALID_ARGUMENT`; while reading, as {@link Ovsdb.transact} where the connection is lost and `reconnect` is not true
   */
  events(options: OvnEventOptions = {}): AsyncIterable<OvnNetworkEvent> {
    return eventsOf(this.#database, this.#database.closed, options);
  }

  /**
   * The network by which guests of a libvirt host reach OVN: a bridged one on `br-int`, the same on every host.
   *
   * @param name - its name on the hosts
   */
  attachment(name = 'ovn'): BridgedNetwork {
    return BridgedNetwork.create({ name, bridge: INTEGRATION_BRIDGE }).openVswitch();
  }

  /**
   * Removes a network, in one transaction. Nothing happens where there is none.
   *
   * @param name - its name
   * @param options - its owner, and whether guests may have ports in it
   * @throws `LibvirtError` codes `NETWORK_IN_USE`, `NOT_OWNER`; and as {@link OvnNetworks.ensure}
   */
  async ensureAbsent(name: string, options: OvnAbsentOptions = {}): Promise<OvnReached> {
    expectText(name, 'ensureAbsent', 'the name of a network');
    const known = optionsOf(options, ABSENT, 'ensureAbsent');
    return reached(await reachGoal(this.#northbound, absentGoal(name, known), known));
  }

  /**
   * Removes all networks of an owner, apart from those that are to stay.
   *
   * @param owner - as it was given to {@link OvnNetworks.ensure}
   * @param options - networks that stay
   * @returns what was removed, and what could not be, each with its error
   */
  async prune(owner: string, options: OvnPruneOptions = {}): Promise<Pruned> {
    expectText(owner, 'prune', 'an owner');
    const { keep = [], signal, timeoutMs, ...others } = optionsOf(options, PRUNE, 'prune');
    expectNames(keep, 'keep of prune');
    const remaining = deadline({ signal, timeoutMs });
    const switches = await this.#switches(remaining());
    const names = listedIn(switches).flatMap((one) => (one.owner === owner ? [one.name] : []));
    const [own, disputed] = [names, disputedIn(switches)].map((all) => all.filter((name) => !keep.includes(name)));
    const remove = (name: string) => this.ensureAbsent(name, { ...others, ...remaining(), owner });
    return { ...(await removeEach(own ?? [], remove)), unreadable: disputed ?? [] };
  }

  /**
   * Lists the networks that {@link OvnNetworks.ensure} has made, by name.
   *
   * @throws as {@link Ovsdb.transact}
   */
  async list(options: CallOptions = {}): Promise<readonly OvnListedNetwork[]> {
    return listedIn(await this.#switches(optionsOf(options, CALL_OPTIONS, 'list')));
  }

  async #switches(call: CallOptions): Promise<SwitchesByName> {
    const where = [['external_ids', 'includes', { [MARKS.row]: 'switch', [MARKS.format]: FORMAT }]] as const;
    return switchesByName(await this.#database.select('Logical_Switch', { ...call, where }));
  }
}

const reached = ({ changed, changes }: OvnEnsured): OvnReached => ({ changed, changes });

const callOf = ({ signal, timeoutMs }: CallOptions): CallOptions => ({ signal, timeoutMs });
