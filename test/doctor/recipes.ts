import type { DiagnosisTarget, FindingId } from 'libvirt-network/doctor';
import type { FirewallOptions } from 'libvirt-network/preview';
import { RECIPES as FIREWALL_RECIPES, type Recipe as FirewallRecipe } from '../preview/firewalls/recipes.js';

/** What the doctor must name first, and a part of its proof; nothing where guests lose nothing. */
export type Expected = { readonly id: FindingId; readonly proof?: string } | undefined;

type Backend = FirewallOptions['backend'];

/**
 * Something that is broken on a host. Each step runs on the host, unless a word in front says where: `g1:`, `g1b:`, `g2:`, `outside:`
 * in that guest, `virsh` on the machine; `REMAKE` restarts libvirt and makes the port forward again. `$g1`, `$g1b`, ... are
 * the devices of guests.
 */
export interface Recipe {
  readonly name: string;
  readonly breaks: readonly string[];
  readonly restores: readonly string[];
  readonly target: DiagnosisTarget;
  readonly backends: readonly Backend[];
  readonly expected: Readonly<Record<Backend, Expected>>;
}

const BOTH = ['iptables', 'nftables'] as const;
const NAT = 'nat';
const G1 = { guest: 'g1' };

const every = (expected: Expected): Recipe['expected'] => ({ iptables: expected, nftables: expected });
const on = (iptables: Expected, nftables: Expected): Recipe['expected'] => ({ iptables, nftables });

type Rest = Partial<Pick<Recipe, 'target' | 'backends'>>;

/** A recipe that one backend or both suffer from. */
const recipe = (
  name: string,
  steps: readonly [breaks: readonly string[], restores: readonly string[]],
  expected: Expected | Recipe['expected'],
  rest: Rest = {},
): Recipe => ({
  name,
  breaks: steps[0],
  restores: steps[1],
  target: NAT,
  backends: BOTH,
  expected: expected !== undefined && 'iptables' in expected ? expected : every(expected),
  ...rest,
});

const sysctl = (
  name: string,
  setting: string,
  value: number,
  [healthy, expected]: readonly [number, Expected],
  rest: Rest = {},
): Recipe => recipe(name, [[`sysctl -qw ${setting}=${value}`], [`sysctl -qw ${setting}=${healthy}`]], expected, rest);

/** The guest's link and its place in the bridge. */
const PLUGS: readonly Recipe[] = [
  recipe(
    'a tap in no bridge',
    [['ip link set $g1 nomaster'], ['ip link set $g1 master virbr0']],
    { id: 'tap-unplugged', proof: 'no master' },
    { target: G1 },
  ),
  recipe(
    'a tap in another bridge',
    [['ip link set $g1 master virbr2'], ['ip link set $g1 master virbr0']],
    { id: 'tap-in-other-bridge', proof: 'virbr2' },
    { target: G1 },
  ),
  recipe(
    'a tap that is switched off',
    [['ip link set $g1 down'], ['ip link set $g1 up']],
    { id: 'tap-down' },
    { target: G1 },
  ),
  recipe(
    'a port that waits for the spanning tree',
    [
      ['ip link set virbr0 type bridge stp_state 1 forward_delay 1500', 'ip link set $g1 down', 'ip link set $g1 up'],
      [
        'ip link set virbr0 type bridge stp_state 0',
        'ip link set virbr0 type bridge forward_delay 0',
        'ip link set $g1 down',
        'ip link set $g1 up',
      ],
    ],
    { id: 'port-not-forwarding', proof: 'listening' },
    { target: G1 },
  ),
  recipe(
    'isolated ports',
    [
      ['bridge link set dev $g1 isolated on', 'bridge link set dev $g1b isolated on'],
      ['bridge link set dev $g1 isolated off', 'bridge link set dev $g1b isolated off'],
    ],
    { id: 'ports-isolated' },
    { target: G1 },
  ),
  recipe(
    "a guest's hardware address at another port",
    [
      ['bridge fdb replace 52:54:00:00:00:01 dev $g1b master static sticky'],
      ['bridge fdb del 52:54:00:00:00:01 dev $g1b master'],
    ],
    { id: 'mac-at-other-port', proof: '52:54:00:00:00:01' },
    { target: G1 },
  ),
  recipe(
    'a small MTU of a tap',
    [['ip link set $g1 mtu 1000'], ['ip link set $g1 mtu 1500']],
    { id: 'mtu-differs', proof: 'mtu 1000' },
    { target: G1 },
  ),
  recipe('a small MTU of the bridge', [['ip link set virbr0 mtu 1300'], ['ip link set virbr0 mtu 1500']], undefined, {
    target: G1,
  }),
];

