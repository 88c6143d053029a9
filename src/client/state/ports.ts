import type { RemainingTime } from '../../async/deadline.js';
import type { NetworkPort } from '../../schema/networkport.js';
import type { NetworkInput, Transport } from '../../transport/operations.js';
import { readPort } from '../texts.js';
import { ifUnplugged } from './tolerated.js';

/** The guests' ports on a running network. */
export async function readPorts(
  transport: Transport,
  network: NetworkInput,
  remaining: RemainingTime,
): Promise<readonly NetworkPort[]> {
  const uuids = await transport.call('network.ports', network, remaining());
  const ports: NetworkPort[] = [];
  for (const port of uuids) {
    const xml = await transport.call('port.dump', { ...network, port }, remaining()).catch(ifUnplugged);
    if (xml !== undefined) ports.push(await readPort(xml));
  }
  return ports;
}
