import { CALL_OPTIONS, type CallOptions, deadline } from '../../async/deadline.js';
import type { BaseNetwork } from '../../model/base.js';
import type { VirtualNetwork } from '../../model/kinds/virtual-network.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { RELEASE_OPTION } from '../../schema/release.js';
import { expectKind, expectNetwork, expectNetworks, expectText } from '../arguments.js';
import type { AutoOptions, VirtualKind } from '../create-free/create-with-free-subnet.js';
import { NetworkHandle } from '../handle.js';
import type { Connection } from '../network-ref.js';
import { ABSENCE_OPTIONS, PLAN_OPTIONS, type Plan, type PlanOptions } from '../plan/types.js';
import type { PreflightOptions } from '../preflight/preflight.js';
import type { Preflight } from '../preflight/types.js';
import type { EnsureAbsentOptions, Ensured, EnsureOptions, Reached, ReachOptions } from './ensure.js';
import type { ManyOptions } from './ensure-all.js';
import type { Applied } from './ensure-many.js';
import type { Pruned, PruneOptions } from './prune.js';

type Calls = typeof import('./calls.js');

/** Loads the code that plans and makes changes; a program that only connects starts without it. */
export const loadCalls = (): Promise<Calls> => import('./calls.js');

/** Options of {@link DesiredNetworks.plan}. */
export interface PlanningOptions extends PlanOptions, CallOptions, Pick<EnsureOptions, 'view'> {}

/** Options of {@link DesiredNetworks.planAll}. */
export interface PlanAllOptions extends PlanningOptions, Pick<EnsureAllOptions, 'absent' | 'inUse'> {}

/** Options of {@link DesiredNetworks.ensureAll}. */
export interface EnsureAllOptions extends ManyOptions {
  /** Names of networks that should not exist; they are removed first. Default: none. */
  readonly absent?: readonly string[] | undefined;
}

const REACH: OptionNames<ReachOptions> = { ...CALL_OPTIONS, dryRun: true, onProgress: true, view: true };
const PLANNING: OptionNames<PlanningOptions> = { ...PLAN_OPTIONS, ...CALL_OPTIONS, view: true };
const PLAN_ALL: OptionNames<PlanAllOptions> = { ...PLANNING, absent: true, inUse: true };
const ENSURE: OptionNames<EnsureOptions> = { ...PLAN_OPTIONS, ...REACH, preflight: true };
const ABSENT: OptionNames<EnsureAbsentOptions> = { ...ABSENCE_OPTIONS, ...REACH };
const PREFLIGHT: OptionNames<PreflightOptions> = { ...CALL_OPTIONS, ...RELEASE_OPTION, view: true };
const PRUNE: OptionNames<PruneOptions> = { ...REACH, replaceUnreadable: true, inUse: true, keep: true };
const MANY: OptionNames<EnsureAllOptions> = { ...PLAN_OPTIONS, ...REACH, inUse: true, perHost: true, absent: true };
const AUTO: OptionNames<AutoOptions<VirtualNetwork>> = {
  ...PLAN_OPTIONS,
  ...CALL_OPTIONS,
  onProgress: true,
  view: true,
  pool: true,
  prefix: true,
  ipv6: true,
  prefix6: true,
  dhcp: true,
  build: true,
};

/** Result of {@link DesiredNetworks.ensure}. */
export interface EnsureResult<N extends BaseNetwork> extends Omit<Ensured, 'uuid'> {
  /** The network on the host. */
  readonly network: NetworkHandle<N>;
}

/** Preview of {@link DesiredNetworks.ensure}. */
export interface EnsurePreview<N extends BaseNetwork> extends Omit<Ensured, 'uuid'> {
  /** The network on the host; absent when there is none yet. */
  readonly network?: NetworkHandle<N> | undefined;
}

