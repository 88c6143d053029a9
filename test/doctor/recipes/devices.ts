import { G1, type Recipe, recipe, sysctl } from './recipe.js';

/** The guest's link and its place in the bridge. */
export const PLUGS: readonly Recipe[] = [
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
    [['ip link set $g1 mtu 1000'], ['ip link set $g1 mtu 1500', 'ip addr replace fd00:122::1/64 dev virbr0 nodad']],
    { id: 'mtu-differs', proof: 'mtu 1000' },
    { target: G1 },
  ),
  recipe('a small MTU of the bridge', [['ip link set virbr0 mtu 1300'], ['ip link set virbr0 mtu 1500']], undefined, {
    target: G1,
  }),
];

export const BRIDGES: readonly Recipe[] = [
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

export const SETTINGS: readonly Recipe[] = [
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
