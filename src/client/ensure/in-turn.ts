import { type CallOptions, deadline, type RemainingTime } from '../../async/deadline.js';
import type { Connection } from '../network-ref.js';

/** Runs work on a network when the calls before it on the same network have ended, all in the time of one call. */
export function inTurn<T>(
  { mutex, transport }: Connection,
  name: string,
  options: CallOptions,
  work: (remaining: RemainingTime) => Promise<T>,
): Promise<T> {
  const subject = { operation: 'network.ensure', network: name, label: transport.label } as const;
  const remaining = deadline(options);
  return mutex.run(name, subject, remaining(), () => work(remaining));
}
