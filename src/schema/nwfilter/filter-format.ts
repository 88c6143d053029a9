import { declare, localName, selfContained } from '../../xml/namespace.js';
import { isElement, type XmlElement } from '../../xml/node.js';
import type { Extra } from '../element.js';
import { pathKeys } from '../path.js';
import type { ForeignReporter } from '../rules/context.js';
import { canonicalFilter, printedFilter } from './canonical.js';
import { checkFilter } from './check.js';
import { type FilterDocument, type FilterEntry, type FilterRule, filterTable } from './filter.js';
import type { FilterFormat } from './format.js';
import type { FilterProtocol } from './matches.js';
import { FILTER_PROTOCOLS } from './protocols.js';
import { FILTER_RULES } from './rules.js';
import { entriesOf, unwrapped, wrapped } from './wrap.js';

/** The first element of a protocol decides what a rule is about; libvirt does not look at those of others. */
function onlyFirstProtocols(document: FilterDocument, root: XmlElement, context: ForeignReporter): FilterDocument {
  if (document.entries === undefined) return document;
  const nodes = entriesOf(root);
  const entries = document.entries.map((entry, i): FilterEntry => {
    const node = nodes[i];
    if (entry.rule === undefined || node === undefined) return entry;
    return { ...entry, rule: onlyFirstProtocol({ rule: entry.rule, node, path: `entries[${i}].rule` }, context) };
  });
  return { ...document, entries };
}

/** A rule as it was read, and where it stands. */
interface ReadRule {
  readonly rule: FilterRule;
  readonly node: XmlElement;
  readonly path: string;
}

const isProtocol = (name: string): name is FilterProtocol => FILTER_PROTOCOLS.some((one) => one === name);

function onlyFirstProtocol({ rule, node, path }: ReadRule, context: ForeignReporter): FilterRule {
  const elements = node.children.filter(isElement);
  const protocol = elements.map(({ name }) => localName(name)).find(isProtocol);
  if (protocol === undefined) {
    if (elements.length > 0) context.reportFrom(FILTER_RULES, 'FILTER_FOR_ALL', path);
    return rule;
  }
  const others = elements.filter(({ name }) => isProtocol(localName(name)) && localName(name) !== protocol);
  if (others.length === 0) return rule;
  for (const value of new Set(others.map(({ name }) => localName(name))))
    context.reportFrom(FILTER_RULES, 'FILTER_OTHER_PROTOCOL', `${path}.${value}`, { value, protocol });
  return withKept(rule, protocol, selfContainedIn(node, others));
}

function selfContainedIn(node: XmlElement, elements: readonly XmlElement[]): XmlElement[] {
  const scope = declare(undefined, node);
  return elements.map((element) => selfContained(element, scope));
}

/** A rule without its matches of other protocols, which are kept as they were written. */
function withKept(rule: FilterRule, protocol: FilterProtocol, kept: readonly XmlElement[]): FilterRule {
  const own = Object.entries(rule).filter(([key]) => !isProtocol(key) || key === protocol);
  const extra: Extra = { ...rule.extra, elements: [...(rule.extra?.elements ?? []), ...kept] };
  return { ...(Object.fromEntries(own) as unknown as FilterRule), extra }; // the same properties without some optional ones
}

/** Tells whether libvirt looks at a part: it does not at matches of another protocol than the first of a rule. */
function looksAt(path: string, { entries }: FilterDocument): boolean {
  const [, index, part, key = ''] = pathKeys(path);
  const protocol = String(key);
  if (part !== 'rule' || !isProtocol(protocol)) return true;
  return entries?.[Number(index)]?.rule?.[protocol] !== undefined;
}

/** `<filter>` for the shared reader and writer. */
export const filterFormat: FilterFormat<FilterDocument> = {
  table: filterTable,
  nameOf: ({ name }) => name,
  wrap: wrapped,
  unwrap: unwrapped,
  tidy: onlyFirstProtocols,
  check: checkFilter,
  canonical: canonicalFilter,
  printed: printedFilter,
  looksAt,
};
