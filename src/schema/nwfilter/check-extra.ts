import { localName } from '../../xml/namespace.js';
import { type AnyTable, childTag, type Extra, type Field } from '../element.js';
import type { ForeignReporter } from '../rules/context.js';
import { extraOf, isRecord, listOf } from '../values.js';
import { filterEntryTable, filterRuleTable } from './filter.js';
import { FILTER_PROTOCOLS } from './protocols.js';
import { FILTER_RULES } from './rules.js';

/** Reports kept parts that would count in place of, or beside, the properties that the rules have looked at. */
export function checkExtra(table: AnyTable, value: unknown, path: string, context: ForeignReporter): void {
  if (!isRecord(value)) return;
  const extra = extraOf(value['extra']);
  for (const name of extra === undefined ? [] : takenBy(table, value, extra))
    context.reportFrom(FILTER_RULES, 'FILTER_EXTRA', path === '' ? 'extra' : `${path}.extra`, { name });
  for (const [key, { place }] of Object.entries(table.fields)) {
    const at = path === '' ? key : `${path}.${key}`;
    if (place.at === 'one') checkExtra(place.table(), value[key], at, context);
    if (place.at === 'many')
      for (const [i, item] of listOf(value[key]).entries()) checkExtra(place.table(), item, `${at}[${i}]`, context);
  }
}

/** The names of kept parts that libvirt reads as parts of the element. */
function takenBy(table: AnyTable, value: Readonly<Record<string, unknown>>, extra: Extra): readonly string[] {
  const fields = Object.entries(table.fields);
  const attributes = Object.keys(extra.attributes ?? {}).filter((name) =>
    fields.some(([key, field]) => isRead(field, name) && (value[key] !== undefined || !mayBeNewer(field))),
  );
  const own = FILTER_PROTOCOLS.find((protocol) => value[protocol] !== undefined);
  const tags = new Set(tagsIn(table));
  const elements = (extra.elements ?? []).map(({ name }) => localName(name));
  // After the first protocol of a rule libvirt does not look at elements of others.
  const isIgnored = (name: string) => table === filterRuleTable && own !== undefined && name !== own;
  return [...attributes, ...elements.filter((name) => tags.has(name) && !isIgnored(name))];
}

/** The names of the elements in an element; in a filter those of its entries, which no text has. */
const tagsIn = (table: AnyTable): readonly string[] =>
  Object.values(table.fields).flatMap(({ place }) => {
    const inner = place.at === 'many' ? place.table() : undefined;
    return inner === filterEntryTable ? tagsIn(inner) : (childTag(place) ?? []);
  });

const isRead = ({ place }: Field<unknown>, name: string): boolean => place.at === 'attribute' && place.xml === name;

/** Words of a libvirt that is newer are kept where the text comes from a daemon. */
const mayBeNewer = ({ place }: Field<unknown>): boolean =>
  place.at === 'attribute' && place.scalar.values !== undefined;
