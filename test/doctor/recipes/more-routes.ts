import { type Expected, type Packet, type Recipe, recipe } from './recipe.js';

const ELSEWHERE = (proof: string): Expected => ({ id: 'guests-routed-elsewhere', proof });
const REFUSED = (proof: string): Expected => ({ id: 'routing-refused', proof });
const HOST_TO_GUEST: Packet = ['host', 'tcp', '192.168.122.11'];
const FAR: Packet = ['g1', 'tcp', '203.0.113.5'];

/** Routes, routing rules and the way out, as VPNs, containers and wrong settings leave them. */
export const ROUTES: readonly Recipe[] = [
  recipe(
    'a bridge of Docker over the addresses of guests',
    [
      ['ip link add docker9 type bridge; ip addr add 192.168.122.62/26 dev docker9; ip link set docker9 up'],
      ['ip link del docker9'],
    ],
    ELSEWHERE('docker9'),
    { packet: HOST_TO_GUEST },
  ),
  recipe(
    'a routing table of a VPN that takes the network',
    [
      [
        'ip tuntap add wg7 mode tun; ip link set wg7 up; ip route add 192.168.122.0/24 dev wg7 table 52; ip rule add priority 5270 lookup 52',
      ],
      ['ip rule del priority 5270; ip link del wg7'],
    ],
    ELSEWHERE('dev wg7 table 52'),
    { packet: ['g1', 'ping', '192.168.122.1'] },
  ),
  recipe(
    'a VPN that takes everything',
    [
      [
        'ip tuntap add wg7 mode tun; ip link set wg7 up; ip route add default dev wg7 table 53; ip rule add priority 5271 lookup 53',
      ],
      ['ip rule del priority 5271; ip link del wg7'],
    ],
    ELSEWHERE('default dev wg7 table 53'),
    { packet: HOST_TO_GUEST },
  ),
  recipe(
    'a blackhole for some guests',
    [['ip route add blackhole 192.168.122.8/29'], ['ip route del blackhole 192.168.122.8/29']],
    REFUSED('blackhole'),
    { packet: HOST_TO_GUEST },
  ),
  recipe(
    'a routing rule that sends guests to a table without a way',
    [
      ['ip route add unreachable default table 300; ip rule add priority 900 iif virbr0 to 203.0.113.0/24 lookup 300'],
      ['ip rule del priority 900; ip route flush table 300'],
    ],
    REFUSED('unreachable'),
    { packet: FAR },
  ),
  recipe(
    'a router that nobody is',
    [
      ['ip route replace default via 198.51.100.99 dev ext0; busybox ping -c 1 -W 4 203.0.113.5 || true'],
      ['ip route replace default via 198.51.100.2 dev ext0; ip neigh flush dev ext0'],
    ],
    { id: 'router-silent', proof: '198.51.100.99' },
    { packet: FAR },
  ),
  recipe(
    'a hardware address that somebody has fixed',
    [
      ['ip neigh replace 192.168.122.11 lladdr 52:54:00:00:00:99 dev virbr0 nud permanent'],
      ['ip neigh del 192.168.122.11 dev virbr0'],
    ],
    { id: 'neighbour-fixed', proof: '52:54:00:00:00:99 PERMANENT' },
    { target: { guest: 'g1' }, packet: HOST_TO_GUEST },
  ),
  recipe(
    'IPv6 switched off at the way out',
    [
      ['sysctl -qw net.ipv6.conf.ext0.disable_ipv6=1'],
      [
        'sysctl -qw net.ipv6.conf.ext0.disable_ipv6=0; ip -6 addr replace 2001:db8:ffff::1/64 dev ext0 nodad; ip -6 route replace default via 2001:db8:ffff::2 dev ext0',
      ],
    ],
    { id: 'ipv6-off', proof: 'ext0.disable_ipv6 = 1' },
    { packet: ['g1', 'tcp', '2001:db8:ffff::2'] },
  ),
  recipe(
    'a file of sysctl that switches forwarding off',
    [
      [
        'mkdir -p /etc/sysctl.d; echo net.ipv4.ip_forward=0 >/etc/sysctl.d/99-hardening.conf; sysctl -qp /etc/sysctl.d/99-hardening.conf',
      ],
      ['rm /etc/sysctl.d/99-hardening.conf; sysctl -qw net.ipv4.ip_forward=1'],
    ],
    { id: 'forwarding-off', proof: 'net.ipv4.ip_forward=0' },
    { packet: ['g1', 'tcp', '198.51.100.2'] },
  ),
];
