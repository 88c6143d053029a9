import type { CallOptions } from '../../async/deadline.js';
import type { DeviceAddress, HostDevice } from '../../host-facts/devices.js';
import type { HostRoute } from '../../host-facts/routes.js';

/** Facts about a device that a view reports: a {@link HostDevice}, or as much of it as is known. */
export interface DeviceFacts {
  readonly name: HostDevice['name'];
  /** As {@link HostDevice.kind}. Default: not known. */
  readonly kind?: HostDevice['kind'] | undefined;
  /** MAC address. Default: none, or not known. */
  readonly mac?: HostDevice['mac'] | undefined;
  /** The bridge, bond or team that it is a port of. Default: none. */
  readonly master?: HostDevice['master'] | undefined;
  /** The text that the kernel keeps with it (`ip link set alias`). Default: none. */
  readonly alias?: HostDevice['alias'] | undefined;
  /** The kernel's `accept_ra`; 2 accepts router advertisements although the host forwards. Default: not known. */
  readonly acceptRa?: HostDevice['acceptRa'] | undefined;
  /** As {@link HostDevice.autoconfigured}. Default: not known. */
  readonly autoconfigured?: HostDevice['autoconfigured'] | undefined;
  /** Its addresses, each with the bits of its subnet. */
  readonly addresses: readonly Pick<DeviceAddress, 'address' | 'prefix'>[];
}

/** Facts about a route that a view reports: a {@link HostRoute}, or as much of it as is known. */
export interface RouteFacts {
  readonly family: HostRoute['family'];
  /** A subnet with prefix, such as `10.0.0.0/8`, an address, or `default`. */
  readonly to: HostRoute['to'];
  /** Fate of the packets. Default: `unicast`, which forwards them. */
  readonly type?: HostRoute['type'] | undefined;
  /** The device that it goes out by. Default: none, such as of a route that refuses. */
  readonly device?: HostRoute['device'] | undefined;
  /** Origin of the route: `kernel`, `ra`, `dhcp`, `static`, ... Default: unknown. */
  readonly protocol?: HostRoute['protocol'] | undefined;
  /** As {@link HostRoute.table}. Default: the main table. */
  readonly table?: HostRoute['table'] | undefined;
}

/** Devices and routes of a host, beyond what libvirt reports. */
export interface HostFacts {
  readonly devices: readonly DeviceFacts[];
  readonly routes: readonly RouteFacts[];
  /** The kernel's `accept_ra` for all devices, net.ipv6.conf.all.accept_ra. Default: not known. */
  readonly acceptRa?: number | undefined;
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
