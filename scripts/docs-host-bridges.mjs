// Writes the capability matrix and the rules into docs/host-bridges.md, between its marks. `--check` fails when the
// page is out of date instead.
import { readFileSync, writeFileSync } from 'node:fs';
import { register } from 'tsx/esm/api';

register();
const { BACKENDS } = await import('../src/host-bridge/render/backends.ts');
const { BRIDGE_FIELDS } = await import('../src/host-bridge/capabilities.ts');
const { docsOf } = await import('../src/errors/docs.ts');
const { BRIDGE_RULES } = await import('../src/host-bridge/check/rules.ts');

const row = (...cells) => `| ${cells.join(' | ')} |`;

/** Notes are numbered in the order in which they are met. */
const notes = [];
const noteOf = (text) => {
  if (!notes.includes(text)) notes.push(text);
  return notes.indexOf(text) + 1;
};

function cell(lack) {
  if (lack === undefined) return 'yes';
  return typeof lack === 'string' ? `no (${noteOf(lack)})` : `partly (${noteOf(lack.reason)})`;
}

const rows = Object.entries(BRIDGE_FIELDS).map(([field, label]) =>
  row(label, ...BACKENDS.map(({ lacks }) => cell(lacks[field]))),
);
const matrix = [
  row('', ...BACKENDS.map(({ name }) => `\`${name}\``)),
  `|---|${'---|'.repeat(BACKENDS.length)}`,
  ...rows,
  row('there after a restart', ...BACKENDS.map(({ isPersistent }) => (isPersistent ? 'yes' : 'no'))),
  '',
  ...notes.map((text, i) => `${i + 1}. ${text}`),
].join('\n');

const rules = [
  row('Code', 'Severity', 'Message', 'Hint'),
  '|---|---|---|---|',
  ...Object.entries(BRIDGE_RULES).map(([code, { severity = 'error', message, hint = '' }]) =>
    row(
      `<a id="${docsOf('host-bridges', code).split('#')[1]}"></a>\`${code}\``,
      severity,
      message.replaceAll('|', '\\|'),
      hint.replaceAll('|', '\\|'),
    ),
  ),
].join('\n');

const file = new URL('../docs/host-bridges.md', import.meta.url);
const page = readFileSync(file, 'utf8');
const between = (text, mark, content) =>
  text.replace(
    new RegExp(`(<!-- ${mark} -->\n)[^]*?(<!-- /${mark} -->)`),
    (_, before, after) => `${before}\n${content}\n\n${after}`,
  );
const wanted = between(between(page, 'matrix', matrix), 'rules', rules);
if (!process.argv.includes('--check')) writeFileSync(file, wanted);
else if (wanted !== page) {
  console.error('docs/host-bridges.md is out of date: run node scripts/docs-host-bridges.mjs');
  process.exitCode = 1;
}
