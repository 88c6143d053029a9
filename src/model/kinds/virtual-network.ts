import { type OptionNames, optionsOf, readable } from '../../options/options.js';
import type { Dns, DnsForwarder, DnsHost, DnsSrv, DnsTxt } from '../../schema/network/dns.js';
import type { DhcpHost, Ip, Route } from '../../schema/network/ip.js';
import type { Bridge, Domain } from '../../schema/network/network.js';
import type { Bandwidth } from '../../schema/network/ports.js';
import { ip as ipScalar } from '../../schema/scalar.js';
import { compact } from '../../schema/values.js';
import { expectFunction, expectObject, expectText, itemsOf, putItem } from '../argument.js';
import { assertShape } from '../assert-shape.js';
import { BaseNetwork } from '../base.js';
import {
  findReservation,
  RESERVATION,
  RESERVE_OPTIONS,
  type Reservation,
  type ReserveOptions,
  reserveAmong,
  withoutReservations,
} from '../reserve.js';
import { ipOf, Subnet, SubnetBuilder } from '../subnet.js';
import { havingAll, isSameAddress, itemsWithout, objectWith } from '../without.js';

/** Options of {@link VirtualNetwork.bridge}. Source: "Connectivity" of libvirt's network format page. */
export type BridgeOptions = Pick<Bridge, 'zone' | 'stp' | 'delay' | 'macTableManager'>;

/** Options of {@link VirtualNetwork.dns}. Source: "Addressing" of libvirt's network format page. */
export interface DnsOptions {
  /** False for a network without a DNS server; since 2.2.0. Default: true. */
  readonly enable?: boolean;
  /** `false` keeps names without a dot from leaving the network; since 1.1.2. */
  readonly forwardPlainNames?: boolean;
}

/** A static route for {@link VirtualNetwork.route}. Source: "Static Routes" of libvirt's network format page. */
export interface RouteOptions {
  /** Destination in CIDR form: `10.8.0.0/16`, or `0.0.0.0/0`. */
  readonly to: string;
  /** Next hop, inside one of the network's subnets. */
  readonly via: string;
  /** Not 0. Default: 1. */
  readonly metric?: number;
}

const BRIDGE_OPTIONS: OptionNames<BridgeOptions> = { zone: true, stp: true, delay: true, macTableManager: true };
const DNS_OPTIONS: OptionNames<DnsOptions> = { enable: true, forwardPlainNames: true };
const DOMAIN_OPTIONS = { localOnly: true, register: true } as const;
const ROUTE_OPTIONS: OptionNames<RouteOptions> = { to: true, via: true, metric: true };

const FORWARDER: OptionNames<Partial<DnsForwarder>> = { addr: true, domain: true, port: true, extra: true };
const SRV: OptionNames<Partial<DnsSrv>> = {
  service: true,
  protocol: true,
  domain: true,
  target: true,
  port: true,
  priority: true,
  weight: true,
  extra: true,
};

const emptied = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list);

const isCidrOf = (ip: Ip, cidr: string): boolean =>
  cidr.includes('/') && Subnet.of(ip)?.cidr === Subnet.parse(cidr).cidr;

/**
 * Base of the kinds whose bridge libvirt creates, with addresses, DHCP and DNS. Source: "Connectivity"
 * and "Addressing" of libvirt's network format page.
 */
export abstract class VirtualNetwork extends BaseNetwork {
  /**
   * Names the bridge device. Default: libvirt picks `virbr0`, `virbr1`, ...
   *
   * @param name - at most 15 bytes; see {@link bridgeNameFor} for names made from long network names
   * @param options - spanning tree, forward delay in seconds, firewalld zone, MAC table
   */
  bridge(name: string, options: BridgeOptions = {}): this {
    const known = optionsOf(options, BRIDGE_OPTIONS, 'bridge');
    return this.with({ bridge: { ...this.document.bridge, name, ...known } });
  }

  override copyAs(name: string): this {
    const { name: _, ...bridge } = this.document.bridge ?? {};
    const copy = super.copyAs(name);
    return copy.with({ bridge: Object.keys(bridge).length === 0 ? undefined : bridge });
  }

  /**
   * Sets the bridge's MAC address; since libvirt 0.8.8. Default: libvirt picks one.
   *
   * @param address - unicast; see {@link macFor} for one that stays the same
   */
  mac(address: string): this {
    return this.with({ mac: { address } });
  }

  /**
   * Sets the largest packet of the bridge; since libvirt 3.1.0.
   *
   * @param size - in bytes
   */
  mtu(size: number): this {
    return this.with({ mtu: { size } });
  }

  /**
   * Sets the DNS domain of the guests; since libvirt 0.4.5. Replaces an earlier domain and its options.
   *
   * @param name - such as `lab.test`
   * @param options - `localOnly`: queries for it never leave the network; `register`: systemd-resolved uses it
   */
  domain(name: string, options: Pick<Domain, 'localOnly' | 'register'> = {}): this {
    return this.with({ domain: { name, ...optionsOf(options, DOMAIN_OPTIONS, 'domain') } });
  }

