/**
 * Brings into the cache, from Debian's packages, what the lab starts: the releases of libvirt that the machine does not
 * have, virtual machines, and Open vSwitch with OVN.
 *
 *   npx tsx test/lab/trees.ts
 */
import { inCache, lockCache } from './cache.js';
import { LabError } from './lab-error.js';
import { ovnPart, type Part, treePart, vmPart } from './parts.js';
import { EXPIRED_SUITES, TREE_RECIPES, type TreeName } from './recipes.js';
import { makeOvnTree } from './setup/ovn-tree.js';
import { makePart } from './setup/part.js';
import { run } from './setup/run.js';
import { makeVmImage } from './setup/vm-image.js';
import { MKROOT } from './tools.js';

/** Makes the folder with a release of libvirt, unless the cache has it. */
const makeTree = (release: TreeName): Promise<boolean> =>
  makePart(treePart(release), async (folder) => {
    const { suite, libvirtFrom } = TREE_RECIPES[release];
    const from = libvirtFrom === undefined ? [] : ['--from', libvirtFrom];
    const expired = [suite, libvirtFrom].some((one) => one !== undefined && EXPIRED_SUITES.includes(one));
    await run(MKROOT, ['--cache', inCache('apt'), ...from, ...(expired ? ['--allow-expired'] : []), suite, folder]);
    return `${release}.0`;
  });

async function report({ label, folder }: Part, made: Promise<boolean>): Promise<void> {
  console.log(`${label}: ${(await made) ? 'made in' : 'is in'} ${folder}`);
}

const unlock = lockCache();
try {
  for (const release of Object.keys(TREE_RECIPES) as TreeName[]) await report(treePart(release), makeTree(release));
  await report(vmPart(), makeVmImage());
  await report(ovnPart(), makeOvnTree());
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.error(`trees: ${error.message}`);
  process.exitCode = 1;
} finally {
  unlock();
}
