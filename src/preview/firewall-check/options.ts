import { type OptionNames, optionsOf } from '../../options/options.js';
import { expectKernel, expectOutside } from '../arguments.js';
import { expectBackend, FIREWALL_OPTIONS, type FirewallOptions } from '../firewall/index.js';
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
const CHECK_OPTIONS: OptionNames<CheckOptions> = {
  ...FIREWALL_OPTIONS,
  kernel: true,
  outside: true,
  guest: true,
};

/** Returns a copy of the options of a check, checked. */
export function checkOptionsOf(given: CheckOptions, call: string): CheckOptions {
  const known = optionsOf(given, CHECK_OPTIONS, call);
  expectBackend(known);
  expectKernel(known.kernel, call);
  expectOutside(known.outside, call);
  return known;
}
