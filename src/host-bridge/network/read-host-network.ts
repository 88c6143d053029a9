import type { Issue } from '../../errors/index.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { compact } from '../../schema/values.js';
import { expectFiles, expectReadOptions, expectWord } from '../arguments.js';
import { type Editor, editedHost } from '../edit/edited-host.js';
import { ifupdownEditor } from '../edit/ifupdown.js';
import { netplanEditor } from '../edit/netplan.js';
import { networkdEditor } from '../edit/networkd.js';
import { managerEditor } from '../edit/networkmanager.js';
import { type ReadContext, readContext, type SourceFile } from '../read/context.js';
import { ifupdownDevices } from '../read/ifupdown.js';
import { netplanDevices } from '../read/netplan.js';
import { networkdDevices } from '../read/networkd.js';
import { managerDevices } from '../read/networkmanager.js';
import type { HostDevices } from './host-device.js';
import type { EditableSystem, HostNetworkReading } from './host-network.js';

/** Options of {@link readHostNetwork}. */
export interface HostNetworkOptions {
  /** Names of the host's devices, for files that name them by patterns. Default: those that the files name. */
  readonly devices?: readonly string[];
}

const OPTIONS: OptionNames<HostNetworkOptions> = { devices: true };

interface System {
  readonly read: (files: readonly SourceFile[], context: ReadContext) => HostDevices;
  readonly edit: Editor;
}

const SYSTEMS: Readonly<Record<EditableSystem, System>> = {
  netplan: { read: netplanDevices, edit: netplanEditor },
  networkmanager: { read: managerDevices, edit: managerEditor },
  networkd: { read: networkdDevices, edit: networkdEditor },
  ifupdown: { read: ifupdownDevices, edit: ifupdownEditor },
};

/**
 * Reads the network of a host from the files of the system that manages it: cards, bonds, VLANs and bridges with their
 * addressing. `HostBridge.takeOver` makes a bridge in place of one of them, whose rendering edits these files.
 *
 * @param system - the system
 * @param files - all of its files, with their paths
 * @param options - names of the host's devices
 * @throws {@link ValidationError} code `VALIDATION` when the system itself could not read a file
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the system is none of the four, or a file lacks its path or text
 */
export function readHostNetwork(
  system: EditableSystem,
  files: readonly SourceFile[],
  options: HostNetworkOptions = {},
): HostNetworkReading {
  const message = (shown: string): string => `cannot read the network of a host from files of '${shown}'`;
  expectWord(system, Object.keys(SYSTEMS), message);
  expectFiles(files, 'readHostNetwork');
  const known = optionsOf(options, OPTIONS, 'readHostNetwork');
  expectReadOptions(known, 'readHostNetwork');
  const warnings: Issue[] = [];
  const { read, edit } = SYSTEMS[system];
  const { devices, others, renderer } = read(files, readContext(warnings, known));
  const host = { devices, files: files.map(({ path, content }) => ({ path, content })) };
  const found = compact({ ...host, renderer });
  return { system, ...found, others, warnings, edited: edit(editedHost(found)) };
}
