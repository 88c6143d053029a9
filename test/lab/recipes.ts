import { createHash } from 'node:crypto';

/** The releases of libvirt that a daemon can be started of. */
export const RELEASES = ['9.0', '11.3', '12.9'] as const;
export type Release = (typeof RELEASES)[number];

/** What a root file system with a release of libvirt is made of. */
export interface TreeRecipe {
  /** The Debian release. */
  readonly suite: string;
  /** The Debian suite of libvirt's own packages, if it is another one. */
  readonly libvirtFrom?: string;
}

/** The oldest release, whose documents and verdicts alone are compared. */
export const OLDEST_RELEASE = '7.0';

/** The releases that the cache has; that of 9.0 is the machine's own, on Debian 12. */
export type TreeName = Exclude<Release, '9.0'> | typeof OLDEST_RELEASE;

export const TREE_RECIPES: Readonly<Record<TreeName, TreeRecipe>> = {
  '7.0': { suite: 'bullseye' },
  '11.3': { suite: 'trixie' },
  '12.9': { suite: 'trixie', libvirtFrom: 'trixie-backports' },
};

/** The Debian suites whose source package of libvirt has its test data, schemas and protocol files. */
export const SOURCE_SUITES = { '9.0': 'bookworm', '11.3': 'trixie', '12.9': 'trixie-backports' } as const;
export type SourceName = keyof typeof SOURCE_SUITES;

/** The sources that suites read. */
export const SOURCES = ['9.0', '11.3'] as const satisfies readonly SourceName[];

export const isSource = (name: string): name is SourceName => Object.hasOwn(SOURCE_SUITES, name);

/** What is kept of a source package, by path. */
export const SOURCE_FOLDERS = ['src/admin', 'src/conf/schemas', 'src/remote', 'src/rpc', 'tests'] as const;

/** The Debian suites whose index is past its date: that check is waived for them, signatures are not. */
export const EXPIRED_SUITES: readonly string[] = ['trixie-backports'];

/** Counts up when trees are made in another way from the same recipe. */
const FORMAT = 2;

/** Tells one recipe from another: a part of the cache made by an older one is made once more. */
export const digestOf = (recipe: object): string => digest([FORMAT, recipe]);

/** The same for what is kept of a source package. */
export const sourceDigest = (name: SourceName): string => digest([SOURCE_SUITES[name], SOURCE_FOLDERS]);

const digest = (value: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
