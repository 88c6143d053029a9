import { type CallOptions, deadline } from '../../async/deadline.js';
import type { BaseNetwork } from '../../model/base.js';
import type { VirtualNetwork } from '../../model/kinds/virtual-network.js';
import { expectKind, expectNetwork, expectText } from '../arguments.js';
import type { AutoOptions, VirtualKind } from '../create-free/create-with-free-subnet.js';
import { NetworkHandle } from '../handle.js';
import type { Connection } from '../network-ref.js';
import type { Plan, PlanOptions } from '../plan/types.js';
import type { Preflight } from '../preflight/types.js';
import type { EnsureAbsentOptions, Ensured, EnsureOptions, Goal, Reached, ReachOptions } from './ensure.js';
import type { Applied, ManyOptions } from './ensure-all.js';
import { inTurn } from './in-turn.js';
import type { Pruned, PruneOptions } from './prune.js';

type Calls = typeof import('./calls.js');

/** Loads the code that plans and makes changes; a program that only connects starts without it. */
export const loadCalls = (): Promise<Calls> => import('./calls.js');

/** Options of {@link DesiredNetworks.plan}. */
export interface PlanningOptions extends PlanOptions, CallOptions, Pick<EnsureOptions, 'view'> {}

/** Options of {@link DesiredNetworks.ensureAll}. */
export interface EnsureAllOptions extends ManyOptions {
  /** Names of networks that shall be gone; they go first. Default: none. */
  readonly absent?: readonly string[] | undefined;
}

/** Options of {@link DesiredNetworks.preflight}. */
export interface PreflightOptions extends CallOptions, Pick<EnsureOptions, 'view'> {}

/** What came of {@link DesiredNetworks.ensure}. */
export interface EnsureResult<N extends BaseNetwork> extends Omit<Ensured, 'uuid'> {
  /** The network on the host. */
  readonly network: NetworkHandle<N>;
}

/** What would come of it. */
export interface EnsurePreview<N extends BaseNetwork> extends Omit<Ensured, 'uuid'> {
  /** The network on the host; absent when there is none yet. */
  readonly network?: NetworkHandle<N> | undefined;
}

/** What brings the networks of a host to what is wanted. */
export class DesiredNetworks {
  /** @internal */
  protected readonly connection: Connection;

  /** @internal */
  constructor(connection: Connection) {
    this.connection = connection;
  }

  /**
   * What is to be done for a network to be on the host as it is wanted; {@link formatPlan} prints it. Nothing is changed.
   *
   * @param desired - the network as it is wanted
   * @param options - whether it shall run and start by itself, and when it may be restarted
   * @throws as {@link plan}
   */
  async plan(desired: BaseNetwork, options: PlanningOptions = {}): Promise<Plan> {
    expectNetwork(desired, 'plan');
    const { ensurePresentGoal, observe, planGoal } = await loadCalls();
    const remaining = deadline(options);
    const current = await observe(this.connection, desired.name, options, remaining);
    const goal = ensurePresentGoal(desired, options);
    return (await planGoal(this.connection, goal, current, { view: options.view, remaining })).plan;
  }

  /**
   * Brings a network to what is wanted, whatever is there: with the fewest steps that disturb guests least, all or none
   * of them. Both copies are read back; a step that fails undoes those before it. A second call does nothing. What only
   * a restart can change waits for the next start unless `restart` allows it.
   *
   * @param desired - the network as it is wanted
   * @param options - whether it shall run and start by itself, when it may be restarted, who is told. `timeoutMs` is for
   *   all steps together; going back after a failure has 30 seconds for each operation beyond it
   * @throws {@link EnsureError} with the code of what came in the way and what is left behind; before anything is
   *   done what {@link plan} throws. After an abort the signal's own reason; {@link mayHaveChanged} then tells whether
   *   something is left behind
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
  ensure<N extends BaseNetwork>(desired: N, options: EnsureOptions): Promise<EnsurePreview<N>>;
  async ensure<N extends BaseNetwork>(desired: N, options: EnsureOptions = {}): Promise<EnsurePreview<N>> {
    expectNetwork(desired, 'ensure');
    if (options.preflight === true) await this.#assertNoConflicts(desired, options);
    const { uuid, ...outcome } = await this.#reach(desired.name, options, (calls) =>
      calls.ensurePresentGoal(desired, options),
    );
    if (uuid === undefined) return outcome;
    // Until its restart, what runs may be of another kind.
    const isOfKind = options.dryRun !== true && !outcome.restartNeeded;
    const identity = { name: desired.name, uuid, ...(isOfKind ? { kind: desired.kind } : {}) };
    return { ...outcome, network: new NetworkHandle<N>(this.connection, identity) };
  }

  /**
   * Sees to it that there is no network of a name: its definition is removed and it is stopped, or neither.
   *
   * @param name - the network's name; one that is not there is fine
   * @param options - who calls, and whether a network of somebody else or one that guests use is removed too
   * @throws {@link LibvirtError} code `NOT_OWNER` when it carries the tag of another owner than `owner` (of any owner
   *   where none is given), code `NETWORK_IN_USE` when guests use it; {@link EnsureError} as {@link DesiredNetworks.ensure}
   */
  async ensureAbsent(name: string, options: EnsureAbsentOptions = {}): Promise<Reached> {
    expectText(name, 'ensureAbsent', 'the name of a network');
    const { changed, changes } = await this.#reach(name, options, (calls) => calls.ensureAbsentGoal(name, options));
    return { changed, changes };
  }

