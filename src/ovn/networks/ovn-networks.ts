import { CALL_OPTIONS, type CallOptions, deadline, type RemainingTime } from '../../async/deadline.js';
import { expectNetwork, expectText } from '../../client/arguments.js';
import { LibvirtError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import type { BaseNetwork } from '../../model/base.js';
import { type AnyNetwork, Network } from '../../model/network.js';
import { isList } from '../../options/kind-of-value.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import type { OvsdbRow } from '../database/values.js';
import { northboundRows } from '../model/northbound-rows.js';
import type { OvnOutside } from '../model/outside.js';
import type { Ovsdb } from '../ovsdb.js';
import { itemsOf } from './compare.js';
import { MARKS, markOf, type OwnRow, type OwnRows, ownerOfRows, readOwnRows } from './own-rows.js';
import { type Reconciliation, reconcile } from './reconcile.js';
import { type OvnStep, stepOf } from './steps.js';

/** Whose networks a call may touch, and how long it may take. */
export interface OvnOwnership extends CallOptions {
  /** Owner: any text that is the same in every run, such as `team-a/ci`. Default: no owner. */
  readonly owner?: string | undefined;
  /** Touches a network of another owner too, or one without a mark. Default: false. */
  readonly foreign?: boolean | undefined;
}

/** Options of {@link OvnNetworks.ensure} and {@link OvnNetworks.plan}. */
export interface OvnEnsureOptions extends OvnOwnership {
  /** How the network reaches the outside; for networks of mode `nat` and `route`. */
  readonly outside?: OvnOutside | undefined;
  /** True to return the steps without taking them. Default: false. */
  readonly dryRun?: boolean | undefined;
}

/** Options of {@link OvnNetworks.ensureAbsent}. */
export interface OvnAbsentOptions extends OvnOwnership {
  /** Removes a network that guests have ports in too. Default: false. */
  readonly inUse?: boolean | undefined;
  /** True to return the steps without taking them. Default: false. */
  readonly dryRun?: boolean | undefined;
}

/** Options of {@link OvnNetworks.prune}. */
export interface OvnPruneOptions extends Omit<OvnAbsentOptions, 'owner' | 'foreign'> {
  /** Names of networks that stay. Default: none. */
  readonly keep?: readonly string[] | undefined;
}

const OWNERSHIP: OptionNames<OvnOwnership> = { ...CALL_OPTIONS, owner: true, foreign: true };
const ENSURE: OptionNames<OvnEnsureOptions> = { ...OWNERSHIP, outside: true, dryRun: true };
const ABSENT: OptionNames<OvnAbsentOptions> = { ...OWNERSHIP, inUse: true, dryRun: true };
const PRUNE: OptionNames<OvnPruneOptions> = { ...CALL_OPTIONS, inUse: true, dryRun: true, keep: true };

/** Steps that bring a network of OVN to its desired state; plain data. */
export interface OvnPlan {
  /** Name of the network. */
  readonly network: string;
  /** Steps of one transaction. Empty if the network is up to date. */
  readonly steps: readonly OvnStep[];
}

/** Result of {@link OvnNetworks.ensure} and {@link OvnNetworks.ensureAbsent}. */
export interface OvnReached {
  /** True if anything was changed; of a dry run, if anything would be. */
  readonly changed: boolean;
  /** The steps that were taken; of a dry run, those that would be. */
  readonly changes: readonly OvnStep[];
}

/** Result of {@link OvnNetworks.prune}. */
export interface OvnPruned {
  /** Names of the networks that are gone; of a dry run, of those that would be. */
  readonly removed: readonly string[];
  /** Networks that could not be removed, each with the reason. */
  readonly failed: readonly { readonly network: string; readonly error: LibvirtError }[];
}

/** A network that {@link OvnNetworks.ensure} has made. */
export interface OvnListedNetwork {
  readonly name: string;
  /** Uuid of the logical switch. */
  readonly uuid: string;
  readonly owner?: string | undefined;
  /** The network as it was given; absent where the database has it in a form that cannot be read. */
  readonly network?: AnyNetwork | undefined;
}

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

  /** @internal */
  constructor(database: Ovsdb, outside: OvnOutside | undefined) {
    this.#database = database;
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
    const rows = northboundRows(desired, outside);
    const { name } = desired;
    const marks = { network: name, xml: desired.toXml() };
    const plan = (found: OwnRows) =>
      reconcile(rows, { ...marks, owner: ownership.owner ?? ownerOfRows(found) }, found, isManaged);
    return this.#reach({ name, ownership, reconcile: plan }, dryRun === true);
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
      return reconcile([], { network: name }, found, () => true);
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
    const found = await readOwnRows(this.#database, goal.name, remaining());
    assertOwn(found, goal.ownership);
    const { changes, operations } = goal.reconcile(found);
    if (operations.length > 0 && !isDryRun) await this.#database.transact(operations, remaining());
    return { changed: changes.length > 0, changes: changes.map(stepOf) };
  }
}

/** Rows of guests' ports come and go with the guests. */
const isManaged = ({ key }: OwnRow): boolean => !key.startsWith('guest_');

/** Ports of guests, and those that somebody has put into the switch by hand. */
function portsOf({ rows }: OwnRows): number {
  const known = new Set<unknown>([...rows.values()].map(({ uuid }) => uuid));
  const foreign = itemsOf(rows.get('switch')?.row['ports']).filter((uuid) => !known.has(uuid));
  return foreign.length + [...rows.values()].filter((row) => !isManaged(row)).length;
}

function assertUnused(found: OwnRows): void {
  const count = portsOf(found);
  if (count === 0) return;
  const ports = count === 1 ? 'a guest has a port' : `${count} guests have ports`;
  throw new LibvirtError('NETWORK_IN_USE', `network "${found.name}" cannot be removed: ${ports} in it`, {
    network: found.name,
    hint: 'remove the ports first, or allow it: inUse: true',
  });
}

function assertOwn(found: OwnRows, { owner, foreign }: OvnOwnership): void {
  const { name, rows } = found;
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

function listed(row: OvsdbRow): readonly OvnListedNetwork[] {
  const [name, uuid, owner] = [markOf(row, 'network'), row['_uuid'], markOf(row, 'owner')];
  if (name === undefined || typeof uuid !== 'string') return [];
  return [{ name, uuid, owner, network: networkIn(markOf(row, 'xml')) }];
}

function networkIn(xml: string | undefined): AnyNetwork | undefined {
  try {
    return xml === undefined ? undefined : Network.parse(xml);
  } catch {
    return undefined; // somebody has changed the text
  }
}
