import type { FirewallOptions } from 'libvirt-network/preview';

/** Something that somebody did to a host, as shell scripts that do it and take it back. */
export interface Recipe {
  readonly name: string;
  readonly apply: string;
  readonly restore: string;
  /** Where libvirt's rules are gone and only a new start of it makes them again. */
  readonly remake?: true;
  /** True where the JSON of nft 1.0 does not say enough, so that the prediction depends on it. */
  readonly vagueInJson?: true;
  /** True where packets to addresses that nobody has are sent too, which takes three seconds. */
  readonly asksNobody?: true;
  /** A receiver whose clients hear an error of a later packet in place of nothing. */
  readonly rejectedLater?: string;
  /** The backend that it is about; both where it is absent. */
  readonly backend?: FirewallOptions['backend'];
  /**
   * The needs that fail, by the names that checkFirewall has for them, and a part of the rules that it must name. Without
   * it, nothing fails that guests of the network `nat` need.
   */
  readonly fails?: Readonly<Partial<Record<FirewallOptions['backend'], Failure>>>;
}

/** What checkFirewall must say about the network `nat`. */
export interface Failure {
  readonly needs: readonly string[];
  /** A part of the rule; with several, each need fails by one of them. */
  readonly rule: string | readonly string[];
}

type Failures = Exclude<Recipe['fails'], undefined>;

const both = (failure: Failure): Failures => ({ iptables: failure, nftables: failure });

/** A table of nftables with one chain. */
function nft(name: string, base: string, rules: string, fails?: Failures): Recipe {
  const table = `nft 'table inet lab { chain own { type filter hook ${base}; ${rules} }; }'`;
  return { name, apply: table, restore: 'nft delete table inet lab', ...(fails === undefined ? {} : { fails }) };
}

const bridgeTable = (name: string, base: string, rules: string, fails: Failures = {}): Recipe => ({
  name,
  fails,
  apply: `nft 'table bridge lab { chain own { type filter hook ${base}; ${rules} }; }'`,
  restore: 'nft delete table bridge lab',
});

const sysctl = (
  name: string,
  setting: string,
  values: readonly [broken: number, healthy: number],
  fails?: Failures,
): Recipe => ({
  name,
  apply: `sysctl -qw ${setting}=${values[0]}`,
  restore: `sysctl -qw ${setting}=${values[1]}`,
  ...(fails === undefined ? {} : { fails }),
});

/** Rules of iptables, each without its first word and verb. */
function rules(
  name: string,
  program: string,
  added: readonly string[],
  { policy = '', fails }: { policy?: string; fails?: Failures } = {},
): Recipe {
  const [chain, verdict] = policy.split(' ');
  return {
    name,
    apply: [
      ...added.map((rule) => `${program} -A ${rule}`),
      ...(policy === '' ? [] : [`${program} -P ${chain} ${verdict}`]),
    ].join('; '),
    restore: [
      ...(policy === '' ? [] : [`${program} -P ${chain} ACCEPT`]),
      ...added.map((rule) => `${program} -D ${rule}`),
    ].join('; '),
    ...(fails === undefined ? {} : { fails }),
  };
}

const OUT = ['out'];

const FORWARD_POLICY = 'policy drop of chain FORWARD in table ip filter';

const DOCKER_CHAINS = [
  'iptables -N DOCKER-USER',
  'iptables -N DOCKER-FORWARD',
  'iptables -A DOCKER-FORWARD -i docker0 -j ACCEPT',
  'iptables -I FORWARD -j DOCKER-FORWARD',
  'iptables -I FORWARD -j DOCKER-USER',
  'iptables -P FORWARD DROP',
];
const NO_DOCKER = [
  'iptables -P FORWARD ACCEPT',
  'iptables -D FORWARD -j DOCKER-USER',
  'iptables -D FORWARD -j DOCKER-FORWARD',
  'iptables -F DOCKER-FORWARD',
  'iptables -F DOCKER-USER',
  'iptables -X DOCKER-FORWARD',
  'iptables -X DOCKER-USER',
];

