import { LibvirtError, ValidationError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import { encode } from '../../schema/encode.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { checkNetwork } from '../../schema/rules/index.js';
import type { UpdateCommand } from '../../schema/update/request.js';
import {
  type Placed,
  SECTIONS,
  type Section,
  type Sections,
  type UpdateSection,
} from '../../schema/update/sections.js';
import type { Copies } from '../../transport/op.js';
import type { UpdateInput } from '../../transport/operations.js';
import { printXml } from '../../xml/write.js';
import { entriesOf, hasAll, hasAny, keysOf, subnetFor } from './update-sections.js';

/** Sections whose entries libvirt replaces in place; of the others they are deleted and added. DNS ones since libvirt 9.1. */
export type ModifiableSection = 'ip-dhcp-host' | 'portgroup' | 'dns-host' | 'dns-txt';

/** Commands that a section supports. */
export type CommandFor<K extends UpdateSection> = K extends ModifiableSection
  ? UpdateCommand
  : Exclude<UpdateCommand, 'modify'>;

/** Properties that an entry needs: all of them for a new entry, and enough to identify one to delete. */
export type EntryFor<K extends UpdateSection, C extends UpdateCommand> = C extends 'delete'
  ? Partial<Sections[K]>
  : Sections[K];

/** A change of one entry. */
export interface Change<K extends UpdateSection> {
  readonly section: K;
  readonly command: UpdateCommand;
  readonly entry: Partial<Sections[K]>;
}

/** The definitions that a change is for. */
export interface Definitions {
  readonly live?: NetworkDocument;
  readonly config?: NetworkDocument;
}

/** A request for libvirt. */
export type UpdateRequestStep = Copies & Pick<UpdateInput, 'xml' | 'parentIndex'>;

/** The XML of an entry, as `net-update` takes it. */
export function entryXml<K extends UpdateSection>(section: K, entry: Sections[K]): string {
  const { table }: Section<Sections[K]> = SECTIONS[section];
  return printXml(encode(table, entry)).trimEnd();
}

/**
 * Plans the requests for a change: one request for both copies if they need the same, so that it is all or nothing; otherwise the stored copy comes first.
 *
 * @throws {@link LibvirtError} code `UPDATE_REFUSED` when there is nothing to delete, `INVALID_ARGUMENT` when several entries match; {@link ValidationError} when libvirt would refuse the entry itself, or print it malformed
 */
export function planUpdateRequests<K extends UpdateSection>(
  definitions: Definitions,
  change: Change<K>,
): UpdateRequestStep[] {
  const steps = (['config', 'live'] as const).flatMap((copy) => {
    const document = definitions[copy];
    const step = document === undefined ? undefined : requestFor(document, change);
    return step === undefined ? [] : [{ ...step, live: copy === 'live', config: copy === 'config' }];
  });
  const [first, second] = steps;
  if (first === undefined) throw notThere(definitions, change);
  const isSame = second !== undefined && first.xml === second.xml && first.parentIndex === second.parentIndex;
  return isSame ? [{ ...first, live: true, config: true }] : steps;
}

type Request = Pick<UpdateRequestStep, 'xml' | 'parentIndex'>;

/** The request for one copy; nothing when it has no such entry. */
function requestFor<K extends UpdateSection>(document: NetworkDocument, change: Change<K>): Request | undefined {
  const { section, command } = change;
  const found = command === 'delete' ? placeOfDeleted(document, change) : placeOfWhole(document, change);
  if (found === undefined) return undefined;
  if (command !== 'delete') assertValid(document, section, found);
  const parentIndex = found.parent === undefined ? {} : { parentIndex: found.parent };
  return { xml: entryXml(section, found.entry), ...parentIndex };
}

/**
 * The whole entry that is stored: libvirt deletes by whatever is given, and a host known by its MAC alone could hit
 * an entry that has no MAC.
 */
function placeOfDeleted<K extends UpdateSection>(
  document: NetworkDocument,
  { section, entry }: Change<K>,
): Placed<Sections[K]> | undefined {
  const given = keysOf(section, entry);
  if (Object.keys(given).length === 0) throw tooLittle(document, section);
  const found = entriesOf(document, section).filter((one) => hasAll(section, one.entry, given));
  if (found.length > 1) throw ambiguous(document, section, given, found.length);
  return found[0];
}

function placeOfWhole<K extends UpdateSection>(
  document: NetworkDocument,
  { section, command, entry }: Change<K>,
): Placed<Sections[K]> {
  // Entries to be added or modified are whole by their type.
  const whole = entry as Sections[K];
  const given = keysOf(section, whole);
  if (command === 'modify' && section === 'ip-dhcp-host') {
    // libvirt takes the first that shares anything: mac, name or ip.
    const found = entriesOf(document, section).filter((one) => hasAny(section, one.entry, given));
    if (found.length > 1) throw ambiguous(document, section, given, found.length);
    const parent = found[0]?.parent;
    if (parent !== undefined) return { entry: whole, parent };
  }
  const address = given['ip'] ?? given['start'];
  const parent = SECTIONS[section].isDhcp && typeof address === 'string' ? subnetFor(document, address) : undefined;
  return { entry: whole, ...(parent === undefined ? {} : { parent }) };
}

/** Refuses what libvirt's parser would, and what it would take but print malformed. */
function assertValid<K extends UpdateSection>(
  document: NetworkDocument,
  section: K,
  { entry, parent }: Placed<Sections[K]>,
): void {
  const { path: pathOf, withList }: Section<Sections[K]> = SECTIONS[section];
  const path = `${pathOf(parent)}[0]`;
  const issues = checkNetwork(withList(document, [entry], parent)).filter(
    (issue) =>
      issue.severity === 'error' && (issue.phase === 'parse' || issue.phase === 'never') && issue.path.startsWith(path),
  );
  if (issues.length > 0) throw new ValidationError(`the ${section} entry for network "${document.name}"`, issues);
}

function notThere<K extends UpdateSection>({ live, config }: Definitions, { section, entry }: Change<K>): LibvirtError {
  const { name } = live ?? config ?? { name: '' };
  return new LibvirtError(
    'UPDATE_REFUSED',
    `cannot update network "${name}": it has no ${section} entry with ${JSON.stringify(keysOf(section, entry))}`,
    { operation: 'network.update', network: name, hint: REMEDIES.UPDATE_REFUSED },
  );
}

const tooLittle = ({ name }: NetworkDocument, section: UpdateSection): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `cannot update network "${name}": no property identifies a ${section} entry`, {
    operation: 'network.update',
    network: name,
    hint: 'pass at least one property that identifies an entry',
  });

const ambiguous = ({ name }: NetworkDocument, section: UpdateSection, given: object, count: number): LibvirtError =>
  new LibvirtError(
    'INVALID_ARGUMENT',
    `cannot update network "${name}": ${count} ${section} entries share ${JSON.stringify(given)}`,
    {
      operation: 'network.update',
      network: name,
      hint: 'add more properties to identify one entry; libvirt would take the first',
    },
  );
