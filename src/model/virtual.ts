import { LibvirtError } from '../errors/index.js';
import { forwardModeOf } from '../schema/network/canonical.js';
import type { DnsForwarder, DnsHost, DnsSrv, DnsTxt } from '../schema/network/dns.js';
import type { Forward, Nat } from '../schema/network/forward.js';
import type { DhcpHost, Ip } from '../schema/network/ip.js';
import type { Bridge, Domain, NetworkDocument } from '../schema/network/network.js';
import type { Bandwidth } from '../schema/network/ports.js';
import { BaseNetwork, type Inspector } from './base.js';
import { type Reservation, reserveIn } from './reserve.js';
import { ipOf, Subnet, SubnetBuilder } from './subnet.js';

/** Options of {@link VirtualNetwork.bridge}. */
export type BridgeOptions = Pick<Bridge, 'zone' | 'stp' | 'delay' | 'macTableManager'>;

/** Options of {@link VirtualNetwork.dns}. */
export interface DnsOptions {
  /** Whether the network has a DNS server; since 2.2.0. Default: yes. */
  readonly enable?: boolean;
  /** `false` keeps names without a dot from leaving the network; since 1.1.2. */
  readonly forwardPlainNames?: boolean;
}

/** A static route for {@link VirtualNetwork.route}. */
export interface RouteOptions {
  /** Destination in CIDR form: `10.8.0.0/16`, or `0.0.0.0/0`. */
  readonly to: string;
  /** Next hop, inside one of the network's subnets. */
  readonly via: string;
  /** Not 0. Default: 1. */
  readonly metric?: number;
}

/** What the kinds share whose bridge libvirt makes itself: it has addresses, DHCP and DNS there. */
export abstract class VirtualNetwork extends BaseNetwork {
  /**
   * Names the bridge device. Default: libvirt picks `virbr0`, `virbr1`, ...
   *
   * @param name - at most 15 bytes; see {@link bridgeNameFor} for names made from long network names
   * @param options - spanning tree, forward delay in seconds, firewalld zone, MAC table
   */
  bridge(name: string, options: BridgeOptions = {}): this {
    return this.with({ bridge: { ...this.document.bridge, name, ...options } });
  }

  override copyAs(name: string): this {
    const { name: _, ...bridge } = this.document.bridge ?? {};
    return this.with({
      name,
      uuid: undefined,
      mac: undefined,
      bridge: Object.keys(bridge).length === 0 ? undefined : bridge,
    });
  }

  /** Sets the bridge's MAC address; since libvirt 0.8.8. Default: libvirt picks one. See {@link macFor}. */
  mac(address: string): this {
    return this.with({ mac: { address } });
  }

  /** Sets the largest packet of the bridge in bytes; since libvirt 3.1.0. */
  mtu(size: number): this {
    return this.with({ mtu: { size } });
  }

  /**
   * Names the DNS domain of the guests.
   *
   * @param name - such as `lab.test`
   * @param options - whether queries for it never leave the network, and whether systemd-resolved is told
   */
  domain(name: string, options: Pick<Domain, 'localOnly' | 'register'> = {}): this {
    return this.with({ domain: { name, ...options } });
  }

  /**
   * Adds a subnet, or replaces the one with the same gateway.
   *
   * @param cidr - the host's own address with its prefix, `192.168.50.1/24`; with the network's address,
   *   `192.168.50.0/24`, the host gets the first address behind it
   * @param build - adds DHCP and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is no CIDR
   */
  subnet(cidr: string, build: (subnet: SubnetBuilder) => SubnetBuilder = (subnet) => subnet): this {
    const { ip } = build(new SubnetBuilder(ipOf(cidr)));
    const ips = this.document.ips ?? [];
    const at = ips.findIndex((other) => other.address === ip.address);
    return this.with({ ips: at === -1 ? [...ips, ip] : ips.with(at, ip) });
  }

  /** The network's subnets, as far as their addresses can be read. */
  get subnets(): readonly Subnet[] {
    return (this.document.ips ?? []).flatMap((ip) => subnetOf(ip) ?? []);
  }

  /** Switches DNS off or on, and sets how it forwards. */
  dns(options: DnsOptions): this {
    return this.with({ dns: { ...this.document.dns, ...options } });
  }

  /** Sends queries, all or those for one domain, to a server. */
  dnsForwarder(forwarder: DnsForwarder): this {
    return this.with({
      dns: { ...this.document.dns, forwarders: [...(this.document.dns?.forwarders ?? []), forwarder] },
    });
  }

  /** Adds a TXT record; since libvirt 0.9.3. */
  dnsTxt(record: DnsTxt): this {
    return this.with({ dns: { ...this.document.dns, txts: [...(this.document.dns?.txts ?? []), record] } });
  }

  /** Adds an SRV record; since libvirt 0.9.9. */
  dnsSrv(record: DnsSrv): this {
    return this.with({ dns: { ...this.document.dns, srvs: [...(this.document.dns?.srvs ?? []), record] } });
  }

  /** Gives an address one or more names; since libvirt 0.9.3. */
  dnsHost(host: DnsHost): this {
    return this.with({ dns: { ...this.document.dns, hosts: [...(this.document.dns?.hosts ?? []), host] } });
  }

