import { onAbort } from '../../async/abort.js';
import { Lost } from '../../dial/errors.js';
import { type Stream, untilGone } from '../../dial/stream.js';
import { Fields, listOf } from './fields.js';
import { type Json, printJson, readJson } from './json.js';
import { JsonTexts, MESSAGE_LIMITS, type MessageLimits } from './json-texts.js';
import { refusedIn } from './refused.js';

/** Options of one call. */
export interface CallLimits {
  /** Ends waiting. The server goes on with what it was asked. */
  readonly signal?: AbortSignal | undefined;
  /** Called when the call is on its way. */
  readonly begin?: (() => void) | undefined;
}

/** What a connection may be set to. */
export interface ConnectionOptions {
  readonly limits?: MessageLimits | undefined;
  /** A server that says nothing for so many milliseconds is asked whether it is there, and has as long for the answer. */
  readonly probeMs?: number | undefined;
}

/** Hears what the server says by itself. */
export type Hear = (method: string, params: readonly Json[]) => void;

/** Reads the result of a call, before anything that the server sent after it. */
export type Read<T> = (result: Json) => T;

interface Pending {
  readonly answer: Read<void>;
  readonly fail: (error: Error) => void;
}

/** A server works at a large transaction for seconds and answers nothing meanwhile. */
const PROBE_MS = 15_000;

/** Bytes that may wait for a server that does not read. */
const MOST_UNSENT = 64 * 2 ** 20;

/** One connection to an OVSDB server over a stream of bytes. Source: RFC 7047, section 4. */
export class Connection {
  readonly #stream: Stream;
  readonly #texts: JsonTexts;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, Hear>();
  readonly #ended: Promise<Lost>;
  readonly #probe: ReturnType<typeof setInterval>;
  #end: (lost: Lost) => void = () => {};
  #isHeard = true;
  #isProbing = false;
  #id = 0;
  #lost: Lost | undefined;

  constructor(stream: Stream, { limits = MESSAGE_LIMITS, probeMs = PROBE_MS }: ConnectionOptions = {}) {
    this.#stream = stream;
    this.#texts = new JsonTexts(limits);
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    stream.on('data', (part: Buffer) => this.#feed(part));
    stream.on('error', (error) => this.#fail(error.message));
    stream.on('end', () => this.destroy(HUNG_UP));
    stream.on('close', () => this.#fail(HUNG_UP));
    this.#probe = setInterval(() => this.#look(), probeMs);
    this.#probe.unref();
  }

  /** Resolves when the connection is lost, with the reason. */
  get ended(): Promise<Lost> {
    return this.#ended;
  }

  /**
   * Asks the server for one thing.
   *
   * @throws {@link Refused} when the server refuses, {@link Lost} when the connection ends first, the signal's reason, or what
   *   `read` throws
   */
  call<T>(method: string, params: readonly Json[], read: Read<T>, limits: CallLimits = {}): Promise<T> {
    const { signal, begin } = limits;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#lost !== undefined) throw this.#lost;
      const release = signal === undefined ? () => {} : onAbort(signal, () => reject(signal.reason));
      const answer = (result: Json) => resolve(read(result));
      const settle = { answer: after(release, answer), fail: after(release, reject) };
      const id = this.#id++;
      this.#pending.set(id, settle);
      begin?.();
      this.#send({ method, params, id });
    });
  }

  /** Says something that the server does not answer. */
  notify(method: string, params: readonly Json[]): void {
    if (this.#lost === undefined) this.#send({ method, params, id: null });
  }

  /**
   * Listens to what the server says by itself about one thing.
   *
   * @param about - the first parameter of what is heard: the id of a monitor, or the name of a lock
   * @returns a function that ends it
   */
  listen(about: string, hear: Hear): () => void {
    this.#listeners.set(about, hear);
    return () => this.#listeners.delete(about);
  }

  /** Keeps the program alive while something is waited for, and not otherwise. */
  setIdle(isIdle: boolean): void {
    if (isIdle) this.#stream.unref?.();
    else this.#stream.ref?.();
  }

  /** Ends the connection, and waits until it is gone. */
  async close(): Promise<void> {
    this.setIdle(false);
    await untilGone(this.#stream, () => this.destroy('the connection was closed'));
  }

  /** Ends the connection at once. */
  destroy(reason: string): void {
    this.#fail(reason);
    this.#stream.destroy();
  }

  #send(message: Json): void {
    this.#stream.write(printJson(message));
  }

  #feed(part: Buffer): void {
    this.#isHeard = true;
    try {
      for (const { text, hasLongNumbers } of this.#texts.feed(part)) {
        if (this.#lost !== undefined) return;
        this.#message(Fields.of(readJson(text, hasLongNumbers), 'a message'));
      }
    } catch (error) {
      this.destroy(`the server sent ${error instanceof Error ? error.message : 'what cannot be read'}`);
    }
  }

  #message(message: Fields): void {
    if (message.get('method') === undefined) return this.#reply(message);
    const params = listOf(message.get('params'), 'what the server says');
    const id = message.get('id') ?? null;
    if (id !== null) return this.#asked(message.text('method'), params, id);
    const [about] = params;
    if (typeof about === 'string') this.#listeners.get(about)?.(message.text('method'), params);
  }

  /** Answers the server, which asks only whether somebody is there. */
  #asked(method: string, params: readonly Json[], id: Json): void {
    if (this.#stream.writableLength > MOST_UNSENT) return this.destroy('the server asks and does not read the answers');
    if (method === 'echo') this.#send({ id, result: params, error: null });
    else this.#send({ id, result: null, error: 'unknown method' });
  }

  #reply(message: Fields): void {
    const id = message.get('id');
    const pending = typeof id === 'number' ? this.#pending.get(id) : undefined;
    if (typeof id !== 'number' || pending === undefined) throw new RangeError('an answer that nobody asked for');
    this.#pending.delete(id);
    const error = message.get('error') ?? null;
    try {
      if (error === null) pending.answer(message.get('result') ?? null);
      else pending.fail(refusedIn(error));
    } catch (unreadable) {
      pending.fail(unreadable instanceof Error ? unreadable : new Error(String(unreadable)));
    }
  }

  /** Asks a silent server whether it is there. */
  #look(): void {
    if (!this.#isHeard && this.#isProbing) return this.destroy('the server does not answer any more');
    this.#isProbing = !this.#isHeard;
    if (this.#isProbing) this.call('echo', [], () => {}).catch(() => {}); // a loss shows in `ended`
    this.#isHeard = false;
  }

  #fail(reason: string): void {
    if (this.#lost !== undefined) return;
    clearInterval(this.#probe);
    this.#lost = new Lost(reason, false);
    for (const { fail } of this.#pending.values()) fail(new Lost(reason, true));
    this.#pending.clear();
    this.#end(this.#lost);
  }
}

const HUNG_UP = 'the server closed the connection';

/** Does one thing first. */
const after =
  <T>(first: () => void, then: (value: T) => void): ((value: T) => void) =>
  (value) => {
    first();
    then(value);
  };
