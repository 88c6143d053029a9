import { parseAddress, sameSubnet } from '../../schema/address.js';
import type { DnsHost, DnsSrv, DnsTxt } from '../../schema/network/dns.js';
import type { ForwardInterface } from '../../schema/network/forward.js';
import type { DhcpHost, DhcpRange, Ip } from '../../schema/network/ip.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import type { PortGroup } from '../../schema/network/ports.js';
import { effectivePrefix } from '../../schema/rules/addressing.js';
import { normalizeMac } from '../../schema/scalar.js';
import type { UpdateSection } from '../../transport/operations.js';

/** The sections that libvirt can change while a network runs, with what an entry of each is. */
export interface Sections {
  /** A fixed address of DHCP; it belongs to the subnet that holds its address. */
  'ip-dhcp-host': DhcpHost;
  /** A block of addresses of DHCP. */
  'ip-dhcp-range': DhcpRange;
  /** A device of a pool, or the one that a network is forwarded to. */
  'forward-interface': ForwardInterface;
  /** A class of ports. */
  portgroup: PortGroup;
  /** Names for an address. */
  'dns-host': DnsHost;
  /** A TXT record. */
  'dns-txt': DnsTxt;
  /** An SRV record. */
  'dns-srv': DnsSrv;
}

/** An entry of a definition, and where it stands. */
export interface Placed<T> {
  readonly entry: T;
  /** Which `<ip>` it stands in, counted over both families; DHCP sections only. */
  readonly parent?: number;
}

type Lists = { readonly [K in UpdateSection]: (document: NetworkDocument) => readonly Placed<Sections[K]>[] };

const placed = <T>(list: readonly T[] | undefined): readonly Placed<T>[] => (list ?? []).map((entry) => ({ entry }));

const inSubnets = <T>({ ips }: NetworkDocument, listOf: (ip: Ip) => readonly T[] | undefined): readonly Placed<T>[] =>
  (ips ?? []).flatMap((ip, parent) => (listOf(ip) ?? []).map((entry) => ({ entry, parent })));

const LISTS: Lists = {
  'ip-dhcp-host': (document) => inSubnets(document, ({ dhcp }) => dhcp?.hosts),
  'ip-dhcp-range': (document) => inSubnets(document, ({ dhcp }) => dhcp?.ranges),
  'forward-interface': ({ forward }) => placed(forward?.interfaces),
  portgroup: ({ portgroups }) => placed(portgroups),
  'dns-host': ({ dns }) => placed(dns?.hosts),
  'dns-txt': ({ dns }) => placed(dns?.txts),
  'dns-srv': ({ dns }) => placed(dns?.srvs),
};

/** The entries of a section. */
export const entriesOf = <K extends UpdateSection>(
  document: NetworkDocument,
  section: K,
): readonly Placed<Sections[K]>[] => LISTS[section](document);

/** The same definition with one entry in a section, and no others there. */
export function withOnly<K extends UpdateSection>(
  document: NetworkDocument,
  section: K,
  entry: Sections[K],
  parent: number | undefined,
): NetworkDocument {
  const inParent = (dhcp: object): NetworkDocument => ({
    ...document,
    ips: (document.ips ?? []).map((ip, i) => (i === parent ? { ...ip, dhcp: { ...ip.dhcp, ...dhcp } } : ip)),
  });
  const only: { readonly [S in UpdateSection]: () => object } = {
    'ip-dhcp-host': () => inParent({ hosts: [entry] }),
    'ip-dhcp-range': () => inParent({ ranges: [entry] }),
    'forward-interface': () => ({ forward: { ...document.forward, interfaces: [entry] } }),
    portgroup: () => ({ portgroups: [entry] }),
    'dns-host': () => ({ dns: { ...document.dns, hosts: [entry] } }),
    'dns-txt': () => ({ dns: { ...document.dns, txts: [entry] } }),
    'dns-srv': () => ({ dns: { ...document.dns, srvs: [entry] } }),
  };
  return { ...document, ...only[section]() };
}

/** The property path of the entry that {@link withOnly} puts in. */
export function pathOf(section: UpdateSection, parent: number | undefined): string {
  const paths: Readonly<Record<UpdateSection, string>> = {
    'ip-dhcp-host': `ips[${parent}].dhcp.hosts[0]`,
    'ip-dhcp-range': `ips[${parent}].dhcp.ranges[0]`,
    'forward-interface': 'forward.interfaces[0]',
    portgroup: 'portgroups[0]',
    'dns-host': 'dns.hosts[0]',
    'dns-txt': 'dns.txts[0]',
    'dns-srv': 'dns.srvs[0]',
  };
  return paths[section];
}

/** What tells entries of a section apart; the other properties can differ. */
const KEYS: Readonly<Record<UpdateSection, readonly string[]>> = {
  'ip-dhcp-host': ['mac', 'id', 'name', 'ip'],
  'ip-dhcp-range': ['start', 'end'],
  'forward-interface': ['dev'],
  portgroup: ['name'],
  'dns-host': ['ip', 'hostnames'],
  'dns-txt': ['name', 'value'],
  'dns-srv': ['service', 'protocol', 'domain', 'target', 'port', 'priority', 'weight'],
};

type Properties = Readonly<Record<string, unknown>>;

/** The properties by which an entry is given, without those that are not given. */
export function keysOf(section: UpdateSection, entry: object): Properties {
  const all: Properties = { ...entry };
  return Object.fromEntries(KEYS[section].flatMap((key) => (all[key] === undefined ? [] : [[key, all[key]]])));
}

/** Whether an entry has all that is given, whatever the spelling of addresses. */
export function hasAll(section: UpdateSection, entry: object, given: Properties): boolean {
  const own = keysOf(section, entry);
  return Object.entries(given).every(([key, value]) => isSame(own[key], value));
}

/** Whether an entry has anything of what is given, whatever the spelling of addresses. */
export function hasAny(section: UpdateSection, entry: object, given: Properties): boolean {
  const own = keysOf(section, entry);
  return Object.entries(given).some(([key, value]) => isSame(own[key], value));
}

/** Lists are given in part: each of the names must be there. */
function isSame(own: unknown, given: unknown): boolean {
  if (Array.isArray(given)) return given.every((one) => Array.isArray(own) && own.includes(one));
  return plain(own) === plain(given);
}

const plain = (value: unknown): unknown =>
  typeof value === 'string' ? (normalizeMac(value) ?? parseAddress(value)?.text ?? value) : value;

/**
 * The subnet that an address belongs to, as libvirt counts: over all `<ip>` elements. libvirt's own choice would be
 * the first that serves DHCP, of whatever family. Where no subnet holds the address it is the one of its family that
 * serves DHCP, or the first of its family.
 */
export function parentOf(document: NetworkDocument, text: string): number | undefined {
  const address = parseAddress(text);
  // What is no address has no place; in any subnet it is refused.
  if (address === undefined) return document.ips === undefined ? undefined : 0;
  const ips = (document.ips ?? []).map((ip) => ({ ip, own: parseAddress(ip.address), prefix: effectivePrefix(ip) }));
  const holds = ips.findIndex(
    ({ own, prefix }) =>
      own !== undefined && prefix !== undefined && own.family === address.family && sameSubnet(own, address, prefix),
  );
  const serves = ips.findIndex(({ ip, own }) => own?.family === address.family && ip.dhcp !== undefined);
  const first = ips.findIndex(({ own }) => own?.family === address.family);
  return [holds, serves, first].find((at) => at !== -1);
}
