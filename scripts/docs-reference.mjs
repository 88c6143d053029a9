// Writes docs/xml-reference.md from the element tables and the TSDoc of their interfaces, and docs/rules.md
// from the rules. `--check` fails when a page is out of date instead.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';
import { readProse } from './tsdoc.mjs';

register();
const schema = new URL('../src/schema/', import.meta.url);
const MODULES = [
  'network/network',
  'network/forward',
  'network/dns',
  'network/ip',
  'network/ports',
  'networkport',
  'interface',
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
const { networkTable } = await import('../src/schema/network/network.ts');
const { networkPortTable } = await import('../src/schema/networkport.ts');
const { hostInterfaceTable } = await import('../src/schema/interface.ts');
const { REMEDIES } = await import('../src/errors/remedies.ts');
const { wordsOf } = await import('../src/virsh/stderr.ts');
const samples = JSON.parse(readFileSync(new URL('../test/virsh/refusals.json', import.meta.url), 'utf8'));
const { docsOf } = await import('../src/errors/docs.ts');
const { RULES } = await import('../src/schema/rules/table.ts');
const { FILTER_RULES } = await import('../src/schema/nwfilter/rules.ts');
const { GUEST_RULES } = await import('../src/schema/guests/rules/table.ts');

/** Markdown takes a tag for HTML, but not in a code span. */
const escaped = (text) =>
  text
    .split('`')
    .map((part, i) => (i % 2 === 0 ? part.replaceAll('<', '&lt;') : part))
    .join('`');
const cell = (text) => escaped(text).replaceAll('|', '\\|');
/** The words of a label are quoted in messages, and code on a page. */
const asCode = (label) => label.replace(/'([^']*)'/g, '`$1`');
const row = (...cells) => `| ${cells.join(' | ')} |`;
const tagOf = ({ namespace, tag }) => (namespace === undefined ? tag : `${namespace.prefix}:${tag}`);

/** As the headings of Markdown pages are linked to. */
const anchor = (title) =>
  title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

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
    default: {
      const table = place.table();
      const title = sections.get(table);
      return [`\`<${tagOf(table)}>\`${place.at === 'many' ? ', repeated' : ''}`, `[element](#${anchor(title)})`];
    }
  }
}

function meaningOf(type, key, field) {
  const own = proseOf(type, key);
  const nested = field.place.table?.();
  const text = own === '' && nested !== undefined ? proseOf(interfaces.get(nested)) : own;
  return cell(withoutSince(text, field.since));
}

/** The title of every table's section: where it stands first. */
function sectionsBelow(root, title = tagOf(root), sections = new Map()) {
  if (sections.has(root)) return sections;
  sections.set(root, title);
  for (const { place } of Object.values(root.fields)) {
    const table = place.table?.();
    if (table !== undefined) sectionsBelow(table, `${title} / ${tagOf(table)}`, sections);
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

function describe(root) {
  const sections = sectionsBelow(root);
  return [
    `## \`<${root.tag}>\` documents`,
    '',
    ...[...sections].flatMap(([table, title]) => section(table, title, sections)),
  ].join('\n');
}

const ROOTS = [networkTable, networkPortTable, hostInterfaceTable];
const reference = `# Every element and attribute

Made from the tables that read and write them; \`npm run docs:update\` makes it again. Property names are those of the
documents (\`NetworkDocument\`, \`NetworkPort\`, \`HostInterface\` and their parts). Without a release, a part is as old as
the element that it stands in. An element that can stand in several places is described at the first.

${ROOTS.map(({ tag }) => `- [\`<${tag}>\`](#${anchor(`${tag} documents`)})`).join('\n')}

${ROOTS.map(describe).join('\n')}`;

const span = ({ since, until }) =>
  [since === undefined ? '' : `from ${since}`, until === undefined ? '' : `before ${until}`]
    .filter((part) => part !== '')
    .join(', ');
/** The place that links of errors and issues name: headings of GitHub keep underscores, these links have hyphens. */
const anchored = (code) => `<a id="${docsOf('errors', code).split('#')[1]}"></a>`;
const ruleRow = ([code, rule]) =>
  row(
    `${anchored(code)}\`${code}\``,
    rule.severity ?? 'error',
    rule.phase,
    span(rule),
    cell(rule.message),
    cell(rule.hint ?? ''),
  );
