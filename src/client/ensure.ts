import { LibvirtError, mayHaveChanged, noteUncertain } from '../errors/index.js';
import { REMEDIES } from '../errors/remedies.js';
import type { BaseNetwork } from '../model/base.js';
import { NEWEST_RELEASE } from '../schema/release.js';
import { budget, type Rest } from './budget.js';
import { EnsureError } from './ensure-error.js';
import type { HostView } from './host-view.js';
import type { Connection } from './live.js';
import type { CallOptions } from './operations.js';
import { formatPlan, type Plan, type PlanOptions, type PlanStep, plan, type Situation } from './plan/index.js';
import { attachmentsOf } from './restart.js';
import { guestsOn, readSituation } from './situation.js';
import { carryOut } from './steps.js';
import { goBack, ownTime } from './undo.js';
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

/** Options of `Networks.ensure`. */
export interface EnsureOptions extends PlanOptions, CallOptions {
  /** Tells what would be done, and does nothing. Default: false. */
  readonly dryRun?: boolean | undefined;
  /** Called at every step. */
  readonly onProgress?: ((progress: EnsureProgress) => void) | undefined;
  /** The host that libvirt runs on: guests' devices are put back into the bridge after a restart. Default: not known. */
  readonly view?: HostView | undefined;
}

/** What came of `Networks.ensure`. */
export interface Ensured {
  /** Whether anything was changed; of a dry run, whether anything would be. */
  readonly changed: boolean;
  /** The steps that were taken; of a dry run, those that would be. */
  readonly changes: readonly PlanStep[];
  /** Whether the running network differs from what is wanted until it is restarted, which was not allowed. */
  readonly restartNeeded: boolean;
  /** The whole plan, with what was not allowed. */
  readonly plan: Plan;
  /** The network's uuid; absent after a dry run for a network that is not there. */
  readonly uuid?: string | undefined;
}

/** What a host says of a network, with the release it is spoken to in. */
export interface Look {
  readonly found: Situation;
  readonly libvirt: string;
}

/** Reads a network anew, whoever else may know it. */
export async function lookAt(connection: Connection, name: string, options: PlanOptions, rest: Rest): Promise<Look> {
  const libvirt = options.libvirt ?? (await connection.release.get(rest)) ?? NEWEST_RELEASE;
  return { found: await readSituation(connection.transport, name, rest), libvirt };
}

/** Plans with the guests, who are asked for only when they would notice. */
export async function planFor(
  connection: Connection,
  desired: BaseNetwork,
  { found, libvirt }: Look,
  options: EnsureOptions,
  rest: Rest,
): Promise<{ readonly made: Plan; readonly found: Situation }> {
  const known = { ...found, libvirt };
  const boldest = plan(desired, known, { ...options, restart: 'always' });
  if (!boldest.steps.some(({ effect }) => effect === 'restart')) return { made: boldest, found: known };
  const guests = await guestsOn(connection.transport, known, options.view, rest);
  return { made: plan(desired, { ...known, guests }, options), found: { ...known, guests } };
}

/** Brings a network to what is wanted; see `Networks.ensure`. */
export function ensure(connection: Connection, desired: BaseNetwork, options: EnsureOptions): Promise<Ensured> {
  const subject = { operation: 'network.ensure', network: desired.name, label: connection.transport.label } as const;
  const rest = budget(options);
  return connection.queue.run(desired.name, subject, rest(), async () => {
    const again = async () =>
      ensureSeen(connection, desired, await lookAt(connection, desired.name, options, rest), options, rest);
    try {
      return await again();
    } catch (error) {
      // Somebody else defined it in the meantime, so that it is no longer a new one.
      if (!(error instanceof EnsureError && error.code === 'NETWORK_EXISTS' && error.left.length === 0)) throw error;
      return again();
    }
  });
}

