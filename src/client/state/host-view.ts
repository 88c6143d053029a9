import type { CallOptions } from '../../async/deadline.js';

/** An address of a device. */
export interface HostAddress {
  /** Without prefix. */
  readonly address: string;
  /** Bits of its subnet. */
  readonly prefix: number;
}

/** A network device of a host. */
export interface HostDevice {
  readonly name: string;
  /** `bridge`, `veth`, `tun`, `bond`, `vlan`, ... as the kernel calls it. Default: a plain device. */
  readonly kind?: string | undefined;
  readonly mac?: string | undefined;
  /** The bridge or bond that it is in. */
  readonly master?: string | undefined;
  /** The text that the kernel keeps with it (`ip link set alias`). Default: none. */
  readonly alias?: string | undefined;
  readonly addresses: readonly HostAddress[];
  /** The kernel's `accept_ra`; 2 accepts router advertisements although the host forwards. Default: not known. */
  readonly acceptRa?: number | undefined;
}

/** A route of a host. */
export interface HostRoute {
  /** Subnet with prefix, such as `10.0.0.0/8`; `0.0.0.0/0` and `::/0` for the default. */
  readonly to: string;
  /** The device that it goes out by. Default: none, such as of a route that refuses. */
  readonly dev?: string | undefined;
  /** Origin of the route: `kernel`, `ra`, `dhcp`, `static`, ... Default: unknown. */
  readonly protocol?: string | undefined;
}

/** Devices and routes of a host, beyond what libvirt reports. */
export interface HostFacts {
  readonly devices: readonly HostDevice[];
  readonly routes: readonly HostRoute[];
}

/**
 * A view of the host that libvirt runs on, given by the caller where there is one: libvirt tells nothing of routes and
 * little of devices. `localView()` of `libvirt-network/host` looks at this machine; for another one it takes a way to
 * run programs there.
 */
export interface HostView {
  /** Devices and routes as they are now. */
  look(options?: CallOptions): Promise<HostFacts>;
  /**
   * Puts a device into a bridge, such as a guest's after a restart of its network. Default: guests stay
   * without a link after a restart.
   */
  attach?(device: string, bridge: string, options?: CallOptions): Promise<void>;
  /**
   * Gives a device the text that the kernel keeps with it; empty text takes it away. With it a restart marks the devices
   * of guests, so that a later call can put them back when the program was killed in between. Default: they are not
   * marked.
   */
  setAlias?(device: string, text: string, options?: CallOptions): Promise<void>;
}
