import type { OptionNames } from '../../options/options.js';
import type { MacvtapMode } from '../../schema/guests/sources.js';
import type { VirtualPort } from '../../schema/network/ports.js';
import type { VlanTags } from '../vlan.js';
import { type GuestNicOptions, NIC_OPTIONS } from './options.js';

/** Properties of a NIC on a device of the host, over macvtap. */
export interface DirectNicOptions extends GuestNicOptions {
  /** How guests on the device see each other. Default: `bridge`. */
  readonly mode?: MacvtapMode;
  /** Tags its traffic; only with mode `passthrough`; since libvirt 0.10.2. */
  readonly vlan?: VlanTags;
  /** Setup of its port on a switch that speaks 802.1Qbg or 802.1Qbh. */
  readonly virtualPort?: VirtualPort;
}

/** The options of a NIC on a device of the host. */
export const DIRECT_NIC_OPTIONS: OptionNames<DirectNicOptions> = {
  ...NIC_OPTIONS,
  mode: true,
  vlan: true,
  virtualPort: true,
};
