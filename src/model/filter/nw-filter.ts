import { LibvirtError } from '../../errors/index.js';
import type { OptionNames } from '../../options/options.js';
import { optionsOf, readable } from '../../options/options.js';
import { type Family, parseAddress } from '../../schema/address.js';
import type {
  FilterAction,
  FilterDirection,
  FilterDocument,
  FilterEntry,
  FilterRule,
} from '../../schema/nwfilter/filter.js';
import { filterFormat } from '../../schema/nwfilter/filter-format.js';
import type { FilterReference } from '../../schema/nwfilter/filterref.js';
import { readText } from '../../schema/nwfilter/format.js';
import { READING_OPTIONS, type ReadingOptions } from '../../schema/release.js';
import { normalizeMac } from '../../schema/scalar.js';
import { compact } from '../../schema/values.js';
import { expectObject, expectText, itemsOf } from '../argument.js';
import type { FilterName } from './built-in.js';
import { type FilterSource, FilterValue } from './filter-value.js';
import { type FilterPackets, matchesOf } from './packets.js';

/** Values for the variables of a filter: `{ IP: ['10.0.0.5', '10.0.0.6'] }`. */
export type FilterParameters = Readonly<Record<string, string | readonly string[]>>;

/** Properties of a rule beside its packets. */
export interface FilterRuleOptions {
  /** Place of the rule, -1000 to 1000: low ones come first. Default: 500. */
  readonly priority?: number;
  /** `false` leaves connections out of account. Default: true. */
  readonly stateMatch?: boolean;
}

/** Chain of a filter. */
export interface FilterChainOptions {
  /** Chain that the rules are in. Default: `root`. */
  readonly chain?: string;
  /** Place of the chain, -1000 to 1000. Default: by the beginning of its name. */
  readonly priority?: number;
}

/** Addresses of a guest's own, for {@link NwFilter.noSpoofing}. */
export interface OwnAddresses {
  /** IPv4 addresses. Default: libvirt learns the address from the guest's traffic. */
  readonly ip?: string | readonly string[];
  /** IPv6 addresses. Default: IPv6 is not looked at. */
  readonly ipv6?: string | readonly string[];
}

const RULE_OPTIONS: OptionNames<FilterRuleOptions> = { priority: true, stateMatch: true };
const CHAIN_OPTIONS: OptionNames<FilterChainOptions> = { chain: true, priority: true };
const OWN_ADDRESSES: OptionNames<OwnAddresses> = { ip: true, ipv6: true };

/** The last place that a rule can have. */
const LAST = 1000;

/**
 * `<filter>` of libvirt: rules for the traffic of guests, which a NIC names. An immutable value: every method returns a new
 * one. {@link NwFilter.validate} lists problems, and {@link NwFilter.toXml} throws for them. Source: libvirt's network
 * filters page.
 *
 * @example
 * ```ts
 * const web = NwFilter.create('web')
 *   .noSpoofing()
 *   .allow('in', { protocol: 'tcp', ports: [22, 80, 443] })
 *   .allow('out', { protocol: 'all' })
 *   .dropOthers();
 * ```
 */
export class NwFilter extends FilterValue<FilterDocument> {
  /** @internal */
  constructor(document: FilterDocument, source?: FilterSource) {
    super(filterFormat, document, source);
  }

  /**
   * Begins a filter.
   *
   * @param name - unique on the host, without `/`
   * @param options - the chain, and its priority
   */
  static create(name: string, options: FilterChainOptions = {}): NwFilter {
    expectText(name, 'NwFilter.create');
    return new NwFilter(compact({ name, ...optionsOf(options, CHAIN_OPTIONS, 'NwFilter.create') }));
  }

  /**
   * Reads a `<filter>` document as libvirt's own parser would.
   *
   * @param xml - the text, as `virsh nwfilter-dumpxml` prints it or as people write it
   * @param options - the libvirt release to read as, and what to do with unknown words
   * @throws {@link XmlSyntaxError} when the text is not well-formed XML
   * @throws {@link ValidationError} with everything that libvirt's parser refuses
   */
  static parse(xml: string, options: ReadingOptions = {}): NwFilter {
    const known = optionsOf(options, READING_OPTIONS, 'NwFilter.parse');
    return new NwFilter(readText(filterFormat, xml, known), { text: xml, options: known });
  }

