import type { RemainingTime } from '../../async/deadline.js';
import type { NetworkPort } from '../../schema/networkport.js';
import { readNetworkPort } from '../../schema/small-formats/read.js';
import type { NetworkInput, Transport } from '../../transport/operations.js';

/** The guests' ports on a running network. */
export async function readPorts(
  transport: Transport,
  network: NetworkInput,
  remaining: RemainingTime,
): Promise<readonly NetworkPort[]> {
  const uuids = await transport.call('network.ports', network, remaining());
  const ports: NetworkPort[] = [];
  for (const port of uuids)
    ports.push(
      readNetworkPort(await transport.call('port.dump', { ...network, port }, remaining()), { unknownWords: 'keep' }),
    );
  return ports;
}