const rules = `# Every rule

\`validate()\` gives each broken rule as an issue with this code. The phase says when libvirt itself objects; \`never\`: it
accepts silently. Warnings do not keep a network from being printed. Words in braces stand for values of the document.

${row('Code', 'Severity', 'Phase', 'Releases', 'Message', 'Hint')}
|---|---|---|---|---|---|
${Object.entries(RULES).map(ruleRow).join('\n')}

## Guests' NICs

NICs of guests have those of the rules above that are about parts that they share with networks, and these.

${row('Code', 'Severity', 'Phase', 'Releases', 'Message', 'Hint')}
|---|---|---|---|---|---|
${Object.entries(GUEST_RULES).map(ruleRow).join('\n')}

## Filters

Filters of guests' traffic have those of the first table that are about any format, and these.

${row('Code', 'Severity', 'Phase', 'Releases', 'Message', 'Hint')}
|---|---|---|---|---|---|
${Object.entries(FILTER_RULES).map(ruleRow).join('\n')}
`;

// The meaning of a code is the comment over it in the union.
const codesSource = readFileSync(new URL('../src/errors/codes.ts', import.meta.url), 'utf8');
const codes = [...codesSource.matchAll(/\/\*\* ([^*]+(?:\*(?!\/)[^*]*)*) \*\/\s+\| '(\w+)'/g)].map(
  ([, meaning, code]) => ({
    code,
    meaning: meaning.replace(/\s+/g, ' ').replace(/\{@link ([^}]+)\}/g, '`$1`'),
  }),
);
/** What the hints of single errors say, or what no hint can. */
const ELSEWHERE = {
  VALIDATION: 'read `error.issues`: each has its place and mostly a hint; see [the rules](rules.md)',
  XML_SYNTAX: 'look at the line and column of the message',
  INVALID_ARGUMENT: 'the hint says what the argument must look like',
  BRIDGE_FIELD_UNSUPPORTED: 'leave them out, or write for one of the systems that `error.fields` names for each',
  TIMEOUT: 'allow more time with `timeoutMs`; when `mayHaveChanged(error)` is true, read the state before trying again',
  UNEXPECTED_REPLY: 'read the state before trying again; if it happens again, report it with its message',
  DATABASE_CHANGED: 'read the rows again, and try again',
  DATABASE_REFUSED: "the server's kind of refusal is in `error.kind`, the number of the operation in `error.index`",
  LIBVIRT: "libvirt's own words are in `error.libvirtMessage`, its number in `error.libvirtNumber`",
};
const remedyOf = (code) => ELSEWHERE[code] ?? REMEDIES[code] ?? '';
/** One line a sample: the words of several lines are shown by their first. */
const samplesOf = (code) => {
  const lines = samples
    .filter((sample) => sample.code === code)
    .map(({ stderr }) => wordsOf(stderr).message.split('\n')[0]);
  return [...new Set(lines)].map((line) => `\`${line.length > 160 ? `${line.slice(0, 160)} ...` : line}\``);
};
const errors = `# Every error code

\`LibvirtError.is(error)\` recognises what this library throws; \`error.code\` is one of these, and \`error.hint\` says what to do.
\`OperationError\`: libvirt was asked and refused. \`TransportError\`: it could not be asked, or its answer did not come.
\`HostBridgeError\`: a change of a host bridge did not come about; unless \`leftovers\` says otherwise, it was taken back.
\`mayHaveChanged(error)\` tells whether a call that threw may have changed the host all the same, for aborts too.

Codes come from libvirt's words in the C locale, whole and in their place: words of a release or a language that nobody here
has seen keep their text under \`LIBVIRT\`. The words below were printed by libvirt 9.0 and 11.3, or read in its source.

${codes
  .flatMap(({ code, meaning }) => {
    const remedy = remedyOf(code);
    const samples = samplesOf(code);
    return [
      `## ${anchored(code)}${code}`,
      '',
      meaning,
      '',
      ...(remedy === '' ? [] : [`What to do: ${remedy}.`, '']),
      ...(samples.length === 0 ? [] : ["libvirt's words:", '', ...samples.map((sample) => `- ${sample}`), '']),
    ];
  })
  .join('\n')}`;

const isCheck = process.argv.includes('--check');
for (const [page, text] of Object.entries({ 'xml-reference.md': reference, 'rules.md': rules, 'errors.md': errors })) {
  const file = new URL(`../docs/${page}`, import.meta.url);
  if (!isCheck) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`docs/${page} is out of date: run npm run docs:update`);
    process.exitCode = 1;
  }
}