  /**
   * Adds a subnet, or replaces the one with the same gateway; since libvirt 0.3.0. Source: "Addressing" of libvirt's
   * network format page.
   *
   * @param cidr - the host's own address with its prefix, `192.168.50.1/24`; with the network's address,
   *   `192.168.50.0/24`, the host gets the first address
   * @param build - adds DHCP and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is not a CIDR
   */
  subnet(cidr: string, build: (subnet: SubnetBuilder) => SubnetBuilder = (subnet) => subnet): this {
    expectFunction(build, 'subnet');
    const built = build(new SubnetBuilder(ipOf(cidr)));
    const ip = readable('subnet', () => built?.ip);
    expectObject(ip, 'the function given to subnet');
    return this.with({ ips: putItem(this.#ips(), ip, (other) => ipScalar.write(other.address) === ip.address) });
  }

  /** The network's subnets, as far as their addresses can be read. */
  get subnets(): readonly Subnet[] {
    return this.#ips().flatMap((ip) => Subnet.of(ip) ?? []);
  }

  /** Switches DNS off or on, and sets how it forwards. */
  dns(options: DnsOptions): this {
    return this.with({ dns: { ...this.document.dns, ...optionsOf(options, DNS_OPTIONS, 'dns') } });
  }

  /**
   * Sends queries, all or those for one domain, to a server; since libvirt 1.1.3.
   *
   * @param forwarder - the server's address, the domain, or both; the server's port since 12.0.0
   */
  dnsForwarder(forwarder: DnsForwarder): this {
    const { dns } = this.document;
    return this.with({ dns: { ...dns, forwarders: [...itemsOf(dns?.forwarders), forwarder] } });
  }

  /**
   * Adds a TXT record; since libvirt 0.9.3.
   *
   * @param record - name without blanks, and any text
   */
  dnsTxt(record: DnsTxt): this {
    const { dns } = this.document;
    return this.with({ dns: { ...dns, txts: [...itemsOf(dns?.txts), record] } });
  }

  /**
   * Adds an SRV record; since libvirt 0.9.9.
   *
   * @param record - service and protocol without the leading `_`; port, priority and weight need a target
   */
  dnsSrv(record: DnsSrv): this {
    const { dns } = this.document;
    return this.with({ dns: { ...dns, srvs: [...itemsOf(dns?.srvs), record] } });
  }

  /**
   * Gives an address one or more names; since libvirt 0.9.3.
   *
   * @param host - an address, IPv4 or IPv6, and its names
   */
  dnsHost(host: DnsHost): this {
    const { dns } = this.document;
    return this.with({ dns: { ...dns, hosts: [...itemsOf(dns?.hosts), host] } });
  }

  /**
   * Adds a static route that the host gets when the network starts; since libvirt 1.0.6.
   *
   * @param route - destination, next hop and metric
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the destination is not a CIDR
   */
  route(route: RouteOptions): this {
    const { to, via, metric } = optionsOf(route, ROUTE_OPTIONS, 'route');
    const subnet = Subnet.parse(to);
    const added: Route = {
      ...(subnet.family === 'ipv6' ? { family: 'ipv6' } : {}),
      address: subnet.network,
      prefix: subnet.prefix,
      gateway: via,
      ...(metric === undefined ? {} : { metric }),
    };
    return this.with({ routes: [...itemsOf(this.document.routes), added] });
  }

  /**
   * Limits the traffic of all guests together; since libvirt 0.9.4. Source: "Quality of service" of libvirt's network
   * format page.
   *
   * @param bandwidth - rates in KiB/s, bursts in KiB, seen from the guests
   */
  bandwidth(bandwidth: Pick<Bandwidth, 'inbound' | 'outbound'>): this {
    return this.with({ bandwidth });
  }

  /** Allows IPv6 between guests although the host has no IPv6 address; since libvirt 1.0.1. Default: true. */
  guestIpv6(enabled = true): this {
    return this.with({ ipv6: enabled });
  }

  /**
   * Passes a line through to dnsmasq's configuration; since libvirt 5.6.0. Source: "Network namespaces" of libvirt's
   * network format page.
   *
   * @param value - such as `dhcp-option=3`; libvirt does not check it
   */
  dnsmasqOption(value: string): this {
    const { dnsmasq } = this.document;
    return this.with({ dnsmasq: { ...dnsmasq, options: [...itemsOf(dnsmasq?.options), { value }] } });
  }

  /**
   * Reserves an address for a guest in the first subnet that fits: one that serves DHCP, else the first; IPv6 for
   * a DUID or an IPv6 address, else IPv4 where the network has it.
   * Without `ip`, it takes the lowest free address outside the DHCP ranges; if there is none, the highest address of the ranges, and by default the range becomes shorter by it. Next hops of routes and addresses that have another name in DNS are
   * given only to who asks for them. A guest that has what is asked keeps it, and the network is the same.
   *
   * @param who - MAC or name, for IPv6 DUID or name, and the address if a certain one is wanted
   * @param options - whether a range that holds the address is shortened, kept or avoided
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when there is no subnet or no address left, when the address
   *   wanted is none or taken, or when the guest has another reservation
   */
  reserve(who: Reservation, options: ReserveOptions = {}): this {
    const ips = this.#ips();
    const guest = optionsOf(who, RESERVATION, 'reserve');
    const reserved = reserveAmong(ips, guest, this.document, optionsOf(options, RESERVE_OPTIONS, 'reserve'));
    return reserved === ips ? this : this.with({ ips: reserved });
  }

  /**
   * The first reservation that has all of what is given.
   *
   * @param who - MAC address and address in any spelling, DUID, name
   */
  reservation(who: Reservation): DhcpHost | undefined {
    return findReservation(this.#ips(), optionsOf(who, RESERVATION, 'reservation'));
  }

  /**
   * Takes reservations away. Ranges that {@link VirtualNetwork.reserve} made shorter stay as they are.
   *
   * @param who - those that have all of what is given; nothing happens when there are none
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when nothing is given
   */
  withoutReservation(who: Reservation): this {
    const guest = optionsOf(who, RESERVATION, 'withoutReservation');
    return this.with({ ips: emptied(withoutReservations(this.#ips(), guest, this.name)) });
  }

  /**
   * Takes a subnet away, with its DHCP ranges and reservations.
   *
   * @param subnet - the host's own address in it, or its CIDR; nothing happens when there is none
   */
  withoutSubnet(subnet: string): this {
    expectText(subnet, 'withoutSubnet');
    const isMeant = (ip: Ip) => isSameAddress(ip.address, subnet) || isCidrOf(ip, subnet);
    return this.with({ ips: itemsWithout(this.#ips(), isMeant) });
  }

  /**
   * Takes a DHCP range away.
   *
   * @param start - its first address; nothing happens when there is none
   */
  withoutDhcpRange(start: string): this {
    const ips = this.#ips().map(({ dhcp, ...ip }) => {
      const ranges = itemsWithout(dhcp?.ranges, (range) => isSameAddress(range.start, start));
      return compact({ ...ip, dhcp: objectWith(dhcp, 'ranges', ranges) });
    });
    return this.with({ ips: emptied(ips) });
  }

  /**
   * Takes the names of an address away.
   *
   * @param ip - the address; nothing happens when it has none
   */
  withoutDnsHost(ip: string): this {
    return this.#withDns(
      'hosts',
      itemsWithout(this.document.dns?.hosts, (host) => isSameAddress(host.ip, ip)),
    );
  }

  /**
   * Takes TXT records away.
   *
   * @param name - their name; nothing happens when there are none
   */
  withoutDnsTxt(name: string): this {
    return this.#withDns(
      'txts',
      itemsWithout(this.document.dns?.txts, (txt) => txt.name === name),
    );
  }

  /**
   * Takes SRV records away.
   *
   * @param record - those that have all of what is given; nothing happens when there are none
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when nothing is given
   */
  withoutDnsSrv(record: Partial<DnsSrv>): this {
    const isMeant = havingAll<DnsSrv>(record, SRV, 'withoutDnsSrv');
    return this.#withDns('srvs', itemsWithout(this.document.dns?.srvs, isMeant));
  }

  /**
   * Takes forwarders away.
   *
   * @param forwarder - those that have all of what is given; nothing happens when there are none
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when nothing is given
   */
  withoutDnsForwarder(forwarder: DnsForwarder): this {
    const isMeant = havingAll<DnsForwarder>(forwarder, FORWARDER, 'withoutDnsForwarder');
    return this.#withDns('forwarders', itemsWithout(this.document.dns?.forwarders, isMeant));
  }

  /**
   * Takes static routes away.
   *
   * @param to - their destination in CIDR form; nothing happens when there are none
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is not a CIDR
   */
  withoutRoute(to: string): this {
    const { network, prefix } = Subnet.parse(to);
    const isMeant = ({ address, netmask, prefix: own }: Route): boolean => {
      const found =
        address === undefined
          ? undefined
          : Subnet.of(compact({ address, netmask, prefix: own ?? (netmask === undefined ? 0 : undefined) }));
      return found !== undefined && isSameAddress(found.network, network) && (own ?? found.prefix) === prefix;
    };
    return this.with({ routes: itemsWithout(this.document.routes, isMeant) });
  }

  /**
   * Takes a line of dnsmasq's configuration away.
   *
   * @param value - the line as it was given; nothing happens when there is none
   */
  withoutDnsmasqOption(value: string): this {
    const { dnsmasq } = this.document;
    const options = itemsWithout(dnsmasq?.options, (option) => option.value === value);
    return this.with({ dnsmasq: objectWith(dnsmasq, 'options', options) });
  }

  #withDns<K extends keyof Dns>(key: K, value: Dns[K] | undefined): this {
    return this.with({ dns: objectWith<Dns, K>(this.document.dns, key, value) });
  }

  #ips(): readonly Ip[] {
    assertShape(this.document);
    return this.document.ips ?? [];
  }
}
