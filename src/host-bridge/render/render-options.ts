import type { OptionNames } from '../../options/options.js';
import type { HostNetworkReading } from '../network/host-network.js';
import type { BackendName, IfcfgConsumer, NetplanRenderer } from './rendering.js';

/** Options of `renderHostBridge`. */
export interface RenderOptions {
  /** The system to write for. */
  readonly backend: BackendName;
  /** MAC addresses of the host's devices by name, for a bridge that copies that of a port. */
  readonly macs?: Readonly<Record<string, string>>;
  /** `ifcfg` only: who reads the files. Needed as soon as the bridge has times or addresses that they read differently. */
  readonly consumer?: IfcfgConsumer;
  /**
   * The network of the host as `readHostNetwork` reads it: the rendering then edits its files. Only used for the system
   * that it is read from. Default: what `HostBridge.takeOver` was given.
   */
  readonly host?: HostNetworkReading;
  /** `netplan` only: who carries it out. Default: that of the host's files, else `networkd`. */
  readonly renderer?: NetplanRenderer;
}

/** The options of a rendering. */
export const RENDER_OPTIONS: OptionNames<RenderOptions> = {
  backend: true,
  macs: true,
  consumer: true,
  host: true,
  renderer: true,
};
