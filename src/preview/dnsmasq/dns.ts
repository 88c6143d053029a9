import type { Subnet } from '../../model/subnet.js';
import { bitsOf, parseAddress } from '../../schema/address.js';
import type { DnsSrv } from '../../schema/network/dns.js';
import { isKnownTo } from '../../schema/release.js';
import { type PreviewNetwork, plainAddress } from '../network.js';

/** Where queries go. A server for all names takes the place of the host's own. */
export function forwarderLines({ document }: PreviewNetwork, release: number): string[] {
  const forwarders = document.dns?.forwarders ?? [];
  const lines = forwarders.map(({ domain, addr, port }) => {
    const names = domain === undefined ? '' : `/${domain}/`;
    const at = port === undefined || !isKnownTo(release, '12.0.0') ? '' : `#${port}`;
    return `server=${names}${addr === undefined ? '#' : `${plainAddress(addr)}${at}`}`;
  });
  const general = forwarders.some(({ domain, addr }) => domain === undefined && addr !== undefined);
  return general ? [...lines, 'no-resolv'] : lines;
}

/** Reverse names that never leave the network. */
export const reverseZoneLines = ({ subnets }: PreviewNetwork): string[] =>
  subnets.flatMap(({ subnet, ip }) => (ip.localPtr ? [`local=/${reverseZone(subnet)}/`] : []));

/** The zone of the reverse names of a subnet: whole octets for IPv4, nibbles for IPv6. */
function reverseZone({ family, network, prefix }: Subnet): string {
  const value = parseAddress(network)?.value ?? 0n;
  const [step, radix] = family === 'ipv4' ? [8, 10] : [4, 16];
  const parts = Array.from({ length: prefix / step }, (_, i) => {
    const shift = BigInt(bitsOf(family) - (i + 1) * step);
    return ((value >> shift) & ((1n << BigInt(step)) - 1n)).toString(radix);
  });
  return [...parts.reverse(), family === 'ipv4' ? 'in-addr.arpa' : 'ip6.arpa'].join('.');
}

/** TXT and SRV records. */
export const dnsRecordLines = ({ document: { dns } }: PreviewNetwork): string[] => [
  ...(dns?.txts ?? []).map(({ name, value }) => `txt-record=${name},${value}`),
  ...(dns?.srvs ?? []).map(srvLine),
];

function srvLine({ service, protocol, domain, target, port = 0, priority = 0, weight = 0 }: DnsSrv): string {
  const owner = `srv-host=_${service}._${protocol}${domain === undefined ? '' : `.${domain}`}`;
  // A dot says that there is no such service; nothing more can be said of it then.
  if (target === undefined || target === '.') return owner;
  const numbers = [port || 1, priority, weight];
  const last = weight > 0 ? 3 : priority > 0 ? 2 : port > 0 ? 1 : 0;
  return [owner, target, ...numbers.slice(0, last)].join(',');
}

/** The lines of the file of addresses and their names: one for each address. */
export function hostsByAddress({ document }: PreviewNetwork): string[] {
  const names = new Map<string, string[]>();
  for (const { ip, hostnames = [] } of document.dns?.hosts ?? []) {
    const address = plainAddress(ip);
    names.set(address, [...(names.get(address) ?? []), ...hostnames]);
  }
  return [...names].map(([address, hosts]) => [address, ...hosts, ''].join('\t'));
}
