import type { ElementTable } from '../element.js';
import { type DnsHost, type DnsSrv, type DnsTxt, dnsHostTable, dnsSrvTable, dnsTxtTable } from '../network/dns.js';
import { type ForwardInterface, forwardInterfaceTable } from '../network/forward.js';
import { type DhcpHost, type DhcpRange, dhcpHostTable, dhcpRangeTable, type Ip } from '../network/ip.js';
import type { NetworkDocument } from '../network/network.js';
import { type PortGroup, portGroupTable } from '../network/ports.js';
import { parentAt, refuseRangeModify, updateHost, updateRange } from './dhcp.js';
import { refuseDnsModify, updateDnsHost, updateDnsSrv, updateDnsTxt } from './dns.js';
import { updateInterface, updatePortGroup } from './ports.js';
import type { UpdateCommand, UpdateRequest } from './request.js';

/** The sections that libvirt can change while a network runs, with the type of their entries. */
export interface Sections {
  /** A DHCP reservation; it belongs to the subnet that contains its address. */
  'ip-dhcp-host': DhcpHost;
  /** A DHCP range. */
  'ip-dhcp-range': DhcpRange;
  /** A device of a pool, or the one that a network forwards to. */
  'forward-interface': ForwardInterface;
  /** A class of ports. */
  portgroup: PortGroup;
  /** Host names for an address. */
  'dns-host': DnsHost;
  /** A TXT record. */
  'dns-txt': DnsTxt;
  /** An SRV record. */
  'dns-srv': DnsSrv;
}

/** Name of a section of `net-update` that libvirt can change. Source: virNetworkUpdateSection of libvirt's API. */
export type UpdateSection = keyof Sections;

/** An entry of a definition, and where it is. */
export interface Placed<T> {
  readonly entry: T;
  /** Index of the `<ip>` that holds it, counted over both families; DHCP sections only. */
  readonly parent?: number;
}

/** Everything that the library knows of one section. */
export interface Section<T> {
  /** True if the entries are in subnets. */
  readonly isDhcp: boolean;
  /** The element of an entry. */
  readonly table: ElementTable<T>;
  /** Property path of the list, such as `dns.hosts`. */
  readonly path: (parent: number | undefined) => string;
  /** The list in a definition. */
  readonly list: (document: NetworkDocument) => readonly Placed<T>[];
  /** The definition with another list. */
  readonly withList: (document: NetworkDocument, list: readonly T[], parent: number | undefined) => NetworkDocument;
  /** Properties that tell entries apart; the others can differ. */
  readonly keys: readonly string[];
  /** Properties by which libvirt finds the entry that it replaces; two entries of one list do not share them. */
  readonly identity: readonly string[];
  /** True if `modify` exists, in some release or other. */
  readonly isModifiable: boolean;
  /** Commands for which an entry may be incomplete. */
  readonly partial: readonly UpdateCommand[];
  /** Throws for a command that the release does not support, before it looks at the entry. */
  readonly refuses?: (command: UpdateCommand, release: number) => void;
  /** Throws for reasons that do not depend on the entry. */
  readonly prepares?: (document: NetworkDocument, request: UpdateRequest) => void;
  /** The definition after the change, or a thrown refusal. */
  readonly apply: (document: NetworkDocument, request: UpdateRequest, entry: T) => NetworkDocument;
}

/** Common parts of the DHCP sections, whose lists are in subnets. */
const inSubnets = <T>(key: 'hosts' | 'ranges', listOf: (ip: Ip) => readonly T[] | undefined) => ({
  isDhcp: true,
  path: (parent: number | undefined) => `ips[${parent}].dhcp.${key}`,
  list: ({ ips = [] }: NetworkDocument): readonly Placed<T>[] =>
    ips.flatMap((ip, parent) => (listOf(ip) ?? []).map((entry) => ({ entry, parent }))),
  withList: (document: NetworkDocument, list: readonly T[], parent: number | undefined): NetworkDocument => ({
    ...document,
    ips: (document.ips ?? []).map((ip, i) => (i === parent ? { ...ip, dhcp: { ...ip.dhcp, [key]: list } } : ip)),
  }),
});

