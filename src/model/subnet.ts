import { LibvirtError } from '../errors/index.js';
import { type OptionNames, optionsOf, readable } from '../options/options.js';
import { shown } from '../options/shown.js';
import {
  type Address,
  addressOf,
  bitsOf,
  type Family,
  lastAddress,
  maskOf,
  networkAddress,
  parseAddress,
  parseCidr,
  readAddress,
  sameSubnet,
} from '../schema/address.js';
import type { Bootp, DhcpHost, DhcpRange, Ip, Lease } from '../schema/network/ip.js';
import { effectivePrefix } from '../schema/rules/addressing.js';
import { itemsOf } from './argument.js';

/** An address with its prefix: `192.168.50.1/24` or `fd00:50::1/64`. */
export type Cidr = `${string}/${number}`;

/**
 * A subnet, from the CIDR form of its network address or of the host's own address in it.
 *
 * @example
 * ```ts
 * const subnet = Subnet.parse('192.168.50.0/24');
 * subnet.gateway; // '192.168.50.1'
 * subnet.contains('192.168.50.77'); // true
 * ```
 */
export class Subnet {
  readonly #own: Address;
  /** Number of network bits: 0 to 32, or to 128 for IPv6. */
  readonly prefix: number;

  private constructor(own: Address, prefix: number) {
    this.#own = own;
    this.prefix = prefix;
  }

  /**
   * Reads `address/prefix`. With the network's address, the gateway is the first address after it;
   * with any other address, it is that address.
   *
   * @param cidr - strict: four decimal numbers or IPv6, and a prefix, none with leading zeros
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
   */
  static parse(cidr: string): Subnet {
    const parsed = parseCidr(cidr);
    if (parsed === undefined) throw notCidr(cidr);
    const { address, prefix } = parsed;
    const isNetwork = networkAddress(address, prefix).value === address.value;
    // Subnets of one or two addresses have no room for an address of their own.
    const roomy = bitsOf(address.family) - prefix > 1;
    return new Subnet(isNetwork && roomy ? addressOf(address.family, address.value + 1n) : address, prefix);
  }

  /**
   * The subnet of an `<ip>` as libvirt computes it: by prefix or netmask, else by the class of an IPv4 address and 64
   * for IPv6. `undefined` where libvirt finds none.
   *
   * @param ip - the host's own address in the subnet, and how large that is
   */
  static of(ip: Pick<Ip, 'address' | 'netmask' | 'prefix'>): Subnet | undefined {
    return readable('Subnet.of', () => Subnet.#of(ip));
  }

  static #of(ip: Pick<Ip, 'address' | 'netmask' | 'prefix'>): Subnet | undefined {
    // Documents can come from anywhere.
    if (typeof ip?.address !== 'string' || (ip.netmask !== undefined && typeof ip.netmask !== 'string'))
      return undefined;
    const { prefix: given = 0 } = ip;
    if (!Number.isSafeInteger(given) || given < 0) return undefined;
    const own = readAddress(ip.address);
    const prefix = effectivePrefix(ip);
    return own === undefined || prefix === undefined ? undefined : new Subnet(own, prefix);
  }

  /** `ipv4` or `ipv6`. */
  get family(): Family {
    return this.#own.family;
  }

  /** The host's own address in the subnet, which is the guests' gateway. */
  get gateway(): string {
    return this.#own.text;
  }

