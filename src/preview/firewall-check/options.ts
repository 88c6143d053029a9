import type { OptionNames } from '../../options/options.js';
import { FIREWALL_OPTIONS, type FirewallOptions } from '../firewall/index.js';
import type { FlowGuest, OutsideSegment } from '../flow/topology.js';
import type { HostKernel } from '../host-kernel/model.js';

/** How the firewall of a host is checked. */
export interface CheckOptions extends FirewallOptions {
  /** The routes and settings of the host, of {@link readHostKernel}. Default: as libvirt leaves them. */
  readonly kernel?: HostKernel;
  /** The LANs that the host is on. Default: the one that the default route leads to, if `kernel` knows the routes. */
  readonly outside?: readonly OutsideSegment[];
  /** The guest whose packets are followed; rules about taps and hardware addresses are sure with those. Default: one that is made up. */
  readonly guest?: Omit<FlowGuest, 'name' | 'network'>;
}

/** The options of a check. */
export const CHECK_OPTIONS: OptionNames<CheckOptions> = {
  ...FIREWALL_OPTIONS,
  kernel: true,
  outside: true,
  guest: true,
};