  /**
   * Returns the filter for a document. It checks nothing.
   *
   * @param document - is copied
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is not an object, or contains itself
   */
  static from(document: FilterDocument): NwFilter {
    return new NwFilter(document);
  }

  protected override copyWith(document: FilterDocument): this {
    return new NwFilter(document) as this; // the class has no children
  }

  /** The filter's unique name. */
  get name(): string {
    return this.document.name;
  }

  /** The filter's identity; absent until it is chosen or libvirt makes one. */
  get uuid(): string | undefined {
    return this.document.uuid;
  }

  /** The names of the filters that this one includes, in their order. */
  get includes(): readonly string[] {
    return itemsOf(this.document.entries).flatMap(({ filterref }) =>
      filterref === undefined ? [] : [filterref.filter],
    );
  }

  /**
   * Returns the filter with some properties replaced. A property that is `undefined` is removed.
   *
   * @param patch - top-level properties of the document
   */
  with(patch: { readonly [K in keyof FilterDocument]?: FilterDocument[K] | undefined }): this {
    expectObject(patch, 'with');
    return this.copyWith(readable('with', () => Object.assign({}, this.document, patch)));
  }

  /**
   * Returns the filter under another name. It keeps its uuid.
   *
   * @param name - unique on the host, without `/`
   */
  named(name: string): this {
    return this.with({ name });
  }

  /**
   * Gives the filter an identity. Default: libvirt makes one at the first define.
   *
   * @param uuid - 32 hexadecimal digits, with or without dashes
   */
  withUuid(uuid: string): this {
    return this.with({ uuid });
  }

  /**
   * Adds a rule after the others.
   *
   * @param rule - the decision and the packets, as libvirt's document has them
   */
  rule(rule: FilterRule): this {
    expectObject(rule, 'rule');
    return this.#add([{ rule }]);
  }

  /**
   * Lets packets pass.
   *
   * @param direction - `in` is towards the guest
   * @param packets - protocol, ports, addresses and the like; without a protocol all traffic
   * @param options - place of the rule, and whether connections count
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for a protocol, address or port that cannot be
   */
  allow(direction: FilterDirection, packets: FilterPackets = {}, options: FilterRuleOptions = {}): this {
    return this.#decide({ action: 'accept', direction, call: 'allow' }, packets, options);
  }

  /**
   * Drops packets without an answer to their sender. Parameters and errors are those of {@link NwFilter.allow}.
   *
   * @param direction - `in` is towards the guest
   * @param packets - protocol, ports, addresses and the like; without a protocol all traffic
   * @param options - place of the rule, and whether connections count
   */
  drop(direction: FilterDirection, packets: FilterPackets = {}, options: FilterRuleOptions = {}): this {
    return this.#decide({ action: 'drop', direction, call: 'drop' }, packets, options);
  }

  /**
   * Refuses packets with an answer to their sender, which only rules of iptables can: those of `tcp`, `udp`, `all` and the like.
   * Parameters and errors are those of {@link NwFilter.allow}.
   *
   * @param direction - `in` is towards the guest
   * @param packets - protocol, ports, addresses and the like; without a protocol all traffic
   * @param options - place of the rule, and whether connections count
   */
  reject(direction: FilterDirection, packets: FilterPackets = {}, options: FilterRuleOptions = {}): this {
    return this.#decide({ action: 'reject', direction, call: 'reject' }, packets, options);
  }

  /**
   * Drops all IPv4 and IPv6 packets that no rule before has let pass. ARP passes. Answers to what the guest sends pass only
   * beside a rule that allows to send it.
   *
   * @param direction - Default: both
   */
  dropOthers(direction: FilterDirection = 'inout'): this {
    const options = { priority: LAST };
    return this.drop(direction, { protocol: 'all' }, options).drop(direction, { protocol: 'all-ipv6' }, options);
  }

