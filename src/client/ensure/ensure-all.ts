import { deadline } from '../../async/deadline.js';
import { inParallel } from '../../async/parallel.js';
import { type ErrorCode, LibvirtError } from '../../errors/index.js';
import type { BaseNetwork } from '../../model/base.js';
import { NEWEST_RELEASE } from '../../schema/release.js';
import type { Connection } from '../network-ref.js';
import type { AbsenceOptions, PlanStep } from '../plan/types.js';
import type { Guest, ObservedState } from '../state/observed-state.js';
import { readAllStates } from '../state/read-state.js';
import { type EnsureOptions, ensureAbsentGoal, ensureGoal, ensurePresentGoal, type Goal } from './ensure.js';
import { findUnfinishedRestarts, type UnfinishedRestarts } from './guest-links.js';

/** Outcome for a network: `skipped` means not tried, because its host had gone away. */
export type ApplyStatus = 'unchanged' | 'changed' | 'failed' | 'skipped';

/** Result for one network. */
export interface Applied {
  readonly network: string;
  readonly status: ApplyStatus;
  /** The steps that were taken; of a dry run, those that would be. */
  readonly changes: readonly PlanStep[];
  /** True if the running network differs from the desired one until a restart, which was not allowed. */
  readonly restartNeeded: boolean;
  /** Guests that have no link afterwards, as {@link Ensured.lost}. */
  readonly lost: readonly Guest[];
  /** Why it failed or was skipped. */
  readonly error?: LibvirtError | undefined;
}

/** Options of `Networks.ensureAll`. */
export interface ManyOptions extends Omit<EnsureOptions, 'onProgress' | 'preflight'>, Pick<AbsenceOptions, 'inUse'> {
  /** Networks that are worked on at a time. Default: 4. */
  readonly perHost?: number | undefined;
  /** Called when the host is read, a step begins, or a network ends. */
  readonly onProgress?: ((progress: ManyProgress) => void) | undefined;
}

/** Progress on one host. */
export interface ManyProgress {
  readonly network?: string | undefined;
  readonly status: 'reading' | 'working' | ApplyStatus;
  readonly step?: PlanStep | undefined;
}

/** Networks that one daemon works on at a time when nothing is said. */
const AT_ONCE = 4;

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

const isPassing = ({ error }: Applied): boolean => error !== undefined && PASSING.has(error.code);

/**
 * Throws for a list that names a network more than once: the result would depend on the order.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function assertList(
  networks: readonly BaseNetwork[],
  absent: readonly string[],
  { perHost = AT_ONCE }: Pick<ManyOptions, 'perHost'>,
): void {
  const names = [...absent, ...networks.map(({ name }) => name)];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new LibvirtError('INVALID_ARGUMENT', `network "${twice}" is listed more than once`);
  if (!Number.isInteger(perHost) || perHost < 1)
    throw new LibvirtError('INVALID_ARGUMENT', `perHost must be a whole number from 1, not ${perHost}`);
}

/** Ensures many networks of one host; each succeeds or fails independently. */
export async function ensureAll(
  connection: Connection,
  networks: readonly BaseNetwork[],
  absent: readonly string[],
  options: ManyOptions,
): Promise<readonly Applied[]> {
  assertList(networks, absent, options);
  const goals = [
    ...absent.map((name) => ensureAbsentGoal(name, options)),
    ...networks.map((network) => ensurePresentGoal(network, options)),
  ];
  const many = new EnsureAll(connection, options);
  await many.read();
  // Removals make room for new networks.
  const gone = await many.all(goals.slice(0, absent.length));
  const there = await many.all(goals.slice(absent.length));
  return [...gone, ...there];
}

/** The networks of one host while they are worked on. */
class EnsureAll {
  readonly #connection: Connection;
  readonly #options: ManyOptions;
  #states: ReadonlyMap<string, ObservedState> = new Map();
  #libvirt: string = NEWEST_RELEASE;
  /** The networks whose restarts were not finished, once that is asked for. */
  #unfinished: Promise<UnfinishedRestarts> | undefined;
  /** Reason why the host can no longer be asked. */
  #lost: LibvirtError | undefined;

  constructor(connection: Connection, options: ManyOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Reads all networks of the host in one go. */
  async read(): Promise<void> {
    this.#tell({ status: 'reading' });
    const remaining = deadline(this.#options);
    try {
      this.#libvirt = this.#options.libvirt ?? (await this.#connection.version.release(remaining)) ?? NEWEST_RELEASE;
      this.#states = await readAllStates(this.#connection.transport, remaining());
    } catch (error) {
      if (!LibvirtError.is(error)) throw error;
      this.#lost = error;
    }
  }

  async all(goals: readonly Goal[]): Promise<Applied[]> {
    const limit = this.#options.perHost ?? AT_ONCE;
    const first = await inParallel(goals, limit, async (goal) => ({ goal, applied: await this.#one(goal, true) }));
    const anyChanged = first.some(({ applied }) => applied.status === 'changed');
    return inParallel(first, limit, async ({ goal, applied }) => {
      if (!isPassing(applied)) return applied;
      // Another network may have held what this one needs until now.
      const last = anyChanged ? await this.#one(goal, false) : applied;
      this.#tell({ network: goal.name, status: last.status });
      return last;
    });
  }

  /** Reports the outcome, unless the network is tried again. */
  async #one(goal: Goal, isFresh: boolean): Promise<Applied> {
    const applied = await this.#attempt(goal, isFresh);
    if (isFresh && !isPassing(applied)) this.#tell({ network: goal.name, status: applied.status });
    return applied;
  }

  async #attempt(goal: Goal, isFresh: boolean): Promise<Applied> {
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

  /** Ensures a network, from the state that was read for all unless that is stale. */
  async #ensure(goal: Goal, isFresh: boolean): Promise<Applied> {
    const network = goal.name;
    const current = { ...this.#states.get(network), libvirt: this.#libvirt };
    const options = {
      ...this.#options,
      onProgress: ({ phase, step }: { readonly phase: string; readonly step?: PlanStep | undefined }) => {
        if (phase === 'step') this.#tell({ network, status: 'working', step });
      },
    };
    const { changed, ...outcome } = await ensureGoal(
      this.#connection,
      goal,
      options,
      isFresh ? { current, unfinished: () => this.#unfinishedRestarts() } : undefined,
    );
    const { changes, restartNeeded, lost } = outcome;
    return { network, status: changed ? 'changed' : 'unchanged', changes, restartNeeded, lost };
  }

  #unfinishedRestarts(): Promise<UnfinishedRestarts> {
    this.#unfinished ??= findUnfinishedRestarts(this.#options.view, deadline(this.#options));
    return this.#unfinished;
  }

  #tell(progress: ManyProgress): void {
    this.#options.onProgress?.(progress);
  }
}
