import type { CallOptions, RemainingTime } from '../../async/deadline.js';
import { type ErrorCode, LibvirtError, mayHaveChanged, noteUncertain } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { formatPlan } from '../plan/format.js';
import type { Plan, PlanStep, StepFacts } from '../plan/types.js';
import type { ObservedState } from '../state/observed-state.js';
import { readState } from '../state/read-state.js';
import type { EnsureContext } from './ensure-context.js';
import { EnsureError } from './ensure-error.js';
import { executeStep } from './execute-step.js';
import type { TakenSteps } from './own-states.js';
import { restoreGuestLinks } from './restart.js';
import { rollBack, rollbackTime } from './rollback.js';

/**
 * Progress of `ensure`.
 *
 * @typeParam S - the steps: those of libvirt, unless something else has networks too
 */
export interface EnsureProgress<S extends StepFacts = PlanStep> {
  readonly network: string;
  /** Names the daemon, without secrets. */
  readonly label: string;
  /**
   * `planned`: the steps are known; `step`: one begins; `verifying`: all are done and both copies are read back; `undoing`:
   * something failed; `done`.
   */
  readonly phase: 'planned' | 'step' | 'verifying' | 'undoing' | 'done';
  /** The step that begins. */
  readonly step?: S | undefined;
  /** Steps that are done. */
  readonly done: number;
  /** Steps of the plan. */
  readonly total: number;
}

/** Options for executing a plan. */
export interface ExecuteOptions extends Pick<CallOptions, 'signal'> {
  /** Called at every step. */
  readonly onProgress?: ((progress: EnsureProgress) => void) | undefined;
}

/** The goal of a plan, asked again after the steps. */
interface Target {
  plan(current: ObservedState): Plan;
}

/** Executes one plan: all of its steps, or none. */
export class PlanExecutor {
  readonly #target: Target;
  readonly #plan: Plan;
  readonly #options: ExecuteOptions;
  readonly #context: EnsureContext;
  #done = 0;
  #doing = '';

  constructor(context: EnsureContext, target: Target, plan: Plan, options: ExecuteOptions) {
    this.#target = target;
    this.#plan = plan;
    this.#options = options;
    this.#context = context;
  }

  /** Takes the steps and verifies the result; rolls back when something fails. */
  async run(remaining: RemainingTime): Promise<void> {
    this.#tell('planned');
    // A start need not read again what a step before it has stored.
    let defined: NetworkDocument | undefined;
    try {
      for (const step of this.#plan.steps) {
        this.#tell('step', step);
        this.#doing = step.what;
        await executeStep(this.#context, step, remaining, defined);
        if (step.action === 'define') defined = step.document;
        this.#done++;
      }
      if (this.#done > 0) await this.#verify(remaining);
      this.#options.signal?.throwIfAborted();
    } catch (error) {
      if (this.#isAborted || !maySucceed(error) || !(await this.#isReached())) await this.#rollBack(error);
    }
    this.#tell('done');
  }

  #tell(phase: EnsureProgress['phase'], step?: PlanStep): void {
    const { name, connection } = this.#context;
    const { label } = connection.transport;
    const total = this.#plan.steps.length;
    this.#options.onProgress?.({ network: name, label, phase, step, done: this.#done, total });
  }

  /** The steps that are still missing. */
  async #missing(remaining: RemainingTime): Promise<Plan> {
    const { connection, name, uuid, before, libvirt } = this.#context;
    const current = await readState(connection.transport, name, remaining, uuid);
    return this.#target.plan({ ...current, guests: before.guests, libvirt });
  }

  async #verify(remaining: RemainingTime): Promise<void> {
    this.#tell('verifying');
    this.#doing = 'read back what was done';
    const missing = await this.#missing(remaining);
    if (this.#isComplete(missing)) return;
    const still = formatPlan(missing);
    throw new LibvirtError('NOT_APPLIED', `every step succeeded, but the network still differs: ${still}`, {
      network: this.#context.name,
      hint: REMEDIES.NOT_APPLIED,
    });
  }

  get #isAborted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  #isComplete({ steps, restartNeeded }: Plan): boolean {
    return steps.length === 0 && restartNeeded === this.#plan.restartNeeded;
  }

  /** True if the step whose answer was lost was the last one missing; guests may then still need their links. */
  async #isReached(): Promise<boolean> {
    const remaining = rollbackTime();
    try {
      if (!this.#isComplete(await this.#missing(remaining))) return false;
      if (this.#plan.steps.some(({ action }) => action === 'restart' || action === 'attach'))
        await restoreGuestLinks(this.#context, remaining);
      return true;
    } catch {
      return false;
    }
  }

  get #taken(): TakenSteps {
    const { steps } = this.#plan;
    return { done: steps.slice(0, this.#done), begun: steps[this.#done] };
  }

  /** The steps that may have had an effect, for a host that can no longer be asked. */
  #possiblyDone(): readonly string[] {
    const { done, begun } = this.#taken;
    return [
      ...done.map(({ what }) => `done: ${what}`),
      ...(begun === undefined ? [] : [`possibly done: ${begun.what}`]),
    ];
  }

  async #rollBack(error: unknown): Promise<never> {
    this.#tell('undoing');
    const { overtaken, left = this.#possiblyDone() } = await rollBack(this.#context, this.#taken);
    if (this.#isAborted) {
      const reason: unknown = this.#options.signal?.reason;
      if (left.length > 0) noteUncertain(reason);
      throw reason;
    }
    const { name: network, connection } = this.#context;
    throw new EnsureError({
      network,
      label: connection.transport.label,
      step: this.#doing,
      left,
      overtaken,
      cause: error,
    });
  }
}

/** What libvirt says where another program has just started, stopped or removed the network. */
const TAKEN_FIRST: ReadonlySet<ErrorCode> = new Set(['NETWORK_ACTIVE', 'NETWORK_INACTIVE', 'NETWORK_NOT_FOUND']);

/** Tells whether the goal may be reached although a step failed: its answer was lost, or somebody else took it first. */
const maySucceed = (error: unknown): boolean =>
  mayHaveChanged(error) || (LibvirtError.is(error) && TAKEN_FIRST.has(error.code));