const BRIDGES: readonly Recipe[] = [
  recipe(
    'a bridge that is switched off',
    [['ip link set virbr0 down'], ['ip link set virbr0 up', 'ip addr replace fd00:122::1/64 dev virbr0 nodad']],
    { id: 'bridge-down' },
  ),
  recipe(
    'a bridge without its address',
    [['ip addr del 192.168.122.1/24 dev virbr0'], ['ip addr add 192.168.122.1/24 brd + dev virbr0']],
    { id: 'bridge-address-missing' },
  ),
  recipe(
    'a bridge without IPv6',
    [
      ['sysctl -qw net.ipv6.conf.virbr0.disable_ipv6=1'],
      ['sysctl -qw net.ipv6.conf.virbr0.disable_ipv6=0', 'ip addr replace fd00:122::1/64 dev virbr0 nodad'],
    ],
    { id: 'ipv6-off', proof: 'disable_ipv6 = 1' },
  ),
  recipe(
    'an MTU that is too small for IPv6',
    [
      ['ip link set virbr0 mtu 1200'],
      [
        'ip link set virbr0 mtu 1500',
        'ip addr replace fd00:122::1/64 dev virbr0 nodad',
        'kill $(cat /run/libvirt/network/nat.pid)',
        'REMAKE',
      ],
    ],
    { id: 'ipv6-off', proof: 'mtu 1200' },
  ),
];

const SERVICES: readonly Recipe[] = [
  recipe('a dnsmasq that ended', [['kill $(cat /run/libvirt/network/nat.pid)'], ['REMAKE']], { id: 'dnsmasq-dead' }),
  recipe(
    'a dnsmasq that is stopped',
    [['kill -STOP $(cat /run/libvirt/network/nat.pid)'], ['kill -CONT $(cat /run/libvirt/network/nat.pid)']],
    { id: 'dnsmasq-stopped', proof: 'T (stopped)' },
  ),
  recipe(
    'a network that does not run',
    [['virsh net-destroy nat2'], ['virsh net-start nat2', 'ip link set $g3 master virbr2']],
    { id: 'network-inactive' },
    { target: 'nat2' },
  ),
];

const SETTINGS: readonly Recipe[] = [
  sysctl('no IPv6 forwarding', 'net.ipv6.conf.all.forwarding', 0, [
    1,
    { id: 'forwarding-off', proof: 'net.ipv6.conf.all.forwarding = 0' },
  ]),
  sysctl('no answers to ARP', 'net.ipv4.conf.virbr0.arp_ignore', 8, [
    0,
    { id: 'arp-ignored', proof: 'arp_ignore = 8' },
  ]),
  sysctl('answers to ARP for own addresses alone', 'net.ipv4.conf.all.arp_ignore', 1, [0, undefined]),
  sysctl('answers to ARP for others', 'net.ipv4.conf.virbr0.proxy_arp', 1, [0, undefined]),
  recipe(
    'a way out that is switched off',
    [
      ['ip link set ext0 down'],
      [
        'ip link set ext0 up',
        'ip -6 addr replace 2001:db8:ffff::1/64 dev ext0 nodad',
        'ip route replace default via 198.51.100.2 dev ext0',
        'ip -6 route replace default via 2001:db8:ffff::2 dev ext0',
      ],
    ],
    { id: 'uplink-down', proof: 'UP' },
  ),
  recipe(
    'a filter of questions for hardware addresses',
    [
      ["nft 'table arp lab { chain i { type filter hook input priority 0; iifname virbr0 drop; }; }'"],
      ['nft delete table arp lab'],
    ],
    { id: 'filtered', proof: 'arp lab' },
  ),
];

/** What the recipes of other firewalls must lead to: the first finding of each backend. */
const POLICY: Expected = { id: 'filtered', proof: 'policy drop of chain FORWARD in table ip filter' };
const LAB_POLICY: Expected = { id: 'filtered', proof: 'policy drop of chain own in table inet lab' };
const GONE: Expected = { id: 'libvirt-rules-missing' };
const forwarding = (setting: string): Expected => ({ id: 'forwarding-off', proof: `${setting} = 0` });
const filtered = (proof: string): Expected => ({ id: 'filtered', proof });

