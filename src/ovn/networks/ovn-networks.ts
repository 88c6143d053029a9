import { CALL_OPTIONS, type CallOptions, deadline, type RemainingTime } from '../../async/deadline.js';
import { expectNetwork, expectText } from '../../client/arguments.js';
import { LibvirtError } from '../../errors/index.js';
import type { BaseNetwork } from '../../model/base.js';
import { BridgedNetwork } from '../../model/kinds/bridged-networks.js';
import { isList } from '../../options/kind-of-value.js';
import { optionsOf } from '../../options/options.js';
import type { OvsdbRow } from '../database/values.js';
import { northboundRows } from '../model/northbound-rows.js';
import type { OvnOutside } from '../model/outside.js';
import type { Ovsdb } from '../ovsdb.js';
import { assertOwn, assertUnused } from './checks.js';
import { ipsIn, macIn, nicOptions, storedIn, withGuests } from './guests.js';
import {
  ABSENT,
  ENSURE,
  type OvnAbsentOptions,
  type OvnEnsureOptions,
  type OvnListedNetwork,
  type OvnOwnership,
  type OvnPlan,
  type OvnPort,
  type OvnPortOptions,
  type OvnPruned,
  type OvnPruneOptions,
  type OvnReached,
  OWNERSHIP,
  PORT,
  PRUNE,
} from './options.js';
import { MARKS, markOf, type OwnRows, ownerOfRows } from './own-rows.js';
import { type Reconciliation, reconcile } from './reconcile.js';
import { stepOf } from './steps.js';
import { guestsIn, networkOf } from './stored.js';
import { WarmRows } from './warm-rows.js';

/** How often a change is planned again that somebody else's change has overtaken. */
const ATTEMPTS = 8;

/** What is wanted of a network. */
interface Goal {
  readonly name: string;
  readonly ownership: OvnOwnership;
  readonly reconcile: (found: OwnRows) => Reconciliation;
}

/** The networks of an OVN northbound database. Each is made of rows with its mark; rows without it stay as they are. */
export class OvnNetworks {
  readonly #database: Ovsdb;
  readonly #outside: OvnOutside | undefined;
  readonly #rows: WarmRows;

  /** @internal */
  constructor(database: Ovsdb, outside: OvnOutside | undefined) {
    this.#database = database;
    this.#rows = new WarmRows(database);
    this.#outside = outside;
  }

  /**
   * Plans the steps that bring a network to its desired state. Changes nothing.
   *
   * @param desired - of mode `nat` or `route`, or isolated
   * @param options - how it reaches the outside, and its owner
   * @throws as {@link OvnNetworks.ensure}
   */
  async plan(desired: BaseNetwork, options: OvnEnsureOptions = {}): Promise<OvnPlan> {
    const { changes } = await this.ensure(desired, { ...optionsOf(options, ENSURE, 'plan'), dryRun: true });
    return { network: desired.name, steps: changes };
  }

