/** Brings the releases of libvirt that the machine does not have into the cache, from Debian's packages: npx tsx test/lab/trees.ts */
import { fileURLToPath } from 'node:url';
import { inCache, lockCache } from './cache.js';
import { LabError } from './lab-error.js';
import { treePart } from './parts.js';
import { EXPIRED_SUITES, TREE_RECIPES, type TreeName } from './recipes.js';
import { makePart } from './setup/part.js';
import { run } from './setup/run.js';

const TOOL = fileURLToPath(new URL('sandbox/libvirt-sandbox-mkroot', import.meta.url));

/** Makes the folder with a release of libvirt, unless the cache has it. */
const makeTree = (release: TreeName): Promise<boolean> =>
  makePart(treePart(release), async (folder) => {
    const { suite, libvirtFrom } = TREE_RECIPES[release];
    const from = libvirtFrom === undefined ? [] : ['--from', libvirtFrom];
    const expired = [suite, libvirtFrom].some((one) => one !== undefined && EXPIRED_SUITES.includes(one));
    await run(TOOL, ['--cache', inCache('apt'), ...from, ...(expired ? ['--allow-expired'] : []), suite, folder]);
    return `${release}.0`;
  });

const unlock = lockCache();
try {
  for (const release of Object.keys(TREE_RECIPES) as TreeName[]) {
    const isNew = await makeTree(release);
    const { label, folder } = treePart(release);
    console.log(`${label}: ${isNew ? 'made in' : 'is in'} ${folder}`);
  }
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.error(`trees: ${error.message}`);
  process.exitCode = 1;
} finally {
  unlock();
}
