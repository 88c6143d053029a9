// Writes docs/xml-reference.md from the element tables and the TSDoc of their interfaces, and docs/rules.md
// from the rules. `--check` fails when a page is out of date instead.
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { register } from 'tsx/esm/api';
import ts from 'typescript';

const root = new URL('..', import.meta.url).pathname;
const unregister = register();
const { networkTable } = await import('../src/schema/network/network.ts');
const { networkPortTable } = await import('../src/schema/networkport.ts');
const { hostInterfaceTable } = await import('../src/schema/interface.ts');
const { RULES } = await import('../src/schema/rules/table.ts');
await unregister();

const FILES = [
  'network/network.ts',
  'network/forward.ts',
  'network/dns.ts',
  'network/ip.ts',
  'network/ports.ts',
  'networkport.ts',
  'interface.ts',
].map((file) => `${root}src/schema/${file}`);
const program = ts.createProgram(FILES, {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  skipLibCheck: true,
  noEmit: true,
});
const checker = program.getTypeChecker();
const prose = (symbol) =>
  ts
    .displayPartsToString(symbol?.getDocumentationComment(checker) ?? [])
    .replace(/\s+/g, ' ')
    .replace(/\{@link ([^}]+)\}/g, '`$1`')
    .trim();

/** Interfaces by the name of the table constant beside them: `ElementTable<DhcpRange>` of `dhcpRangeTable`. */
const interfaces = new Map();
const tables = new Map();
for (const file of FILES) {
  const source = program.getSourceFile(file);
  ts.forEachChild(source, (node) => {
    if (ts.isInterfaceDeclaration(node)) interfaces.set(node.name.text, checker.getSymbolAtLocation(node.name));
    if (!ts.isVariableStatement(node)) return;
    for (const { name, type } of node.declarationList.declarations) {
      const typed = type?.typeArguments?.[0]?.getText(source);
      if (typed !== undefined && type.typeName.getText(source) === 'ElementTable')
        tables.set(name.text, { typed, module: relative(`${root}src/schema`, file) });
    }
  });
}
const typeOfTable = new Map();
const modules = new Map(
  [...new Set([...tables.values()].map(({ module }) => module))].map((module) => [module, `../src/schema/${module}`]),
);
const again = register();
for (const [module, path] of modules) {
  const loaded = await import(path);
  for (const [name, { typed, module: own }] of tables)
    if (own === module && loaded[name] !== undefined) typeOfTable.set(JSON.stringify(shape(loaded[name])), typed);
}
await again();

/** What tells tables apart, whatever instance of the module they come from. */
function shape(table) {
  return [table.tag, Object.keys(table.fields)];
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const anchor = (title) =>
  title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

function placeOf({ place }) {
  const nested = place.at === 'one' || place.at === 'many' ? place.table() : undefined;
  switch (place.at) {
    case 'attribute':
      return { xml: `\`${place.xml}=""\``, type: place.scalar.label };
    case 'leaf':
      return { xml: `\`<${place.xml}>\``, type: place.scalar.label };
    case 'leaves':
      return { xml: `\`<${place.xml}>\`, repeated`, type: place.scalar.label };
    case 'flag':
      return { xml: `\`<${place.xml}/>\``, type: 'present or not' };
    case 'raw':
      return { xml: `\`<${place.xml}>\``, type: 'any elements' };
    default:
      return { xml: `\`<${nested.tag}>\`${place.at === 'many' ? ', repeated' : ''}`, type: 'element', nested };
  }
}

function describe(rootTable) {
  const lines = [`## \`<${rootTable.tag}>\``, ''];
  const seen = new Set();
  const visit = (table, path) => {
    const id = JSON.stringify(shape(table));
    if (seen.has(id)) return;
    seen.add(id);
    const symbol = interfaces.get(typeOfTable.get(id));
    const type = symbol === undefined ? undefined : checker.getDeclaredTypeOfSymbol(symbol);
    lines.push(
      `### \`${path}\``,
      '',
      prose(symbol),
      '',
      '| Property | XML | Type | Needed | Since | Meaning |',
      '|---|---|---|---|---|---|',
    );
    const below = [];
    for (const [key, field] of Object.entries(table.fields)) {
      const { xml, type: label, nested } = placeOf(field);
      const own = type?.getProperty(key);
      const meaning =
        prose(own) ||
        (nested === undefined ? '' : prose(interfaces.get(typeOfTable.get(JSON.stringify(shape(nested))))));
      const reported = field.output ? 'Reported by libvirt. ' : '';
      lines.push(
        `| \`${key}\` | ${xml} | ${cell(label)} | ${field.presence === 'required' ? 'yes' : ''} | ${field.since ?? ''} | ${cell(reported + meaning)} |`,
      );
      if (nested !== undefined) below.push([nested, `${path}/${nested.tag}`]);
    }
    lines.push('');
    for (const [nested, where] of below) visit(nested, where);
  };
  visit(rootTable, rootTable.tag);
  return lines.join('\n');
}

const reference = `# Every element and attribute

Made from the tables that read and write them; \`npm run docs:update\` makes it anew. Property names are those of the
documents (\`NetworkDocument\` and its parts). Without a release, a part is as old as the element that it stands in.

- [${'`<network>`'}](#${anchor('<network>')}), [${'`<networkport>`'}](#${anchor('<networkport>')}), [${'`<interface>`'}](#${anchor('<interface>')})

${describe(networkTable)}
${describe(networkPortTable)}
${describe(hostInterfaceTable)}`;

const span = ({ since, until }) =>
  [since === undefined ? '' : `from ${since}`, until === undefined ? '' : `before ${until}`].filter(Boolean).join(', ');
const rules = `# Every rule

\`validate()\` gives each broken rule as an issue with this code. The phase says when libvirt itself objects; \`never\`: it
accepts silently. Warnings do not keep a network from being printed. Words in braces stand for values of the document.

| Code | Severity | Phase | Releases | Message | Hint |
|---|---|---|---|---|---|
${Object.entries(RULES)
  .map(
    ([code, rule]) =>
      `| \`${code}\` | ${rule.severity ?? 'error'} | ${rule.phase} | ${span(rule)} | ${cell(rule.message)} | ${cell(rule.hint ?? '')} |`,
  )
  .join('\n')}
`;

for (const [file, text] of [
  ['docs/xml-reference.md', reference],
  ['docs/rules.md', rules],
]) {
  if (!process.argv.includes('--check')) writeFileSync(`${root}${file}`, text);
  else if (readFileSync(`${root}${file}`, 'utf8') !== text) {
    console.error(`${file} is out of date: run npm run docs:update`);
    process.exitCode = 1;
  }
}
