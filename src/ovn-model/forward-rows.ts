import { type Family, parseAddress } from '../schema/address.js';
import { guestPortsOf, hostPortsOf, type PortForward, sourcesOf } from '../schema/port-forward.js';
import { acl } from './acl.js';
import { portsMatch, version } from './match-texts.js';
import { quoted } from './option-texts.js';
import { ownAddress } from './outside.js';
import type { OvnRow } from './rows.js';
import type { OvnShape } from './shape.js';

/** A load balancer for the port forwards of each protocol. */
export function forwardRows(shape: OvnShape): readonly OvnRow[] {
  return (['tcp', 'udp'] as const).flatMap((protocol) => {
    const vips = shape.forwards
      .filter((forward) => forward.protocol === protocol)
      .flatMap((forward) => vipsOf(forward, shape));
    if (vips.length === 0) return [];
    const columns = { name: `lvn-${shape.name}-${protocol}`, protocol, vips: Object.fromEntries(vips) };
    return [{ table: 'Load_Balancer', key: `forward_${protocol}`, columns }];
  });
}

/** One entry for each port: OVN has no ranges here. */
function vipsOf(forward: PortForward, shape: OvnShape): readonly (readonly [string, string])[] {
  const address = hostAddressOf(forward, shape);
  if (address === undefined) return [];
  const { start, end } = hostPortsOf(forward);
  const first = guestPortsOf(forward).start;
  const target = parseAddress(forward.to.ip)?.text ?? forward.to.ip;
  return Array.from({ length: end - start + 1 }, (_, i) => [withPort(address, start + i), withPort(target, first + i)]);
}

/** The address outside that a port forward is for; nothing where the network has no way out. */
export function hostAddressOf(forward: PortForward, { outside, name }: OvnShape): string | undefined {
  const { hostAddress } = forward;
  if (hostAddress !== undefined) return parseAddress(hostAddress)?.text;
  return outside === undefined ? undefined : ownAddress(outside, familyOf(forward), name);
}

/**
 * A port forward that is only for some sources keeps everybody else away where they still ask for the port outside: once the packet
 * is for the guest, nothing tells this forward from another one to the same port of the guest.
 */
export function elsewhereRows(shape: OvnShape, where: 'guests' | 'outside'): readonly OvnRow[] {
  const { names } = shape;
  const from = where === 'guests' ? `@${names.portGroup}` : quoted(names.port('physical'));
  return shape.forwards.flatMap((forward, i) => {
    const match = elsewhereMatch(forward, shape);
    if (match === undefined) return [];
    return [acl(`acl_${where}_elsewhere_${i}`, 'from-lport', 'elsewhere', `inport == ${from} && ${match}`)];
  });
}

/** The packets to the port outside of a forward that is only for some sources, from elsewhere; nothing where it is for everybody. */
function elsewhereMatch(forward: PortForward, shape: OvnShape): string | undefined {
  const sources = sourcesOf(forward);
  const address = hostAddressOf(forward, shape);
  if (sources.length === 0 || address === undefined) return undefined;
  const ip = version(familyOf(forward));
  const ports = portsMatch(forward.protocol, hostPortsOf(forward));
  return `${ip}.dst == ${address} && ${ports} && ${ip}.src != {${sources.join(', ')}}`;
}

/** The family of a port forward: that of its guest. */
export const familyOf = ({ to }: PortForward): Family => (to.ip.includes(':') ? 'ipv6' : 'ipv4');

const withPort = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
