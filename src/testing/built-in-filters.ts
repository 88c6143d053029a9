import type { BuiltInFilter } from '../model/filter/built-in.js';
import type { FilterDocument, FilterEntry, FilterRule, FilterRuleMatches } from '../schema/nwfilter/filter.js';
import { RELEASE_12, releaseNumber } from '../schema/release.js';

type Way = Pick<FilterRule, 'action' | 'direction'>;

const IN: Way = { action: 'accept', direction: 'in' };
const OUT: Way = { action: 'accept', direction: 'out' };
const BOTH: Way = { action: 'accept', direction: 'inout' };
const OWN: Way = { action: 'return', direction: 'out' };
const DROP_OUT: Way = { action: 'drop', direction: 'out' };
const DROP: Way = { action: 'drop', direction: 'inout' };

const rule = (way: Way, matches: FilterRuleMatches = {}, priority?: number): FilterEntry => ({
  rule: { ...way, ...(priority === undefined ? {} : { priority }), ...matches },
});
const use = (filter: BuiltInFilter): FilterEntry => ({ filterref: { filter } });

const OTHERS_OUT = rule(DROP_OUT, {}, 1000);
const ARP = rule(BOTH, { mac: [{ protocolid: 'arp' }] }, -500);
const BROADCAST = 'ff:ff:ff:ff:ff:ff';

/** What a DHCP client sends, and what it receives: with a server, from that alone. */
function dhcp(server?: string): readonly FilterEntry[] {
  const from = server === undefined ? {} : { srcipaddr: server };
  const asked = { srcipaddr: '0.0.0.0', dstipaddr: '255.255.255.255' };
  return [
    rule(OUT, { ip: [{ ...asked, protocol: 'udp', srcportstart: 68, dstportstart: 67 }] }, 100),
    rule(IN, { ip: [{ ...from, protocol: 'udp', srcportstart: 67, dstportstart: 68 }] }, 100),
  ];
}

function dhcpv6(server?: string): readonly FilterEntry[] {
  const from = server === undefined ? {} : { srcipaddr: server };
  const asked = { srcipaddr: 'fe80::', srcipmask: 10, dstipaddr: 'ff02::1:2' };
  return [
    rule(OUT, { ipv6: [{ ...asked, protocol: 'udp', srcportstart: 546, dstportstart: 547 }] }, 100),
    rule(IN, { ipv6: [{ ...from, protocol: 'udp', srcportstart: 547, dstportstart: 546 }] }, 100),
  ];
}

/** The announcement of a guest that has moved: a RARP request for its own address. */
function announcement(): readonly FilterEntry[] {
  const own = { arpsrcmacaddr: '$MAC', arpdstmacaddr: '$MAC', arpsrcipaddr: '0.0.0.0', arpdstipaddr: '0.0.0.0' };
  const request = { opcode: 'Request_Reverse' as const, dstmacaddr: BROADCAST, ...own };
  return [rule(OUT, { rarp: [{ ...request, srcmacaddr: '$MAC' }] }, 500), rule(IN, { rarp: [request] }, 500)];
}

/** Since 12.0, which is assumed, the announcement is one filter. */
function announcing(release: number): Readonly<Record<string, Omit<FilterDocument, 'name'>>> {
  const others = use('no-other-rarp-traffic');
  const old = rule(OUT, { mac: [{ protocolid: '0x835' }] });
  const isAlone = release >= RELEASE_12;
  return {
    'qemu-announce-self': {
      chain: 'root',
      entries: isAlone ? [use('qemu-announce-self-rarp')] : [old, use('qemu-announce-self-rarp'), others],
    },
    'qemu-announce-self-rarp': { chain: 'rarp', entries: [...announcement(), ...(isAlone ? [others] : [])] },
  };
}

/** What keeps a guest to its own addresses, and the rest of a filter that lets it talk. */
const clean = (release: number, ...rest: readonly FilterEntry[]): readonly FilterEntry[] => [
  use('no-mac-spoofing'),
  use('no-ip-spoofing'),
  ...rest,
  use('no-other-l2-traffic'),
  use(release >= RELEASE_12 ? 'qemu-announce-self-rarp' : 'qemu-announce-self'),
];

