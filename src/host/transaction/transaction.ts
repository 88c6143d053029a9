import { sleep } from '../../async/sleep.js';
import { HostBridgeError, TransportError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import { parseRecord, textAt } from '../../host-facts/json-fields.js';
import { runScript, tryScript } from '../../process/run-script.js';
import { compact } from '../../schema/values.js';
import type { BridgePlan } from '../plan/plan.js';
import type { Runner } from '../runner/runner.js';
import type { StatePaths } from './host-change.js';
import { openScript } from './scripts.js';
import { DECIDE, FORGET, STATUS } from './shell.js';

/** How a transaction can end. */
export type Verdict = 'commit' | 'rollback';

/** How far a transaction is. */
export interface TransactionStatus {
  /** How it ended: `committed`, or why it was taken back; absent while it goes on. */
  readonly result?: string;
  /** The decision, whoever made it. */
  readonly decision?: string;
  /** `0` when all commands went well; status and number of the one that failed; absent while they run. */
  readonly applied?: string;
  /** True if its process is there. */
  readonly alive: boolean;
  /** Seconds until it is taken back. */
  readonly secondsLeft?: number;
  /** The bridge that it is about. */
  readonly bridge?: string;
  /** `apply` or `remove`. */
  readonly action?: string;
  /** The last words of its commands. */
  readonly log: readonly string[];
}

/** How often the host is asked how far it is. */
const EVERY_MS = 150;
/** Time that a rollback gets on a busy host. */
const GRACE_MS = 15_000;

/** A change of a host, from beginning to end. */
export class Transaction {
  readonly #runner: Runner;
  readonly #paths: StatePaths;
  /** Its name on the host. */
  readonly id: string;
  readonly #bridge: string;
  /** How it ended, once that is known: the host forgets it then. */
  #ended: TransactionStatus | undefined;

  constructor(runner: Runner, paths: StatePaths, id: string, bridge: string) {
    this.#runner = runner;
    this.#paths = paths;
    this.id = id;
    this.#bridge = bridge;
  }

  /**
   * Begins: from here on the host takes the change back by itself when nobody decides in time.
   *
   * @throws `HostBridgeError` codes `HOST_BRIDGE_PENDING`, `HOST_BRIDGE_NOT_BEGUN`
   */
  async open(plan: BridgePlan): Promise<void> {
    const about = { id: this.id, bridge: plan.bridge, action: plan.action };
    const seconds = Math.ceil(plan.timeoutMs / 1000);
    const script = openScript(plan.change, about, this.#paths, seconds);
    // Not to be ended halfway: the script cleans up after itself, and is short.
    const { exitCode, stderr } = await tryScript(this.#runner, {
      what: `begin ${this.#what(plan.action)}`,
      script,
      changes: true,
    });
    if (exitCode === 0) return;
    if (exitCode === BUSY) throw this.#error('HOST_BRIDGE_PENDING', `the change ${stderr.trim()} is under way`);
    throw this.#error('HOST_BRIDGE_NOT_BEGUN', `the host cannot begin: ${stderr.trim() || `status ${exitCode}`}`);
  }

  /** How far it is. */
  async status(signal?: AbortSignal): Promise<TransactionStatus> {
    const args = [this.#paths.state, this.id];
    return readStatus(await runScript(this.#runner, { what: 'follow a change', script: STATUS, args, signal }));
  }

  /**
   * Waits until there is something to be seen. A connection that fails in between is tried again: the network is what
   * changes.
   *
   * @param seen - what is waited for
   * @param limitMs - from when on the host's silence is taken for its end
   * @throws `HostBridgeError` code `HOST_BRIDGE_UNDECIDED`
   */
  async waitUntil(
    seen: (status: TransactionStatus) => boolean,
    limitMs: number,
    signal?: AbortSignal,
  ): Promise<TransactionStatus> {
    const end = performance.now() + limitMs + GRACE_MS;
    const never = new AbortController().signal;
    for (;;) {
      const status = await this.status(signal).catch((error: unknown) => ignoreConnectionLoss(error, signal));
      if (status !== undefined && (seen(status) || status.result !== undefined)) return status;
      if (performance.now() > end) throw this.#undecided();
      await sleep(EVERY_MS, signal ?? never);
    }
  }

  /**
   * Decides. Whoever is first has decided: the end can be another one.
   *
   * @returns how it ended
   */
  async decide(verdict: Verdict, limitMs: number): Promise<TransactionStatus> {
    const args = [this.#paths.state, this.id, verdict];
    const decided = runScript(this.#runner, { what: `decide ${this.#bridge}`, script: DECIDE, args, changes: true });
    // When this fails the host has it all the same, or decides by itself.
    await decided.catch((error: unknown) => ignoreConnectionLoss(error));
    // Without process and decision there is nothing there any more.
    const status = await this.waitUntil(({ decision, alive }) => decision === undefined && !alive, limitMs);
    if (status.result !== undefined) this.#ended = status;
    return this.#ended ?? status;
  }

  /** Takes away what is left of it when it has ended. */
  async forget(): Promise<void> {
    const args = [this.#paths.state, this.id];
    await runScript(this.#runner, { what: 'clean up after a change', script: FORGET, args }).catch((error: unknown) =>
      ignoreConnectionLoss(error),
    );
  }

  #what(action: BridgePlan['action']): string {
    return `${action === 'apply' ? 'applying' : 'removing'} bridge "${this.#bridge}"`;
  }

  #error(code: 'HOST_BRIDGE_PENDING' | 'HOST_BRIDGE_NOT_BEGUN', why: string): HostBridgeError {
    const message = `bridge "${this.#bridge}" on ${this.#runner.label}: ${why}`;
    return new HostBridgeError(code, message, { hint: REMEDIES[code], transaction: this.id });
  }

  #undecided(): HostBridgeError {
    const message = `bridge "${this.#bridge}" on ${this.#runner.label}: the host does not say how the change ${this.id} ended`;
    return new HostBridgeError('HOST_BRIDGE_UNDECIDED', message, {
      hint: REMEDIES.HOST_BRIDGE_UNDECIDED,
      transaction: this.id,
    });
  }
}

/** Status with which a transaction is refused because of another one. */
const BUSY = 75;

/** Errors of a connection pass; those of the caller do not. */
function ignoreConnectionLoss(error: unknown, signal?: AbortSignal): undefined {
  signal?.throwIfAborted();
  if (error instanceof TransportError) return undefined;
  throw error;
}

function readStatus(output: string): TransactionStatus {
  const lines = output
    .split('\n')
    .map((line) => [line.split(' ')[0] ?? '', line.slice(line.indexOf(' ') + 1)] as const);
  const value = (name: string): string | undefined => lines.find(([key, rest]) => key === name && rest !== '')?.[1];
  const about = parseRecord(value('about') ?? '') ?? {};
  const left = value('left');
  return compact({
    alive: value('agent') === 'alive',
    log: lines.filter(([key]) => /^(?:apply|persist|rollback)$/.test(key)).map(([, rest]) => rest),
    result: value('result'),
    decision: value('decision'),
    applied: value('applied'),
    secondsLeft: left === undefined ? undefined : Number(left),
    bridge: textAt(about, 'bridge'),
    action: textAt(about, 'action'),
  });
}
