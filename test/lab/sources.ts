/**
 * Brings libvirt's own test data, schemas and protocol files into the cache, from Debian's source packages.
 *
 *   npx tsx test/lab/sources.ts [RELEASE...]
 *
 * Without a release: those that the suites read.
 */
import { lockCache } from './cache.js';
import { LabError } from './lab-error.js';
import { sourcePart } from './parts.js';
import { isSource, SOURCE_SUITES, SOURCES, type SourceName } from './recipes.js';
import { makeSource } from './setup/source.js';

/** Makes the sources that are missing, and prints a line about each. */
async function makeSources(names: readonly SourceName[]): Promise<void> {
  const unlock = lockCache();
  try {
    for (const name of names) {
      const isNew = await makeSource(name);
      const { label, folder } = sourcePart(name);
      console.log(`${label}: ${isNew ? 'made in' : 'is in'} ${folder}`);
    }
  } finally {
    unlock();
  }
}

function sourceNames(args: readonly string[]): readonly SourceName[] {
  const unknown = args.filter((name) => !isSource(name));
  if (unknown.length > 0) {
    const known = Object.keys(SOURCE_SUITES).join(', ');
    throw new LabError(`there is no recipe for the source of ${unknown.join(', ')}; there is one for ${known}`);
  }
  return args.length === 0 ? SOURCES : args.filter(isSource);
}

try {
  await makeSources(sourceNames(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.error(`sources: ${error.message}`);
  process.exitCode = 1;
}
