import { createHash } from 'node:crypto';

/** The releases of libvirt that all suites run with. */
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

/** The releases of which a daemon can be started. */
export type DaemonRelease = Release | typeof OLDEST_RELEASE;

/** The releases that the cache has; that of 9.0 is the machine's own, on Debian 12. */
export type TreeName = Exclude<DaemonRelease, '9.0'>;

export const TREE_RECIPES: Readonly<Record<TreeName, TreeRecipe>> = {
  '7.0': { suite: 'bullseye' },
  '11.3': { suite: 'trixie' },
  '12.9': { suite: 'trixie', libvirtFrom: 'trixie-backports' },
};

/** What virtual machines consist of: their machine, their kernel, and the programs in their first file system. */
export const VM_RECIPE = {
  suite: 'bookworm',
  qemu: 'qemu-system-x86',
  kernel: 'linux-image-cloud-amd64',
  busybox: 'busybox-static',
} as const;

/** What hosts with Open vSwitch and OVN consist of. */
export const OVN_RECIPE = {
  suite: 'bookworm',
  packages: [
    ...['openvswitch-switch', 'ovn-central', 'ovn-host'],
    ...['bash', 'busybox', 'coreutils', 'ethtool', 'iproute2'],
  ],
} as const;

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
