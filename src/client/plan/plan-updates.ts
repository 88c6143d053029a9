import { forwardModeOf } from '../../schema/network/canonical.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { normalized } from '../../schema/normalize.js';
import { addressIn } from '../../schema/rules/context.js';
import type { UpdateCommand } from '../../schema/update/request.js';
import { isSection, SECTIONS, type Sections, type UpdateSection } from '../../schema/update/sections.js';
import { updateDefinition } from '../../schema/update/update-network.js';
import { recordOf } from '../../schema/values.js';
import { entryXml } from '../update/update-requests.js';
import { entriesOf } from '../update/update-sections.js';
import { keyOf } from './compare.js';
import type { EntryRequest } from './types.js';

const SECTION_NAMES = Object.keys(SECTIONS).filter(isSection);

/** Requests that change entries, and the resulting definition. */
export interface PlannedUpdates {
  readonly requests: readonly EntryRequest[];
  readonly document: NetworkDocument;
}

/** An entry with the text that it is compared by. */
interface Entry<K extends UpdateSection> {
  readonly value: Sections[K];
  /** Its properties in the spelling of libvirt. */
  readonly plain: Readonly<Record<string, unknown>>;
  readonly key: string;
}

/** Entries of one section that stand in one place: all of the section, or those of one subnet. */
interface Group<K extends UpdateSection> {
  readonly section: K;
  /** Which `<ip>` they stand in, in the definition that is changed. */
  readonly parent?: number | undefined;
  /** Index of that `<ip>` in the desired definition. */
  readonly desiredParent?: number | undefined;
}

/**
 * Finds the fewest requests of `net-update` that produce the desired entries, checked against libvirt's rules for the release. Entries that cannot be changed this way stay as they are.
 *
 * @param document - the definition as it is
 * @param desired - the definition as it should be
 * @param release - the daemon's release, which decides which entries can be modified
 */
export function planUpdates(document: NetworkDocument, desired: NetworkDocument, release: string): PlannedUpdates {
  const groups = SECTION_NAMES.flatMap((section) => groupsOf(section, document, desired));
  const oneByOne = groups.reduce<PlannedUpdates>(
    (sofar, group) => {
      const next = firstThatWorks(group, sofar.document, desired, release);
      return next === undefined ? sofar : { ...next, requests: [...sofar.requests, ...next.requests] };
    },
    { requests: [], document },
  );
  return isDone(groups, oneByOne.document, desired)
    ? oneByOne
    : (allAtOnce(groups, document, desired, release) ?? oneByOne);
}

function groupsOf(section: UpdateSection, document: NetworkDocument, desired: NetworkDocument): Group<UpdateSection>[] {
  if (section === 'forward-interface') return hasOwnDevices(document, desired) ? [{ section }] : [];
  if (!SECTIONS[section].isDhcp) return [{ section }];
  return (document.ips ?? []).flatMap((ip, parent) => {
    const desiredParent = (desired.ips ?? []).findIndex((other) => isSameAddress(other.address, ip.address));
    return desiredParent === -1 ? [] : [{ section, parent, desiredParent }];
  });
}

/** Tells whether the devices are the user's own: those that libvirt found below `<pf>` are not. */
const hasOwnDevices = (document: NetworkDocument, desired: NetworkDocument): boolean =>
  forwardModeOf(document) === forwardModeOf(desired) && document.forward?.pf === undefined;

const isSameAddress = (a: string, b: string): boolean => addressIn(a)?.text === addressIn(b)?.text;

function entriesAt<K extends UpdateSection>(document: NetworkDocument, section: K, at: number | undefined): Entry<K>[] {
  return entriesOf(document, section)
    .filter(({ parent }) => parent === at)
    .map(({ entry }) => {
      const plain = recordOf(normalized(SECTIONS[section].table, withoutCounts(entry)));
      return { value: entry, plain, key: keyOf(plain) };
    });
}

/** Drops the number of users that libvirt counts for a device; no desired definition has it. */
const withoutCounts = (entry: object): object => {
  const { connections: _, ...asked }: { readonly connections?: unknown } = { ...entry };
  return asked;
};

/** Differences between the entries of a group. */
interface GroupDiff<K extends UpdateSection> {
  readonly deletes: readonly Entry<K>[];
  readonly modifies: readonly (readonly [from: Entry<K>, to: Entry<K>])[];
  /** New entries before all that stay, last one first. */
  readonly firsts: readonly Entry<K>[];
  readonly adds: readonly Entry<K>[];
}

function diffGroup<K extends UpdateSection>(
  { section, parent, desiredParent }: Group<K>,
  document: NetworkDocument,
  desired: NetworkDocument,
): GroupDiff<K> {
  const from = entriesAt(document, section, parent);
  const to = entriesAt(desired, section, desiredParent);
  const gone = subtract(from, to);
  const come = subtract(to, from);
  const modifies = pairModified(section, gone, come);
  const [old, replaced] = [new Set(modifies.map(([a]) => a)), new Set(modifies.map(([, b]) => b))];
  const added = come.filter((entry) => !replaced.has(entry));
  const firstKept = to.findIndex((entry) => !added.includes(entry));
  const isAhead = (entry: Entry<K>) => to.indexOf(entry) < firstKept;
  return {
    deletes: gone.filter((entry) => !old.has(entry)),
    modifies,
    firsts: added.filter(isAhead).reverse(),
    adds: added.filter((entry) => !isAhead(entry)),
  };
}

