import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inCache, type Made, madeOf } from './cache.js';
import {
  digestOf,
  OVN_RECIPE,
  type SourceName,
  sourceDigest,
  TREE_RECIPES,
  type TreeName,
  VM_RECIPE,
} from './recipes.js';

/** A folder of the cache that `npm run lab:setup` makes as a whole, or not at all. */
export interface Part {
  /** What messages call it. */
  readonly label: string;
  readonly folder: string;
  readonly recipe: string;
}

/** The root file system with a release of libvirt. */
export const treePart = (name: TreeName): Part => ({
  label: `libvirt ${name}`,
  folder: inCache('trees', name),
  recipe: digestOf(TREE_RECIPES[name]),
});

/** A script of the first file system of virtual machines. */
export const vmScript = (name: 'init.sh' | 'lease.sh'): string => fileURLToPath(new URL(`vm/${name}`, import.meta.url));

/** QEMU, and the kernel and first file system that virtual machines boot. */
export const vmPart = (): Part => ({
  label: 'the QEMU of virtual machines',
  folder: inCache('vm'),
  recipe: digestOf([
    VM_RECIPE,
    ...(['init.sh', 'lease.sh'] as const).map((name) => readFileSync(vmScript(name), 'utf8')),
  ]),
});

/** The root file system of hosts with Open vSwitch and OVN. */
export const ovnPart = (): Part => ({
  label: 'Open vSwitch and OVN',
  folder: inCache('ovn'),
  recipe: digestOf(OVN_RECIPE),
});

/** What suites read of a release's source: libvirt's own test data, schemas and protocol files. */
export const sourcePart = (name: SourceName): Part => ({
  label: `the source of libvirt ${name}`,
  folder: inCache('sources', name),
  recipe: sourceDigest(name),
});

/** What a part was made by, where it is there and its recipe is still the same. */
export function current({ folder, recipe }: Part): Made | undefined {
  const made = madeOf(folder);
  return made?.recipe === recipe ? made : undefined;
}
