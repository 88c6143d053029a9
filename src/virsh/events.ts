import type { EventOptions, NetworkEvent } from '../client/operations.js';
import { TransportError } from '../errors/index.js';
import type { Running } from './exec.js';
import type { VirshProcesses } from './process.js';

const TYPES: Readonly<Record<string, NetworkEvent['type']>> = {
  Defined: 'defined',
  Undefined: 'undefined',
  Started: 'started',
  Stopped: 'stopped',
};
const LINE = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d+)\+0000: event '([\w-]+)' for network (.*): (\w+)/s;

/** The event of a line; nothing for lines such as the count at the end. */
export function parseEvent(line: string): NetworkEvent | undefined {
  const [, day, time, event, network = '', what = ''] = LINE.exec(line) ?? [];
  if (day === undefined) return undefined;
  const type = event === 'metadata-change' ? 'metadata-changed' : TYPES[what];
  return type === undefined ? undefined : { type, network, at: new Date(`${day}T${time}Z`) };
}

const BUFFER = 1000;
const SUBJECT = { operation: 'network.events', changes: false } as const;

/** A queue with an upper limit: what does not fit is dropped from the front, and a gap says so. */
class Queue {
  readonly #most: number;
  readonly #events: NetworkEvent[] = [];
  #wake: (() => void) | undefined;
  #ended: { readonly error?: unknown } | undefined;

  constructor(most: number) {
    this.#most = Math.max(1, most);
  }

  push(event: NetworkEvent): void {
    if (this.#events.length >= this.#most) {
      this.#events.splice(0, this.#events[0]?.type === 'gap' ? 2 : 1);
      this.#events.unshift({ type: 'gap', network: '', at: event.at });
    }
    this.#events.push(event);
    this.#wake?.();
  }

  end(error?: unknown): void {
    this.#ended ??= error === undefined ? {} : { error };
    this.#wake?.();
  }

  /** The next event; nothing when the stream has ended. Throws what ended it. */
  async next(): Promise<NetworkEvent | undefined> {
    while (this.#events.length === 0 && this.#ended === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const event = this.#events.shift();
    if (event === undefined && this.#ended?.error !== undefined) throw this.#ended.error;
    return event;
  }
}

/** The events of a daemon, from a virsh that runs until the reader stops. */
export async function* readEvents(processes: VirshProcesses, options: EventOptions): AsyncGenerator<NetworkEvent> {
  const stop = new AbortController();
  const outer = [processes.closed, ...(options.signal === undefined ? [] : [options.signal])];
  const signal = AbortSignal.any([stop.signal, ...outer]);
  const queue = new Queue(options.buffer ?? BUFFER);
  const running = await open(processes, signal);
  const pumped = pump(processes, running, queue, signal);
  const onAbort = () => queue.end(outer.find(({ aborted }) => aborted)?.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    for (let event = await queue.next(); event !== undefined; event = await queue.next()) yield event;
  } finally {
    stop.abort();
    signal.removeEventListener('abort', onAbort);
    await pumped;
  }
}

async function open(processes: VirshProcesses, signal: AbortSignal): Promise<Running> {
  signal.throwIfAborted();
  const request = processes.request(['net-event', '--event=lifecycle', '--loop', '--timestamp'], signal);
  processes.started++;
  try {
    return await processes.settings.exec.stream(request);
  } catch (error) {
    throw processes.unstartable(error, SUBJECT);
  }
}

async function pump(processes: VirshProcesses, running: Running, queue: Queue, signal: AbortSignal): Promise<void> {
  try {
    for await (const line of running.lines) {
      const event = parseEvent(line);
      if (event !== undefined) queue.push(event);
    }
  } catch {
    // The program was ended in the middle of a line; its result says why.
  }
  const result = await running.result.catch((error: unknown) => processes.unstartable(error, SUBJECT));
  if (signal.aborted) return;
  queue.end(result instanceof TransportError ? result : processes.failure(result.stderr, SUBJECT, result.exitCode));
}
