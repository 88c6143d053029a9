import type { Issue } from '../errors/index.js';

/** A file that a host network system reads. */
export interface RenderedFile {
  /** Absolute path. */
  readonly path: string;
  /** Permission bits, such as `0o644`. */
  readonly mode: number;
  /** Owner and group as `chown` takes them, such as `root:root`. */
  readonly owner: string;
  readonly content: string;
}

/** A program with its arguments; never a shell's line. */
export type Command = readonly string[];

/** What it takes to have a bridge on a host of one network system. */
export interface Rendering {
  readonly backend: BackendName;
  /** Files that describe the bridge. */
  readonly files: readonly RenderedFile[];
  /** Commands that bring it up, in order. */
  readonly apply: readonly Command[];
  /** Commands that take it down again, in order. */
  readonly revert: readonly Command[];
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