  /**
   * Includes another filter, in place of a rule.
   *
   * @param filter - its name; it need not exist before a guest starts with it
   * @param parameters - values for its variables, which count for all filters that it includes
   */
  include(filter: FilterName, parameters: FilterParameters = {}): this {
    expectText(filter, 'include');
    expectObject(parameters, 'include');
    return this.#add([{ filterref: referenceTo(filter, parameters) }]);
  }

  /**
   * Keeps a guest from using other addresses than its own: includes `no-mac-spoofing`, `no-arp-spoofing` and
   * `no-ip-spoofing`, and with IPv6 addresses `no-ipv6-spoofing`.
   *
   * @param own - the guest's addresses
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for what is not an address of its family
   */
  noSpoofing(own: OwnAddresses = {}): this {
    const { ip, ipv6 } = optionsOf(own, OWN_ADDRESSES, 'noSpoofing');
    expectAddresses(ip, 'ipv4');
    expectAddresses(ipv6, 'ipv6');
    const addresses: FilterParameters = ip === undefined ? {} : { IP: ip };
    const filter = this.include('no-mac-spoofing')
      .include('no-arp-spoofing', addresses)
      .include('no-ip-spoofing', addresses);
    return ipv6 === undefined ? filter : filter.include('no-ipv6-spoofing', { IPV6: ipv6 });
  }

  /**
   * Keeps a guest to its gateway, so that it reaches no other guest of its network: includes `clean-traffic-gateway`, which
   * forbids spoofing as well. No IPv6 passes.
   *
   * @param gatewayMac - MAC address of the gateway, for a network of libvirt that of its bridge
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for what is not a MAC address
   */
  isolate(gatewayMac: string): this {
    expectText(gatewayMac, 'isolate');
    const mac = normalizeMac(gatewayMac);
    if (mac === undefined)
      throw new LibvirtError('INVALID_ARGUMENT', `${JSON.stringify(gatewayMac)} is not a MAC address for isolate`, {
        hint: 'pass six pairs of hexadecimal digits, such as 52:54:00:12:34:56',
      });
    return this.include('clean-traffic-gateway', { GATEWAY_MAC: mac });
  }

  #decide(
    { action, direction, call }: { action: FilterAction; direction: FilterDirection; call: string },
    packets: FilterPackets,
    options: FilterRuleOptions,
  ): this {
    expectObject(packets, call);
    const { priority, stateMatch: statematch } = optionsOf(options, RULE_OPTIONS, call);
    const matches = readable(call, () => matchesOf(packets, call));
    return this.#add(
      matches.map((match) => ({ rule: compact({ action, direction, priority, statematch, ...match }) })),
    );
  }

  #add(entries: readonly FilterEntry[]): this {
    return this.with({ entries: [...itemsOf(this.document.entries), ...entries] });
  }

  /** The class and the name: `NwFilter web`. */
  toString(): string {
    return `NwFilter ${this.name}`;
  }
}

/** A reference to a filter, with a parameter for each value. */
function referenceTo(filter: string, given: FilterParameters): FilterReference {
  const parameters = Object.entries(given).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map((value) => ({ name, value })),
  );
  return parameters.length === 0 ? { filter } : { filter, parameters };
}

function expectAddresses(given: unknown, family: Family): void {
  const addresses: readonly unknown[] = Array.isArray(given) ? given : [given];
  const wrong = addresses.find((one) => typeof one !== 'string' || parseAddress(one)?.family !== family);
  if (given === undefined || wrong === undefined) return;
  const name = family === 'ipv4' ? 'IPv4' : 'IPv6';
  throw new LibvirtError('INVALID_ARGUMENT', `${JSON.stringify(wrong)} is not an ${name} address for noSpoofing`, {
    hint: 'pass addresses without prefix: ip takes those of IPv4, ipv6 those of IPv6',
  });
}
