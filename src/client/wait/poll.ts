import { CALL_OPTIONS, type CallOptions } from '../../async/deadline.js';
import { sleep } from '../../async/sleep.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import type { NetworkEvent } from '../../transport/operations.js';
import { within } from '../../transport/with-deadline.js';
import type { NetworkRef } from '../network-ref.js';
import { Alarm } from './alarm.js';

/** Options of the calls that wait for something. */
export interface WaitOptions extends CallOptions {
  /** Longest time in milliseconds. Default: 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Longest pause between two looks, in milliseconds. Default: 1,000, since each costs a process with virsh. */
  readonly everyMs?: number | undefined;
}

const OPTIONS: OptionNames<WaitOptions> = { ...CALL_OPTIONS, everyMs: true };

/** Default time limit of a wait. */
export const WAIT_MS = 60_000;
const EVERY_MS = 1000;

/** What is waited for. */
export interface Waiting<T> {
  readonly live: NetworkRef;
  /** Returns what is waited for, or nothing while it is not there. */
  readonly look: (options: CallOptions) => Promise<T | undefined>;
}

/**
 * Looks again and again until there is something to be seen: when the network changes, where the transport tells that at
 * little cost, and always after a pause, since an event can get lost.
 *
 * @throws {@link TransportError} code `TIMEOUT`, the signal's reason, or what the look throws
 */
export async function poll<T>({ live, look }: Waiting<T>, options: WaitOptions): Promise<T> {
  const { signal, timeoutMs = WAIT_MS, everyMs = EVERY_MS } = optionsOf(options, OPTIONS, 'a wait');
  return within(live.subject('network.wait'), { signal, timeoutMs }, async (stop) => {
    const alarm = alarmOf(live);
    try {
      for (;;) {
        const changed = alarm.next();
        const seen = await look({ signal: stop.signal });
        if (seen !== undefined) return seen;
        alarm.listen();
        await sleep(everyMs, stop.signal, changed);
      }
    } finally {
      await alarm.end();
    }
  });
}

const alarmOf = ({ transport, name }: NetworkRef): Alarm<NetworkEvent> =>
  new Alarm({
    events: transport.hasCheapEvents === true ? (options) => transport.events(options) : undefined,
    rings: ({ type, network }) => type === 'gap' || network === name,
  });
