import type { Issue } from '../../errors/index.js';

/** A file of a host's network configuration. */
export interface RenderedFile {
  /** Absolute path on the host. */
  readonly path: string;
  /** Permissions such as `0o600`. */
  readonly mode: number;
  /** User, and group where it differs, as `chown` takes them: `root`, `root:systemd-network`. */
  readonly owner: string;
  /** The whole text of the file. */
  readonly content: string;
}

/** A program with its arguments, for a call without a shell. */
export type Command = readonly string[];

/** A host bridge in the words of one host network system. */
export interface Rendering {
  readonly backend: BackendName;
  /** Files to write before the commands to apply are run. Those under `/run` are needed for the commands only. */
  readonly files: readonly RenderedFile[];
  /** Commands that bring the bridge up, in this order. */
  readonly apply: readonly Command[];
  /** Commands that take it down again, in this order; to be run when the files are gone, or are what they were. */
  readonly revert: readonly Command[];
  /** Warnings about the bridge, and about this system. */
  readonly warnings: readonly Issue[];
}

/** The host network systems that a bridge can be written for. */
export type BackendName =
  | 'ifcfg'
  | 'networkmanager'
  | 'nmcli'
  | 'netplan'
  | 'networkd'
  | 'ifupdown'
  | 'iproute2'
  | 'libvirt'
  | 'nmstate'
  | 'wicked';

/** A network system that manages devices of a host. */
export type NetworkSystem = Extract<
  BackendName,
  'netplan' | 'networkmanager' | 'networkd' | 'ifupdown' | 'ifcfg' | 'wicked'
>;

/** Who reads ifcfg files: the same names mean different units to each. */
export type IfcfgConsumer = 'network-scripts-7' | 'network-scripts-8+' | 'NetworkManager';

/** Who carries out what netplan says. */
export type NetplanRenderer = 'networkd' | 'NetworkManager';
