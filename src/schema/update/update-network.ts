import { LibvirtError } from '../../errors/index.js';
import { readXml } from '../../xml/read.js';
import { decode } from '../decode.js';
import type { AnyTable } from '../element.js';
import { type DnsHost, type DnsSrv, type DnsTxt, dnsHostTable, dnsSrvTable, dnsTxtTable } from '../network/dns.js';
import { type ForwardInterface, forwardInterfaceTable } from '../network/forward.js';
import { type DhcpHost, type DhcpRange, dhcpHostTable, dhcpRangeTable } from '../network/ip.js';
import type { NetworkDocument } from '../network/network.js';
import { type PortGroup, portGroupTable } from '../network/ports.js';
import { knownRelease, NEWEST_RELEASE } from '../release.js';
import { parentOf, refuseRangeModify, updateHost, updateRange } from './dhcp.js';
import { refuseDnsModify, updateDnsHost, updateDnsSrv, updateDnsTxt } from './dns.js';
import { checkAlone, checkEntry, checkResult } from './entry.js';
import { updateInterface, updatePortGroup } from './ports.js';
import { Refused, refuse } from './refusal.js';
import type { UpdateCommandName, UpdateRequest, UpdateResult } from './request.js';

type Apply<T> = (document: NetworkDocument, request: UpdateRequest, entry: T, release: number) => NetworkDocument;

interface SectionRow<T = never> {
  readonly table: AnyTable;
  /** Where in the result an entry's own rules show. */
  readonly prefix: string;
  readonly apply: Apply<T>;
  /** Commands that need not have all of an entry. */
  readonly partial: readonly UpdateCommandName[];
  /** A definition with the entry and nothing else of its kind, for the rules that the entry itself must keep. */
  readonly alone: (document: NetworkDocument, request: UpdateRequest, entry: T) => NetworkDocument;
  /** Refuses a command before anything of the entry is looked at. */
  readonly refuses?: (command: UpdateCommandName, release: number) => void;
  /** Refuses what does not depend on the parts of the entry. */
  readonly prepares?: (document: NetworkDocument, request: UpdateRequest) => void;
}

/** Keeps a row's functions together by the type of their entry, which only the row itself knows. */
const row = <T>(section: SectionRow<T>): SectionRow => section as SectionRow<never>;

const ipAlone = (document: NetworkDocument, { parentIndex = -1 }: UpdateRequest) =>
  document.ips?.[parentOf(document, parentIndex)] ?? { address: '' };

const SECTIONS: Readonly<Record<string, SectionRow>> = {
  'ip-dhcp-host': row({
    table: dhcpHostTable,
    prefix: 'ips[',
    partial: ['delete'],
    prepares: (document, { parentIndex = -1 }) => parentOf(document, parentIndex),
    alone: (document, request, host: DhcpHost) => ({
      name: document.name,
      ips: [{ ...ipAlone(document, request), dhcp: { hosts: [host] } }],
    }),
    apply: (document, { command, parentIndex = -1 }, host) => updateHost(document, command, host, parentIndex),
  }),
  'ip-dhcp-range': row({
    table: dhcpRangeTable,
    prefix: 'ips[',
    partial: [],
    prepares: (document, { command, parentIndex = -1 }) => {
      parentOf(document, parentIndex);
      refuseRangeModify(command);
    },
    alone: (document, request, range: DhcpRange) => ({
      name: document.name,
      ips: [{ ...ipAlone(document, request), dhcp: { ranges: [range] } }],
    }),
    apply: (document, { command, parentIndex = -1 }, range) => updateRange(document, command, range, parentIndex),
  }),
  'forward-interface': row({
    table: forwardInterfaceTable,
    prefix: 'forward.interfaces[',
    partial: [],
    alone: ({ name }, _, device: ForwardInterface) => ({ name, forward: { interfaces: [device] } }),
    apply: (document, { command }, device) => updateInterface(document, command, device),
  }),
  portgroup: row({
    table: portGroupTable,
    prefix: 'portgroups[',
    partial: [],
    alone: ({ name }, _, group: PortGroup) => ({ name, portgroups: [group] }),
    apply: (document, { command }, group) => updatePortGroup(document, command, group),
  }),
  'dns-host': row({
    table: dnsHostTable,
    prefix: 'dns.hosts[',
    partial: ['delete', 'modify'],
    refuses: (command, release) => refuseDnsModify('HOST', command, release),
    alone: ({ name }, _, host: DnsHost) => ({ name, dns: { hosts: [host] } }),
    apply: (document, { command }, host) => updateDnsHost(document, command, host),
  }),
  'dns-txt': row({
    table: dnsTxtTable,
    prefix: 'dns.txts[',
    partial: ['delete', 'modify'],
    refuses: (command, release) => refuseDnsModify('TXT', command, release),
    alone: ({ name }, _, txt: DnsTxt) => ({ name, dns: { txts: [txt] } }),
    apply: (document, { command }, txt) => updateDnsTxt(document, command, txt),
  }),
  'dns-srv': row({
    table: dnsSrvTable,
    prefix: 'dns.srvs[',
    partial: ['delete'],
    refuses: (command) => refuseDnsModify('SRV', command, 0),
    alone: ({ name }, _, srv: DnsSrv) => ({ name, dns: { srvs: [srv] } }),
    apply: (document, { command }, srv) => updateDnsSrv(document, command, srv),
  }),
};

