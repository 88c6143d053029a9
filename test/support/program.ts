import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const project = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Makes a program of a file of the project that plain `node` runs: it begins in a tenth of the time that translating all
 * of its modules takes at every start.
 *
 * @param path - of the file, seen from the project
 * @returns its path, from where the packages of the project are found
 */
export function programOf(path: string): string {
  const made = programs.get(path) ?? make(path);
  programs.set(path, made);
  return made;
}

const programs = new Map<string, string>();

const SETTINGS = {
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'esm',
} as const;

/**
 * Makes programs of many files at once, which share what they have in common.
 *
 * @param paths - of the files, seen from the project
 */
export function makePrograms(paths: readonly string[]): void {
  const folder = `${project}node_modules/.cache/programs`;
  removeOld(folder);
  const outdir = `${folder}/${process.pid}`;
  const entryPoints = paths.map((path) => `${project}${path}`);
  buildSync({ ...SETTINGS, entryPoints, outdir, splitting: true, outExtension: { '.js': '.mjs' } });
  for (const path of paths) programs.set(path, `${outdir}/${basename(path, '.ts')}.mjs`);
}

/** Removes the folders of processes that have ended. */
function removeOld(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder))
    if (/^\d+$/.test(name) && !existsSync(`/proc/${name}`))
      rmSync(`${folder}/${name}`, { recursive: true, force: true });
}

function make(path: string): string {
  const folder = `${project}node_modules/.cache/programs`;
  mkdirSync(folder, { recursive: true });
  const program = `${folder}/${basename(path, '.ts')}.mjs`;
  const outfile = `${program}.${process.pid}`;
  buildSync({ ...SETTINGS, entryPoints: [`${project}${path}`], outfile });
  // Other test files may be using it.
  renameSync(outfile, program);
  return program;
}