const FILTERS: readonly Recipe[] = [
  rules('a forward policy of iptables', 'iptables', [], {
    policy: 'FORWARD DROP',
    fails: { nftables: { needs: ['out', 'port forward'], rule: FORWARD_POLICY } },
  }),
  rules('a forward policy of ip6tables', 'ip6tables', [], {
    policy: 'FORWARD DROP',
    fails: { nftables: { needs: OUT, rule: 'policy drop of chain FORWARD in table ip6 filter' } },
  }),
  rules(
    'an input policy of iptables',
    'iptables',
    ['INPUT -i lo -j ACCEPT', 'INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT'],
    {
      policy: 'INPUT DROP',
      fails: {
        iptables: { needs: ['gateway'], rule: 'policy drop of chain INPUT in table ip filter' },
        nftables: {
          needs: ['dhcp', 'dns', 'names outside', 'tftp', 'gateway'],
          rule: 'policy drop of chain INPUT in table ip filter',
        },
      },
    },
  ),
  rules('an input policy of ip6tables', 'ip6tables', ['INPUT -i lo -j ACCEPT', 'INPUT -p icmpv6 -j ACCEPT'], {
    policy: 'INPUT DROP',
    fails: { nftables: { needs: ['dhcp', 'dns'], rule: 'policy drop of chain INPUT in table ip6 filter' } },
  }),
  {
    ...rules('an output policy of iptables', 'iptables', [], {
      policy: 'OUTPUT DROP',
      fails: {
        iptables: {
          needs: ['dns', 'names outside', 'tftp', 'gateway'],
          rule: 'policy drop of chain OUTPUT in table ip filter',
        },
        nftables: {
          needs: ['dhcp', 'dns', 'names outside', 'tftp', 'gateway'],
          rule: 'policy drop of chain OUTPUT in table ip filter',
        },
      },
    }),
    asksNobody: true,
  },
  rules(
    'a reject at the end',
    'iptables',
    [
      'INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
      'INPUT -i lo -j ACCEPT',
      'INPUT -j REJECT --reject-with icmp-host-prohibited',
      'FORWARD -j REJECT --reject-with icmp-host-prohibited',
    ],
    {
      fails: {
        iptables: { needs: ['gateway'], rule: 'INPUT: counter reject' },
        nftables: {
          needs: ['dhcp', 'dns', 'names outside', 'tftp', 'gateway', 'out', 'port forward'],
          rule: ['INPUT: counter reject', 'FORWARD: counter reject'],
        },
      },
    },
  ),
  {
    name: 'a reject at the head',
    apply: 'iptables -I FORWARD -j REJECT',
    restore: 'iptables -D FORWARD -j REJECT',
    fails: both({ needs: ['out', 'port forward'], rule: 'ip filter FORWARD: counter reject' }),
  },
  rules('a forward policy of old iptables', 'iptables-legacy', [], {
    policy: 'FORWARD DROP',
    fails: both({ needs: ['out', 'port forward'], rule: `${FORWARD_POLICY} (iptables-legacy)` }),
  }),
  rules('a drop of DHCP in old iptables', 'iptables-legacy', ['INPUT -i virbr0 -p udp --dport 67 -j DROP'], {
    fails: both({ needs: ['dhcp'], rule: '-i virbr0 -p udp -m udp --dport 67 -j DROP' }),
  }),
  nft(
    'an input drop of nftables',
    'input priority 0; policy drop',
    'ct state established,related accept; iif lo accept; meta l4proto { icmp, ipv6-icmp } accept; tcp dport 22 accept;',
    both({ needs: ['dhcp', 'dns', 'names outside', 'tftp'], rule: 'policy drop of chain own in table inet lab' }),
  ),
  nft(
    'a forward drop of nftables',
    'forward priority 0; policy drop',
    '',
    both({ needs: ['out', 'port forward'], rule: 'policy drop of chain own in table inet lab' }),
  ),
  nft(
    'a forward drop that lets answers through',
    'forward priority 0; policy drop',
    'ct state established,related accept;',
    both({ needs: ['out', 'port forward'], rule: 'policy drop of chain own in table inet lab' }),
  ),
  nft(
    'a forward drop that lets guests out alone',
    'forward priority 0; policy drop',
    'iifname "virbr*" accept;',
    both({ needs: ['answers', 'port forward'], rule: 'policy drop of chain own in table inet lab' }),
  ),
  {
    ...nft(
      'an output drop that lets answers through',
      'output priority 0; policy drop',
      'ct state established,related accept;',
      both({
        needs: ['dhcp', 'names outside', 'tftp', 'router', 'dns', 'gateway', 'out'],
        rule: 'policy drop of chain own in table inet lab',
      }),
    ),
    asksNobody: true,
  },
  nft(
    'a prerouting drop',
    'prerouting priority -300',
    'iifname virbr0 ip daddr 198.51.100.0/24 drop;',
    both({ needs: ['out', 'port forward'], rule: 'iifname "virbr0" ip daddr 198.51.100.0/24 drop' }),
  ),
  nft(
    'a prerouting drop of one port',
    'prerouting priority raw; policy accept',
    'tcp dport { 53, 7777-7779 } drop;',
    both({ needs: ['dns'], rule: 'tcp dport { 53, 7777-7779 } drop' }),
  ),
  nft('a look for the way back', 'prerouting priority -150', 'fib saddr . mark . iif oif missing drop;'),
  nft(
    'a look for the way back of IPv6',
    'prerouting priority -290',
    'meta nfproto ipv6 fib saddr . mark . iif oif missing drop;',
  ),
  nft('a drop of DHCP', 'input priority 0', 'udp dport 67 drop;', both({ needs: ['dhcp'], rule: 'udp dport 67 drop' })),
  nft(
    'a drop of offers',
    'output priority 0',
    'udp sport 67 drop;',
    both({ needs: ['dhcp'], rule: 'udp sport 67 drop' }),
  ),
  nft(
    'a drop of names',
    'input priority 0',
    'meta l4proto { tcp, udp } th dport 53 drop;',
    both({ needs: ['dns', 'names outside'], rule: 'th dport 53 drop' }),
  ),
  nft(
    'a drop of questions outside',
    'output priority 0',
    'oifname ext0 udp dport 53 drop;',
    both({ needs: ['names outside'], rule: 'udp dport 53 drop' }),
  ),
  nft(
    'a drop of DHCPv6',
    'input priority 0',
    'udp dport 547 drop;',
    both({ needs: ['dhcp'], rule: 'udp dport 547 drop' }),
  ),
  nft(
    'a drop of router solicitations',
    'input priority 0',
    'icmpv6 type nd-router-solicit drop;',
    both({ needs: ['router'], rule: 'nd-router-solicit drop' }),
  ),
  nft(
    'a drop of neighbour discovery',
    'input priority 0',
    'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } drop;',
    both({ needs: ['dns', 'gateway', 'out'], rule: 'nd-neighbor-advert } drop' }),
  ),
  nft('a drop of TFTP', 'input priority 0', 'udp dport 69 drop;', both({ needs: ['tftp'], rule: 'udp dport 69 drop' })),
  nft('a drop of invalid packets', 'forward priority 0', 'ct state invalid drop;'),
  nft(
    'a verdict map',
    'input priority 0; policy drop',
    'ct state vmap { established : accept, related : accept, invalid : drop }; meta l4proto ipv6-icmp accept; iifname vmap { "virbr0" : accept, "lo" : accept };',
  ),
  bridgeTable(
    'a drop of DHCP among bridges',
    'prerouting priority -300',
    'udp dport 67 drop;',
    both({ needs: ['dhcp'], rule: 'bridge lab own: udp dport 67 drop' }),
  ),
  bridgeTable('a drop of frames between guests', 'forward priority 0; policy drop', ''),
  bridgeTable(
    'a drop of IPv6 among bridges',
    'input priority 0',
    'ether type ip6 drop;',
    both({ needs: ['dhcp', 'router', 'dns', 'gateway', 'out'], rule: 'ether type ip6 drop' }),
  ),
  {
    name: 'a drop at the tap of one guest',
    vagueInJson: true,
    apply: `nft "table netdev lab { chain own { type filter hook ingress device $TAP priority 0; ip protocol tcp drop; }; }"`,
    restore: 'nft delete table netdev lab',
    // Which tap a guest of the network has is not known: it depends.
    fails: both({ needs: ['dns', 'out', 'port forward'], rule: 'ip protocol tcp drop' }),
  },
  {
    name: "NixOS' look for the way back",
    apply: [
      'iptables -t mangle -N nixos-fw-rpfilter',
      'iptables -t mangle -A nixos-fw-rpfilter -m rpfilter --validmark -j RETURN',
      'iptables -t mangle -A nixos-fw-rpfilter -p udp -m udp --sport 67 --dport 68 -j RETURN',
      'iptables -t mangle -A nixos-fw-rpfilter -s 0.0.0.0/32 -d 255.255.255.255/32 -p udp -m udp --sport 68 --dport 67 -j RETURN',
      'iptables -t mangle -A nixos-fw-rpfilter -j DROP',
      'iptables -t mangle -I PREROUTING -j nixos-fw-rpfilter',
    ].join('; '),
    restore:
      'iptables -t mangle -D PREROUTING -j nixos-fw-rpfilter; iptables -t mangle -F nixos-fw-rpfilter; iptables -t mangle -X nixos-fw-rpfilter',
  },
  {
    name: 'a look for the way back without an exception for DHCP',
    apply: 'iptables -t mangle -I PREROUTING -m rpfilter --validmark --invert -j DROP',
    restore: 'iptables -t mangle -D PREROUTING -m rpfilter --validmark --invert -j DROP',
  },
];

