import type { BaseNetwork } from '../model/base.js';
import { budget } from './budget.js';
import { type Ensured, type EnsureOptions, ensure, lookAt, planFor } from './ensure.js';
import { NetworkHandle } from './handle.js';
import type { Connection } from './live.js';
import type { CallOptions } from './operations.js';
import type { Plan, PlanOptions } from './plan/index.js';

/** Options of {@link DesiredNetworks.plan}. */
export interface PlanningOptions extends PlanOptions, CallOptions, Pick<EnsureOptions, 'view'> {}

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
    const rest = budget(options);
    const look = await lookAt(this.connection, desired.name, options, rest);
    return (await planFor(this.connection, desired, look, options, rest)).made;
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
  async ensure<N extends BaseNetwork>(desired: N, options: EnsureOptions = {}): Promise<EnsurePreview<N>> {
    const { uuid, ...outcome } = await ensure(this.connection, desired, options);
    if (uuid === undefined) return outcome;
    return {
      ...outcome,
      network: new NetworkHandle<N>(this.connection, { name: desired.name, uuid, kind: desired.kind }),
    };
  }
}
