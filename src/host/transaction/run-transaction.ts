import { HostBridgeError, type Issue, TransportError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import { type Observation, observe } from '../observe/observe.js';
import { bridgeDifferences, releaseDifferences } from '../plan/expected.js';
import type { BridgePlan } from '../plan/plan.js';
import type { Runner } from '../runner/runner.js';
import type { StatePaths } from './host-change.js';
import { leftovers } from './leftovers.js';
import { scriptLine } from './scripts.js';
import { Transaction, type TransactionStatus } from './transaction.js';
import { settleMs, verify } from './verify.js';

/** How far a change has come. */
export interface Progress {
  readonly phase: 'planned' | 'begun' | 'applied' | 'verified' | 'committed' | 'rolled-back';
  /** Id of the transaction on the host. */
  readonly transaction: string;
}

/** A change that is on trial: kept by `commit`, and otherwise taken back by the host when its time is over. */
export interface BridgeTrial {
  readonly id: string;
  readonly plan: BridgePlan;
  /**
   * Keeps the change and stores its files.
   *
   * @throws `HostBridgeError` codes `HOST_BRIDGE_ROLLED_BACK` when it is too late, `HOST_BRIDGE_PERSIST_FAILED`,
   *   `HOST_BRIDGE_UNDECIDED`
   */
  commit(): Promise<void>;
  /**
   * Takes the change back at once.
   *
   * @throws `HostBridgeError` codes `HOST_BRIDGE_COMMITTED` when it is too late, `HOST_BRIDGE_UNDECIDED`
   */
  rollback(): Promise<void>;
}

/** Decides whether to keep a change that looks well, for example by asking somebody. */
export type Confirm = 'automatic' | 'manual' | ((trial: BridgeTrial) => boolean | Promise<boolean>);

/** Everything that executing a plan needs. */
export interface TransactionRun {
  readonly runner: Runner;
  readonly plan: BridgePlan;
  readonly id: string;
  readonly before: Observation;
  /** Devices that the change is about. */
  readonly devices: readonly string[];
  readonly paths: StatePaths;
  readonly confirm: Confirm;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Carries out a plan: begin, apply, verify, confirm, decide.
 *
 * @returns the trial where the decision is left to the caller
 */
export async function runTransaction(run: TransactionRun): Promise<BridgeTrial | undefined> {
  const { runner, plan, paths, id, confirm } = run;
  const transaction = new Transaction(runner, paths, id, plan.bridge);
  run.signal?.throwIfAborted();
  await transaction.open(plan).catch(async (error: unknown) => {
    // Whether it was begun is not known when the connection was lost meanwhile.
    throw error instanceof TransportError ? await rollBack(run, transaction, error) : error;
  });
  const trial = trialFor(run, transaction);
  try {
    await applyAndVerify(run, transaction);
    if (confirm === 'manual') return trial;
    if (confirm !== 'automatic' && !(await confirm(trial))) throw notConfirmed(run);
  } catch (error) {
    throw await rollBack(run, transaction, error);
  }
  await trial.commit();
  return undefined;
}

/** Applies and verifies. */
async function applyAndVerify(run: TransactionRun, transaction: Transaction): Promise<void> {
  const { plan, signal } = run;
  reportProgress(run, 'begun');
  const seen = ({ applied, alive }: TransactionStatus): boolean => applied !== undefined || !alive;
  const status = await transaction.waitUntil(seen, plan.timeoutMs, signal);
  if (status.applied !== '0') throw failureOf(run, status);
  reportProgress(run, 'applied');
  const wrong = await verifyResult(run, status);
  if (wrong.length > 0) throw errorOf(run, 'HOST_BRIDGE_VERIFY_FAILED', wrong.join('; '));
  reportProgress(run, 'verified');
}

/** Looks until all is well, and gives up before the host does. */
function verifyResult(run: TransactionRun, { secondsLeft = 0 }: TransactionStatus): Promise<readonly string[]> {
  const { plan, runner, signal = new AbortController().signal } = run;
  const { expected, released } = plan;
  if (expected !== undefined) {
    const limitMs = settleMs(expected, plan.change.trialFiles.length > 0, 1000 * secondsLeft);
    const { name: device, gateways } = expected;
    return verify(runner, { device, gateways, wrong: (now) => bridgeDifferences(now, expected) }, limitMs, signal);
  }
  if (released === undefined) return Promise.resolve([]);
  const limitMs = settleMs({}, false, 1000 * secondsLeft);
  const { port: device, gateways } = released;
  return verify(runner, { device, gateways, wrong: (now) => releaseDifferences(now, released) }, limitMs, signal);
}

const trialFor = (run: TransactionRun, transaction: Transaction): BridgeTrial => ({
  id: run.id,
  plan: run.plan,
  commit: async () => {
    const status = await transaction.decide('commit', run.plan.timeoutMs);
    if (status.result !== 'committed') throw await withLeftovers(run, transaction, failureOf(run, status));
    await transaction.forget();
    reportProgress(run, 'committed');
  },
  rollback: async () => {
    const status = await transaction.decide('rollback', run.plan.timeoutMs);
    await transaction.forget();
    if (status.result === 'committed') throw errorOf(run, 'HOST_BRIDGE_COMMITTED', 'it was committed before');
    if (status.result === undefined) throw failureOf(run, status);
    reportProgress(run, 'rolled-back');
  },
});

const reportProgress = ({ onProgress, id }: TransactionRun, phase: Progress['phase']): void =>
  onProgress?.({ phase, transaction: id });

/** The error that a caller gets: the change was taken back first. */
async function rollBack(run: TransactionRun, transaction: Transaction, error: unknown): Promise<unknown> {
  const status = await transaction.decide('rollback', run.plan.timeoutMs);
  // What has ended by itself before says more than what was noticed of it.
  const isEnded = status.result === 'timeout' || status.result === 'interrupted';
  const isOwn = error instanceof HostBridgeError && error.code !== 'HOST_BRIDGE_UNDECIDED' && !isEnded;
  const first =
    isOwn || run.signal?.aborted === true || !(error instanceof HostBridgeError) ? error : failureOf(run, status);
  return withLeftovers(run, transaction, first);
}

async function withLeftovers(run: TransactionRun, transaction: Transaction, error: unknown): Promise<unknown> {
  await transaction.forget();
  reportProgress(run, 'rolled-back');
  if (!(error instanceof HostBridgeError)) return error;
  const after = await observe(run.runner).catch(() => undefined);
  const left = after === undefined ? undefined : leftovers(run.before, after, run.devices);
  const outcome =
    left?.length === 0 ? 'everything is as it was' : `not as it was: ${left?.join('; ') ?? 'the host does not answer'}`;
  return new HostBridgeError(error.code, `${error.message}; ${outcome}`, { ...detailsOf(error), leftovers: left });
}

const detailsOf = ({ hint, transaction, cause }: HostBridgeError) => ({ hint, transaction, cause });

type FailureCode = Extract<HostBridgeError['code'], `HOST_BRIDGE_${string}`>;

function errorOf({ plan, id }: TransactionRun, code: FailureCode, why: string): HostBridgeError {
  const verb = plan.action === 'apply' ? 'apply' : 'remove';
  const message = `cannot ${verb} bridge "${plan.bridge}" on ${plan.host}: ${why}`;
  return new HostBridgeError(code, message, { hint: REMEDIES[code], transaction: id });
}

const notConfirmed = (run: TransactionRun): HostBridgeError =>
  errorOf(run, 'HOST_BRIDGE_ROLLED_BACK', 'it was not confirmed');

/** Turns the end of a transaction into an error, if it failed. */
function failureOf(run: TransactionRun, status: TransactionStatus): HostBridgeError {
  const words = status.log.length === 0 ? '' : `: ${status.log.join(' / ')}`;
  if (status.applied !== undefined && status.applied !== '0')
    return errorOf(run, 'HOST_BRIDGE_APPLY_FAILED', `${failedCommand(run.plan, status.applied)} failed${words}`);
  switch (status.result ?? status.decision) {
    case 'unpersisted':
      return errorOf(run, 'HOST_BRIDGE_PERSIST_FAILED', `its files could not be stored${words}`);
    case 'failed':
      return errorOf(run, 'HOST_BRIDGE_APPLY_FAILED', `a command failed${words}`);
    case 'timeout':
      return errorOf(run, 'HOST_BRIDGE_ROLLED_BACK', `no decision came within ${run.plan.timeoutMs} ms`);
    case undefined:
      return errorOf(run, 'HOST_BRIDGE_UNDECIDED', 'it has already ended, and somebody else got the result');
    default:
      return errorOf(run, 'HOST_BRIDGE_ROLLED_BACK', `it was taken back (${status.result ?? status.decision})`);
  }
}

/** `STATUS:NUMBER`, the number being that of a command. */
function failedCommand({ change }: BridgePlan, applied: string): string {
  const [status = '', number = ''] = applied.split(':');
  const command = change.apply[Number(number)];
  const what = command === undefined ? `writing a file for the trial (${number})` : scriptLine(command);
  return `${what} (status ${status})`;
}

/** Outcome of a change. */
export type Outcome =
  | { readonly state: 'planned'; readonly plan: BridgePlan; readonly warnings: readonly Issue[] }
  | { readonly state: 'committed'; readonly plan: BridgePlan; readonly warnings: readonly Issue[] }
  | {
      readonly state: 'trial';
      readonly plan: BridgePlan;
      readonly warnings: readonly Issue[];
      readonly trial: BridgeTrial;
    };