/** Common parts of the other sections. */
const inNetwork = <T>(
  path: string,
  listOf: (document: NetworkDocument) => readonly T[] | undefined,
  withList: (document: NetworkDocument, list: readonly T[]) => Partial<NetworkDocument>,
) => ({
  isDhcp: false,
  path: () => path,
  list: (document: NetworkDocument): readonly Placed<T>[] => (listOf(document) ?? []).map((entry) => ({ entry })),
  withList: (document: NetworkDocument, list: readonly T[]): NetworkDocument => ({
    ...document,
    ...withList(document, list),
  }),
});

/** The sections, in the order in which changes are made. */
export const SECTIONS: { readonly [K in UpdateSection]: Section<Sections[K]> } = {
  'forward-interface': {
    ...inNetwork<ForwardInterface>(
      'forward.interfaces',
      ({ forward }) => forward?.interfaces,
      ({ forward }, interfaces) => ({ forward: { ...forward, interfaces } }),
    ),
    table: forwardInterfaceTable,
    keys: ['dev'],
    identity: ['dev'],
    isModifiable: false,
    partial: [],
    apply: (document, { command }, device) => updateInterface(document, command, device),
  },
  portgroup: {
    ...inNetwork<PortGroup>(
      'portgroups',
      ({ portgroups }) => portgroups,
      (_, portgroups) => ({ portgroups }),
    ),
    table: portGroupTable,
    keys: ['name'],
    identity: ['name'],
    isModifiable: true,
    partial: [],
    apply: (document, { command }, group) => updatePortGroup(document, command, group),
  },
  'ip-dhcp-range': {
    ...inSubnets<DhcpRange>('ranges', ({ dhcp }) => dhcp?.ranges),
    table: dhcpRangeTable,
    keys: ['start', 'end'],
    identity: ['start'],
    isModifiable: false,
    partial: [],
    prepares: (document, { command, parentIndex = -1 }) => {
      parentAt(document, parentIndex);
      refuseRangeModify(command);
    },
    apply: (document, { command, parentIndex = -1 }, range) => updateRange(document, command, range, parentIndex),
  },
  'ip-dhcp-host': {
    ...inSubnets<DhcpHost>('hosts', ({ dhcp }) => dhcp?.hosts),
    table: dhcpHostTable,
    keys: ['mac', 'id', 'name', 'ip'],
    identity: ['mac', 'name', 'ip'],
    isModifiable: true,
    partial: ['delete'],
    prepares: (document, { parentIndex = -1 }) => parentAt(document, parentIndex),
    apply: (document, { command, parentIndex = -1 }, host) => updateHost(document, command, host, parentIndex),
  },
  'dns-host': {
    ...inNetwork<DnsHost>(
      'dns.hosts',
      ({ dns }) => dns?.hosts,
      ({ dns }, hosts) => ({ dns: { ...dns, hosts } }),
    ),
    table: dnsHostTable,
    keys: ['ip', 'hostnames'],
    identity: ['ip'],
    isModifiable: true,
    partial: ['delete', 'modify'],
    refuses: (command, release) => refuseDnsModify('HOST', command, release),
    apply: (document, { command }, host) => updateDnsHost(document, command, host),
  },
  'dns-txt': {
    ...inNetwork<DnsTxt>(
      'dns.txts',
      ({ dns }) => dns?.txts,
      ({ dns }, txts) => ({ dns: { ...dns, txts } }),
    ),
    table: dnsTxtTable,
    keys: ['name', 'value'],
    identity: ['name'],
    isModifiable: true,
    partial: ['delete', 'modify'],
    refuses: (command, release) => refuseDnsModify('TXT', command, release),
    apply: (document, { command }, txt) => updateDnsTxt(document, command, txt),
  },
  'dns-srv': {
    ...inNetwork<DnsSrv>(
      'dns.srvs',
      ({ dns }) => dns?.srvs,
      ({ dns }, srvs) => ({ dns: { ...dns, srvs } }),
    ),
    table: dnsSrvTable,
    keys: ['service', 'protocol', 'domain', 'target', 'port', 'priority', 'weight'],
    identity: ['service'],
    isModifiable: false,
    partial: ['delete'],
    refuses: (command) => refuseDnsModify('SRV', command, 0),
    apply: (document, { command }, srv) => updateDnsSrv(document, command, srv),
  },
};

/** Tells whether a text names a section. */
export const isSection = (text: string): text is UpdateSection => Object.hasOwn(SECTIONS, text);