  /** The subnet's first address, which names it. */
  get network(): string {
    return networkAddress(this.#own, this.prefix).text;
  }

  /** The subnet's last address: the broadcast address of IPv4. */
  get broadcast(): string {
    return lastAddress(this.#own, this.prefix).text;
  }

  /** The prefix as a mask, such as `255.255.255.0`. */
  get netmask(): string {
    return addressOf(this.family, maskOf(this.family, this.prefix)).text;
  }

  /** The network's address with the prefix: `192.168.50.0/24`. */
  get cidr(): Cidr {
    return `${this.network}/${this.prefix}`;
  }

  /**
   * Tells whether this subnet contains an address, or every address of another subnet.
   *
   * @param other - an address or a CIDR, both strict
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is neither an address nor a CIDR
   */
  contains(other: string): boolean {
    if (typeof other === 'string' && other.includes('/')) {
      const subnet = Subnet.parse(other);
      return subnet.prefix >= this.prefix && sameSubnet(subnet.#own, this.#own, this.prefix);
    }
    const address = typeof other === 'string' ? parseAddress(other) : undefined;
    if (address === undefined) throw new LibvirtError('INVALID_ARGUMENT', `'${shown(other)}' is not an IP address`);
    return sameSubnet(address, this.#own, this.prefix);
  }

  /**
   * Tells whether two subnets have an address in common.
   *
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is not a CIDR
   */
  overlaps(other: string): boolean {
    const subnet = Subnet.parse(other);
    return sameSubnet(subnet.#own, this.#own, Math.min(subnet.prefix, this.prefix));
  }

  /**
   * The addresses that guests can have, ascending: all but the network's, the broadcast address and the
   * gateway. Made one by one, since an IPv6 subnet has very many.
   */
  *hosts(): Generator<string, void, undefined> {
    const { start, end } = guestSpan(this.#own, this.prefix);
    for (let value = start; value <= end; value++) {
      if (value !== this.#own.value) yield addressOf(this.family, value).text;
    }
  }

  /** The gateway with the prefix, as {@link Subnet.parse} reads it. */
  toString(): Cidr {
    return `${this.gateway}/${this.prefix}`;
  }

  /** The same text as {@link Subnet.toString}. */
  toJSON(): Cidr {
    return this.toString();
  }

  /** The text that `console.log` prints, which prints no getters. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Subnet ${this}`;
  }
}

/** From one address to another, both included. */
export interface Span {
  readonly start: bigint;
  readonly end: bigint;
}

/** The addresses of a subnet that guests can have, apart from the host's own. */
export function guestSpan(own: Address, prefix: number): Span {
  const first = networkAddress(own, prefix).value;
  const last = lastAddress(own, prefix).value;
  // Subnets of one or two addresses have no network's and no broadcast address.
  const roomy = last - first > 1n;
  return { start: roomy ? first + 1n : first, end: roomy && own.family === 'ipv4' ? last - 1n : last };
}

const notCidr = (cidr: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `'${shown(cidr)}' is not an address with a prefix`, {
    hint: "write it as '192.168.50.1/24' or 'fd00:50::1/64'",
  });

/** Duration of a lease: a number of minutes, or a number with a unit. 0 never expires. */
export type LeaseTime = number | Lease;

const leaseOf = (time: LeaseTime | undefined): { readonly lease?: Lease } =>
  time === undefined ? {} : { lease: typeof time === 'number' ? { expiry: time } : time };

/** Options of a DHCP range. */
export interface RangeOptions {
  /** Default: dnsmasq's one hour. Since libvirt 6.3.0. */
  readonly lease?: LeaseTime;
}

/** A reservation for {@link SubnetBuilder.host}: `mac` or `name` for IPv4, `id` or `name` for IPv6. */
export interface HostOptions {
  /** The guest's MAC address; IPv4 only. */
  readonly mac?: string;
  /** The guest's DUID; IPv6 only. */
  readonly id?: string;
  /** The guest's host name. */
  readonly name?: string;
  /** The address that it always gets. */
  readonly ip: string;
  /** Since libvirt 6.3.0. */
  readonly lease?: LeaseTime;
}

const RANGE_OPTIONS: OptionNames<RangeOptions> = { lease: true };
const HOST_OPTIONS: OptionNames<HostOptions> = { mac: true, id: true, name: true, ip: true, lease: true };
const BOOTP_OPTIONS = { server: true } as const;

/** Describes one subnet of a network; every method gives a new value. Source: "Addressing" of libvirt's network format page. */
export class SubnetBuilder {
  /** The subnet as the document holds it. */
  readonly ip: Ip;

  /** @param ip - the subnet so far */
  constructor(ip: Ip) {
    this.ip = ip;
  }

  #with(patch: Partial<Ip>): SubnetBuilder {
    return new SubnetBuilder({ ...this.ip, ...patch });
  }

  /**
   * Hands out the addresses from `start` to `end` by DHCP.
   *
   * @param start - first address, inside the subnet
   * @param end - last address; at most 65536 in all
   * @param options - lease time
   */
  dhcp(start: string, end: string, options: RangeOptions = {}): SubnetBuilder {
    const { lease } = optionsOf(options, RANGE_OPTIONS, 'dhcp');
    const range: DhcpRange = { start, end, ...leaseOf(lease) };
    return this.#with({ dhcp: { ...this.ip.dhcp, ranges: [...itemsOf(this.ip.dhcp?.ranges), range] } });
  }

  /**
   * Always gives one guest the same address.
   *
   * @param guest - who it is and what it gets; {@link VirtualNetwork.reserve} finds a free address by itself
   */
  host(guest: HostOptions): SubnetBuilder {
    const { lease, ...identity } = optionsOf(guest, HOST_OPTIONS, 'host');
    const host: DhcpHost = { ...identity, ...leaseOf(lease) };
    return this.#with({ dhcp: { ...this.ip.dhcp, hosts: [...itemsOf(this.ip.dhcp?.hosts), host] } });
  }

  /**
   * Tells guests that boot from the network which file to load; IPv4 only; since libvirt 0.7.1.
   *
   * @param file - name on the TFTP server
   * @param options - address of that server; default: the network's own
   */
  bootp(file: string, options: Pick<Bootp, 'server'> = {}): SubnetBuilder {
    return this.#with({ dhcp: { ...this.ip.dhcp, bootp: { file, ...optionsOf(options, BOOTP_OPTIONS, 'bootp') } } });
  }

  /**
   * Serves a directory of the host by TFTP; IPv4 only; since libvirt 0.7.1.
   *
   * @param root - path on the host
   */
  tftp(root: string): SubnetBuilder {
    return this.#with({ tftp: { root } });
  }

  /** Keeps reverse lookups for the subnet inside the network; since libvirt 3.0.0. Default: true. */
  localPtr(enabled = true): SubnetBuilder {
    return this.#with({ localPtr: enabled });
  }
}

/** The `<ip>` of a subnet. */
export function ipOf(cidr: string): Ip {
  const subnet = Subnet.parse(cidr);
  const family = subnet.family === 'ipv6' ? { family: 'ipv6' as const } : {};
  return { ...family, address: subnet.gateway, prefix: subnet.prefix };
}