/** Sections that libvirt knows but cannot change, as it calls them. */
const FIXED: ReadonlyMap<string, string> = new Map(
  Object.entries({ bridge: 'bridge', domain: 'domain', ip: 'ip', forward: 'forward', 'forward-pf': 'forward pf' }),
);

/**
 * Changes a definition as libvirt's `net-update` does: the same matches and the same refusals. Source: measured on
 * libvirt's own test cases.
 *
 * @param document - the definition; is not changed
 * @param request - what to do
 * @param release - libvirt release to do it as. Default: the newest known
 */
export const updateNetwork = (
  document: NetworkDocument,
  request: UpdateRequest,
  release: string = NEWEST_RELEASE,
): UpdateResult => attempt(() => changed(document, request, release));

/**
 * The same as a daemon does it: libvirt then prints the result and reads it again, so that every rule of its
 * parser applies (those of its driver do not).
 */
export const updateDefinition = (
  document: NetworkDocument,
  request: UpdateRequest,
  release: string = NEWEST_RELEASE,
): UpdateResult =>
  attempt(() => {
    const next = changed(document, request, release);
    checkResult(next, release, '');
    return next;
  });

function attempt(work: () => NetworkDocument): UpdateResult {
  try {
    return { document: work() };
  } catch (error) {
    if (error instanceof Refused) return { refusal: error.refusal };
    if (LibvirtError.is(error)) return { refusal: { id: 'UPD_XML', code: 'RULE', message: error.message } };
    throw error;
  }
}

function changed(document: NetworkDocument, request: UpdateRequest, release: string): NetworkDocument {
  const fixed = FIXED.get(request.section);
  if (fixed !== undefined)
    refuse(
      'UPD_SECTION_FIXED',
      `can't update '${fixed}' section of network '${document.name}'`,
      'OPERATION_UNSUPPORTED',
    );
  const section = Object.hasOwn(SECTIONS, request.section) ? SECTIONS[request.section] : undefined;
  if (section === undefined)
    return refuse('UPD_SECTION', "can't update unrecognized section of network", 'OPERATION_UNSUPPORTED');
  const number = knownRelease(release);
  section.refuses?.(request.command, number);
  const { root } = readXml(request.xml);
  if (root.name !== section.table.tag) {
    refuse(
      'UPD_ELEMENT',
      `unexpected element <${root.name}>, expecting <${section.table.tag}>, while updating network '${document.name}'`,
      'XML_ERROR',
    );
  }
  section.prepares?.(document, request);
  const decoded = decode(section.table, root, release);
  const isPartial = section.partial.includes(request.command);
  checkEntry(decoded, isPartial, number);
  // No finding: every part that is there has the type that its table says.
  const entry = decoded.value as never;
  checkAlone(section.alone(document, request, entry), { release, prefix: section.prefix, isPartial, root });
  const next = section.apply(document, request, entry, number);
  checkResult(next, release, section.prefix);
  return next;
}
