import { deadline, type RemainingTime } from '../../async/deadline.js';
import { EnsureError } from '../../client/ensure/ensure-error.js';
import type { EnsureProgress } from '../../client/ensure/plan-executor.js';
import { LibvirtError, mayHaveChanged } from '../../errors/index.js';
import { checkSignal } from '../../options/values.js';
import { checkFlag, checkFunction } from '../check-options.js';
import type { Ovsdb } from '../ovsdb.js';
import { assertOwn } from './checks.js';
import type { OvnEnsured, OvnOwnership, OvnReachOptions } from './options.js';
import type { OwnRows } from './own-rows.js';
import type { Reconciliation } from './reconcile.js';
import { type OvnStep, stepOf } from './steps.js';
import type { WarmRows } from './warm-rows.js';

/** How often a change is planned again that somebody else's change has overtaken. */
const ATTEMPTS = 8;

/** The northbound database, and its rows as they are now. */
export interface Northbound {
  readonly database: Ovsdb;
  readonly rows: WarmRows;
}

/** What is wanted of a network. */
export interface OvnGoal {
  readonly name: string;
  readonly ownership: Pick<OvnOwnership, 'owner' | 'foreign'>;
  readonly reconcile: (found: OwnRows) => Reconciliation;
}

/** Brings a network to its goal: reads, plans and changes, and again where somebody else was faster. */
export async function reachGoal(northbound: Northbound, goal: OvnGoal, options: OvnReachOptions): Promise<OvnEnsured> {
  checkFlag('dryRun', options.dryRun);
  checkFunction('onProgress', options.onProgress);
  checkSignal(options.signal);
  const remaining = deadline(options);
  for (let attempt = 1; ; attempt++) {
    try {
      return await new Attempt(northbound, goal, options, remaining).run();
    } catch (error) {
      const isOvertaken = error instanceof EnsureError && error.overtaken;
      if (attempt === ATTEMPTS || !isOvertaken) throw error;
    }
  }
}

/** One attempt to bring a network to its goal. */
class Attempt {
  readonly #northbound: Northbound;
  readonly #goal: OvnGoal;
  readonly #options: OvnReachOptions;
  readonly #remaining: RemainingTime;
  #steps: readonly OvnStep[] = [];

  constructor(northbound: Northbound, goal: OvnGoal, options: OvnReachOptions, remaining: RemainingTime) {
    this.#northbound = northbound;
    this.#goal = goal;
    this.#options = options;
    this.#remaining = remaining;
  }

  async run(): Promise<OvnEnsured> {
    const reconciliation = await this.#plan();
    this.#steps = reconciliation.changes.map(stepOf);
    if (this.#options.dryRun !== true) await this.#take(reconciliation);
    const steps = this.#steps;
    const plan = { network: this.#goal.name, steps, blocked: [], issues: [], restartNeeded: false };
    return { changed: steps.length > 0, changes: steps, restartNeeded: false, lost: [], plan };
  }

  /** Plans on what is known. Guards prove that when it changes something; otherwise the server is asked first. */
  async #plan(): Promise<Reconciliation> {
    const { rows } = this.#northbound;
    const known = await rows.read(this.#goal.name, this.#remaining());
    const early = this.#options.dryRun === true ? undefined : this.#planned(known);
    if (early !== undefined && early.operations.length > 0) return early;
    const found = await rows.readAgain(known, this.#remaining());
    return (found === known ? early : undefined) ?? this.#plannedOn(found);
  }

  /** What is known may be out of date, so that what is wrong with it says nothing yet. */
  #planned(known: OwnRows): Reconciliation | undefined {
    try {
      return this.#plannedOn(known);
    } catch {
      return undefined; // the same is found again where it still holds
    }
  }

  #plannedOn(found: OwnRows): Reconciliation {
    assertOwn(found, this.#goal.ownership);
    return this.#goal.reconcile(found);
  }

  async #take({ operations }: Reconciliation): Promise<void> {
    this.#tell('planned');
    try {
      for (const step of this.#steps) this.#tell('step', { step });
      if (operations.length > 0) await this.#northbound.database.transact(operations, this.#remaining());
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      if (!mayHaveChanged(error) || !(await this.#isReached())) throw this.#failure(error);
    }
    this.#tell('done', { done: this.#steps.length });
  }

  /** Tells whether the transaction was carried out whose answer was lost. */
  async #isReached(): Promise<boolean> {
    try {
      return (await this.#plan()).operations.length === 0;
    } catch {
      return false; // the first error says more
    }
  }

  #failure(cause: unknown): EnsureError {
    const [first, ...others] = this.#steps.map(({ what }) => what);
    const all = others.length === 0 ? `${first}` : `${others.length + 1} steps as one transaction`;
    return new EnsureError({
      network: this.#goal.name,
      label: this.#northbound.database.label,
      step: others.length === 0 ? all : `take ${all}`,
      left: mayHaveChanged(cause) ? [`possibly done: ${all}`] : [],
      overtaken: LibvirtError.is(cause) && cause.code === 'DATABASE_CHANGED',
      cause,
    });
  }

  #tell(phase: EnsureProgress['phase'], { step, done = 0 }: { step?: OvnStep; done?: number } = {}): void {
    const about = { network: this.#goal.name, label: this.#northbound.database.label, total: this.#steps.length };
    this.#options.onProgress?.({ ...about, phase, step, done });
  }
}
