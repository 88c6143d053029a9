import { inParallel } from '../../async/parallel.js';
import { type ErrorCode, LibvirtError } from '../../errors/index.js';
import { expectFunction } from '../../model/argument.js';
import type { PlanStep, StepFacts } from '../plan/types.js';
import type { Guest } from '../state/observed-state.js';
import type { Ensured } from './ensure.js';
import type { EnsureProgress } from './plan-executor.js';

/** Outcome for a network: `skipped` means not tried, because its host had gone away. */
export type ApplyStatus = 'unchanged' | 'changed' | 'failed' | 'skipped';

/**
 * Result for one network.
 *
 * @typeParam S - the steps: those of libvirt, unless something else has networks too
 */
export interface Applied<S extends StepFacts = PlanStep> {
  readonly network: string;
  readonly status: ApplyStatus;
  /** The steps that were taken; of a dry run, those that would be. */
  readonly changes: readonly S[];
  /** True if the running network differs from the desired one until a restart, which was not allowed. */
  readonly restartNeeded: boolean;
  /** Guests that have no link afterwards, as {@link Ensured.lost}. */
  readonly lost: readonly Guest[];
  /** Why it failed or was skipped. */
  readonly error?: LibvirtError | undefined;
}

/**
 * Progress on one host.
 *
 * @typeParam S - the steps: those of libvirt, unless something else has networks too
 */
export interface ManyProgress<S extends StepFacts = PlanStep> {
  readonly network?: string | undefined;
  readonly status: 'reading' | 'working' | ApplyStatus;
  readonly step?: S | undefined;
}

/** Ensuring many networks. */
export interface Many<G extends { readonly name: string }, S extends StepFacts> {
  /** Networks that are worked on at a time. */
  readonly atOnce: number;
  readonly onProgress?: ((progress: ManyProgress<S>) => void) | undefined;
  /** Brings one network to its goal; `isFresh` is false where it is tried again. */
  readonly ensure: (goal: G, options: OneOfMany<S>) => Promise<Ensured<S>>;
}

/** How one network of many is ensured. */
export interface OneOfMany<S extends StepFacts> {
  readonly isFresh: boolean;
  readonly onProgress: (progress: EnsureProgress<S>) => void;
}

/** Codes that mean that the host itself is gone: trying its other networks would only take time. */
const GONE: ReadonlySet<ErrorCode> = /* @__PURE__ */ new Set<ErrorCode>([
  'CONNECTION_FAILED',
  'SSH_FAILED',
  'SOCKET_MISSING',
  'TOOL_MISSING',
  'ACCESS_DENIED',
  'CLOSED',
]);

/** Codes that may mean that another network of the list still holds what this one needs. */
const PASSING: ReadonlySet<ErrorCode> = /* @__PURE__ */ new Set<ErrorCode>([
  'BRIDGE_IN_USE',
  'BRIDGE_EXISTS',
  'SUBNET_IN_USE',
]);

const isPassing = ({ error }: { readonly error?: LibvirtError | undefined }): boolean =>
  error !== undefined && PASSING.has(error.code);

/** The networks of one host while they are worked on; each succeeds or fails independently. */
export class EnsureMany<G extends { readonly name: string }, S extends StepFacts> {
  readonly #many: Many<G, S>;
  /** Reason why the host can no longer be asked. */
  #lost: LibvirtError | undefined;

  /** @throws `LibvirtError` code `INVALID_ARGUMENT` for an `onProgress` that is not a function */
  constructor(many: Many<G, S>) {
    if (many.onProgress !== undefined) expectFunction(many.onProgress, 'onProgress');
    this.#many = many;
  }

  /** Reads what all networks need. Where it cannot, they are skipped. */
  async read(work: () => Promise<void>): Promise<void> {
    this.#tell({ status: 'reading' });
    try {
      await work();
    } catch (error) {
      if (!LibvirtError.is(error)) throw error;
      this.#lost = error;
    }
  }

  async all(goals: readonly G[]): Promise<Applied<S>[]> {
    const { atOnce } = this.#many;
    const first = await inParallel(goals, atOnce, async (goal) => ({ goal, applied: await this.#one(goal, true) }));
    const anyChanged = first.some(({ applied }) => applied.status === 'changed');
    return inParallel(first, atOnce, async ({ goal, applied }) => {
      if (!isPassing(applied)) return applied;
      // Another network may have held what this one needs until now.
      const last = anyChanged ? await this.#one(goal, false) : applied;
      this.#tell({ network: goal.name, status: last.status });
      return last;
    });
  }

  /** Reports the outcome, unless the network is tried again. */
  async #one(goal: G, isFresh: boolean): Promise<Applied<S>> {
    const applied = await this.#attempt(goal, isFresh);
    if (isFresh && !isPassing(applied)) this.#tell({ network: goal.name, status: applied.status });
    return applied;
  }

  async #attempt(goal: G, isFresh: boolean): Promise<Applied<S>> {
    const nothing = { network: goal.name, changes: [], restartNeeded: false, lost: [] };
    if (this.#lost !== undefined) return { ...nothing, status: 'skipped', error: this.#lost };
    try {
      return await this.#ensure(goal, isFresh);
    } catch (error) {
      if (!LibvirtError.is(error)) throw error;
      if (GONE.has(error.code)) this.#lost ??= error;
      return { ...nothing, status: 'failed', error };
    }
  }

  async #ensure(goal: G, isFresh: boolean): Promise<Applied<S>> {
    const network = goal.name;
    const onProgress = ({ phase, step }: EnsureProgress<S>) => {
      if (phase === 'step') this.#tell({ network, status: 'working', step });
    };
    const { changed, changes, restartNeeded, lost } = await this.#many.ensure(goal, { isFresh, onProgress });
    return { network, status: changed ? 'changed' : 'unchanged', changes, restartNeeded, lost };
  }

  #tell(progress: ManyProgress<S>): void {
    this.#many.onProgress?.(progress);
  }
}