  /**
   * Brings a network to its desired state, whatever the database has now, in one transaction: all of it, or nothing. A second call
   * changes nothing. Rows of others stay as they are.
   *
   * @param desired - of mode `nat` or `route`, or isolated
   * @param options - how it reaches the outside, and its owner
   * @throws {@link OvnUnsupportedError} with everything that OVN cannot express, `ValidationError`, `LibvirtError` codes
   *   `INVALID_ARGUMENT`, `NETWORK_EXISTS` for a switch of that name that this library has not made, `NOT_OWNER`; and as
   *   {@link Ovsdb.transact}
   *
   * @example
   * ```ts
   * const outside = { physicalNetwork: 'lan', addresses: ['198.51.100.10/24'], gateways: ['198.51.100.1'], chassis: 'kvm1' };
   * await networks.ensure(NatNetwork.create('lab').subnet('172.30.0.1/24', (s) => s.dhcp('172.30.0.100', '172.30.0.199')), { outside });
   * ```
   */
  async ensure(desired: BaseNetwork, options: OvnEnsureOptions = {}): Promise<OvnReached> {
    expectNetwork(desired, 'ensure');
    const { outside = this.#outside, dryRun, ...ownership } = optionsOf(options, ENSURE, 'ensure');
    northboundRows(desired, outside); // refuses before anything is read
    const { name } = desired;
    const plan = (found: OwnRows) => {
      const rows = northboundRows(desired, outside, guestsIn(found));
      return reconcile(rows, { network: name, owner: ownership.owner ?? ownerOfRows(found) }, found);
    };
    return this.#reach({ name, ownership, reconcile: plan }, dryRun === true);
  }

  /**
   * Gives a guest a port in a network, or finds the one that it has: with the address that is reserved for its MAC address, one that is
   * asked for, or one that OVN chooses of the ranges. The NIC that comes with it connects the guest on any host that has the network of
   * {@link OvnNetworks.attachment}.
   *
   * @param network - its name
   * @param options - MAC address and addresses of the guest
   * @throws `LibvirtError` codes `NETWORK_NOT_FOUND`, `NOT_OWNER`, `INVALID_ARGUMENT`; and as {@link Ovsdb.transact}
   *
   * @example
   * ```ts
   * const { nic } = await cloud.networks.port('lab', { mac: '52:54:00:00:00:01' });
   * console.log(nic.toXml());
   * ```
   */
  async port(network: string, options: OvnPortOptions): Promise<OvnPort> {
    expectText(network, 'port', 'the name of a network');
    const { mac: given, ip = [], ...ownership } = optionsOf(options, PORT, 'port');
    const mac = macIn(given);
    const wish = { mac, id: crypto.randomUUID(), ips: ipsIn(ip) };
    let id: string = wish.id;
    let mtu: number | undefined;
    const plan = (found: OwnRows) => {
      const guests = guestsIn(found);
      const known = guests.find((guest) => guest.mac === mac);
      id = known?.id ?? wish.id;
      const others = guests.filter((guest) => guest.mac !== mac);
      const stored = storedIn(found);
      mtu = stored.document.mtu?.size;
      return withGuests(found, [...others, { ...known, ...wish, id }]);
    };
    const { changed } = await this.#reach({ name: network, ownership, reconcile: plan }, false);
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
    const ownership = optionsOf(options, OWNERSHIP, 'removePort');
    const plan = (found: OwnRows) =>
      withGuests(
        found,
        guestsIn(found).filter((guest) => guest.mac !== gone),
      );
    return this.#reach({ name: network, ownership, reconcile: plan }, false);
  }

  /**
   * The network by which guests of a libvirt host reach OVN: a bridged one on `br-int`, the same on every host.
   *
   * @param name - its name on the hosts
   */
  attachment(name = 'ovn'): BridgedNetwork {
    return BridgedNetwork.create({ name, bridge: 'br-int' }).openVswitch();
  }

  /**
   * Removes a network, in one transaction. Nothing happens where there is none.
   *
   * @param name - its name
   * @param options - its owner, and whether guests may have ports in it
   * @throws `LibvirtError` codes `NETWORK_IN_USE`, `NOT_OWNER`; and as {@link Ovsdb.transact}
   */
  async ensureAbsent(name: string, options: OvnAbsentOptions = {}): Promise<OvnReached> {
    expectText(name, 'ensureAbsent', 'the name of a network');
    const { inUse, dryRun, ...ownership } = optionsOf(options, ABSENT, 'ensureAbsent');
    const plan = (found: OwnRows) => {
      if (inUse !== true) assertUnused(found);
      return reconcile([], { network: name }, found);
    };
    return this.#reach({ name, ownership, reconcile: plan }, dryRun === true);
  }

  /**
   * Removes all networks of an owner, apart from those that are to stay.
   *
   * @param owner - as it was given to {@link OvnNetworks.ensure}
   * @param options - networks that stay
   */
  async prune(owner: string, options: OvnPruneOptions = {}): Promise<OvnPruned> {
    expectText(owner, 'prune', 'an owner');
    const { keep = [], signal, timeoutMs, ...others } = optionsOf(options, PRUNE, 'prune');
    if (!isList(keep)) throw new LibvirtError('INVALID_ARGUMENT', 'keep of prune is not a list of names');
    const remaining = deadline({ signal, timeoutMs });
    const all = await this.list(remaining());
    const removed: string[] = [];
    const failed: { network: string; error: LibvirtError }[] = [];
    for (const { name } of all.filter((one) => one.owner === owner && !keep.includes(one.name))) {
      try {
        await this.ensureAbsent(name, { ...others, ...remaining(), owner });
        removed.push(name);
      } catch (error) {
        if (!LibvirtError.is(error)) throw error;
        failed.push({ network: name, error });
      }
    }
    return { removed, failed };
  }

  /** Lists the networks that {@link OvnNetworks.ensure} has made, by name. */
  async list(options: CallOptions = {}): Promise<readonly OvnListedNetwork[]> {
    const where = [['external_ids', 'includes', { [MARKS.row]: 'switch' }]] as const;
    const call = optionsOf(options, CALL_OPTIONS, 'list');
    const switches = await this.#database.select('Logical_Switch', { ...call, where });
    return switches.flatMap(listed).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Plans and changes, and again where somebody else was faster. */
  async #reach(goal: Goal, isDryRun: boolean): Promise<OvnReached> {
    const { signal, timeoutMs } = goal.ownership;
    const remaining = deadline({ signal, timeoutMs });
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(goal, isDryRun, remaining);
      } catch (error) {
        if (attempt === ATTEMPTS || !LibvirtError.is(error) || error.code !== 'DATABASE_CHANGED') throw error;
      }
    }
  }

  async #attempt(goal: Goal, isDryRun: boolean, remaining: RemainingTime): Promise<OvnReached> {
    const found = await this.#rows.read(goal.name, remaining());
    assertOwn(found, goal.ownership);
    const { changes, operations } = goal.reconcile(found);
    if (operations.length > 0 && !isDryRun) await this.#database.transact(operations, remaining());
    return { changed: changes.length > 0, changes: changes.map(stepOf) };
  }
}

function listed(row: OvsdbRow): readonly OvnListedNetwork[] {
  const [name, uuid, owner] = [markOf(row, 'network'), row['_uuid'], markOf(row, 'owner')];
  if (name === undefined || typeof uuid !== 'string') return [];
  return [{ name, uuid, owner, network: networkOf(row) }];
}
