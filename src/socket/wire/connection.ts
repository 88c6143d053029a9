import { onAbort } from '../../async/abort.js';
import { Lost } from '../../dial/errors.js';
import { type Stream, untilGone } from '../../dial/stream.js';
import { Refusal } from './errors.js';
import {
  HEADER,
  type Header,
  headerOf,
  KEEPALIVE,
  MessageSplitter,
  PROGRAMS,
  pong,
  STATUS,
  TYPES,
  withHeader,
} from './messages.js';
import { CALLS, type Procedure, remoteError } from './procedures.js';
import { type Codec, Reader, Writer, XdrError } from './xdr.js';

/** A daemon serves five calls of a client at once, and then stops reading, pings included. */
const WINDOW = 4;

/** How long a daemon may take to say goodbye. */
const FAREWELL_MS = 200;

/** Options of one call. */
export interface CallLimits {
  /** Ends waiting. The protocol cannot take a call back: the daemon goes on with what it was asked. */
  readonly signal?: AbortSignal | undefined;
  /** Called when the call is on its way. */
  readonly begin?: (() => void) | undefined;
}

interface Pending {
  readonly answer: (from: Reader) => void;
  readonly fail: (error: Error) => void;
}

/** One connection to a daemon over a stream of bytes. */
export class Connection {
  readonly #stream: Stream;
  readonly #splitter = new MessageSplitter();
  readonly #pending = new Map<number, Pending>();
  readonly #waiting = new Set<() => void>();
  readonly #listeners = new Map<number, (body: Reader) => void>();
  readonly #outgoing: Buffer[] = [];
  readonly #ended: Promise<Lost>;
  #end: (lost: Lost) => void = () => {};
  #isWriting = false;
  #taken = 0;
  #serial = 0;
  #lost: Lost | undefined;

