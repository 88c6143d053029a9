import { budget, type CallOptions, type Rest } from '../../async/deadline.js';
import type { Connection } from '../network-ref.js';

/** Works towards a network's wanted state when the calls before it on the same network are done, all in the time of one call. */
export function inTurn<T>(
  { queue, transport }: Connection,
  name: string,
  options: CallOptions,
  work: (rest: Rest) => Promise<T>,
): Promise<T> {
  const subject = { operation: 'network.ensure', network: name, label: transport.label } as const;
  const rest = budget(options);
  return queue.run(name, subject, rest(), () => work(rest));
}
