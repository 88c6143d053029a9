import type { CallOptions, Rest } from '../../async/deadline.js';
import { LibvirtError, mayHaveChanged, noteUncertain } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import { formatPlan } from '../plan/format.js';
import type { Plan, PlanStep } from '../plan/types.js';
import type { Situation } from '../state/observed-state.js';
import { readSituation } from '../state/read-state.js';
import { EnsureError } from './ensure-error.js';
import { carryOut } from './execute-step.js';
import { attach } from './restart.js';
import { goBack, ownTime } from './rollback.js';
import type { Workplace } from './workplace.js';

/** How far `ensure` is. */
export interface EnsureProgress {
  readonly network: string;
  /** Names the daemon, without secrets. */
  readonly label: string;
  /**
   * `planned`: the steps are known; `step`: one begins; `verifying`: all are done and both copies are read back; `undoing`:
   * something failed; `done`.
   */
  readonly phase: 'planned' | 'step' | 'verifying' | 'undoing' | 'done';
  /** The step that begins. */
  readonly step?: PlanStep | undefined;
  /** Steps that are done. */
  readonly done: number;
  /** Steps of the plan. */
  readonly total: number;
}

/** How a plan is carried out. */
export interface WorkOptions extends Pick<CallOptions, 'signal'> {
  /** Called at every step. */
  readonly onProgress?: ((progress: EnsureProgress) => void) | undefined;
}

/** What is to be reached, and how far away a host is. */
interface Target {
  plan(found: Situation): Plan;
}

/** One plan while it is carried out. */
export class Work {
  readonly #target: Target;
  readonly #plan: Plan;
  readonly #options: WorkOptions;
  readonly #place: Workplace;
  #done = 0;
  #doing = '';

  constructor(place: Workplace, target: Target, made: Plan, options: WorkOptions) {
    this.#target = target;
    this.#plan = made;
    this.#options = options;
    this.#place = place;
  }

  /** All steps, or none. */
  async run(rest: Rest): Promise<void> {
    this.#tell('planned');
    if (this.#plan.steps.length > 0) await this.#work(rest);
    this.#tell('done');
  }

  async #work(rest: Rest): Promise<void> {
    try {
      for (const step of this.#plan.steps) await this.#take(step, rest);
      this.#tell('verifying');
      this.#doing = 'read back what was done';
      await this.#verify(rest);
    } catch (error) {
      if (mayHaveChanged(error) && (await this.#isThere())) return;
      await this.#undo(error);
    }
  }

  #tell(phase: EnsureProgress['phase'], step?: PlanStep): void {
    const { name, connection } = this.#place;
    const { label } = connection.transport;
    const total = this.#plan.steps.length;
    this.#options.onProgress?.({ network: name, label, phase, step, done: this.#done, total });
  }

  async #take(step: PlanStep, rest: Rest): Promise<void> {
    this.#tell('step', step);
    this.#doing = step.what;
    await carryOut(this.#place, step, rest);
    this.#done++;
  }

  /** What is left to do after all was done. */
  async #remaining(rest: Rest): Promise<Plan> {
    const { connection, name, before, libvirt } = this.#place;
    const now = await readSituation(connection.transport, name, rest);
    return this.#target.plan({ ...now, guests: before.guests, libvirt });
  }

  async #verify(rest: Rest): Promise<void> {
    const left = await this.#remaining(rest);
    if (this.#isReached(left)) return;
    throw new LibvirtError('NOT_APPLIED', `libvirt took every step, but this is still to do: ${formatPlan(left)}`, {
      network: this.#place.name,
      hint: REMEDIES.NOT_APPLIED,
    });
  }

  #isReached({ steps, restartNeeded }: Plan): boolean {
    return steps.length === 0 && restartNeeded === this.#plan.restartNeeded;
  }

  /** A step whose answer was lost may have been the last that was missing; guests are then still to be given their links back. */
  async #isThere(): Promise<boolean> {
    const rest = ownTime();
    try {
      if (!this.#isReached(await this.#remaining(rest))) return false;
      if (this.#plan.steps.some(({ action }) => action === 'restart' || action === 'attach'))
        await attach(this.#place, rest);
      return true;
    } catch {
      return false;
    }
  }

  /** The steps that may have had an effect, where the host can no longer be asked. */
  #perhapsLeft(): readonly string[] {
    const begun = this.#plan.steps.slice(0, this.#done + 1);
    return begun.map(({ what }, i) => `${i < this.#done ? 'done' : 'perhaps done'}: ${what}`);
  }

  async #undo(error: unknown): Promise<never> {
    this.#tell('undoing');
    const left = (await goBack(this.#place)) ?? this.#perhapsLeft();
    const { signal } = this.#options;
    if (signal?.aborted === true && error === signal.reason) {
      if (left.length > 0) noteUncertain(error);
      throw error;
    }
    const { name: network, connection } = this.#place;
    throw new EnsureError({ network, label: connection.transport.label, step: this.#doing, left, cause: error });
  }
}
