import { CALL_OPTIONS } from '../../async/deadline.js';
import type { CallOptions } from '../../client/index.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { runScript } from '../../process/run-script.js';
import { localRunner, type Runner } from '../runner/runner.js';
import { DEFAULT_PATHS, type StatePaths } from './host-change.js';
import { LIST } from './shell.js';
import { Transaction, type TransactionStatus, type Verdict } from './transaction.js';

/** A change that somebody began and did not see to its end. */
export interface PendingChange {
  readonly id: string;
  /** The bridge that it is about, where that is known. */
  readonly bridge?: string;
  readonly action?: string;
  /**
   * `trial`: it waits for a decision; `orphaned`: its process on the host was killed, so that nothing happens until
   * somebody decides; `deciding`: a decision is being carried out; `committed` and `rolled-back`: it has ended.
   */
  readonly state: 'trial' | 'orphaned' | 'deciding' | 'committed' | 'rolled-back';
  /** Seconds until the host takes it back. */
  readonly secondsLeft?: number;
  /**
   * Keeps the change, unless it was taken back.
   *
   * @returns how it ended
   */
  commit(): Promise<'committed' | 'rolled-back'>;
  /**
   * Takes the change back, unless it was kept.
   *
   * @returns how it ended
   */
  rollback(): Promise<'committed' | 'rolled-back'>;
}

/** Options of {@link pending}. */
export interface PendingOptions extends CallOptions {
  /** The way to the host. Default: this machine. */
  readonly runner?: Runner | undefined;
  /** Where the host keeps the state of changes. Default: as for the change. */
  readonly paths?: Partial<StatePaths> | undefined;
}

const OPTIONS: OptionNames<PendingOptions> = { ...CALL_OPTIONS, runner: true, paths: true };

/**
 * Changes of bridges on a host that nobody has seen to their end, such as after a restart of this program. Those that
 * have ended are listed once.
 *
 * @param options - the way to the host
 */
export async function pending(options: PendingOptions = {}): Promise<readonly PendingChange[]> {
  const known = optionsOf(options, OPTIONS, 'pending');
  const { runner = localRunner(), signal, timeoutMs } = known;
  const paths = { ...DEFAULT_PATHS, ...known.paths };
  const ids = await runScript(runner, { what: 'list changes', script: LIST, args: [paths.state], signal, timeoutMs });
  const changes = ids.split('\n').filter((id) => /^[0-9a-f]{12}$/.test(id));
  return Promise.all(changes.map((id) => pendingChange(new Transaction(runner, paths, id, 'unknown'))));
}

async function pendingChange(transaction: Transaction): Promise<PendingChange> {
  const status = await transaction.status();
  const { bridge, action, secondsLeft } = status;
  if (status.result !== undefined) await transaction.forget();
  return {
    id: transaction.id,
    state: stateOf(status),
    commit: () => decide(transaction, 'commit'),
    rollback: () => decide(transaction, 'rollback'),
    ...(bridge === undefined ? {} : { bridge }),
    ...(action === undefined ? {} : { action }),
    ...(secondsLeft === undefined ? {} : { secondsLeft }),
  };
}

function stateOf({ result, alive, decision }: TransactionStatus): PendingChange['state'] {
  if (result !== undefined) return result === 'committed' ? 'committed' : 'rolled-back';
  if (!alive) return 'orphaned';
  return decision === undefined ? 'trial' : 'deciding';
}

async function decide(transaction: Transaction, verdict: Verdict): Promise<'committed' | 'rolled-back'> {
  const { result } = await transaction.decide(verdict, 0);
  await transaction.forget();
  return result === 'committed' ? 'committed' : 'rolled-back';
}
