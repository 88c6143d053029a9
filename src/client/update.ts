import { LibvirtError } from '../errors/index.js';
import { parseAddress, sameSubnet } from '../schema/address.js';
import type { ElementTable } from '../schema/element.js';
import { encode } from '../schema/encode.js';
import {
  type DnsHost,
  type DnsSrv,
  type DnsTxt,
  dnsHostTable,
  dnsSrvTable,
  dnsTxtTable,
} from '../schema/network/dns.js';
import { type ForwardInterface, forwardInterfaceTable } from '../schema/network/forward.js';
import { type DhcpHost, type DhcpRange, dhcpHostTable, dhcpRangeTable } from '../schema/network/ip.js';
import type { NetworkDocument } from '../schema/network/network.js';
import { type PortGroup, portGroupTable } from '../schema/network/ports.js';
import { effectivePrefix } from '../schema/rules/addressing.js';
import { writeXml } from '../xml/write.js';
import type { UpdateSection } from './operations.js';

/** The sections that libvirt can change, with what an entry of each is. */
export interface Sections {
  'ip-dhcp-host': DhcpHost;
  'ip-dhcp-range': DhcpRange;
  'forward-interface': ForwardInterface;
  portgroup: PortGroup;
  'dns-host': DnsHost;
  'dns-txt': DnsTxt;
  'dns-srv': DnsSrv;
}

const TABLES: { readonly [K in UpdateSection]: ElementTable<Sections[K]> } = {
  'ip-dhcp-host': dhcpHostTable,
  'ip-dhcp-range': dhcpRangeTable,
  'forward-interface': forwardInterfaceTable,
  portgroup: portGroupTable,
  'dns-host': dnsHostTable,
  'dns-txt': dnsTxtTable,
  'dns-srv': dnsSrvTable,
};

/** The XML of an entry, as `net-update` takes it. */
export function entryXml<K extends UpdateSection>(section: K, entry: Sections[K]): string {
  const table: ElementTable<Sections[K]> = TABLES[section];
  return writeXml(encode(table, entry)).trimEnd();
}

/**
 * The subnet that a DHCP entry belongs to, as libvirt counts: over all `<ip>` elements, both families. Without
 * it libvirt takes the first that serves DHCP, of whatever family, so that an IPv6 host would go to IPv4.
 */
export function parentIndexOf(
  document: NetworkDocument,
  section: UpdateSection,
  entry: Sections[UpdateSection],
): number | undefined {
  const text =
    section === 'ip-dhcp-host' && 'ip' in entry
      ? entry.ip
      : section === 'ip-dhcp-range' && 'start' in entry
        ? entry.start
        : undefined;
  if (text === undefined) return undefined;
  const address = parseAddress(text);
  const at = (document.ips ?? []).findIndex((ip) => {
    const own = parseAddress(ip.address);
    const prefix = effectivePrefix(ip);
    return own !== undefined && address !== undefined && prefix !== undefined && sameSubnet(own, address, prefix);
  });
  if (at !== -1) return at;
  throw new LibvirtError('INVALID_ARGUMENT', `no subnet of network "${document.name}" holds ${text}`, {
    network: document.name,
    hint: 'its subnets are fixed while it is defined: redefine it with another one',
  });
}

/**
 * The entry as it stands in the definition: libvirt deletes by whatever is given, and a host known by its MAC
 * alone can hit an entry that has no MAC.
 */
export function storedEntry<K extends UpdateSection>(
  document: NetworkDocument,
  section: K,
  entry: Sections[K],
): Sections[K] {
  const wanted = Object.entries(entry).filter(([key, value]) => key !== 'lease' && typeof value !== 'object');
  const fits = (candidate: object) =>
    wanted.every(([key, value]) => same(candidate[key as keyof typeof candidate], value));
  const found = entriesOf(document, section).find(fits);
  return found ?? entry;
}

const same = (a: unknown, b: unknown): boolean =>
  typeof a === 'string' && typeof b === 'string' ? a.toLowerCase() === b.toLowerCase() : a === b;

function entriesOf<K extends UpdateSection>(document: NetworkDocument, section: K): readonly Sections[K][] {
  const all: { readonly [S in UpdateSection]: readonly Sections[S][] } = {
    'ip-dhcp-host': (document.ips ?? []).flatMap((ip) => ip.dhcp?.hosts ?? []),
    'ip-dhcp-range': (document.ips ?? []).flatMap((ip) => ip.dhcp?.ranges ?? []),
    'forward-interface': document.forward?.interfaces ?? [],
    portgroup: document.portgroups ?? [],
    'dns-host': document.dns?.hosts ?? [],
    'dns-txt': document.dns?.txts ?? [],
    'dns-srv': document.dns?.srvs ?? [],
  };
  return all[section];
}
