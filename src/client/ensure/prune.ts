import { deadline } from '../../async/deadline.js';
import { inParallel } from '../../async/parallel.js';
import { LibvirtError } from '../../errors/index.js';
import type { Connection } from '../network-ref.js';
import { ownerOn } from '../plan/ownership.js';
import type { ObservedState } from '../state/observed-state.js';
import { readAllStates } from '../state/read-state.js';
import { type EnsureAbsentOptions, ensureAbsentGoal, ensureGoal } from './ensure.js';

/** Options of `Networks.prune`. */
export interface PruneOptions extends Omit<EnsureAbsentOptions, 'owner' | 'foreign'> {
  /** Names of networks that stay. Default: none. */
  readonly keep?: readonly string[] | undefined;
}

/** A network that could not be removed. */
export interface PruneFailure {
  readonly network: string;
  /** Why: code `NETWORK_IN_USE` when guests use it. */
  readonly error: LibvirtError;
}

/** Result of `Networks.prune`. */
export interface Pruned {
  /** Names of the networks that are gone; of a dry run, of those that would be. */
  readonly removed: readonly string[];
  readonly failed: readonly PruneFailure[];
  /** Names of networks that stay because nothing of their definitions can be read, so that their owner is unknown. */
  readonly unreadable: readonly string[];
}

/** Number of networks that one daemon changes at a time. */
const AT_ONCE = 4;

/** Removes the networks of an owner; see `Networks.prune`. */
export async function prune(
  connection: Connection,
  owner: string,
  { keep = [], ...options }: PruneOptions,
): Promise<Pruned> {
  const found = await readAllStates(connection.transport, deadline(options)());
  const names = [...found].flatMap(([name, one]) => (ownerOn(one) === owner && !keep.includes(name) ? [name] : []));
  const outcome = await removeEach(names.sort(), (name) =>
    ensureGoal(connection, ensureAbsentGoal(name, { ...options, owner }), options),
  );
  return { ...outcome, unreadable: unreadableNames(found, keep) };
}

/** Removes networks, a few at a time; one that cannot be removed does not stop the others. */
export async function removeEach(
  names: readonly string[],
  remove: (name: string) => Promise<unknown>,
): Promise<Pick<Pruned, 'removed' | 'failed'>> {
  const failed: PruneFailure[] = [];
  const removed = await inParallel(names, AT_ONCE, async (network) => {
    try {
      await remove(network);
      return [network];
    } catch (error) {
      if (!LibvirtError.is(error)) throw error;
      failed.push({ network, error });
      return [];
    }
  });
  return { removed: removed.flat(), failed };
}

const unreadableNames = (found: ReadonlyMap<string, ObservedState>, keep: readonly string[]): string[] =>
  [...found].flatMap(([name, state]) => (isUnreadable(state) && !keep.includes(name) ? [name] : [])).sort();

const isUnreadable = ({ live, stored, unreadable = [] }: ObservedState): boolean =>
  unreadable.length > 0 &&
  [live, stored, ...unreadable.map(({ partial }) => partial)].every((one) => one === undefined);
