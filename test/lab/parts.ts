import { inCache, type Made, madeOf } from './cache.js';
import {
  digestOf,
  LAYER_RECIPES,
  type LayerName,
  SOURCES,
  type SourceName,
  sourceDigest,
  TREE_RECIPES,
  TREES,
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

/** Packages that are laid over a tree. */
export const layerPart = (name: LayerName): Part => ({
  label: `the layer ${name}`,
  folder: inCache('layers', name),
  recipe: digestOf([LAYER_RECIPES[name], TREE_RECIPES[LAYER_RECIPES[name].base]]),
});

/** Kernel and first file system of QEMU guests. */
export const vmPart = (): Part => ({ label: "the guests' kernel", folder: inCache('vm'), recipe: digestOf(VM_RECIPE) });

/** What suites read of a release's source: libvirt's own test data, schemas and protocol files. */
export const sourcePart = (name: SourceName): Part => ({
  label: `the source of libvirt ${name}`,
  folder: inCache('sources', name),
  recipe: sourceDigest(name),
});

export const allParts = (): Part[] => [
  ...TREES.map(treePart),
  ...(Object.keys(LAYER_RECIPES) as LayerName[]).map(layerPart),
  vmPart(),
  ...SOURCES.map(sourcePart),
];

/** What a part was made by, where it is there and its recipe is still the same. */
export function current({ folder, recipe }: Part): Made | undefined {
  const made = madeOf(folder);
  return made?.recipe === recipe ? made : undefined;
}