const filtersOf = (release: number): Readonly<Record<string, Omit<FilterDocument, 'name'>>> => ({
  'allow-arp': { chain: 'arp', entries: [rule(BOTH)] },
  'allow-dhcp': { chain: 'ipv4', entries: dhcp() },
  'allow-dhcp-server': { chain: 'ipv4', entries: dhcp('$DHCPSERVER') },
  'allow-dhcpv6': { chain: 'ipv6', entries: dhcpv6() },
  'allow-dhcpv6-server': { chain: 'ipv6', entries: dhcpv6('$DHCPSERVER') },
  'allow-incoming-ipv4': { chain: 'ipv4', entries: [rule(IN)] },
  'allow-incoming-ipv6': { chain: 'ipv6', entries: [rule(IN)] },
  'allow-ipv4': { chain: 'ipv4', entries: [rule(BOTH)] },
  'allow-ipv6': { chain: 'ipv6', entries: [rule(BOTH)] },
  'clean-traffic': {
    chain: 'root',
    entries: clean(
      release,
      rule(OUT, { mac: [{ protocolid: 'ipv4' }] }, -650),
      use('allow-incoming-ipv4'),
      use('no-arp-spoofing'),
      ARP,
    ),
  },
  'clean-traffic-gateway': {
    chain: 'root',
    entries: clean(
      release,
      use('no-arp-spoofing'),
      ARP,
      rule(IN, { mac: [{ srcmacaddr: '$GATEWAY_MAC' }] }),
      rule(OUT, { mac: [{ dstmacaddr: '$GATEWAY_MAC' }] }),
    ),
  },
  'no-arp-ip-spoofing': {
    chain: 'arp-ip',
    priority: -510,
    entries: [rule(OWN, { arp: [{ arpsrcipaddr: '$IP' }] }, 400), OTHERS_OUT],
  },
  'no-arp-mac-spoofing': {
    chain: 'arp-mac',
    priority: -520,
    entries: [rule(OWN, { arp: [{ arpsrcmacaddr: '$MAC' }] }, 350), OTHERS_OUT],
  },
  'no-arp-spoofing': { chain: 'root', entries: [use('no-arp-mac-spoofing'), use('no-arp-ip-spoofing')] },
  'no-ip-multicast': {
    chain: 'ipv4',
    entries: [rule(DROP_OUT, { ip: [{ dstipaddr: '224.0.0.0', dstipmask: 4 }] })],
  },
  'no-ip-spoofing': {
    chain: 'ipv4-ip',
    priority: -710,
    entries: [
      rule(OWN, { ip: [{ srcipaddr: '0.0.0.0', protocol: 'udp' }] }, 100),
      rule(OWN, { ip: [{ srcipaddr: '$IP' }] }, 500),
      OTHERS_OUT,
    ],
  },
  'no-ipv6-multicast': {
    chain: 'ipv6',
    entries: [rule(DROP_OUT, { ipv6: [{ dstipaddr: 'ff00::', dstipmask: 8 }] })],
  },
  'no-ipv6-spoofing': {
    chain: 'ipv6-ip',
    priority: -610,
    entries: [
      rule(OWN, { ipv6: [{ srcipaddr: 'fe80::', srcipmask: 10, protocol: 'udp' }] }, 100),
      rule(OWN, { ipv6: [{ srcipaddr: '$IPV6' }] }, 500),
      OTHERS_OUT,
    ],
  },
  'no-mac-broadcast': { chain: 'ipv4', entries: [rule(DROP_OUT, { mac: [{ dstmacaddr: BROADCAST }] })] },
  'no-mac-spoofing': {
    chain: 'mac',
    priority: -800,
    entries: [rule(OWN, { mac: [{ srcmacaddr: '$MAC' }] }), rule(DROP_OUT, { mac: [{}] })],
  },
  'no-other-l2-traffic': { chain: 'root', entries: [rule(DROP, {}, 1000)] },
  'no-other-rarp-traffic': { chain: 'rarp', entries: [rule(DROP, {}, 1000)] },
  ...announcing(release),
});

/** The filters that libvirt's packages of a release install. A test compares them with those of daemons. */
export const builtInFilters = (libvirt: string): readonly FilterDocument[] =>
  Object.entries(filtersOf(releaseNumber(libvirt) ?? 0)).map(([name, filter]) => ({ name, ...filter }));
