import { onAbort } from '../../async/abort.js';
import { sleep } from '../../async/sleep.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { isAbsent } from '../../transport/absent.js';
import type { NetworkEvent, NetworkState } from '../../transport/operations.js';
import { expectHost } from '../arguments.js';
import type { Host } from '../host.js';
import type { ListedNetwork } from '../networks.js';
import { News, type Reason } from './news.js';

/** Options of {@link watchNetworks}. */
export interface WatchOptions {
  /** Ends the watch; it then throws the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Longest time of one look at the host in milliseconds. Default: that of every call. */
  readonly timeoutMs?: number | undefined;
  /** Reports changed titles, descriptions and metadata too; since libvirt 9.8. Default: false. */
  readonly metadata?: boolean | undefined;
  /** Events kept for a slow reader; where there are more, the next view is one of a gap. Default: 1000. */
  readonly buffer?: number | undefined;
}

/** The networks of a host at one moment, and what is different from the view before. */
export interface NetworksView {
  /**
   * `first`: the first view. `change`: the host reported events. `gap`: events may be missing, since the connection was
   * lost or the reader was slow; `changed` and `gone` are right nevertheless.
   */
  readonly cause: 'first' | 'change' | 'gap';
  /** All networks, by name. */
  readonly networks: readonly ListedNetwork[];
  /** Networks that are new, or whose state or definition is another one; in the first view all. */
  readonly changed: readonly ListedNetwork[];
  /** The last known states of networks that no longer exist. */
  readonly gone: readonly NetworkState[];
  /** The events that led to this view, in order: a network that has stopped and started again is in them. Empty after a gap. */
  readonly events: readonly NetworkEvent[];
}

const OPTIONS: OptionNames<WatchOptions> = { signal: true, timeoutMs: true, metadata: true, buffer: true };
const BUFFER = 1000;

/**
 * Watches the networks of a host: reads them all, then again after each change and each gap in the events. Waits for a
 * daemon that is not there yet, and for one that restarts. What happens while the reader works is in its next view.
 * `break`, `return` and an abort end what it has started.
 *
 * @param host - what `connect` returns
 * @param options - what ends the watch, and what it reports
 * @returns views, from the first `next()` on; each reader has views of its own
 * @throws {@link LibvirtError} from `next()`: code `INVALID_ARGUMENT` for a wrong `buffer`, `CLOSED` when the host is closed, and
 *   what {@link Networks.readAll} throws, apart from a daemon that cannot be reached; an abort throws the signal's reason
 *
 * @example
 * ```ts
 * for await (const { changed, gone } of watchNetworks(host, { signal })) {
 *   for (const { state } of changed) console.log(state.name, state.active ? 'runs' : 'is stopped');
 *   for (const { name } of gone) console.log(name, 'no longer exists');
 * }
 * ```
 */
export function watchNetworks(host: Host, options: WatchOptions = {}): AsyncIterable<NetworksView> {
  expectHost(host, 'watchNetworks');
  const known = optionsOf(options, OPTIONS, 'watchNetworks');
  return { [Symbol.asyncIterator]: () => iteratorOf(host, known) };
}

/** A generator would wait for the next event before it ends; this one stops what it waits for. */
function iteratorOf(host: Host, options: WatchOptions): AsyncIterator<NetworksView, undefined> {
  const stop = new AbortController();
  const views = viewsOf(host, options, stop);
  return {
    next: () => views.next(),
    return: () => {
      stop.abort();
      return views.return(undefined);
    },
  };
}

async function* viewsOf(
  host: Host,
  options: WatchOptions,
  stop: AbortController,
): AsyncGenerator<NetworksView, undefined> {
  const { signal, buffer = BUFFER } = options;
  const news = new News(buffer);
  const release = signal === undefined ? () => {} : onAbort(signal, () => stop.abort(signal.reason));
  const listening = listen(host, { ...options, signal: stop.signal }, news);
  let before: Known = new Map();
  try {
    for (;;) {
      const reason = await news.take(stop.signal);
      const networks = await readWhenThere(host, { ...options, signal: stop.signal });
      const now: Known = new Map(networks.map((one) => [one.state.uuid, { one, text: textOf(one) }]));
      yield viewOf(reason, networks, { before, now });
      before = now;
    }
  } catch (error) {
    // Aborted without the signal of the caller, the reader has returned.
    if (stop.signal.aborted && signal?.aborted !== true) return undefined;
    throw error;
  } finally {
    release();
    stop.abort();
    await listening;
  }
}

/** Hands events on until they end. */
async function listen({ networks }: Host, { signal, metadata, buffer }: WatchOptions, news: News): Promise<void> {
  const onListening = () => news.listening();
  try {
    for await (const event of networks.events({ signal, metadata, buffer, reconnect: true, onListening }))
      news.hear(event);
  } catch (error) {
    news.fail(error);
  }
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2000;

/** Reads the networks; a daemon that is gone meanwhile is awaited. */
async function readWhenThere(
  { networks }: Host,
  { signal = new AbortController().signal, timeoutMs }: WatchOptions,
): Promise<readonly ListedNetwork[]> {
  for (let ms = FIRST_PAUSE_MS; ; ms = Math.min(2 * ms, LONGEST_PAUSE_MS)) {
    try {
      return await networks.readAll({ signal, timeoutMs });
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
    await sleep(ms, signal);
  }
}

/** Networks by their uuid, each with a text that tells one state from another. */
type Known = ReadonlyMap<string, { readonly one: ListedNetwork; readonly text: string }>;

const textOf = ({ state, network, error }: ListedNetwork): string =>
  JSON.stringify([state, network?.document, error?.message]);

const viewOf = (
  { cause, events }: Reason,
  networks: readonly ListedNetwork[],
  { before, now }: { readonly before: Known; readonly now: Known },
): NetworksView => ({
  cause,
  events,
  networks,
  changed: [...now].flatMap(([uuid, { one, text }]) => (before.get(uuid)?.text === text ? [] : [one])),
  gone: [...before].flatMap(([uuid, { one }]) => (now.has(uuid) ? [] : [one.state])),
});