const OTHER_FIREWALLS: Readonly<Record<string, Recipe['expected']>> = {
  'a forward policy of iptables': on(undefined, POLICY),
  'a forward policy of ip6tables': on(undefined, filtered('policy drop of chain FORWARD in table ip6 filter')),
  'an input policy of iptables': every(filtered('policy drop of chain INPUT in table ip filter')),
  'an input policy of ip6tables': on(undefined, filtered('policy drop of chain INPUT in table ip6 filter')),
  'an output policy of iptables': every(filtered('policy drop of chain OUTPUT in table ip filter')),
  'a reject at the end': on(filtered('INPUT: counter reject'), filtered('counter reject')),
  'a reject at the head': every(filtered('FORWARD: counter reject')),
  'a forward policy of old iptables': every(filtered('(iptables-legacy)')),
  'a drop of DHCP in old iptables': every(filtered('--dport 67 -j DROP')),
  'an input drop of nftables': every(LAB_POLICY),
  'a forward drop of nftables': every(LAB_POLICY),
  'a forward drop that lets answers through': every(LAB_POLICY),
  'a forward drop that lets guests out alone': every(LAB_POLICY),
  'an output drop that lets answers through': every(LAB_POLICY),
  'a prerouting drop': every(filtered('198.51.100.0/24 drop')),
  'a prerouting drop of one port': every(filtered('7777-7779 } drop')),
  'a look for the way back': every(undefined),
  'a look for the way back of IPv6': every(undefined),
  'a drop of DHCP': every(filtered('udp dport 67 drop')),
  'a drop of offers': every(filtered('udp sport 67 drop')),
  'a drop of names': every(filtered('th dport 53 drop')),
  'a drop of questions outside': every(filtered('udp dport 53 drop')),
  'a drop of DHCPv6': every(filtered('udp dport 547 drop')),
  'a drop of router solicitations': every(filtered('nd-router-solicit drop')),
  'a drop of neighbour discovery': every(filtered('nd-neighbor-advert } drop')),
  'a drop of TFTP': every(filtered('udp dport 69 drop')),
  'a drop of invalid packets': every(undefined),
  'a verdict map': every(undefined),
  'a drop of DHCP among bridges': every(filtered('bridge lab own: udp dport 67 drop')),
  'a drop of frames between guests': every(filtered('bridge lab')),
  'a drop of IPv6 among bridges': every(filtered('ether type ip6 drop')),
  'a drop at the tap of one guest': every(filtered('ip protocol tcp drop')),
  "NixOS' look for the way back": every(undefined),
  'a look for the way back without an exception for DHCP': every(undefined),
  "ufw's chains and policies": on(undefined, filtered('policy drop of chain')),
  "firewalld's zones": every(undefined),
  "Docker's chains and policy": on(undefined, POLICY),
  "Docker's chains, opened for one network": on(undefined, POLICY),
  "Docker's policy where bridges are filtered": on(undefined, POLICY),
  'filtered bridges': every(undefined),
  'one filtered bridge': on(undefined, POLICY),
  'no masquerade': every(GONE),
  'an empty ruleset': every(GONE),
  'flushed chains of iptables': every(GONE),
  'flushed chains and drop policies': every(filtered('policy drop of chain')),
  "libvirt's table deleted": every(GONE),
  "one of libvirt's chains flushed": every(GONE),
  "rules restored without libvirt's": every(GONE),
  'an accept before the masquerade': every(undefined),
  'another source before the masquerade': every({ id: 'source-translated-elsewhere', proof: '198.51.100.77' }),
  'no tracking': every({ id: 'untracked', proof: 'virbr0' }),
  'no forwarding': every(forwarding('net.ipv4.ip_forward')),
  'no forwarding from one network': every(forwarding('net.ipv4.conf.virbr0.forwarding')),
  'no forwarding from the uplink': every(forwarding('net.ipv4.conf.ext0.forwarding')),
  'no answers to pings': every({ id: 'echo-ignored' }),
  'no default route': every({ id: 'no-default-route' }),
  'a route elsewhere': every({ id: 'target-routed-elsewhere', proof: '203.0.113.0/24 dev virbr2' }),
  'a route for the guests elsewhere': every({ id: 'guests-routed-elsewhere', proof: '192.168.122.0/25' }),
  'a routing rule that prohibits': every({ id: 'routing-refused', proof: 'prohibit' }),
  'a routing table of a VPN': every({ id: 'target-routed-elsewhere', proof: 'default dev virbr2' }),
  'a strict look for the way back of marked packets': every({ id: 'reverse-path-filter' }),
  'a loose look for the way back': every({ id: 'target-routed-elsewhere' }),
  'a strict look for the way back everywhere': every({ id: 'reverse-path-filter' }),
  'no look for the way back': every({ id: 'target-routed-elsewhere' }),
  nothing: every(undefined),
};

/** A recipe of other firewalls. What only one guest's tap, or only some guests suffer from, is asked about a guest. */
const fromFirewalls = (one: FirewallRecipe): Recipe[] => {
  const expected = OTHER_FIREWALLS[one.name];
  if (expected === undefined) return [];
  return [
    {
      name: one.name,
      breaks: [one.apply.replaceAll('$TAP', '$g1')],
      restores: [one.restore, ...(one.remake ? ['REMAKE'] : [])],
      target: one.apply.includes('$TAP') ? G1 : NAT,
      backends: one.backend === undefined ? BOTH : [one.backend],
      expected,
    },
  ];
};

/** What people, programs and accidents do to hosts. */
export const RECIPES: readonly Recipe[] = [
  ...FIREWALL_RECIPES.flatMap(fromFirewalls),
  ...PLUGS,
  ...BRIDGES,
  ...SERVICES,
  ...SETTINGS,
];
