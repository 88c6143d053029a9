import { createHash } from 'node:crypto';

/** The releases of libvirt that a daemon can be started of. */
export const RELEASES = ['9.0', '11.3', '12.9'] as const;
export type Release = (typeof RELEASES)[number];

/** All releases in the cache: 7.0 is for its virsh and its rules alone. */
export const TREES = ['7.0', ...RELEASES] as const;
export type TreeName = (typeof TREES)[number];

/** What a root file system is made of. */
export interface TreeRecipe {
  /** The Debian release. */
  readonly suite: string;
  /** Where libvirt's own packages come from instead. */
  readonly libvirtFrom?: string;
  /** Packages, with all that they depend on. Names that the Debian release does not know are left out. */
  readonly packages: readonly string[];
}

/** Packages laid over a tree, for hosts that have more than libvirt. */
export interface LayerRecipe {
  readonly base: TreeName;
  readonly packages: readonly string[];
}

/** What a host has besides libvirt, so that nothing of the machine is needed in it. */
const HOST = [
  ...[
    'base-files',
    'bash',
    'coreutils',
    'dash',
    'debianutils',
    'findutils',
    'grep',
    'gzip',
    'hostname',
    'libc-bin',
    'mawk',
  ],
  ...['mount', 'procps', 'sed', 'tar', 'util-linux'],
  ...['busybox', 'dnsmasq-base', 'iproute2', 'iptables', 'isc-dhcp-client', 'nftables', 'python3'],
];

/** Old releases have one package for the daemon, newer ones one for each driver. */
const LIBVIRT = [
  ...['libvirt-clients', 'libvirt-daemon', 'libvirt-daemon-config-network', 'libvirt-daemon-config-nwfilter'],
  ...['interface', 'network', 'nodedev', 'nwfilter', 'qemu', 'secret'].map((name) => `libvirt-daemon-driver-${name}`),
];

const QEMU = 'qemu-system-x86';

export const TREE_RECIPES: Readonly<Record<TreeName, TreeRecipe>> = {
  '7.0': { suite: 'bullseye', packages: [...HOST, ...LIBVIRT] },
  '9.0': { suite: 'bookworm', packages: [...HOST, ...LIBVIRT, QEMU, 'libxml2-utils'] },
  '11.3': { suite: 'trixie', packages: [...HOST, ...LIBVIRT, QEMU] },
  '12.9': { suite: 'trixie', libvirtFrom: 'trixie-backports', packages: [...HOST, ...LIBVIRT, QEMU] },
};

export const LAYER_RECIPES = {
  ifupdown: { base: '9.0', packages: ['ifupdown', 'bridge-utils'] },
  netplan: { base: '9.0', packages: ['netplan.io'] },
  networkd: { base: '9.0', packages: ['systemd', 'dbus-daemon'] },
  networkmanager: { base: '9.0', packages: ['network-manager', 'dbus-daemon'] },
  ovn: { base: '9.0', packages: ['ethtool', 'openvswitch-switch', 'ovn-central', 'ovn-host'] },
} as const satisfies Readonly<Record<string, LayerRecipe>>;
export type LayerName = keyof typeof LAYER_RECIPES;

export const isLayer = (name: string): name is LayerName => Object.hasOwn(LAYER_RECIPES, name);

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

/**
 * Packages that others depend on and that no host of the lab runs: they serve package scripts, or libvirt asks them over
 * a D-Bus that is not there. Those that a recipe names are kept.
 */
export const LEFT_OUT: readonly string[] = [
  ...['adduser', 'base-passwd', 'bridge-utils', 'cron', 'dbus', 'dbus-bin', 'dbus-daemon', 'dbus-session-bus-common'],
  ...['debconf', 'dmidecode', 'dmsetup', 'gettext-base', 'init-system-helpers', 'libpam-modules', 'libpam-modules-bin'],
  ...['libpam-runtime', 'libpam-systemd', 'libsystemd-shared', 'libvirt-daemon-lock', 'libvirt-daemon-log', 'login'],
  ...[
    'login.defs',
    'logrotate',
    'logsave',
    'lvm2',
    'mdevctl',
    'openssl',
    'openssl-provider-legacy',
    'parted',
    'passwd',
  ],
  ...['perl', 'perl-base', 'polkitd', 'qemu-kvm', 'sensible-utils', 'systemd', 'systemd-container', 'systemd-dev'],
  ...['systemd-standalone-sysusers', 'systemd-sysusers', 'systemd-sysv', 'sysvinit-utils', 'udev'],
];
/** The same by pattern: names that carry a version. */
export const LEFT_OUT_PATTERN = /^(?:perl-modules|libperl)/;

/** Counts up when trees are made in another way from the same recipe. */
const FORMAT = 1;

/** Tells one recipe from another: a part of the cache made by an older one is made once more. */
export const digestOf = (recipe: object): string => digest([FORMAT, LEFT_OUT, recipe]);

/** The same for what is kept of a source package. */
export const sourceDigest = (name: SourceName): string => digest([SOURCE_SUITES[name], SOURCE_FOLDERS]);

const digest = (value: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

/** What QEMU guests boot. */
export const VM_RECIPE = { suite: 'bookworm', kernel: 'linux-image-cloud-amd64', busybox: 'busybox-static' } as const;
