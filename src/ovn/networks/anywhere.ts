import type { CallOptions } from '../../async/deadline.js';
import type { Ensured, Reached } from '../../client/ensure/ensure.js';
import type { Applied, ManyProgress } from '../../client/ensure/ensure-many.js';
import type { EnsureProgress } from '../../client/ensure/plan-executor.js';
import type { Pruned } from '../../client/ensure/prune.js';
import type { OwnershipOptions, Plan, StepFacts } from '../../client/plan/types.js';
import type { BaseNetwork } from '../../model/base.js';

/** Options of {@link NetworksAnywhere.plan}. */
export interface PlanAnywhereOptions extends CallOptions, OwnershipOptions {
  /** True if the network should run. Default: unchanged. On OVN every network runs, and false is refused. */
  readonly running?: boolean | undefined;
  /** True if it should be there after a restart. Default: unchanged. On OVN every network is, and false is refused. */
  readonly autostart?: boolean | undefined;
}

/** Options of {@link NetworksAnywhere.ensure}. */
export interface EnsureAnywhereOptions extends PlanAnywhereOptions {
  /** True to return the steps without taking them. Default: false. */
  readonly dryRun?: boolean | undefined;
  /** Called at every step. */
  readonly onProgress?: ((progress: EnsureProgress<StepFacts>) => void) | undefined;
}

/** Options of {@link NetworksAnywhere.ensureAll}. */
export interface EnsureAllAnywhereOptions extends Omit<EnsureAnywhereOptions, 'onProgress'> {
  /** Names of networks that should not exist; they are removed first. Default: none. */
  readonly absent?: readonly string[] | undefined;
  /** Removes networks that guests use too. Default: false. */
  readonly inUse?: boolean | undefined;
  /** Networks that are worked on at a time. Default: 4. */
  readonly perHost?: number | undefined;
  /** Called when a step begins or a network ends. */
  readonly onProgress?: ((progress: ManyProgress<StepFacts>) => void) | undefined;
}

/** Options of {@link NetworksAnywhere.ensureAbsent}. */
export interface AbsentAnywhereOptions
  extends Pick<EnsureAnywhereOptions, 'owner' | 'foreign' | 'dryRun' | 'onProgress' | 'signal' | 'timeoutMs'> {
  /** Removes a network that guests use too. Default: false. */
  readonly inUse?: boolean | undefined;
}

/** Options of {@link NetworksAnywhere.prune}. */
export interface PruneAnywhereOptions extends Omit<AbsentAnywhereOptions, 'owner' | 'foreign'> {
  /** Names of networks that stay. Default: none. */
  readonly keep?: readonly string[] | undefined;
}

/**
 * Desired state of networks, wherever they are: `Networks` of a libvirt host and {@link OvnNetworks} both are one, so that code which
 * takes it works with both.
 *
 * @example
 * ```ts
 * const update = async (networks: NetworksAnywhere) => (await networks.ensure(lab, { owner: 'ci', running: true })).changed;
 * await update(host.networks);
 * await update(cloud.networks);
 * ```
 */
export interface NetworksAnywhere {
  /** Plans the steps that bring a network to its desired state. */
  plan(desired: BaseNetwork, options?: PlanAnywhereOptions): Promise<Plan<StepFacts>>;
  /** Brings a network to its desired state. */
  ensure(desired: BaseNetwork, options?: EnsureAnywhereOptions): Promise<Omit<Ensured<StepFacts>, 'uuid'>>;
  /** Ensures many networks; one result for each. */
  ensureAll(
    networks: readonly BaseNetwork[],
    options?: EnsureAllAnywhereOptions,
  ): Promise<readonly Applied<StepFacts>[]>;
  /** Removes a network. */
  ensureAbsent(name: string, options?: AbsentAnywhereOptions): Promise<Reached<StepFacts>>;
  /** Removes the networks of an owner. */
  prune(owner: string, options?: PruneAnywhereOptions): Promise<Pruned>;
}