/** The entries of one list that the other has not, counted: two alike are two. */
function subtract<K extends UpdateSection>(list: readonly Entry<K>[], others: readonly Entry<K>[]): Entry<K>[] {
  const left = new Map<string, number>();
  for (const { key } of others) left.set(key, (left.get(key) ?? 0) + 1);
  return list.filter(({ key }) => {
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}

function pairModified<K extends UpdateSection>(
  section: K,
  gone: readonly Entry<K>[],
  come: readonly Entry<K>[],
): (readonly [Entry<K>, Entry<K>])[] {
  if (!SECTIONS[section].isModifiable) return [];
  const taken = new Set<Entry<K>>();
  return come.flatMap((to) => {
    const found = SECTIONS[section].identity
      .map((name) => gone.find((from) => !taken.has(from) && isSharing(name, from, to)))
      .find((from) => from !== undefined);
    if (found === undefined) return [];
    taken.add(found);
    return [[found, to] as const];
  });
}

const isSharing = <K extends UpdateSection>(name: string, { plain: a }: Entry<K>, { plain: b }: Entry<K>): boolean =>
  a[name] !== undefined && a[name] === b[name];

const request = (
  { section, parent }: Group<UpdateSection>,
  command: UpdateCommand,
  { value }: Entry<UpdateSection>,
): EntryRequest => ({
  section,
  command,
  xml: entryXml(section, value),
  ...(parent === undefined ? {} : { parentIndex: parent }),
});

type Order = (group: Group<UpdateSection>, work: GroupDiff<UpdateSection>) => readonly EntryRequest[];

const deletesOf: Order = (group, { deletes }) => deletes.map((entry) => request(group, 'delete', entry));
const modifiesOf: Order = (group, { modifies }) => modifies.map(([, entry]) => request(group, 'modify', entry));
const addsOf: Order = (group, { firsts, adds }) => [
  ...firsts.map((entry) => request(group, 'add-first', entry)),
  ...adds.map((entry) => request(group, 'add-last', entry)),
];
const addsBeforeDeletes: Order = (group, work) => addsOf(group, { ...work, ...addsWhere(group, work, false) });
const addsAfterDeletes: Order = (group, work) => addsOf(group, { ...work, ...addsWhere(group, work, true) });
const deletesForModifies: Order = (group, { modifies }) => modifies.map(([entry]) => request(group, 'delete', entry));
const addsForModifies: Order = (group, { modifies }) => modifies.map(([, entry]) => request(group, 'add-last', entry));

/** The new entries that can, or cannot, be there together with those that go. */
function addsWhere(
  { section }: Group<UpdateSection>,
  { deletes, firsts, adds }: GroupDiff<UpdateSection>,
  isTwin: boolean,
): Pick<GroupDiff<UpdateSection>, 'firsts' | 'adds'> {
  const hasTwin = (entry: Entry<UpdateSection>) =>
    SECTIONS[section].identity.some((name) => deletes.some((gone) => isSharing(name, gone, entry)));
  const chosen = (list: readonly Entry<UpdateSection>[]) => list.filter((entry) => hasTwin(entry) === isTwin);
  return { firsts: chosen(firsts), adds: chosen(adds) };
}

/**
 * Gentlest first: what comes is there before what goes, so that DHCP is never off in between and `<bootp>` is not lost
 * with its last entry; then as much of it as libvirt lets stand beside what goes, and then none, as it refuses entries
 * that share something; then without `modify`, which not every section and release has.
 */
const ORDERS: readonly Order[] = [
  (group, work) => [...modifiesOf(group, work), ...addsOf(group, work), ...deletesOf(group, work)],
  (group, work) => [
    ...modifiesOf(group, work),
    ...addsBeforeDeletes(group, work),
    ...deletesOf(group, work),
    ...addsAfterDeletes(group, work),
  ],
  (group, work) => [...deletesOf(group, work), ...modifiesOf(group, work), ...addsOf(group, work)],
  (group, work) => [
    ...deletesOf(group, work),
    ...deletesForModifies(group, work),
    ...addsForModifies(group, work),
    ...addsOf(group, work),
  ],
];

function firstThatWorks(
  group: Group<UpdateSection>,
  document: NetworkDocument,
  desired: NetworkDocument,
  release: string,
): PlannedUpdates | undefined {
  const work = diffGroup(group, document, desired);
  for (const order of ORDERS) {
    const requests = order(group, work);
    const result = applyUpdates(document, requests, release);
    if (result !== undefined && isDone([group], result, desired)) return { requests, document: result };
  }
  return undefined;
}

/** DHCP that moves from one subnet to another must be gone from the first. */
function allAtOnce(
  groups: readonly Group<UpdateSection>[],
  document: NetworkDocument,
  desired: NetworkDocument,
  release: string,
): PlannedUpdates | undefined {
  const works = groups.map((group) => ({ group, work: diffGroup(group, document, desired) }));
  const each = (order: Order) => works.flatMap(({ group, work }) => order(group, work));
  const requests = [...each(deletesOf), ...each(deletesForModifies), ...each(addsForModifies), ...each(addsOf)];
  const result = applyUpdates(document, requests, release);
  return result === undefined || !isDone(groups, result, desired) ? undefined : { requests, document: result };
}

/** Applies requests; returns nothing if libvirt would refuse one. */
export function applyUpdates(
  document: NetworkDocument,
  requests: readonly EntryRequest[],
  release: string,
): NetworkDocument | undefined {
  let current = document;
  for (const one of requests) {
    const result = updateDefinition(current, one, release);
    if (!('document' in result)) return undefined;
    current = result.document;
  }
  return current;
}

function isDone(groups: readonly Group<UpdateSection>[], document: NetworkDocument, desired: NetworkDocument): boolean {
  return groups.every(({ section, parent, desiredParent }) => {
    const [is, next] = [entriesAt(document, section, parent), entriesAt(desired, section, desiredParent)];
    return is.length === next.length && subtract(is, next).length === 0;
  });
}
