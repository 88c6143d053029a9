import type { Change } from '../../model/diff.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import type { UpdateSection } from '../../schema/update/sections.js';
import { SECTIONS } from '../../schema/update/sections.js';
import { isRecord } from '../../schema/values.js';
import { readXml } from '../../xml/read.js';
import { entryXml } from '../update/update-requests.js';
import { entriesOf } from '../update/update-sections.js';
import type { LabelChange } from './labels.js';
import type { EntryRequest } from './types.js';

const VERBS = { 'add-first': 'add', 'add-last': 'add', modify: 'change', delete: 'delete' } as const;

/** An entry in words: its attributes, texts and what its elements hold. */
type Words = ReadonlyMap<string, string>;

/**
 * Describes a request: `add ip-dhcp-host mac=52:54:00:00:00:01 ip=10.0.0.2`. Of a changed entry it says what the old values
 * are: `change ip-dhcp-host mac=52:54:00:00:00:01, ip 10.0.0.2 \u2192 10.0.0.3`.
 *
 * @param before - the definition before the change
 */
export function describeRequest(request: EntryRequest, before: NetworkDocument | undefined): string {
  const { section, command, xml } = request;
  const next = wordsOf(xml);
  const old = command === 'modify' && before !== undefined ? oldEntry(request, next, before) : undefined;
  const verb = `${VERBS[command]} ${section}`;
  return old === undefined ? [verb, ...namedIn(next)].join(' ') : describeModified(verb, old, next);
}

function describeModified(verb: string, old: Words, next: Words): string {
  const keys = [...new Set([...old.keys(), ...next.keys()])];
  const same = keys.filter((key) => old.get(key) === next.get(key));
  const changed = keys.filter((key) => old.get(key) !== next.get(key));
  const named = same.map((key) => `${key}=${next.get(key)}`);
  return [
    [verb, ...named].join(' '),
    ...changed.map((key) => `${key} ${shown(old.get(key))} \u2192 ${shown(next.get(key))}`),
  ].join(', ');
}

const namedIn = (words: Words): string[] => [...words].map(([key, value]) => `${key}=${value}`);

/** The entry that libvirt replaces. */
function oldEntry({ section, parentIndex }: EntryRequest, next: Words, before: NetworkDocument): Words | undefined {
  const all = wordsOfEntries(section, parentIndex, before);
  return SECTIONS[section].identity
    .map((key) => all.find((one) => one.get(key) !== undefined && one.get(key) === next.get(key)))
    .find((one) => one !== undefined);
}

const wordsOfEntries = <K extends UpdateSection>(
  section: K,
  at: number | undefined,
  before: NetworkDocument,
): Words[] =>
  entriesOf(before, section)
    .filter(({ parent }) => parent === at)
    .map(({ entry }) => wordsOf(entryXml(section, entry)));

/** The words of an entry; names that it lists stand together. */
function wordsOf(xml: string): Words {
  const { attributes, children } = readXml(xml).root;
  const words = new Map(Object.entries(attributes));
  const add = (key: string, value: string) => words.set(key, [words.get(key), value].filter(Boolean).join(','));
  for (const child of children) {
    if (child.type !== 'element') continue;
    for (const [name, value] of Object.entries(child.attributes)) add(`${child.name}.${name}`, value);
    for (const inner of child.children)
      if (inner.type === 'text' && inner.text.trim() !== '') add(child.name, inner.text);
  }
  return words;
}

/** Describes a change of a label. */
export function describeLabel(change: LabelChange): string {
  if (change.action === 'text') return change.text === '' ? `remove the ${change.kind}` : `set the ${change.kind}`;
  return `${change.xml === undefined ? 'remove' : 'set'} the metadata of ${change.uri}`;
}

const LONGEST = 200;

/** A value for people: objects as `mac=52:54:00:00:00:01 ip=10.0.0.2`. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text =
    typeof value === 'string' ? value : Array.isArray(value) ? value.map(shown).join(', ') : shownPlain(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}\u2026` : text;
}

const shownPlain = (value: unknown): string =>
  isRecord(value)
    ? Object.entries(value)
        .map(([key, item]) => `${key}=${isRecord(item) ? `(${shown(item)})` : shown(item)}`)
        .join(' ')
    : String(value);

/** Differences for people, one each: `bridge.stp: true \u2192 false`. */
export const linesOfChanges = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ path, from, to }) => `${path}: ${shown(from)} \u2192 ${shown(to)}`);

/** Differences for people in one line. */
export const describeChanges = (changes: readonly Change[]): string => linesOfChanges(changes).join('; ');

/** The parts of a new network for people, one each: `bridge.name: virbr10`, `ips[0].address: 10.0.0.1`. */
export function linesOfDocument(value: unknown, path = ''): readonly string[] {
  const isShort = isRecord(value) && path.endsWith(']') && Object.values(value).every((item) => !isRecord(item));
  if (isShort && !Object.values(value).some(Array.isArray)) return [`${path}: ${shown(value)}`];
  if (Array.isArray(value) && value.some(isRecord))
    return value.flatMap((item, i) => linesOfDocument(item, `${path}[${i}]`));
  if (!isRecord(value)) return [`${path}: ${shown(value)}`];
  return Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : linesOfDocument(item, path === '' ? key : `${path}.${key}`),
  );
}
