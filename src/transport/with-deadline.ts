import { onAbort } from '../async/abort.js';
import { CALL_OPTIONS, type CallOptions } from '../async/deadline.js';
import { noteUncertain, TransportError } from '../errors/index.js';
import { REMEDIES } from '../errors/remedies.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { checkSignal, timeoutOf } from '../options/values.js';
import { changesHost, describeFailure, type Subject } from './libvirt-error.js';

/** Handle of a piece of work that can be ended early. */
export interface Stop {
  /** Aborts when the work must end, for whatever reason. */
  readonly signal: AbortSignal;
  /** To be called when the work begins to have an effect: what is ended before then has changed nothing. */
  readonly begin: () => void;
}

/** Limits that can end a piece of work early. */
export interface Limits extends CallOptions {
  /** Aborts when the transport is closed. */
  readonly closed?: AbortSignal | undefined;
}

const LIMITS: OptionNames<Limits> = { ...CALL_OPTIONS, closed: true };

/**
 * Does work that ends in time. For transports, which all treat aborts, timeouts and closing alike.
 *
 * @param subject - what is done, for messages
 * @param given - what can end it
 * @param work - ends soon after the signal
 * @throws the signal's own reason, {@link TransportError} codes `TIMEOUT` and `CLOSED`, or what the work throws
 */
export const within = <T>(subject: Subject, given: Limits, work: (stop: Stop) => Promise<T>): Promise<T> =>
  endingInTime(taskOf(subject), given, work);

/** A piece of work, as messages about its end describe it. */
export interface Task {
  /** Beginning of every message: what failed, on what. */
  readonly failure: string;
  readonly operation: string;
  readonly network?: string | undefined;
  /** True if it changes something, so that ending it may come too late. */
  readonly changes: boolean;
}

const taskOf = (subject: Subject): Task => ({
  failure: describeFailure(subject),
  operation: subject.operation,
  network: subject.network,
  changes: changesHost(subject.operation),
});

/** Does any work as {@link within} does that of transports of libvirt. */
export async function endingInTime<T>(task: Task, given: Limits, work: (stop: Stop) => Promise<T>): Promise<T> {
  const limits = optionsOf(given, LIMITS, 'within');
  checkSignal(limits.signal);
  if (limits.timeoutMs !== undefined) timeoutOf(limits.timeoutMs);
  const watch = new Watch(limits);
  let begun = false;
  const begin = () => {
    begun = true;
  };
  try {
    return await watch.over(() => work({ signal: watch.signal, begin }));
  } catch (error) {
    if (watch.ending === undefined) throw error;
    throw endError(watch.ending, task, limits, begun && task.changes);
  } finally {
    watch.release();
  }
}

type Ending = 'aborted' | 'closed' | 'late';

/** Time that ended work gets to clean up. */
const GRACE_MS = 3000;

/** Looks for the first thing that ends a piece of work, and holds no timer or listener afterwards. */
class Watch {
  ending: Ending | undefined;
  readonly #stop = new AbortController();
  readonly #undo: (() => void)[] = [];
  readonly #overdue: Promise<never>;
  #giveUp = (): void => {};

  constructor({ signal, closed, timeoutMs }: Limits) {
    this.#overdue = new Promise((_, reject) => {
      this.#giveUp = () => reject(new Error('the work did not end'));
    });
    // Nobody may be waiting when it comes.
    this.#overdue.catch(() => {});
    if (closed !== undefined) this.#listen(closed, 'closed');
    if (signal !== undefined) this.#listen(signal, 'aborted');
    if (timeoutMs !== undefined) this.#later(timeoutMs, () => this.#end('late'));
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Starts the work unless the end has come already; throws when it came before the work's own. */
  async over<T>(start: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    const result = await Promise.race([start(), this.#overdue]);
    this.signal.throwIfAborted();
    return result;
  }

  release(): void {
    for (const undo of this.#undo) undo();
  }

  #end(ending: Ending): void {
    if (this.ending !== undefined) return;
    this.ending = ending;
    this.#stop.abort();
    this.#later(GRACE_MS, () => this.#giveUp());
  }

  #listen(signal: AbortSignal, ending: Ending): void {
    this.#undo.push(onAbort(signal, () => this.#end(ending)));
  }

  #later(ms: number, action: () => void): void {
    const timer = setTimeout(action, ms);
    this.#undo.push(() => clearTimeout(timer));
  }
}

function endError(ending: Ending, task: Task, limits: Limits, mayHaveChanged: boolean): unknown {
  const { failure, operation, network } = task;
  const about = { operation, network, mayHaveChanged };
  const outcome = mayHaveChanged ? '; the change may still have been applied' : '';
  switch (ending) {
    case 'aborted':
      if (mayHaveChanged) noteUncertain(limits.signal?.reason);
      return limits.signal?.reason;
    case 'closed':
      return new TransportError('CLOSED', `${failure}: the connection was closed${outcome}`, {
        ...about,
        hint: REMEDIES.CLOSED,
      });
    case 'late':
      return new TransportError('TIMEOUT', `${failure} within ${limits.timeoutMs} ms${outcome}`, {
        ...about,
        hint: mayHaveChanged ? 'read the state before trying again' : 'allow more time with timeoutMs',
      });
  }
}
