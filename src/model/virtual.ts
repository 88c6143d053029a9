import type { Forward, Nat } from '../schema/network/forward.js';
import type { NetworkDocument } from '../schema/network/network.js';
import { VirtualNetwork } from './virtual-network.js';

/** A network behind NAT: guests reach out with the host's address, and are reached only through port forwards. */
export class NatNetwork extends VirtualNetwork {
  get kind() {
    return 'nat' as const;
  }

  /**
   * Begins a NAT network. libvirt needs at least one subnet.
   *
   * @param name - unique on the host, without `/`
   */
  static create(name: string): NatNetwork {
    return new NatNetwork({ name, forward: { mode: 'nat' } });
  }

  /**
   * The class's value for a document.
   *
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the document is of another kind
   */
  static from(document: NetworkDocument): NatNetwork {
    return new NatNetwork(document);
  }

  /** Lets traffic out by this host device only. Default: any, by the host's routes. */
  via(dev: string): this {
    return this.with({ forward: { ...this.document.forward, dev, interfaces: [{ dev }] } });
  }

  /** Limits the source ports of outgoing traffic; `end` must be above `start`. Default: 1024 to 65535. */
  natPorts(start: number, end: number): this {
    return this.#nat({ port: { start, end } });
  }

  /** Sets the IPv4 source addresses of outgoing traffic. Default: that of the device it leaves by. */
  natAddress(start: string, end = start): this {
    return this.#nat({ address: { start, end } });
  }

  /** Translates IPv6 too; since libvirt 6.5.0. Without it, IPv6 guests are reachable from outside. Default: true. */
  natIpv6(enabled = true): this {
    return this.#nat({ ipv6: enabled });
  }

  #nat(patch: Partial<Nat>): this {
    const forward: Forward = { ...this.document.forward, nat: { ...this.document.forward?.nat, ...patch } };
    return this.with({ forward });
  }
}

/** A routed network: guests have addresses that the outside can reach, if it has a route to them. */
export class RoutedNetwork extends VirtualNetwork {
  get kind() {
    return 'route' as const;
  }

  /**
   * Begins a routed network. libvirt needs at least one subnet.
   *
   * @param name - unique on the host, without `/`
   */
  static create(name: string): RoutedNetwork {
    return new RoutedNetwork({ name, forward: { mode: 'route' } });
  }

  /**
   * The class's value for a document.
   *
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the document is of another kind
   */
  static from(document: NetworkDocument): RoutedNetwork {
    return new RoutedNetwork(document);
  }

  /** Lets traffic in and out by this host device only. Default: any, by the host's routes. */
  via(dev: string): this {
    return this.with({ forward: { ...this.document.forward, dev, interfaces: [{ dev }] } });
  }
}

/** A network for which libvirt makes no firewall rules at all; since libvirt 2.2.0. */
export class OpenNetwork extends VirtualNetwork {
  get kind() {
    return 'open' as const;
  }

  /**
   * Begins an open network. Until libvirt 10.8 it needs at least one subnet.
   *
   * @param name - unique on the host, without `/`
   */
  static create(name: string): OpenNetwork {
    return new OpenNetwork({ name, forward: { mode: 'open' } });
  }

  /**
   * The class's value for a document.
   *
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the document is of another kind
   */
  static from(document: NetworkDocument): OpenNetwork {
    return new OpenNetwork(document);
  }
}

/** Options of {@link IsolatedNetwork.create}. */
export interface IsolatedOptions {
  /** `false` leaves the host without an address: guests reach each other only, without DHCP and DNS. Default: true. */
  readonly hostAccess?: boolean;
}

/** A network without a way out: guests reach each other and, at its address, the host. */
export class IsolatedNetwork extends VirtualNetwork {
  get kind() {
    return 'isolated' as const;
  }

  /**
   * Begins an isolated network.
   *
   * @param name - unique on the host, without `/`
   * @param options - whether the host takes part
   */
  static create(name: string, options: IsolatedOptions = {}): IsolatedNetwork {
    const network = new IsolatedNetwork({ name });
    return options.hostAccess === false ? network.withoutHostAccess() : network;
  }

  /**
   * The class's value for a document.
   *
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the document is of another kind
   */
  static from(document: NetworkDocument): IsolatedNetwork {
    return new IsolatedNetwork(document);
  }

  /** Takes the host's addresses away, and with them DHCP, DNS and routes. */
  withoutHostAccess(): this {
    return this.with({ ips: undefined, routes: undefined, domain: undefined, dns: { enable: false } });
  }
}

/** The network that libvirt ships: `default`, NAT, bridge virbr0, 192.168.122.0/24. */
export function defaultNetwork(): NatNetwork {
  const range = { start: '192.168.122.2', end: '192.168.122.254' };
  return NatNetwork.from({
    name: 'default',
    forward: { mode: 'nat' },
    bridge: { name: 'virbr0' },
    ips: [{ address: '192.168.122.1', netmask: '255.255.255.0', dhcp: { ranges: [range] } }],
  });
}
