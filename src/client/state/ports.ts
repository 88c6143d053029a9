import type { Rest } from '../../async/deadline.js';
import type { NetworkPort } from '../../schema/networkport.js';
import type { NetworkInput, Transport } from '../../transport/operations.js';
import { portFrom } from '../texts.js';

/** The guests' ports on a running network. */
export async function readPorts(
  transport: Transport,
  network: NetworkInput,
  rest: Rest,
): Promise<readonly NetworkPort[]> {
  const uuids = await transport.call('network.ports', network, rest());
  const ports: NetworkPort[] = [];
  for (const port of uuids) ports.push(await portFrom(await transport.call('port.dump', { ...network, port }, rest())));
  return ports;
}
