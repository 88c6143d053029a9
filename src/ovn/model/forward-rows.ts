import { guestPortsOf, hostPortsOf, type PortForward } from '../../schema/port-forward.js';
import { portForwardsIn } from '../../schema/port-forward-metadata.js';
import { ownAddress } from './router-rows.js';
import type { OvnRow } from './rows.js';
import type { OvnShape } from './shape.js';

/** A load balancer for the port forwards of each protocol. */
export function forwardRows(shape: OvnShape): readonly OvnRow[] {
  const forwards = portForwardsIn(shape.document);
  return (['tcp', 'udp'] as const).flatMap((protocol) => {
    const vips = forwards
      .filter((forward) => forward.protocol === protocol)
      .flatMap((forward) => vipsOf(forward, shape));
    if (vips.length === 0) return [];
    const columns = { name: `lvn-${shape.name}-${protocol}`, protocol, vips: Object.fromEntries(vips) };
    return [{ table: 'Load_Balancer', key: `forward_${protocol}`, columns }];
  });
}

/** One entry for each port: OVN has no ranges here. */
function vipsOf(forward: PortForward, { outside, name }: OvnShape): readonly (readonly [string, string])[] {
  const family = forward.to.ip.includes(':') ? 'ipv6' : 'ipv4';
  if (outside === undefined) return [];
  const address = forward.hostAddress ?? ownAddress(outside, family, name);
  const { start, end } = hostPortsOf(forward);
  const first = guestPortsOf(forward).start;
  return Array.from({ length: end - start + 1 }, (_, i) => [
    withPort(address, start + i),
    withPort(forward.to.ip, first + i),
  ]);
}

const withPort = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
