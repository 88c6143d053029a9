import { LibvirtError } from '../../errors/index.js';
import { readXml } from '../../xml/read.js';
import { type Decoded, decode } from '../decode.js';
import type { AnyTable } from '../element.js';
import { dnsHostTable, dnsSrvTable, dnsTxtTable } from '../network/dns.js';
import { forwardInterfaceTable } from '../network/forward.js';
import { dhcpHostTable, dhcpRangeTable } from '../network/ip.js';
import type { NetworkDocument } from '../network/network.js';
import { portGroupTable } from '../network/ports.js';
import { NEWEST_RELEASE, releaseNumber } from '../release.js';
import { libvirtRules } from '../rules/index.js';
import { issueOf } from '../rules/issue.js';
import { ruleOf } from '../rules/table.js';
import { updateHost, updateRange } from './dhcp.js';
import { updateDnsHost, updateDnsSrv, updateDnsTxt } from './dns.js';
import { updateInterface, updatePortGroup } from './ports.js';
import { type Refusal, Refused, refuse } from './refusal.js';

export type { Refusal } from './refusal.js';

/** What is done with an entry. */
export type UpdateCommandName = 'add-first' | 'add-last' | 'modify' | 'delete';

/** A change as libvirt's `net-update` takes it. */
export interface UpdateRequest {
  /** `ip-dhcp-host`, `dns-txt`, ...; libvirt knows some that it cannot change. */
  readonly section: string;
  readonly command: UpdateCommandName;
  /** The entry. */
  readonly xml: string;
  /** Index of the subnet over both families; -1 lets libvirt choose. Default: -1. */
  readonly parentIndex?: number;
}

/** The changed definition, or why it cannot be. */
export type UpdateResult = { readonly document: NetworkDocument } | { readonly refusal: Refusal };

type Apply = (document: NetworkDocument, request: UpdateRequest, entry: never, release: number) => NetworkDocument;

interface SectionRow {
  readonly table: AnyTable;
  /** Where in the result an entry's own rules show. */
  readonly prefix: string;
  readonly apply: Apply;
  /** Commands that need not have all of an entry. */
  readonly partial: readonly UpdateCommandName[];
}

const row = <T>(
  table: AnyTable,
  prefix: string,
  partial: readonly UpdateCommandName[],
  apply: (document: NetworkDocument, request: UpdateRequest, entry: T, release: number) => NetworkDocument,
): SectionRow => ({
  table,
  prefix,
  partial,
  apply,
});

const SECTIONS: Readonly<Record<string, SectionRow>> = {
  'ip-dhcp-host': row(
    dhcpHostTable,
    'ips[',
    ['delete'],
    (document, { command, parentIndex = -1 }, entry: Parameters<typeof updateHost>[2]) =>
      updateHost(document, command, entry, parentIndex),
  ),
  'ip-dhcp-range': row(
    dhcpRangeTable,
    'ips[',
    [],
    (document, { command, parentIndex = -1 }, entry: Parameters<typeof updateRange>[2]) =>
      updateRange(document, command, entry, parentIndex),
  ),
  'forward-interface': row(
    forwardInterfaceTable,
    'forward.interfaces[',
    [],
    (document, { command }, entry: Parameters<typeof updateInterface>[2]) => updateInterface(document, command, entry),
  ),
  portgroup: row(
    portGroupTable,
    'portgroups[',
    [],
    (document, { command }, entry: Parameters<typeof updatePortGroup>[2]) => updatePortGroup(document, command, entry),
  ),
  'dns-host': row(
    dnsHostTable,
    'dns.hosts[',
    ['delete', 'modify'],
    (document, { command }, entry: Parameters<typeof updateDnsHost>[2], release) =>
      updateDnsHost(document, command, entry, release),
  ),
  'dns-txt': row(
    dnsTxtTable,
    'dns.txts[',
    ['delete'],
    (document, { command }, entry: Parameters<typeof updateDnsTxt>[2], release) =>
      updateDnsTxt(document, command, entry, release),
  ),
  'dns-srv': row(
    dnsSrvTable,
    'dns.srvs[',
    ['delete'],
    (document, { command }, entry: Parameters<typeof updateDnsSrv>[2]) => updateDnsSrv(document, command, entry),
  ),
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
  const { root } = readXml(request.xml);
  if (root.name !== section.table.tag) {
    refuse(
      'UPD_ELEMENT',
      `unexpected element <${root.name}>, expecting <${section.table.tag}>, while updating network '${document.name}'`,
      'XML_ERROR',
    );
  }
  const entry = decode(section.table, root, release);
  checkEntry(entry, section.partial.includes(request.command));
  // No finding: every part that is there has the type that its table says.
  const next = section.apply(
    document,
    request,
    entry.value as never,
    releaseNumber(release) ?? Number.POSITIVE_INFINITY,
  );
  checkResult(next, release, section.prefix);
  return next;
}

function checkEntry({ findings }: Decoded, partial: boolean): void {
  for (const { rule, params, node } of findings) {
    const { phase, severity = 'error' } = ruleOf(rule);
    const isMissing =
      params['value'] === undefined &&
      (params['attribute'] === undefined || node.attributes[params['attribute']] === undefined);
    if (phase !== 'parse' || severity !== 'error' || (partial && isMissing)) continue;
    throw new Refused({ id: rule, code: 'RULE', message: issueOf({ rule, path: '', params }).message, params });
  }
}

function checkResult(document: NetworkDocument, release: string, prefix: string): void {
  const found = libvirtRules(document, releaseNumber(release) ?? Number.POSITIVE_INFINITY);
  const broken = found.find(({ rule, path }) => ruleOf(rule).phase === 'parse' && path.startsWith(prefix));
  if (broken !== undefined)
    throw new Refused({ id: broken.rule, code: 'RULE', message: issueOf(broken).message, params: broken.params });
}
