import type { Command, RenderedFile } from '../../host-bridge/render/rendering.js';

/** Where transactions keep their state. */
export interface StatePaths {
  /** Folder for state that a restart of the host discards. Default: `/run/libvirt-network`. */
  readonly state: string;
  /** Folder of what was written for good, and of what stood there before. Default: `/var/lib/libvirt-network`. */
  readonly records: string;
}

export const DEFAULT_PATHS: StatePaths = { state: '/run/libvirt-network', records: '/var/lib/libvirt-network' };

/** A file that stands somewhere as long as a change is on trial. */
export interface TrialFile {
  readonly file: RenderedFile;
  /** Where it stands during the trial, below `/run`. */
  readonly path: string;
}

/** A file that is written for good. */
export interface WrittenFile {
  readonly file: RenderedFile;
  /** Where what stood there before is kept; absent when nothing did, or when it was ours. */
  readonly backup?: string;
  /** A file of the host that is copied there, with all that it is; the content of `file` then only shows what it holds. */
  readonly copyOf?: string;
}

/** All that a transaction does on a host, decided before it begins. */
export interface HostChange {
  readonly trialFiles: readonly TrialFile[];
  /** Brings the change about; the first that fails ends it. */
  readonly apply: readonly Command[];
  /** Commands that roll it back, however far it got; each may fail. */
  readonly undo: readonly Command[];
  /** Written for good when the change is kept, all or none. */
  readonly write: readonly WrittenFile[];
  /** Files that are taken away for good when the change is kept. */
  readonly remove: readonly string[];
  /** Run when the change is kept and its files are in place; what fails here is reported and changes nothing more. */
  readonly afterwards: readonly Command[];
  /** Folders of our own that are taken away at the end, with those above them, as far as they are empty. */
  readonly prune: readonly string[];
}
