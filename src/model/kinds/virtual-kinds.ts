import { LibvirtError } from '../../errors/index.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import type { Forward, Nat } from '../../schema/network/forward.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import {
  clashes,
  hostPortsOf,
  PORT_FORWARD_NAMESPACE,
  type PortForward,
  plainPortForward,
  portForwardProblem,
} from '../../schema/port-forward.js';
import { decodePortForwards, encodePortForwards } from '../../schema/port-forward-metadata.js';
import { VirtualNetwork } from './virtual-network.js';

/** A NAT network: guests reach the outside with the host's address, and are reachable only through port forwards. */
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

  /** Limits outgoing traffic to this host device. Default: any, by the host's routes. */
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

  /**
   * Forwards a port of the host to a guest. The network's metadata stores it, so that it survives in libvirt; the files of `portForwardHook` put it into effect on the host, because libvirt itself has no port forwards. {@link BaseNetwork.validate} reports a target that is outside the network's subnets or not reserved.
   *
   * @param given - protocol, port or ports of the host, and the guest
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for a value that is not a port forward, or one that takes a port that is
   *   forwarded already
   */
  forwardPort(given: PortForward): this {
    const forward = plainPortForward(given);
    const problem = portForwardProblem(forward);
    if (problem !== undefined) throw notForwarded(this.name, problem);
    if (this.portForwards.some((other) => clashes(other, forward)))
      throw notForwarded(this.name, 'the port of the host is forwarded already', 'take another port of the host');
    return this.withMetadata(
      encodePortForwards([...this.portForwards, forward], this.metadata(PORT_FORWARD_NAMESPACE)),
    );
  }

  /**
   * Takes port forwards away.
   *
   * @param hostPort - any of their ports of the host; those of both protocols are taken, unless one is named
   * @param protocol - `tcp` or `udp`
   */
  withoutPortForward(hostPort: number, protocol?: 'tcp' | 'udp'): this {
    const kept = this.portForwards.filter((forward) => {
      const { start, end } = hostPortsOf(forward);
      return hostPort < start || end < hostPort || (protocol !== undefined && forward.protocol !== protocol);
    });
    return kept.length === 0
      ? this.withoutMetadata(PORT_FORWARD_NAMESPACE)
      : this.withMetadata(encodePortForwards(kept, this.metadata(PORT_FORWARD_NAMESPACE)));
  }

  /**
   * The port forwards in the network's metadata.
   *
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the metadata contains an invalid port forward
   */
  get portForwards(): readonly PortForward[] {
    const element = this.metadata(PORT_FORWARD_NAMESPACE);
    return (element === undefined ? [] : decodePortForwards(element)).map((entry) => {
      if (typeof entry === 'string') throw notForwarded(this.name, entry);
      return entry;
    });
  }

  #nat(patch: Partial<Nat>): this {
    const forward: Forward = { ...this.document.forward, nat: { ...this.document.forward?.nat, ...patch } };
    return this.with({ forward });
  }
}

const notForwarded = (network: string, problem: string, hint?: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `cannot forward ports of network "${network}": ${problem}`, { network, hint });

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

  /** Limits traffic in both directions to this host device. Default: any, by the host's routes. */
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

const ISOLATED_OPTIONS: OptionNames<IsolatedOptions> = { hostAccess: true };

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
    const { hostAccess } = optionsOf(options, ISOLATED_OPTIONS, 'IsolatedNetwork.create');
    const network = new IsolatedNetwork({ name });
    return hostAccess === false ? network.withoutHostAccess() : network;
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
