import { parseAddress } from '../../schema/address.js';
import type { DhcpRange, Lease } from '../../schema/network/ip.js';
import { type PreviewNetwork, type PreviewSubnet, plainAddress, servesDhcp, subnetsOf } from '../network.js';

/** Writes the DHCP options: libvirt allows DHCP on at most one IPv4 and one IPv6 subnet. */
export function dhcpLines(network: PreviewNetwork): string[] {
  const served = (['ipv4', 'ipv6'] as const).flatMap((family) => subnetsOf(network, family).find(servesDhcp) ?? []);
  const leases = served.flatMap(({ ip }) => ip.dhcp?.ranges ?? []).reduce((sum, range) => sum + sizeOf(range), 0n);
  return [...served.flatMap(subnetLines), ...(leases > 0n ? [`dhcp-lease-max=${leases}`] : [])];
}

function subnetLines({ subnet, ip }: PreviewSubnet): string[] {
  const { ranges = [], bootp } = ip.dhcp ?? {};
  const ipv4 = subnet.family === 'ipv4';
  const size = ipv4 ? subnet.netmask : subnet.prefix;
  const lines = ranges.map(
    ({ start, end, lease }) => `dhcp-range=${plainAddress(start)},${plainAddress(end)},${size}${leaseTime(lease)}`,
  );
  // Without a range dnsmasq serves reservations only when told so.
  if (lines.length === 0) lines.push(`dhcp-range=${subnet.gateway},static${ipv4 ? '' : `,${subnet.prefix}`}`);
  if (!ipv4) return lines;
  const server = bootp?.server === undefined ? '' : `,,${plainAddress(bootp.server)}`;
  const boot = bootp?.file === undefined ? [] : [`dhcp-boot=${bootp.file}${server}`];
  return [...lines, 'dhcp-no-override', 'dhcp-authoritative', ...boot];
}

/** How long a lease lasts, with the comma before it; nothing for dnsmasq's default of an hour. */
export function leaseTime(lease: Lease | undefined): string {
  if (lease?.expiry === undefined) return '';
  if (Number(lease.expiry) === 0) return ',infinite';
  return `,${lease.expiry}${(lease.unit ?? 'minutes').charAt(0)}`;
}

function sizeOf({ start, end }: DhcpRange): bigint {
  const [first, last] = [parseAddress(start), parseAddress(end)];
  return first === undefined || last === undefined ? 0n : last.value - first.value + 1n;
}