/** The same for a network that has been read, when it is its turn. */
export async function ensureSeen(
  connection: Connection,
  desired: BaseNetwork,
  look: Look,
  options: EnsureOptions,
  rest: Rest,
): Promise<Ensured> {
  const { made, found } = await planFor(connection, desired, look, options, rest);
  const uuid = found.state?.uuid;
  const { steps, restartNeeded } = made;
  const outcome = { changed: steps.length > 0, changes: steps, restartNeeded, plan: made };
  if (options.dryRun === true) return { ...outcome, uuid };
  const work = new Work(connection, desired, made, options, {
    connection,
    name: desired.name,
    uuid: uuid ?? desired.uuid ?? crypto.randomUUID(),
    before: found,
    libvirt: look.libvirt,
    view: options.view,
    attached: await attachmentsIf(steps, connection, found, options, rest),
  });
  if (steps.length > 0) await work.run(rest);
  work.tell('done');
  return { ...outcome, uuid: work.uuid };
}

const attachmentsIf = (
  steps: readonly PlanStep[],
  { transport }: Connection,
  found: Situation,
  { view }: EnsureOptions,
  rest: Rest,
) =>
  steps.some(({ effect }) => effect === 'restart')
    ? attachmentsOf(transport, found, view, rest)
    : Promise.resolve({ ports: [], members: [] });

/** One plan while it is carried out. */
class Work {
  readonly #connection: Connection;
  readonly #desired: BaseNetwork;
  readonly #plan: Plan;
  readonly #options: EnsureOptions;
  readonly #place: Workplace;
  #done = 0;
  #doing = 'read back what was done';

  constructor(connection: Connection, desired: BaseNetwork, made: Plan, options: EnsureOptions, place: Workplace) {
    this.#connection = connection;
    this.#desired = desired;
    this.#plan = made;
    this.#options = options;
    this.#place = place;
    this.tell('planned');
  }

  get uuid(): string {
    return this.#place.uuid;
  }

  tell(phase: EnsureProgress['phase'], step?: PlanStep): void {
    const { name } = this.#place;
    const { label } = this.#connection.transport;
    const total = this.#plan.steps.length;
    this.#options.onProgress?.({ network: name, label, phase, step, done: this.#done, total });
  }

  /** All steps, or none. */
  async run(rest: Rest): Promise<void> {
    try {
      for (const step of this.#plan.steps) await this.#take(step, rest);
      this.tell('verifying');
      this.#doing = 'read back what was done';
      await this.#verify(rest);
    } catch (error) {
      if (mayHaveChanged(error) && (await this.#isThere())) return;
      await this.#undo(error);
    }
  }

  async #take(step: PlanStep, rest: Rest): Promise<void> {
    this.tell('step', step);
    this.#doing = step.what;
    await carryOut(this.#place, step, rest);
    this.#done++;
  }

  /** What is left to do after all was done. */
  async #remaining(rest: Rest): Promise<Plan> {
    const now = await readSituation(this.#connection.transport, this.#place.name, rest);
    const { libvirt } = this.#place;
    const guests = this.#place.before.guests ?? [];
    return plan(this.#desired.withUuid(this.uuid), { ...now, guests, libvirt }, this.#options);
  }

  async #verify(rest: Rest): Promise<void> {
    const left = await this.#remaining(rest);
    if (left.steps.length === 0 && left.restartNeeded === this.#plan.restartNeeded) return;
    throw new LibvirtError(
      'NOT_APPLIED',
      `libvirt took every step, but then there is still to do: ${formatPlan(left)}`,
      {
        network: this.#place.name,
        hint: REMEDIES.NOT_APPLIED,
      },
    );
  }

  /** A step whose answer was lost may have been the last that was missing. */
  async #isThere(): Promise<boolean> {
    const left = await this.#remaining(ownTime()).catch(() => undefined);
    return left !== undefined && left.steps.length === 0 && left.restartNeeded === this.#plan.restartNeeded;
  }

  /** The steps that may have had an effect, where the host can no longer be asked. */
  #perhapsLeft(): readonly string[] {
    const begun = this.#plan.steps.slice(0, this.#done + 1);
    return begun.map(({ what }, i) => `${i < this.#done ? 'done' : 'perhaps done'}: ${what}`);
  }

  async #undo(error: unknown): Promise<never> {
    this.tell('undoing');
    const left = (await goBack(this.#place)) ?? this.#perhapsLeft();
    const isAbort = this.#options.signal?.aborted === true && error === this.#options.signal.reason;
    if (isAbort) {
      if (left.length > 0) noteUncertain(error);
      throw error;
    }
    const { name: network } = this.#place;
    throw new EnsureError({ network, label: this.#connection.transport.label, step: this.#doing, left, cause: error });
  }
}
