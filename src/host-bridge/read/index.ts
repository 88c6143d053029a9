import type { Issue } from '../../errors/index.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { expectFiles, expectReadOptions, expectWord } from '../arguments.js';
import type { HostBridgeDocument } from '../document.js';
import { HostBridge } from '../host-bridge.js';
import type { BackendName, IfcfgConsumer } from '../render/rendering.js';
import { type ReadContext, readContext, type SourceFile } from './context.js';
import { readIfcfg } from './ifcfg.js';
import { readIfupdown } from './ifupdown.js';
import { readLibvirt } from './libvirt.js';
import { readNetplan } from './netplan.js';
import { readNetworkd } from './networkd.js';
import { readNetworkManager } from './networkmanager.js';

/** Options of {@link readHostBridge}. */
export interface BridgeReadOptions {
  /** The bridge to read. Default: the only one. */
  readonly name?: string;
  /** `ifcfg` only: who reads the files. Needed where they give times, whose unit differs. */
  readonly consumer?: IfcfgConsumer;
  /**
   * `networkd` only: names of the host's devices, to find those that patterns such as `Name=en*` stand for. Default:
   * those that the files name themselves; files that may be for more are then listed in the warnings.
   */
  readonly devices?: readonly string[];
}

/** A bridge as its files describe it. */
export interface BridgeReading {
  /** Not checked: files of other people may hold what {@link HostBridge.validate} complains about. */
  readonly bridge: HostBridge;
  /** Settings that the model does not support, each with its file and line. */
  readonly warnings: readonly Issue[];
}

/** Reads the files of one system. */
type Reader = (files: readonly SourceFile[], context: ReadContext) => HostBridgeDocument;

/** Every reader, by the backend that writes such files. A new one is a file beside this one and a line here. */
const READERS = {
  ifcfg: readIfcfg,
  networkmanager: readNetworkManager,
  netplan: readNetplan,
  networkd: readNetworkd,
  ifupdown: readIfupdown,
  libvirt: readLibvirt,
} satisfies { readonly [N in BackendName]?: Reader };

/** The systems whose files can be read back. */
export type ReadableBackend = keyof typeof READERS;

const READ_OPTIONS: OptionNames<BridgeReadOptions> = { name: true, consumer: true, devices: true };

/**
 * Reads a bridge from the files of a host network system, as that system would: to compare it, change it, or move it
 * to another system.
 *
 * @param backend - the system
 * @param files - the files of the bridge, its ports and what these stand on, with their paths
 * @param options - which bridge, where there are several
 * @throws {@link ValidationError} code `VALIDATION` when a file cannot be read at all
 * @throws {@link LibvirtError} code `NOT_FOUND` when there is no such bridge, `INVALID_ARGUMENT` when there are several
 *   and none is named, the system is none that can be read, or a file lacks its path or text
 */
export function readHostBridge(
  backend: ReadableBackend,
  files: readonly SourceFile[],
  options: BridgeReadOptions = {},
): BridgeReading {
  expectWord(backend, Object.keys(READERS), (shown) => `cannot read files of '${shown}'`);
  expectFiles(files, 'readHostBridge');
  const known = optionsOf(options, READ_OPTIONS, 'readHostBridge');
  expectReadOptions(known, 'readHostBridge');
  const warnings: Issue[] = [];
  const context = readContext(warnings, known);
  return { bridge: HostBridge.from(READERS[backend](files, context)), warnings };
}
