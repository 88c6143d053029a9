import type { Rest } from '../../async/deadline.js';
import type { NetworkPort } from '../../schema/networkport.js';
import { readNetworkPort } from '../../schema/small-formats/read.js';
import type { NetworkInput, Transport } from '../../transport/operations.js';

/** The guests' ports on a running network. */
export async function readPorts(
  transport: Transport,
  network: NetworkInput,
  rest: Rest,
): Promise<readonly NetworkPort[]> {
  const uuids = await transport.call('network.ports', network, rest());
  const ports: NetworkPort[] = [];
  for (const port of uuids)
    ports.push(
      readNetworkPort(await transport.call('port.dump', { ...network, port }, rest()), { unknownWords: 'keep' }),
    );
  return ports;
}
