import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where libvirt's own test data lies; it is read from there and never copied into the project. */
export const corpusDir = process.env['LIBVIRT_CORPUS'] ?? join(root, '../shared/corpus');

export const corpus = (...segments: string[]): string => join(corpusDir, ...segments);
export const readCorpus = (...segments: string[]): string => readFileSync(corpus(...segments), 'utf8');
export const listCorpus = (...segments: string[]): string[] => readdirSync(corpus(...segments)).sort();

/** Says why a suite does not run; where libvirt is required (CI), that is a failure. */
export function available(what: string, present: boolean): boolean {
  if (present) return true;
  if (process.env['REQUIRE_LIBVIRT'] === '1') throw new Error(`${what} is missing, and REQUIRE_LIBVIRT=1 demands it`);
  console.warn(`skipped: ${what} is missing`);
  return false;
}

export const hasCorpus = (): boolean =>
  available(`libvirt's test data (${corpusDir}; set LIBVIRT_CORPUS)`, existsSync(corpusDir));