  /**
   * Adds a static route that the host gets when the network starts; since libvirt 1.0.6.
   *
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the destination is no CIDR
   */
  route({ to, via, metric }: RouteOptions): this {
    const subnet = Subnet.parse(to);
    const route = {
      ...(subnet.family === 'ipv6' ? { family: 'ipv6' as const } : {}),
      address: subnet.network,
      prefix: subnet.prefix,
      gateway: via,
      ...(metric === undefined ? {} : { metric }),
    };
    return this.with({ routes: [...(this.document.routes ?? []), route] });
  }

  /** Limits the traffic of all guests together, in KiB/s and KiB; since libvirt 0.9.4. */
  bandwidth(bandwidth: Pick<Bandwidth, 'inbound' | 'outbound'>): this {
    return this.with({ bandwidth });
  }

  /** Lets guests talk IPv6 to each other although the host has no IPv6 address; since libvirt 1.0.1. Default: true. */
  guestIpv6(enabled = true): this {
    return this.with({ ipv6: enabled });
  }

  /** Passes a line through to dnsmasq's configuration; since libvirt 5.6.0. libvirt does not check it. */
  dnsmasqOption(value: string): this {
    const options = [...(this.document.dnsmasq?.options ?? []), { value }];
    return this.with({ dnsmasq: { ...this.document.dnsmasq, options } });
  }

  /**
   * Reserves an address for a guest in the first subnet that fits: one that serves DHCP, else the first.
   * Without a wish it takes the lowest free address outside the DHCP ranges; when there is none, the highest
   * of the ranges, which are split around it.
   *
   * @param who - MAC or name, for IPv6 DUID or name, and the address if a certain one is wanted
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when there is no subnet, or no address left
   */
  reserve(who: Reservation): this {
    const ips = this.document.ips ?? [];
    const family = who.id !== undefined || who.ip?.includes(':') ? 'ipv6' : 'ipv4';
    const fits = ips.filter(
      (ip) => (ip.family ?? 'ipv4') === family && (who.ip === undefined || subnetOf(ip)?.contains(who.ip)),
    );
    const target = fits.find((ip) => ip.dhcp !== undefined) ?? fits[0];
    if (target === undefined) {
      throw new LibvirtError(
        'INVALID_ARGUMENT',
        `cannot reserve an address in network "${this.name}": no ${family} subnet fits`,
        {
          network: this.name,
          hint: 'add one with subnet()',
        },
      );
    }
    return this.with({ ips: ips.map((ip) => (ip === target ? reserveIn(ip, who) : ip)) });
  }

  /** The reservation for a guest: by MAC address in any spelling, DUID, name or address. */
  reservation(who: Reservation): DhcpHost | undefined {
    const wanted = Object.entries(who);
    const hosts = (this.document.ips ?? []).flatMap((ip) => ip.dhcp?.hosts ?? []);
    return hosts.find((host) => wanted.every(([key, value]) => same(host[key as keyof Reservation], value)));
  }
}

const same = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

function subnetOf(ip: Ip): Subnet | undefined {
  try {
    return Subnet.parse(`${ip.address}/${ip.netmask === undefined ? (ip.prefix ?? '') : prefixLength(ip.netmask)}`);
  } catch {
    return undefined; // an address that validate() tells about
  }
}

/** The number of ones of a netmask. */
const prefixLength = (netmask: string): number =>
  netmask.split('.').reduce((ones, part) => ones + Number(part).toString(2).replaceAll('0', '').length, 0);

/** Refuses a document whose forward mode is another. */
export function expectMode(document: NetworkDocument, kind: string, modes: readonly string[]): void {
  const mode = forwardModeOf(document);
  if (modes.includes(mode)) return;
  throw new LibvirtError(
    'INVALID_ARGUMENT',
    `network "${document.name}" has forward mode ${mode}, a ${kind} has ${modes.join(' or ')}`,
    {
      network: document.name,
      hint: 'use Network.from, which finds the kind',
    },
  );
}

/** A network behind NAT: guests reach out with the host's address, and are reached only through port forwards. */
export class NatNetwork extends VirtualNetwork {
  readonly kind = 'nat';

  /** @internal */
  constructor(document: NetworkDocument, inspect?: Inspector) {
    super(document, inspect);
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
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the document has another forward mode
   */
  static from(document: NetworkDocument): NatNetwork {
    expectMode(document, 'NatNetwork', ['nat']);
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
  readonly kind = 'route';

  /** @internal */
  constructor(document: NetworkDocument, inspect?: Inspector) {
    super(document, inspect);
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
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the document has another forward mode
   */
  static from(document: NetworkDocument): RoutedNetwork {
    expectMode(document, 'RoutedNetwork', ['route']);
    return new RoutedNetwork(document);
  }

  /** Lets traffic in and out by this host device only. Default: any, by the host's routes. */
  via(dev: string): this {
    return this.with({ forward: { ...this.document.forward, dev, interfaces: [{ dev }] } });
  }
}

/** A network for which libvirt makes no firewall rules at all; since libvirt 2.2.0. */
export class OpenNetwork extends VirtualNetwork {
  readonly kind = 'open';

  /** @internal */
  constructor(document: NetworkDocument, inspect?: Inspector) {
    super(document, inspect);
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
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the document has another forward mode
   */
  static from(document: NetworkDocument): OpenNetwork {
    expectMode(document, 'OpenNetwork', ['open']);
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
  readonly kind = 'isolated';

  /** @internal */
  constructor(document: NetworkDocument, inspect?: Inspector) {
    super(document, inspect);
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
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the document has another forward mode
   */
  static from(document: NetworkDocument): IsolatedNetwork {
    expectMode(document, 'IsolatedNetwork', ['none']);
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
