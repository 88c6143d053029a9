import { G1, type Recipe, recipe } from './recipe.js';

const RANGE = (verb: string, end: number): string =>
  `virsh net-update nat ${verb} ip-dhcp-range "<range start='192.168.122.100' end='192.168.122.${end}'/>" --live`;
const RESERVED = (address: number): string =>
  `virsh net-update nat modify ip-dhcp-host "<host mac='52:54:00:00:00:01' name='g1' ip='192.168.122.${address}'/>" --live`;
const LEASE = 'busybox udhcpc -i eth0 -n -q -s /bin/true >/dev/null 2>&1';

/** Waits for a route with the mark of the kernel for those from router advertisements. */
const AUTOCONFIGURED = `end=$(($(date +%s) + 30)); until grep "ext0$" /proc/net/ipv6_route | while read -r a b c d e f g h flags dev; do [ $((0x$flags & 0x40000)) = 0 ] || echo yes; done | grep -q yes; do [ $(date +%s) -lt $end ]; done`;

/** Guests and ports of bridges. */
export const GUESTS: readonly Recipe[] = [
  recipe(
    'a port that somebody has switched off',
    [['bridge link set dev $g1 state 0'], ['bridge link set dev $g1 state 3']],
    { id: 'port-not-forwarding', proof: 'state disabled' },
    { target: G1, packet: ['g1', 'ping', '192.168.122.1'] },
  ),
  recipe(
    'one hardware address at two guests',
    [
      ['g1b: ip link set eth0 address 52:54:00:00:00:01; busybox ping -c 1 -W 1 192.168.122.1 || true'],
      [
        'g1b: ip link set eth0 address 52:54:00:00:00:02',
        'ip neigh flush dev virbr0',
        'g1: busybox ping -c 1 -W 1 192.168.122.1',
      ],
    ],
    { id: 'mac-at-other-port', proof: '52:54:00:00:00:01' },
    { target: G1 },
  ),
  recipe(
    'a guest that refuses to send to the LAN',
    [['g1: ip route add prohibit 198.51.100.0/24'], ['g1: ip route del prohibit 198.51.100.0/24']],
    { id: 'not-on-host' },
    { target: { complaint: 'no way out', guest: 'g1' }, packet: ['g1', 'tcp', '198.51.100.2'] },
  ),
  recipe(
    'a guest that does not ask for hardware addresses',
    [['g1: ip neigh flush dev eth0; ip link set eth0 arp off'], ['g1: ip link set eth0 arp on']],
    { id: 'not-on-host' },
    { target: { complaint: 'no dns', guest: 'g1' }, packet: ['g1', 'dns', '192.168.122.1', 'files'] },
  ),
];

/** dnsmasq, its addresses, and libvirt itself. */
export const LEASES: readonly Recipe[] = [
  recipe(
    'a range whose only address is leased',
    [
      [RANGE('delete', 199), RANGE('add', 100), 'ip link set $g3 master virbr0', `g3: ${LEASE}`],
      ['ip link set $g3 master virbr2', RANGE('delete', 100), RANGE('add', 199)],
    ],
    { id: 'range-full', proof: '1 leases for 1 addresses' },
  ),
  recipe('a lease that is older than its reservation', [[`g1: ${LEASE}`, RESERVED(77)], [RESERVED(11)]], {
    id: 'lease-not-reserved',
    proof: '192.168.122.11',
  }),
  recipe(
    'a pid file whose number another program has',
    [
      [
        'kill $(cat /run/libvirt/network/nat.pid); sleep 300 >/dev/null 2>&1 </dev/null & echo $! >/run/libvirt/network/nat.pid',
      ],
      ['kill $(cat /run/libvirt/network/nat.pid); rm /run/libvirt/network/nat.pid', 'REMAKE'],
    ],
    { id: 'dnsmasq-dead' },
    { packet: ['g1', 'dhcp', 'eth0'] },
  ),
  recipe('a libvirt that does not run', [['KILL'], ['START']], { id: 'libvirt-unreachable' }),
  recipe(
    'a resolver that is the dnsmasq of another network',
    [['echo nameserver 192.168.124.1 > /etc/resolv.conf'], ["printf 'nameserver 198.51.100.2\\n' > /etc/resolv.conf"]],
    { id: 'resolver-unusable', proof: '192.168.124.1' },
  ),
];

/** Bridges that are gone: their networks are started again. */
export const LOST_BRIDGES: readonly Recipe[] = [
  recipe(
    'a bridge that somebody has deleted',
    [['ip link del virbr2'], ['virsh net-destroy nat2', 'virsh net-start nat2', 'ip link set $g3 master virbr2']],
    { id: 'bridge-missing', proof: 'virbr2' },
    { target: 'nat2', packet: ['g3', 'ping', '192.168.124.1'] },
  ),
  recipe(
    'a bridge that somebody has renamed',
    [
      ['ip link set virbr2 down; ip link set virbr2 name lost2; ip link set lost2 up'],
      ['ip link set lost2 down; ip link set lost2 name virbr2; ip link set virbr2 up'],
    ],
    { id: 'bridge-missing', proof: 'virbr2' },
    { target: 'nat2' },
  ),
  recipe(
    'routes of router advertisements, for a network with IPv6',
    [
      [
        'virsh net-destroy route',
        'sysctl -qw net.ipv6.conf.all.forwarding=0 net.ipv6.conf.ext0.accept_ra=1',
        'outside: ip -6 addr add 2001:db8:aaaa::2/64 dev eth0 nodad; dnsmasq --conf-file=/dev/null --port=0 --interface=eth0 --bind-interfaces --enable-ra --dhcp-range=2001:db8:aaaa::,ra-only --ra-param=eth0,4,60 --pid-file=/run/ra.pid --dhcp-leasefile=/dev/null',
        AUTOCONFIGURED,
        'fails: net-start route',
      ],
      [
        'outside: kill $(cat /run/ra.pid); ip -6 addr del 2001:db8:aaaa::2/64 dev eth0',
        'sysctl -qw net.ipv6.conf.ext0.accept_ra=0; ip -6 route flush 2001:db8:aaaa::/64 dev ext0; ip -6 route flush dev ext0 proto ra; ip -6 addr flush dev ext0 to 2001:db8:aaaa::/64; ip -6 route replace default via 2001:db8:ffff::2 dev ext0; sysctl -qw net.ipv6.conf.all.forwarding=1',
        'virsh net-start route',
        'ip link set $g2 master virbr1',
      ],
    ],
    { id: 'autoconfigured-routes' },
    { target: { complaint: 'does not start', network: 'route' } },
  ),
  recipe(
    'a dnsmasq of the host on every address',
    [
      [
        ...['nat', 'route', 'nat2'].map((one) => `virsh net-destroy ${one}`),
        'dnsmasq --conf-file=/dev/null --port=53 --no-resolv --pid-file=/run/own.pid --no-hosts',
        'fails: net-start nat2',
      ],
      [
        'kill $(cat /run/own.pid); while ss -H -lnu | grep -q "0.0.0.0:53 "; do :; done',
        ...['nat', 'route', 'nat2'].map((one) => `virsh net-start ${one}`),
        ...['$g1 master virbr0', '$g1b master virbr0', '$g2 master virbr1', '$g3 master virbr2'].map(
          (one) => `ip link set ${one}`,
        ),
      ],
    ],
    { id: 'dns-port-taken', proof: '0.0.0.0:53' },
    { target: { complaint: 'does not start', network: 'nat2' } },
  ),
];
