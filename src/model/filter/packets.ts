import { LibvirtError } from '../../errors/index.js';
import { parseAddress, parseCidr } from '../../schema/address.js';
import type { FilterRuleMatches } from '../../schema/nwfilter/filter.js';
import type { AnyMatch, FilterMatches, FilterProtocol } from '../../schema/nwfilter/matches.js';
import { FILTER_PROTOCOLS } from '../../schema/nwfilter/protocols.js';
import { compact } from '../../schema/values.js';

/** A port, or the first and the last of a range: `22`, `'8000-8999'`. */
export type FilterPorts = number | `${number}-${number}`;

/** Protocols whose packets have ports. */
type WithPorts = 'tcp' | 'udp' | 'sctp' | 'tcp-ipv6' | 'udp-ipv6' | 'sctp-ipv6';

/** Protocols below IP, whose packets have no addresses of IP. */
type WithoutAddresses = 'mac' | 'vlan' | 'stp' | 'arp' | 'rarp';

/** The short way to say what a packet of a protocol is like. */
type Shorthand<P extends FilterProtocol> = (P extends WithPorts
  ? {
      /** Ports of the receiver. Each makes a rule. Default: all. */
      readonly ports?: FilterPorts | readonly FilterPorts[];
    }
  : unknown) &
  (P extends WithoutAddresses
    ? unknown
    : {
        /** Address of the sender, or its subnet: `10.0.0.5`, `10.0.0.0/8`, `$IP`. Default: all. */
        readonly from?: string;
        /** Address of the receiver, or its subnet. Default: all. */
        readonly to?: string;
      });

/** `protocol` of `<ip>` and `<ipv6>` has another name here, since `protocol` names the element. */
type MatchOf<P extends FilterProtocol> = P extends 'ip' | 'ipv6'
  ? Omit<FilterMatches[P], 'extra' | 'protocol'> & {
      /** The protocol in the packet. */
      readonly payload?: FilterMatches[P]['protocol'];
    }
  : Omit<FilterMatches[P], 'extra'>;

/** Packets of one protocol, with all that libvirt can look at in them. */
export type PacketsOf<P extends FilterProtocol> = { readonly protocol: P } & Shorthand<P> & MatchOf<P>;

/** Packets that a rule is for; without a protocol all traffic. */
export type FilterPackets = { [P in FilterProtocol]: PacketsOf<P> }[FilterProtocol] | { readonly protocol?: undefined };

/** The properties that all kinds of packets have together. */
interface AnyPackets extends AnyMatch {
  readonly protocol?: FilterProtocol | undefined;
  readonly ports?: FilterPorts | readonly FilterPorts[];
  readonly from?: string;
  readonly to?: string;
  readonly payload?: unknown;
}

/**
 * Returns the matches of rules for packets: one for each port or range, since the ports of a rule are one range.
 *
 * @param call - for messages, such as `allow`
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for a protocol, address or port that cannot be
 */
export function matchesOf(packets: FilterPackets, call: string): readonly FilterRuleMatches[] {
  const { protocol, ports, from, to, payload, ...match }: AnyPackets = packets;
  if (protocol === undefined) return matchesOfAll(packets, call);
  if (!FILTER_PROTOCOLS.includes(protocol))
    throw invalid(`${call} knows no protocol '${protocol}'`, `use one of ${FILTER_PROTOCOLS.join(', ')}`);
  const addresses = { ...subnet('src', from, call), ...subnet('dst', to, call) };
  return rangesOf(ports, call).map((range) => ({
    [protocol]: [compact({ ...match, ...addresses, ...range, protocol: payload })],
  }));
}

/** Without a protocol libvirt looks at nothing in a packet: conditions would be lost, and the rule be for all traffic. */
function matchesOfAll(packets: object, call: string): readonly FilterRuleMatches[] {
  const [condition] = Object.entries(packets).flatMap(([key, value]) => (value === undefined ? [] : [key]));
  if (condition === undefined) return [{}];
  throw invalid(`${call} needs a protocol for ${condition}`, "name one, as in { protocol: 'tcp', ports: 22 }");
}

function subnet(side: 'src' | 'dst', text: string | undefined, call: string): Record<string, unknown> {
  if (text === undefined) return {};
  if (typeof text === 'string' && (text.startsWith('$') || parseAddress(text) !== undefined))
    return { [`${side}ipaddr`]: text };
  const parsed = parseCidr(text);
  if (parsed === undefined)
    throw invalid(`${call} cannot use the address '${text}'`, "write '10.0.0.5' or '10.0.0.0/8'");
  return { [`${side}ipaddr`]: parsed.address.text, [`${side}ipmask`]: parsed.prefix };
}

function rangesOf(ports: AnyPackets['ports'], call: string): readonly Record<string, unknown>[] {
  if (ports === undefined) return [{}];
  const list: readonly FilterPorts[] = Array.isArray(ports) ? ports : [ports];
  if (list.length === 0) throw invalid(`${call} has an empty list of ports`, 'leave ports out for all ports');
  return list.map((one) => rangeOf(one, call));
}

function rangeOf(ports: FilterPorts, call: string): Record<string, unknown> {
  const [, first = '', last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(ports)) ?? [];
  const [start, end] = [Number(first), Number(last ?? first)];
  if (first === '' || start > end || end > 65_535)
    throw invalid(
      `${call} cannot use the port '${ports}'`,
      "write a number up to 65535, or a range such as '8000-8999'",
    );
  return last === undefined ? { dstportstart: start } : { dstportstart: start, dstportend: end };
}

const invalid = (message: string, hint: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', message, { hint });