/** Chains in the order and with the jumps that ufw makes, with rules of our own. */
const UFW = [
  ...['before-input', 'user-input', 'not-local', 'before-forward', 'user-forward'].map(
    (name) => `iptables -N ufw-${name}`,
  ),
  'iptables -A ufw-before-input -i lo -j ACCEPT',
  'iptables -A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  'iptables -A ufw-before-input -m conntrack --ctstate INVALID -j DROP',
  'iptables -A ufw-before-input -p icmp -m icmp --icmp-type echo-request -j ACCEPT',
  'iptables -A ufw-before-input -j ufw-not-local',
  'iptables -A ufw-before-input -j ufw-user-input',
  'iptables -A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN',
  'iptables -A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN',
  'iptables -A ufw-not-local -m addrtype --dst-type BROADCAST -j RETURN',
  'iptables -A ufw-not-local -m limit --limit 3/min -j LOG',
  'iptables -A ufw-not-local -j DROP',
  'iptables -A ufw-user-input -i virbr0 -p udp -m udp --dport 67 -j ACCEPT',
  'iptables -A ufw-user-input -p tcp -m multiport --dports 22,7777 -j ACCEPT',
  'iptables -A ufw-before-forward -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  'iptables -A ufw-before-forward -p icmp -m icmp --icmp-type echo-request -j ACCEPT',
  'iptables -A ufw-before-forward -j ufw-user-forward',
  'iptables -A ufw-user-forward -i virbr1 -j ACCEPT',
  'iptables -A INPUT -j ufw-before-input',
  'iptables -A FORWARD -j ufw-before-forward',
  'iptables -P INPUT DROP',
  'iptables -P FORWARD DROP',
];
const NO_UFW = [
  'iptables -P INPUT ACCEPT',
  'iptables -P FORWARD ACCEPT',
  'iptables -D INPUT -j ufw-before-input',
  'iptables -D FORWARD -j ufw-before-forward',
  ...['F', 'X'].flatMap((verb) =>
    ['before-input', 'user-input', 'not-local', 'before-forward', 'user-forward'].map(
      (name) => `iptables -${verb} ufw-${name}`,
    ),
  ),
];