  /**
   * Removes the networks that carry the tag of an owner, but for some: what a program made in earlier runs and does not
   * want any more. Networks that guests use stay, unless `inUse` says otherwise.
   *
   * @param owner - as it was given to {@link DesiredNetworks.ensure}
   * @param options - which stay
   * @returns what was removed, and what could not be, each with its error
   */
  async prune(owner: string, options: PruneOptions = {}): Promise<Pruned> {
    expectText(owner, 'prune', 'an owner');
    return (await loadCalls()).prune(this.connection, owner, options);
  }

  /**
   * Looks for what is in the way of a network before libvirt trips over it: subnets in both directions, bridge names, MAC
   * addresses, names, uuids, and `accept_ra`. libvirt tells of its own networks, stopped ones too, and mostly of the names
   * of devices; addresses and routes of the host are seen with a `view`.
   *
   * @param desired - the network; one of the same name is the same, and not in its own way
   * @param options - the view of the host
   * @returns what is in the way, with who owns it, and what could not be seen
   */
  async preflight(desired: BaseNetwork, { view, signal, timeoutMs }: PreflightOptions = {}): Promise<Preflight> {
    expectNetwork(desired, 'preflight');
    return (await loadCalls()).preflight(this.connection.transport, desired, view, { signal, timeoutMs });
  }

  /**
   * Makes a network with the next free subnet and a bridge name of its own. Safe when several programs do so at once:
   * whoever loses a race takes the next. A network of the name that is there keeps its subnets and its bridge, and
   * becomes in all else what is wanted, so that a second call does nothing.
   *
   * @param kind - class of the network: `NatNetwork`, `RoutedNetwork`, `OpenNetwork` or `IsolatedNetwork`
   * @param name - unique on the host
   * @param options - the pools, what else the network shall have, and as for {@link DesiredNetworks.ensure}. Addresses
   *   and routes of the host are seen with a `view` alone
   * @throws {@link LibvirtError} code `POOL_EXHAUSTED` when nothing is free, and as {@link DesiredNetworks.ensure}
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
    const { createWithFreeSubnet } = await loadCalls();
    const { uuid = '', ...outcome } = await createWithFreeSubnet(this.connection, kind, name, options);
    return { ...outcome, network: new NetworkHandle<N>(this.connection, { name, uuid }) };
  }

  /**
   * Brings many networks to what is wanted, each as {@link DesiredNetworks.ensure} does; {@link applyAll} does so on many
   * hosts. All are read in one go. What fails on one keeps no other from being done.
   *
   * @param networks - those that shall be there
   * @param options - those that shall be gone, how many are worked on at a time, and as for {@link DesiredNetworks.ensure}
   * @returns one result for each network, those that shall be gone first
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when a network is in the list twice
   */
  async ensureAll(
    networks: readonly BaseNetwork[],
    { absent = [], ...options }: EnsureAllOptions = {},
  ): Promise<readonly Applied[]> {
    for (const network of networks) expectNetwork(network, 'ensureAll');
    return (await loadCalls()).ensureAll(this.connection, networks, absent, options);
  }

  async #assertNoConflicts(desired: BaseNetwork, options: PreflightOptions): Promise<void> {
    const { assertNoConflicts } = await loadCalls();
    assertNoConflicts(desired, await this.preflight(desired, options));
  }

  /** Joins the line before any code loads, so that calls on one network keep their order. */
  #reach(name: string, options: ReachOptions, goalOf: (calls: Calls) => Goal): Promise<Ensured> {
    return inTurn(this.connection, name, options, async (remaining) => {
      const calls = await loadCalls();
      return calls.reachGoal(this.connection, goalOf(calls), options, { remaining });
    });
  }
}
