import { CALL_OPTIONS, type CallOptions } from '../async/deadline.js';
import { LibvirtError } from '../errors/index.js';
import { optionsOf } from '../options/options.js';
import { checkTexts } from './check-texts.js';
import { type Subject, subjectOf } from './libvirt-error.js';
import { minReleaseFor, withRelease } from './min-releases.js';
import type { Operation, Operations } from './operations.js';
import { type Stop, within } from './with-deadline.js';

/** What is the same for all calls of a transport. */
export interface Caller {
  /** Names the daemon in messages. */
  readonly label: string;
  /** Longest time of a call in milliseconds, where the call says nothing else. */
  readonly timeoutMs: number;
  /** Aborts when the transport is closed. */
  readonly closed: AbortSignal;
}

/** A call of an operation. */
export interface OperationCall<K extends Operation> {
  readonly operation: K;
  readonly input: Operations[K]['input'];
  readonly options: CallOptions;
}

/**
 * Carries out an operation: checks what it is given, ends it in time, and names the release that is needed where libvirt is too
 * old. For transports of this library.
 *
 * @param work - carries it out; what it throws is an error of this library, or the reason of the signal
 */
export async function runOperation<K extends Operation>(
  { operation, input, options }: OperationCall<K>,
  { label, timeoutMs, closed }: Caller,
  work: (subject: Subject, stop: Stop) => Promise<Operations[K]['output']>,
): Promise<Operations[K]['output']> {
  const texts: Readonly<Record<string, unknown>> = { ...input };
  const subject = subjectOf(operation, input, label);
  checkTexts(texts, subject);
  const known = optionsOf(options, CALL_OPTIONS, operation);
  const limits = { signal: known.signal, timeoutMs: known.timeoutMs ?? timeoutMs, closed };
  try {
    return await within(subject, limits, (stop) => work(subject, stop));
  } catch (error) {
    if (!LibvirtError.is(error)) throw error;
    throw withRelease(error, minReleaseFor(operation, texts['validate']), subject);
  }
}