/** A table with the hooks, priorities and jumps that firewalld makes for zones, with rules of our own. */
const FIREWALLD = `nft 'table inet firewalld {
  chain filter_INPUT { type filter hook input priority filter + 10; policy accept;
    ct state { established, related } accept; ct status dnat accept; iifname "lo" accept; ct state invalid drop;
    jump filter_INPUT_ZONES; reject with icmpx admin-prohibited; }
  chain filter_FORWARD { type filter hook forward priority filter + 10; policy accept;
    ct state { established, related } accept; ct status dnat accept; iifname "lo" accept; ct state invalid drop;
    jump filter_FORWARD_ZONES; reject with icmpx admin-prohibited; }
  chain filter_INPUT_ZONES { iifname "virbr0" goto filter_IN_libvirt; iifname "virbr1" goto filter_IN_routed; goto filter_IN_public; }
  chain filter_FORWARD_ZONES { iifname "virbr0" goto filter_FWD_libvirt; iifname "virbr1" accept; goto filter_FWD_public; }
  chain filter_IN_libvirt { udp dport { 67, 547, 69 } accept; meta l4proto { icmp, ipv6-icmp } accept; udp dport 53 accept; tcp dport 53 accept; reject; }
  chain filter_IN_routed { meta l4proto { icmp, ipv6-icmp } accept; tcp dport 22 accept; }
  chain filter_IN_public { tcp dport 22 accept; meta l4proto { icmp, ipv6-icmp } accept; }
  chain filter_FWD_libvirt { accept; }
  chain filter_FWD_public { oifname "virbr1" accept; }
}'`;

