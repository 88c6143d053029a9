import { deadline } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import type { BaseNetwork } from '../../model/base.js';
import { wholeNumber } from '../../options/values.js';
import { NEWEST_RELEASE } from '../../schema/release.js';
import type { Connection } from '../network-ref.js';
import type { AbsenceOptions, PlanStep } from '../plan/types.js';
import type { ObservedState } from '../state/observed-state.js';
import { readAllStates } from '../state/read-state.js';
import {
  type Ensured,
  type EnsureOptions,
  ensureAbsentGoal,
  ensureGoal,
  ensurePresentGoal,
  type Goal,
} from './ensure.js';
import { type Applied, EnsureMany, type ManyProgress, type OneOfMany } from './ensure-many.js';
import { findUnfinishedRestarts, type UnfinishedRestarts } from './guest-links.js';

/** Options of `Networks.ensureAll`. */
export interface ManyOptions extends Omit<EnsureOptions, 'onProgress' | 'preflight'>, Pick<AbsenceOptions, 'inUse'> {
  /** Networks that are worked on at a time. Default: 4. */
  readonly perHost?: number | undefined;
  /** Called when the host is read, a step begins, or a network ends. */
  readonly onProgress?: ((progress: ManyProgress) => void) | undefined;
}

/** Networks that one daemon works on at a time when nothing is said. */
export const AT_ONCE = 4;

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
  if (twice !== undefined)
    throw new LibvirtError('INVALID_ARGUMENT', `network "${twice}" is listed more than once`, {
      hint: 'name each network once: in the networks that should exist, or in absent',
    });
  wholeNumber('perHost', perHost);
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
  const work = new EnsureAll(connection, options);
  const { perHost: atOnce = AT_ONCE, onProgress } = options;
  const many = new EnsureMany<Goal, PlanStep>({ atOnce, onProgress, ensure: (goal, how) => work.ensure(goal, how) });
  await many.read(() => work.read());
  // Removals make room for new networks.
  const gone = await many.all(goals.slice(0, absent.length));
  const there = await many.all(goals.slice(absent.length));
  return [...gone, ...there];
}

/** The networks of one libvirt host while they are worked on. */
class EnsureAll {
  readonly #connection: Connection;
  readonly #options: ManyOptions;
  #states: ReadonlyMap<string, ObservedState> = new Map();
  #libvirt: string = NEWEST_RELEASE;
  /** The networks whose restarts were not finished, once that is asked for. */
  #unfinished: Promise<UnfinishedRestarts> | undefined;

  constructor(connection: Connection, options: ManyOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Reads all networks of the host in one go. */
  async read(): Promise<void> {
    const remaining = deadline(this.#options);
    this.#libvirt = this.#options.libvirt ?? (await this.#connection.version.release(remaining)) ?? NEWEST_RELEASE;
    this.#states = await readAllStates(this.#connection.transport, remaining());
  }

  /** Ensures a network, from the state that was read for all unless that is stale. */
  ensure(goal: Goal, { isFresh, onProgress }: OneOfMany<PlanStep>): Promise<Ensured> {
    const current = { ...this.#states.get(goal.name), libvirt: this.#libvirt };
    return ensureGoal(
      this.#connection,
      goal,
      { ...this.#options, onProgress },
      isFresh ? { current, unfinished: () => this.#unfinishedRestarts() } : undefined,
    );
  }

  #unfinishedRestarts(): Promise<UnfinishedRestarts> {
    this.#unfinished ??= findUnfinishedRestarts(this.#options.view, deadline(this.#options));
    return this.#unfinished;
  }
}
