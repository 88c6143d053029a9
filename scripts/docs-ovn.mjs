// Writes the matrix of what OVN has of a network into docs/networks-across-hosts.md, between its marks. `--check` fails when the
// page is out of date instead.
import { readFileSync, writeFileSync } from 'node:fs';
import { register } from 'tsx/esm/api';

register();
const { OVN_FIELDS, reasonFor } = await import('../src/ovn-model/fields.ts');
const { networkTable } = await import('../src/schema/network/network.ts');
const { pathsOf } = await import('./format-paths.ts');

const cells = (path) => {
  const field = OVN_FIELDS[path];
  return field === undefined ? ['no', reasonFor(path)] : [field.verdict, field.how];
};

/** Neighbours of one parent with the same answer share a row. */
const rows = [];
for (const path of pathsOf(networkTable)) {
  const [verdict, how] = cells(path);
  const last = rows.at(-1);
  const parent = path.slice(0, path.lastIndexOf('.') + 1);
  if (last !== undefined && last.parent === parent && last.verdict === verdict && last.how === how)
    last.paths.push(path);
  else rows.push({ parent, verdict, how, paths: [path] });
}

const matrix = [
  '| Property | On OVN | How, or why not |',
  '|---|---|---|',
  ...rows.map(
    ({ paths, verdict, how }) => `| ${paths.map((path) => `\`${path}\``).join(', ')} | ${verdict} | ${how} |`,
  ),
].join('\n');

const file = new URL('../docs/networks-across-hosts.md', import.meta.url);
const page = readFileSync(file, 'utf8');
const wanted = page.replace(
  /(<!-- matrix -->\n)[\s\S]*?(<!-- \/matrix -->)/,
  (_, before, after) => `${before}\n${matrix}\n\n${after}`,
);
if (!process.argv.includes('--check')) writeFileSync(file, wanted);
else if (wanted !== page) {
  console.error('docs/networks-across-hosts.md is out of date: run node scripts/docs-ovn.mjs');
  process.exitCode = 1;
}