const OTHERS: readonly Recipe[] = [
  {
    name: "ufw's chains and policies",
    apply: UFW.join('; '),
    restore: NO_UFW.join('; '),
    fails: {
      nftables: { needs: ['dns', 'names outside', 'tftp', 'out', 'port forward'], rule: 'policy drop of chain' },
    },
  },
  {
    name: "firewalld's zones",
    apply: FIREWALLD,
    restore: 'nft delete table inet firewalld',
    fails: both({ needs: [], rule: '' }),
  },
  {
    name: "Docker's chains and policy",
    apply: DOCKER_CHAINS.join('; '),
    restore: NO_DOCKER.join('; '),
    fails: { nftables: { needs: ['out', 'port forward'], rule: FORWARD_POLICY } },
  },
  {
    name: "Docker's chains, opened for one network",
    apply: [
      ...DOCKER_CHAINS,
      'iptables -I DOCKER-USER -i virbr0 -j ACCEPT',
      'iptables -I DOCKER-USER -o virbr0 -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
    ].join('; '),
    restore: NO_DOCKER.join('; '),
    fails: { nftables: { needs: ['port forward'], rule: FORWARD_POLICY } },
  },
  {
    name: "Docker's policy where bridges are filtered",
    apply: 'sysctl -qw net.bridge.bridge-nf-call-iptables=1; iptables -P FORWARD DROP',
    restore: 'iptables -P FORWARD ACCEPT; sysctl -qw net.bridge.bridge-nf-call-iptables=0',
    fails: { nftables: { needs: ['out', 'port forward'], rule: FORWARD_POLICY } },
  },
  sysctl('filtered bridges', 'net.bridge.bridge-nf-call-iptables', [1, 0]),
  {
    name: 'one filtered bridge',
    apply: 'ip link set virbr0 type bridge nf_call_iptables 1; iptables -P FORWARD DROP',
    restore: 'iptables -P FORWARD ACCEPT; ip link set virbr0 type bridge nf_call_iptables 0',
    fails: { nftables: { needs: ['out', 'port forward'], rule: FORWARD_POLICY } },
  },
];

