import type { CallOptions } from '../../async/deadline.js';
import { deadline } from '../../async/deadline.js';
import { type ErrorDetails, LibvirtError, TransportError } from '../../errors/index.js';
import type { LeaseRecord } from '../../transport/operations.js';
import type { NetworkRef } from '../network-ref.js';
import { ifGone } from '../state/tolerated.js';
import { explainMissingLease, type LeaseWanted, leaseMatcher, newestLeases } from './leases.js';
import { poll, WAIT_MS, type WaitOptions } from './poll.js';

/** The leases of a network, the newest for each MAC address and family. */
export async function readLeases(live: NetworkRef, options: CallOptions): Promise<readonly LeaseRecord[]> {
  const leases = await live.inTurn('network.leases', options, (remaining) =>
    live.transport.call('network.leases', live.self, remaining()),
  );
  return newestLeases(leases);
}

/** Waits until a guest has an address; see {@link NetworkHandle.waitForLease}. */
export async function waitForLease(live: NetworkRef, wanted: LeaseWanted, options: WaitOptions): Promise<LeaseRecord> {
  const fits = leaseMatcher(wanted);
  try {
    return await poll({ live, look: async (call) => (await readLeases(live, call)).find(fits) }, options);
  } catch (error) {
    if (!isTimeout(error)) throw error;
    const reason = await reasonOf(live).catch(() => error.hint);
    throw timeoutError(live, `has no lease for ${wanted.mac ?? wanted.hostname}`, options, {
      hint: reason,
      cause: error,
    });
  }
}

/** Waits until a network is in a state; see {@link NetworkHandle.waitUntil}. */
export async function waitUntil(
  live: NetworkRef,
  state: 'active' | 'inactive' | 'gone',
  options: WaitOptions,
): Promise<void> {
  expectState(state);
  const look = async (call: CallOptions): Promise<true | undefined> => {
    const now = await live.inTurn('network.lookup', call, (remaining) => live.state(remaining)).catch(ifGone);
    const seen = now === undefined ? state !== 'active' : state === (now.active ? 'active' : 'inactive');
    return seen || undefined;
  };
  try {
    await poll({ live, look }, options);
  } catch (error) {
    throw isTimeout(error) ? timeoutError(live, `is not ${state}`, options, { hint: error.hint, cause: error }) : error;
  }
}

const STATES = ['active', 'inactive', 'gone'];

/** The compiler keeps other words out, but not of plain JavaScript. */
function expectState(state: unknown): void {
  if (STATES.some((one) => one === state)) return;
  throw new LibvirtError('INVALID_ARGUMENT', `waitUntil cannot wait for '${String(state)}'`, {
    hint: `wait for one of ${STATES.join(', ')}`,
  });
}

/** Time limit for finding the reason. */
const REASON_MS = 5000;

async function reasonOf(live: NetworkRef): Promise<string> {
  const remaining = deadline({ timeoutMs: REASON_MS });
  const { active } = await live.state(remaining);
  const network = await live.dump(remaining, false);
  const leases = await live.transport.call('network.leases', live.self, remaining());
  return explainMissingLease({ active, network, leases: newestLeases(leases) });
}

function timeoutError(
  live: NetworkRef,
  what: string,
  { timeoutMs = WAIT_MS }: WaitOptions,
  details: Pick<ErrorDetails, 'hint' | 'cause'>,
): TransportError {
  const about = { operation: 'network.wait', network: live.name, ...details };
  const text = `network "${live.name}" on ${live.transport.label} ${what} after ${timeoutMs} ms`;
  return new TransportError('TIMEOUT', text, about);
}

const isTimeout = (error: unknown): error is LibvirtError => LibvirtError.is(error) && error.code === 'TIMEOUT';