/** Desired state for the networks of a host. */
export class DesiredNetworks {
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Plans the steps that bring a network to its desired state; {@link formatPlan} prints them. Changes nothing.
   *
   * @param desired - the network as it should be
   * @param given - whether it should run and autostart, and when it may be restarted
   * @throws as {@link DesiredNetworks.plan}
   */
  async plan(desired: BaseNetwork, given: PlanningOptions = {}): Promise<Plan> {
    expectNetwork(desired, 'plan');
    const { view, signal, timeoutMs, ...options } = optionsOf(given, PLANNING, 'plan');
    const { ensurePresentGoal, observe, planGoal } = await loadCalls();
    const remaining = deadline({ signal, timeoutMs });
    const current = await observe(this.#connection, desired.name, options, remaining);
    const goal = ensurePresentGoal(desired, options);
    return (await planGoal(this.#connection, goal, current, { view, remaining })).plan;
  }

  /**
   * Plans many networks, each as {@link DesiredNetworks.plan} does; {@link formatPlan} prints them together. Changes nothing.
   *
   * @param networks - networks that should exist
   * @param given - networks that should not exist, and the options of {@link DesiredNetworks.plan}
   * @returns one plan for each network, removals first, as {@link DesiredNetworks.ensureAll} works
   * @throws as {@link DesiredNetworks.plan}, and {@link LibvirtError} code `INVALID_ARGUMENT` when a network is listed more than once
   */
  async planAll(networks: readonly BaseNetwork[], given: PlanAllOptions = {}): Promise<readonly Plan[]> {
    const { absent = [], inUse, signal, timeoutMs, ...options } = optionsOf(given, PLAN_ALL, 'planAll');
    expectNetworks(networks, 'planAll');
    const { assertList, ensureAbsentGoal, observe, planGoal } = await loadCalls();
    assertList(networks, absent, {});
    const remaining = deadline({ signal, timeoutMs });
    const plans: Plan[] = [];
    for (const name of absent) {
      const current = await observe(this.#connection, name, options, remaining);
      const goal = ensureAbsentGoal(name, { ...options, inUse });
      plans.push((await planGoal(this.#connection, goal, current, { view: options.view, remaining })).plan);
    }
    for (const network of networks) plans.push(await this.plan(network, { ...options, ...remaining() }));
    return plans;
  }

  /**
   * Brings a network to its desired state, whatever exists now, with the fewest steps that disturb guests least. It takes all steps or none: it reads both definitions back, and rolls back when a step fails. A second call changes nothing. A network that libvirt would store and refuse to start is refused before anything is done. Changes that need a restart are deferred until the next start unless `restart` allows it.
   *
   * @param desired - the network as it should be
   * @param options - whether it should run and autostart, when it may be restarted, progress. `timeoutMs` covers all steps together; a rollback gets another 30 seconds for each operation
   * @throws {@link EnsureError} with the code of the failure and what could not be rolled back; before anything is done, what {@link DesiredNetworks.plan} throws. After an abort the signal's own reason; {@link mayHaveChanged} then tells whether some changes remain
   *
   * @example
   * ```ts
   * const { changed, restartNeeded, network } = await host.networks.ensure(lab, { running: true, autostart: true });
   * ```
   */
  ensure<N extends BaseNetwork>(
    desired: N,
    options: EnsureOptions & { readonly dryRun: true },
  ): Promise<EnsurePreview<N>>;
  ensure<N extends BaseNetwork>(
    desired: N,
    options?: EnsureOptions & { readonly dryRun?: false | undefined },
  ): Promise<EnsureResult<N>>;
  ensure<N extends BaseNetwork>(desired: N, options?: EnsureOptions): Promise<EnsurePreview<N>>;
  async ensure<N extends BaseNetwork>(desired: N, given: EnsureOptions = {}): Promise<EnsurePreview<N>> {
    expectNetwork(desired, 'ensure');
    const options = optionsOf(given, ENSURE, 'ensure');
    const { view, signal, timeoutMs } = options;
    if (options.preflight === true)
      await this.#assertNoConflicts(desired, { view, libvirt: options.libvirt, signal, timeoutMs });
    const call = { operation: 'network.ensure', network: desired.name } as const;
    const { uuid, ...outcome } = await this.#connection.mutex.inTurn(call, options, async (remaining) => {
      const { ensurePresentGoal, reachGoal } = await loadCalls();
      return reachGoal(this.#connection, ensurePresentGoal(desired, options), options, { remaining });
    });
    if (uuid === undefined) return outcome;
    // Until its restart, what runs may be of another kind.
    const isOfKind = options.dryRun !== true && !outcome.restartNeeded;
    const identity = { name: desired.name, uuid, ...(isOfKind ? { kind: desired.kind } : {}) };
    return { ...outcome, network: new NetworkHandle<N>(this.#connection, identity) };
  }

  /**
   * Removes a network, whatever state it is in: it is undefined and stopped, or neither.
   *
   * @param name - the network's name; a network that does not exist is not an error
   * @param given - the owner, and whether to remove a network of another owner or one that guests use
   * @throws {@link LibvirtError} code `NOT_OWNER` when its tag names another owner than `owner` (any owner if none is given), code `NETWORK_IN_USE` when guests use it; {@link EnsureError} as {@link DesiredNetworks.ensure}
   */
  async ensureAbsent(name: string, given: EnsureAbsentOptions = {}): Promise<Reached> {
    expectText(name, 'ensureAbsent', 'the name of a network');
    const options = optionsOf(given, ABSENT, 'ensureAbsent');
    const call = { operation: 'network.ensure', network: name } as const;
    return this.#connection.mutex.inTurn(call, options, async (remaining) => {
      const { ensureAbsentGoal, reachGoal } = await loadCalls();
      const goal = ensureAbsentGoal(name, options);
      const { changed, changes } = await reachGoal(this.#connection, goal, options, { remaining });
      return { changed, changes };
    });
  }

  /**
   * Removes the networks of an owner except the ones to keep: networks that a program created in earlier runs and no longer needs. Networks that guests use stay unless `inUse` is true.
   *
   * @param owner - as it was given to {@link DesiredNetworks.ensure}
   * @param options - the networks to keep
   * @returns what was removed, and what could not be, each with its error
   */
  async prune(owner: string, options: PruneOptions = {}): Promise<Pruned> {
    expectText(owner, 'prune', 'an owner');
    return (await loadCalls()).prune(this.#connection, owner, optionsOf(options, PRUNE, 'prune'));
  }

  /**
   * Finds what keeps a network from starting before libvirt runs into it: problems that {@link BaseNetwork.validate} lists with phase `start`, and conflicts: subnets in both directions, bridge names, MAC addresses, names, uuids, and `accept_ra`. libvirt reports its own networks, stopped ones included, and usually the names of devices; a `view` adds addresses and routes of the host.
   *
   * @param desired - the network; a network of the same name is treated as itself, not as a conflict
   * @param options - the view of the host
   * @returns the conflicts with their owners, the problems, and what could not be checked
   */
  async preflight(desired: BaseNetwork, options: PreflightOptions = {}): Promise<Preflight> {
    expectNetwork(desired, 'preflight');
    const known = optionsOf(options, PREFLIGHT, 'preflight');
    return (await loadCalls()).preflight(this.#connection, desired, known);
  }

  /**
   * Creates a network with the next free subnet and a bridge name of its own. Several programs can do so at once: the loser of a race takes the next subnet. An existing network of that name keeps its subnets and its bridge and is updated otherwise, so a second call changes nothing.
   *
   * @param kind - class of the network: `NatNetwork`, `RoutedNetwork`, `OpenNetwork` or `IsolatedNetwork`
   * @param name - unique on the host
   * @param options - the pools, the rest of the network, and the options of {@link DesiredNetworks.ensure}. Only a `view` shows addresses and routes of the host
   * @throws {@link LibvirtError} code `POOL_EXHAUSTED` when no subnet is free, and as {@link DesiredNetworks.ensure}
   *
   * @example
   * ```ts
   * const { network } = await host.networks.auto(NatNetwork, 'ci-42', { running: true, ipv6: true, owner: 'ci' });
   * ```
   */
  async auto<N extends VirtualNetwork>(
    kind: VirtualKind<N>,
    name: string,
    options: AutoOptions<N> = {},
  ): Promise<EnsureResult<N>> {
    expectKind(kind, 'auto');
    expectText(name, 'auto', 'a name');
    const known = optionsOf<AutoOptions<N>>(options, AUTO, 'auto');
    const { createWithFreeSubnet } = await loadCalls();
    const { uuid = '', ...outcome } = await createWithFreeSubnet(this.#connection, kind, name, known);
    return { ...outcome, network: new NetworkHandle<N>(this.#connection, { name, uuid }) };
  }

  /**
   * Ensures many networks, each as {@link DesiredNetworks.ensure} does; {@link applyAll} does so on many hosts. It reads all networks in one go. A failure on one does not stop the others.
   *
   * @param networks - networks that should exist
   * @param given - networks that should not exist, how many to process at a time, and the options of {@link DesiredNetworks.ensure}
   * @returns one result for each network, removals first
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when a network is listed more than once
   */
  async ensureAll(networks: readonly BaseNetwork[], given: EnsureAllOptions = {}): Promise<readonly Applied[]> {
    const { absent = [], ...options } = optionsOf(given, MANY, 'ensureAll');
    expectNetworks(networks, 'ensureAll');
    return (await loadCalls()).ensureAll(this.#connection, networks, absent, options);
  }

  async #assertNoConflicts(desired: BaseNetwork, options: PreflightOptions): Promise<void> {
    const { assertNoConflicts } = await loadCalls();
    assertNoConflicts(desired, await this.preflight(desired, options));
  }
}