const TRANSLATION: readonly Recipe[] = [
  { name: 'no masquerade', backend: 'iptables', apply: 'iptables -t nat -F LIBVIRT_PRT', restore: '', remake: true },
  {
    name: 'no masquerade',
    backend: 'nftables',
    apply: 'nft flush chain ip libvirt_network guest_nat',
    restore: '',
    remake: true,
  },
  { name: 'an empty ruleset', apply: 'nft flush ruleset', restore: '', remake: true },
  { name: 'flushed chains of iptables', backend: 'iptables', apply: 'iptables -F', restore: '', remake: true },
  {
    name: 'flushed chains and drop policies',
    backend: 'iptables',
    apply: 'iptables -F; iptables -P FORWARD DROP; iptables -P INPUT DROP',
    restore: 'iptables -P FORWARD ACCEPT; iptables -P INPUT ACCEPT',
    remake: true,
    fails: {
      iptables: {
        needs: ['dhcp', 'dns', 'names outside', 'tftp', 'gateway', 'out', 'port forward'],
        rule: [FORWARD_POLICY, 'policy drop of chain INPUT in table ip filter'],
      },
    },
  },
  {
    name: "libvirt's table deleted",
    backend: 'nftables',
    apply: 'nft delete table ip libvirt_network',
    // With the rules of IPv6 left, 12.9 does not make all of IPv4's again when it starts.
    restore: 'nft flush ruleset',
    remake: true,
  },
  {
    name: "one of libvirt's chains flushed",
    backend: 'iptables',
    apply: 'iptables -F LIBVIRT_FWI',
    restore: '',
    remake: true,
  },
  {
    name: "one of libvirt's chains flushed",
    backend: 'nftables',
    apply: 'nft flush chain ip libvirt_network guest_input',
    restore: '',
    remake: true,
  },
  {
    name: "rules restored without libvirt's",
    backend: 'iptables',
    apply: 'iptables-save > /run/saved; grep -v LIBVIRT /run/saved > /run/others; iptables-restore < /run/others',
    restore: 'iptables-restore < /run/saved',
  },
  {
    name: 'an accept before the masquerade',
    apply:
      "nft 'table ip lab { chain own { type nat hook postrouting priority 90; policy accept; ip saddr 192.168.122.0/24 accept; }; }'",
    restore: 'nft delete table ip lab',
  },
  {
    name: 'another source before the masquerade',
    apply:
      "ip addr add 198.51.100.77/24 dev ext0; nft 'table ip lab { chain own { type nat hook postrouting priority 90; ip saddr 192.168.122.0/24 oifname ext0 snat to 198.51.100.77; }; }'",
    restore: 'nft delete table ip lab; ip addr del 198.51.100.77/24 dev ext0',
  },
  {
    name: 'no tracking',
    // The client resets the answer, whose sender it does not know; libvirt rejects the reset, and the kernel takes that
    // message for one about the client's connection: it is late, and about another packet than the one that is explained.
    rejectedLater: '198.51.100.1',
    fails: both({ needs: ['answers', 'port forward'], rule: '' }),
    apply: 'iptables -t raw -A PREROUTING -i virbr0 -j NOTRACK',
    restore: 'iptables -t raw -D PREROUTING -i virbr0 -j NOTRACK',
  },
];

