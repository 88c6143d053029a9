// Writes elements of the format as tables of Markdown: from the element tables, and the TSDoc of their interfaces.
import { fileURLToPath } from 'node:url';
import { anchor } from './anchor.mjs';
import { readProse } from './tsdoc.mjs';

const schema = new URL('../src/schema/', import.meta.url);
const MODULES = [
  'network/network',
  'network/forward',
  'network/dns',
  'network/ip',
  'network/ports',
  'networkport',
  'interface',
  'guests/addresses',
  'guests/card',
  'guests/driver',
  'guests/host-end',
  'guests/network-source',
  'guests/nic',
  'guests/other-tables',
  'guests/sources',
  'nwfilter/binding',
  'nwfilter/filter',
  'nwfilter/filterref',
  'nwfilter/matches',
];
const files = MODULES.map((name) => fileURLToPath(new URL(`${name}.ts`, schema)));
const { interfaceOfTable, proseOf } = readProse(files);

/** The interface of each table, by the table itself: two elements may have the same name and the same parts. */
const interfaces = new Map();
for (const file of files) {
  const exported = await import(file);
  for (const [name, table] of Object.entries(exported)) {
    if (interfaceOfTable.has(name)) interfaces.set(table, interfaceOfTable.get(name));
  }
}

/** Markdown takes a tag for HTML, but not in a code span. */
const escaped = (text) =>
  text
    .split('`')
    .map((part, i) => (i % 2 === 0 ? part.replaceAll('<', '&lt;') : part))
    .join('`');
export const cell = (text) => escaped(text).replaceAll('|', '\\|');
/** The words of a label are quoted in messages, and code on a page. */
const asCode = (label) => label.replace(/'([^']*)'/g, '`$1`');
export const row = (...cells) => `| ${cells.join(' | ')} |`;
const tagOf = ({ namespace, tag }) => (namespace === undefined ? tag : `${namespace.prefix}:${tag}`);

/** The column says it already. */
const withoutSince = (text, since) =>
  since === undefined ? text : text.replace(`; since libvirt ${since}`, '').replace(`; since ${since}`, '');

/** How a property is written, and what it holds. */
function placeOf({ place }, sections) {
  switch (place.at) {
    case 'attribute':
      return [`\`${place.xml}='…'\``, cell(asCode(place.scalar.label))];
    case 'leaf':
      return [`\`<${place.xml}>\``, cell(asCode(place.scalar.label))];
    case 'leaves':
      return [`\`<${place.xml}>\`, repeated`, cell(asCode(place.scalar.label))];
    case 'flag':
      return [`\`<${place.xml}/>\``, 'there or not'];
    case 'raw':
      return [`\`<${place.xml}>\``, 'any elements'];
    default:
      return elementPlaceOf(place, sections);
  }
}

function elementPlaceOf({ at, table }, sections) {
  const link = (one) => `[element](#${anchor(sections.get(one))})`;
  if (!isShapeless(table())) return [`\`<${tagOf(table())}>\`${at === 'many' ? ', repeated' : ''}`, link(table())];
  const inner = Object.values(table().fields).map(({ place }) => place.table());
  return [`${inner.map((one) => `\`<${tagOf(one)}>\``).join(' or ')}, repeated`, inner.map(link).join(', ')];
}

/** The items of a list of elements with several names, which no text has an element for. */
const isShapeless = ({ tag }) => tag.endsWith(' ');

function meaningOf(type, key, field) {
  const own = proseOf(type, key);
  const nested = field.place.table?.();
  const text = own === '' && nested !== undefined ? proseOf(interfaces.get(nested)) : own;
  return cell(withoutSince(text, field.since));
}

/** The title of every table's section: where it stands first. */
function sectionsBelow(root, title = tagOf(root), sections = new Map()) {
  if (sections.has(root)) return sections;
  if (!isShapeless(root)) sections.set(root, title);
  for (const { place } of Object.values(root.fields)) {
    const table = place.table?.();
    if (table !== undefined) sectionsBelow(table, isShapeless(table) ? title : `${title} / ${tagOf(table)}`, sections);
  }
  return sections;
}

function section(table, title, sections) {
  const type = interfaces.get(table);
  if (type === undefined) throw new Error(`the table of <${table.tag}> has no interface of its own`);
  const rows = Object.entries(table.fields).map(([key, field]) =>
    row(
      `\`${key}\``,
      ...placeOf(field, sections),
      field.presence === 'required' ? 'yes' : '',
      field.since ?? '',
      meaningOf(type, key, field),
    ),
  );
  return [
    `### \`${title}\``,
    '',
    cell(proseOf(type)),
    '',
    row('Property', 'XML', 'Type', 'Needed', 'Since', 'Meaning'),
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ];
}

/**
 * A document with all elements in it, each in a section of its own.
 *
 * @param elsewhere - titles of sections for elements that are described there
 */
export function describe(root, elsewhere = new Map()) {
  const sections = sectionsBelow(root, tagOf(root), new Map(elsewhere));
  return [
    `## \`<${root.tag}>\` documents`,
    '',
    ...[...sections].flatMap(([table, title]) => (elsewhere.has(table) ? [] : section(table, title, sections))),
  ].join('\n');
}

/**
 * Elements that have a name, or a place, and many parts in common, in one table: what a part is, and which of them have it.
 *
 * @param title - of the section
 * @param prose - what stands under the title
 * @param variants - the table of each, by the word that tells them apart, and the interface of its document
 */
export function describeVariants(title, prose, variants) {
  const sections = new Map();
  for (const { table, word } of variants)
    for (const { place } of Object.values(table.fields)) nameInner(place.table?.(), word, sections);
  const parts = new Map();
  for (const variant of variants)
    for (const [key, field] of Object.entries(variant.table.fields)) {
      if (tellsApart(field, variant)) continue;
      const written = [`\`${key}\``, ...placeOf(field, sections)];
      const part = parts.get(written.join()) ?? { key, field, written, having: [] };
      part.having.push(variant);
      parts.set(written.join(), part);
    }
  const rows = [...parts.values()].map(({ key, field, written, having }) =>
    row(
      ...written,
      field.since ?? '',
      whichOf(having, variants),
      meaningOf(having[0].type ?? interfaces.get(having[0].table), key, field),
    ),
  );
  return [
    `## ${title}`,
    '',
    prose,
    '',
    row('Property', 'XML', 'Type', 'Since', 'Only', 'Meaning'),
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    ...[...sections].flatMap(([table, name]) => section(table, name, sections)),
  ].join('\n');
}

/** An element of a name that another has too, with other parts, bears the word of its variant. */
function nameInner(inner, word, sections) {
  if (inner === undefined) return;
  const isTaken = [...sections].some(([table, name]) => name === tagOf(inner) && table !== inner);
  sectionsBelow(inner, isTaken ? `${tagOf(inner)} of ${word}` : tagOf(inner), sections);
}

/** Tells whether an attribute has one value, the word of its variant. */
const tellsApart = ({ place }, { word }) =>
  place.at === 'attribute' && place.scalar.values?.length === 1 && place.scalar.values[0] === word;

/** The words of the variants that have a part, or of those that have not, where these are fewer. */
function whichOf(having, all) {
  if (having.length === all.length) return '';
  const lacking = all.filter((variant) => !having.includes(variant));
  const words = (list) => list.map(({ word }) => `\`${word}\``).join(', ');
  return lacking.length < having.length ? `all but ${words(lacking)}` : words(having);
}
