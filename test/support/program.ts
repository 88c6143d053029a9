import { mkdirSync, renameSync } from 'node:fs';
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

function make(path: string): string {
  const folder = `${project}node_modules/.cache/programs`;
  mkdirSync(folder, { recursive: true });
  const program = `${folder}/${basename(path, '.ts')}.mjs`;
  const outfile = `${program}.${process.pid}`;
  buildSync({
    entryPoints: [`${project}${path}`],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
  });
  // Other test files may be using it.
  renameSync(outfile, program);
  return program;
}
