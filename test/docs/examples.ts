import type { SpawnSyncReturns } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makePrograms, programOf } from '../support/program.js';
import { run } from '../support/run.js';

/** The folder of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url));
const examples = join(root, 'docs/examples');

/** Examples that ask libvirt's test driver, with virsh. */
export const WITH_VIRSH = ['readme-host.ts', 'transport-virsh.ts'];

/** The examples that need nothing but Node.js. */
export const EXAMPLES = readdirSync(examples).filter((name) => name.endsWith('.ts') && !WITH_VIRSH.includes(name));

/** The README and the guides. */
export const pages = [
  join(root, 'README.md'),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    // docs/api is made from the others, and may be of yesterday.
    .filter((name) => name.endsWith('.md') && !name.startsWith('api'))
    .map((name) => join(root, 'docs', name)),
];

/** The lines of an example between its region marks. */
export function region(file: string, name: string): string {
  const text = readFileSync(join(examples, file), 'utf8');
  const found = new RegExp(`// #region ${name}\\n([\\s\\S]*?)// #endregion`).exec(text)?.[1];
  if (found === undefined) throw new Error(`${file} has no region ${name}`);
  return found;
}

const runs = new Map<string, SpawnSyncReturns<string>>();
const pathOf = (file: string): string => `docs/examples/${file}`;

/** Runs an example; once, however many pages show what it prints. */
export function runOf(file: string): SpawnSyncReturns<string> {
  if (runs.size === 0) makePrograms([...EXAMPLES, ...WITH_VIRSH].map(pathOf));
  const ended = runs.get(file) ?? run(process.execPath, [programOf(pathOf(file))], { cwd: root });
  runs.set(file, ended);
  return ended;
}

/** What an example prints after a line `--- name`. */
export function printed(file: string, name: string): string | undefined {
  const parts = runOf(file).stdout.split(/^--- (\w+)\n/m);
  return parts[parts.indexOf(name) + 1]?.trimEnd();
}