const MARKED = [
  'ip route add 203.0.113.0/24 via 198.51.100.2 dev ext0 table 100',
  "nft 'table ip lab { chain own { type filter hook prerouting priority -150; iifname virbr0 meta mark set 7; }; }'",
  'ip rule add fwmark 7 lookup 100',
  'ip route add 203.0.113.0/24 dev virbr2',
];
const UNMARKED = [
  'ip route del 203.0.113.0/24 dev virbr2',
  'ip rule del fwmark 7 lookup 100',
  'nft delete table ip lab',
  'ip route flush table 100',
];
const STRICT = 'sysctl -qw net.ipv4.conf.ext0.rp_filter=1';
const RELAXED = 'sysctl -qw net.ipv4.conf.ext0.rp_filter=0 net.ipv4.conf.all.rp_filter=0';

const ROUTES: readonly Recipe[] = [
  sysctl(
    'no forwarding',
    'net.ipv4.ip_forward',
    [0, 1],
    both({ needs: ['out', 'port forward'], rule: 'forwarding is 0' }),
  ),
  sysctl(
    'no forwarding from one network',
    'net.ipv4.conf.virbr0.forwarding',
    [0, 1],
    both({ needs: ['out', 'port forward'], rule: 'virbr0.forwarding is 0' }),
  ),
  sysctl(
    'no forwarding from the uplink',
    'net.ipv4.conf.ext0.forwarding',
    [0, 1],
    both({ needs: ['answers', 'port forward'], rule: 'ext0.forwarding is 0' }),
  ),
  sysctl(
    'no answers to pings',
    'net.ipv4.icmp_echo_ignore_all',
    [1, 0],
    both({ needs: ['gateway'], rule: 'net.ipv4.icmp_echo_ignore_all' }),
  ),
  {
    name: 'no default route',
    apply: 'ip route del default',
    restore: 'ip route add default via 198.51.100.2 dev ext0',
    // Without a default route the check knows no LAN that others come from.
    fails: both({ needs: ['port forward'], rule: '' }),
  },
  {
    name: 'a route elsewhere',
    apply: 'ip route add 203.0.113.0/24 dev virbr2',
    restore: 'ip route del 203.0.113.0/24 dev virbr2',
  },
  {
    name: 'a route for the guests elsewhere',
    apply: 'ip route add 192.168.122.0/25 dev ext0',
    restore: 'ip route del 192.168.122.0/25 dev ext0',
    fails: both({ needs: ['dns', 'names outside', 'tftp', 'gateway', 'answers', 'port forward'], rule: '' }),
  },
  {
    name: 'a routing rule that prohibits',
    apply: 'ip rule add iif virbr0 to 203.0.113.0/24 prohibit',
    restore: 'ip rule del iif virbr0 to 203.0.113.0/24 prohibit',
  },
  {
    name: 'a routing table of a VPN',
    apply:
      'ip route add default dev virbr2 table 51820; ip rule add not fwmark 51820 table 51820; ip rule add table main suppress_prefixlength 0',
    restore:
      'ip rule del not fwmark 51820 table 51820; ip rule del table main suppress_prefixlength 0; ip route flush table 51820',
  },
  {
    name: 'a strict look for the way back of marked packets',
    apply: [...MARKED, STRICT].join('; '),
    restore: [RELAXED, ...UNMARKED].join('; '),
  },
  {
    name: 'a loose look for the way back',
    apply: [...MARKED, STRICT, 'sysctl -qw net.ipv4.conf.all.rp_filter=2'].join('; '),
    restore: [RELAXED, ...UNMARKED].join('; '),
  },
  {
    name: 'a strict look for the way back everywhere',
    apply: [...MARKED, 'sysctl -qw net.ipv4.conf.all.rp_filter=1'].join('; '),
    restore: [RELAXED, ...UNMARKED].join('; '),
  },
  { name: 'no look for the way back', apply: MARKED.join('; '), restore: UNMARKED.join('; ') },
];

/** What people and programs do to the filters, translation and routes of hosts. */
export const RECIPES: readonly Recipe[] = [
  { name: 'nothing', asksNobody: true, apply: '', restore: '' },
  ...FILTERS,
  ...OTHERS,
  ...TRANSLATION,
  ...ROUTES,
];