  constructor(stream: Stream) {
    this.#stream = stream;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    stream.on('data', (part: Buffer) => this.#feed(part));
    stream.on('error', (error) => this.#fail(error.message));
    stream.on('end', () => this.#fail(HUNG_UP));
    stream.on('close', () => this.#fail(HUNG_UP));
  }

  /** Resolves when the connection is lost, with the reason. */
  get ended(): Promise<Lost> {
    return this.#ended;
  }

  /**
   * Asks the daemon for one thing.
   *
   * @throws {@link Refusal} when the daemon says no, {@link Lost} when the connection ends first, the signal's reason
   */
  async call<Args, Reply>(procedure: Procedure<Args, Reply>, args: Args, limits: CallLimits = {}): Promise<Reply> {
    const serial = this.#nextSerial();
    const message = messageFor(procedure, args, serial);
    await this.#takePlace(limits.signal);
    return new Promise((resolve, reject) => {
      const release =
        limits.signal === undefined ? () => {} : onAbort(limits.signal, () => reject(limits.signal?.reason));
      this.#pending.set(serial, {
        answer: (from) => {
          release();
          resolve(wholeOf(procedure.reply, from));
        },
        fail: (error) => {
          release();
          reject(error);
        },
      });
      limits.begin?.();
      this.#write(message);
    });
  }

  /** Listens to what the daemon tells by itself. */
  on<Event>(procedure: Procedure<undefined, Event>, hear: (event: Event) => void): void {
    this.#listeners.set(procedure.number, (body) => hear(procedure.reply.read(body)));
  }

  /** Keeps the program alive while something is waited for, and not otherwise. */
  setIdle(isIdle: boolean): void {
    if (isIdle) this.#stream.unref?.();
    else this.#stream.ref?.();
  }

  /** Says goodbye to the daemon, and ends the connection. */
  async close(): Promise<void> {
    this.setIdle(false);
    if (this.#lost === undefined) {
      const farewell = this.call(CALLS.CONNECT_CLOSE, undefined, { signal: AbortSignal.timeout(FAREWELL_MS) });
      await farewell.catch(() => {});
    }
    await untilGone(this.#stream, () => this.destroy('the connection was closed'));
  }

  /** Ends the connection at once. */
  destroy(reason: string): void {
    this.#fail(reason);
    this.#stream.destroy();
  }

  /** Takes a free place, or waits for one: an aborted call keeps its own until its answer comes. */
  async #takePlace(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#taken < WINDOW) this.#taken++;
    else await this.#placeOf(signal);
    if (this.#lost !== undefined) throw this.#lost;
  }

  #placeOf(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const take = () => {
        release();
        resolve();
      };
      const leave = () => {
        this.#waiting.delete(take);
        reject(signal?.reason);
      };
      const release = signal === undefined ? () => {} : onAbort(signal, leave);
      this.#waiting.add(take);
    });
  }

  /** Hands a place on to who waits longest. */
  #freePlace(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#taken--;
      return;
    }
    this.#waiting.delete(next);
    next();
  }

  #nextSerial(): number {
    this.#serial = (this.#serial % 0xffffffff) + 1;
    return this.#serial;
  }

  /**
   * Writes one message after the other has gone: of two in one TLS record libvirtd reads the first, and the second lies
   * there until more comes. Node joins writes that wait, so none may wait.
   */
  #write(message: Buffer): void {
    if (this.#isWriting) return void this.#outgoing.push(message);
    this.#isWriting = true;
    this.#stream.write(message, () => {
      this.#isWriting = false;
      const next = this.#outgoing.shift();
      if (next !== undefined && this.#lost === undefined) this.#write(next);
    });
  }

  #feed(part: Buffer): void {
    try {
      for (const message of this.#splitter.feed(part)) {
        if (this.#lost !== undefined) return;
        this.#message(message);
      }
    } catch (error) {
      this.destroy(`the daemon sent ${error instanceof Error ? error.message : 'what cannot be read'}`);
    }
  }

  #message(message: Buffer): void {
    const header = headerOf(message);
    if (header.program === PROGRAMS.keepalive) {
      if (header.procedure === KEEPALIVE.ping) this.#write(pong());
      return;
    }
    const body = new Reader(message, HEADER);
    if (header.type === TYPES.event) return this.#listeners.get(header.procedure)?.(body);
    this.#reply(header, body);
  }

  #reply({ type, serial, status, procedure }: Header, body: Reader): void {
    const pending = type === TYPES.reply ? this.#pending.get(serial) : undefined;
    if (pending === undefined) throw new RangeError(`an answer that nobody asked for (procedure ${procedure})`);
    this.#pending.delete(serial);
    this.#freePlace();
    try {
      if (status === STATUS.ok) pending.answer(body);
      else pending.fail(refusalIn(body));
    } catch (error) {
      pending.fail(new Lost(`the daemon's answer cannot be read: ${String(error)}`, true));
      throw error;
    }
  }

  #fail(reason: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = new Lost(reason, false);
    for (const { fail } of this.#pending.values()) fail(new Lost(reason, true));
    this.#pending.clear();
    this.#outgoing.length = 0;
    for (const go of [...this.#waiting]) go();
    this.#waiting.clear();
    this.#end(this.#lost);
  }
}

const HUNG_UP = 'the daemon closed the connection';

function messageFor<Args>({ number, args }: Procedure<Args, unknown>, value: Args, serial: number): Buffer {
  const writer = new Writer(HEADER);
  args.write(writer, value);
  const header = { program: PROGRAMS.remote, procedure: number, type: TYPES.call, serial, status: STATUS.ok };
  return withHeader(writer.done(), header);
}

/** Reads a value that is all of a message. */
function wholeOf<T>(codec: Codec<T>, body: Reader): T {
  const value = codec.read(body);
  if (body.rest > 0) throw new XdrError(`the message has ${body.rest} bytes more than its answer`);
  return value;
}

function refusalIn(body: Reader): Refusal {
  const { code, message } = wholeOf(remoteError, body);
  return new Refusal(code, message ?? `error ${code}`);
}
