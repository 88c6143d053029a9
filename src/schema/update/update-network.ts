import { LibvirtError } from '../../errors/index.js';
import { readXml } from '../../xml/read.js';
import { decode } from '../decode.js';
import type { AnyTable } from '../element.js';
import type { NetworkDocument } from '../network/network.js';
import { knownRelease, NEWEST_RELEASE } from '../release.js';
import { parentAt } from './dhcp.js';
import { checkAlone, checkEntry, checkResult } from './entry.js';
import { Refused, refuse } from './refusal.js';
import type { UpdateRequest, UpdateResult } from './request.js';
import { isSection, SECTIONS, type UpdateSection } from './sections.js';

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
  if (!isSection(request.section))
    return refuse('UPD_SECTION', "can't update unrecognized section of network", 'OPERATION_UNSUPPORTED');
  const section = SECTIONS[request.section];
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
  const table: AnyTable = section.table;
  const decoded = decode(table, root, release);
  const isPartial = section.partial.includes(request.command);
  checkEntry(decoded, isPartial, number);
  // No finding: every part that is there has the type that its table says.
  const entry = decoded.value as never;
  const prefix = section.isDhcp ? 'ips[' : `${section.path(undefined)}[`;
  checkAlone(alone(request.section, document, request, entry), { release, prefix, isPartial, root });
  const next = section.apply(document, request, entry);
  checkResult(next, release, prefix);
  return next;
}

/** A definition with one entry and nothing else of its kind, for the rules that the entry itself must keep. */
function alone(
  name: UpdateSection,
  { name: network, ips }: NetworkDocument,
  { parentIndex = -1 }: UpdateRequest,
  entry: never,
): NetworkDocument {
  const section = SECTIONS[name];
  if (!section.isDhcp) return section.withList({ name: network }, [entry], undefined);
  const { dhcp: _, ...ip } = ips?.[parentAt({ name: network, ips }, parentIndex)] ?? { address: '' };
  return section.withList({ name: network, ips: [ip] }, [entry], 0);
}
