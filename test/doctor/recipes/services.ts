import { type Recipe, recipe } from './recipe.js';

export const SERVICES: readonly Recipe[] = [
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

const RESOLVER = "printf 'nameserver 198.51.100.2\\n' > /etc/resolv.conf";
export const NAMES: readonly Recipe[] = [
  recipe('a resolver that is dead', [['echo nameserver 127.0.0.53 > /etc/resolv.conf'], [RESOLVER]], {
    id: 'resolver-unusable',
    proof: '127.0.0.53',
  }),
  recipe('a resolver that is dnsmasq itself', [['echo nameserver 192.168.122.1 > /etc/resolv.conf'], [RESOLVER]], {
    id: 'resolver-unusable',
    proof: '192.168.122.1',
  }),
  recipe('no resolver', [[': > /etc/resolv.conf'], [RESOLVER]], { id: 'resolver-unusable', proof: 'no nameserver' }),
];

const ALL = ['nat', 'route', 'nat2'];
const PLUG_AGAIN = ['$g1 master virbr0', '$g1b master virbr0', '$g2 master virbr1', '$g3 master virbr2'].map(
  (one) => `ip link set ${one}`,
);

/** Listens as servers do that share their port with nobody. */
const listen = (port: number): string =>
  `python3 -c "import socket,time; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind(('0.0.0.0',${port})); time.sleep(60)" >/dev/null 2>&1 </dev/null & echo $! >/run/taker; until ss -H -lnu | grep -q '0.0.0.0:${port} '; do sleep 0.05; done`;
const HOOK = '/etc/libvirt/hooks/network.d/broken';

/** Networks that do not start: what `virsh net-start` says is not asked. */
export const STARTS: readonly Recipe[] = [
  ...[
    { port: 53, name: 'a DNS server on every address', id: 'dns-port-taken', network: 'nat2' } as const,
    { port: 67, name: 'a DHCP server on every address', id: 'dhcp-port-taken', network: 'nat' } as const,
  ].map(({ port, name, id, network }) =>
    recipe(
      name,
      [
        [...ALL.map((one) => `virsh net-destroy ${one}`), listen(port), `fails: net-start ${network}`],
        ['kill $(cat /run/taker)', ...ALL.map((one) => `virsh net-start ${one}`), ...PLUG_AGAIN],
      ],
      { id, proof: `0.0.0.0:${port}` },
      { target: { complaint: 'does not start', network } },
    ),
  ),
  recipe(
    'a device of the name of the bridge',
    [
      ['virsh net-destroy nat2', 'ip link add virbr2 type bridge'],
      ['ip link del virbr2', 'virsh net-start nat2', 'ip link set $g3 master virbr2'],
    ],
    { id: 'bridge-taken', proof: 'virbr2' },
    {
      target: { complaint: 'does not start', network: 'nat2' },
    },
  ),
  recipe(
    'a subnet that the host is in',
    [
      ['virsh net-destroy nat2', 'ip addr add 192.168.124.77/24 dev ext0'],
      ['ip addr del 192.168.124.77/24 dev ext0', 'virsh net-start nat2', 'ip link set $g3 master virbr2'],
    ],
    { id: 'subnet-taken', proof: '192.168.124' },
    {
      target: 'does not start',
    },
  ),
  recipe(
    'a hook that fails',
    [
      [
        'virsh net-destroy nat2',
        `printf '#!/bin/sh\\n[ "$1" != nat2 ] || [ "$2" != start ]\\n' >${HOOK}; chmod 755 ${HOOK}`,
        'fails: net-start nat2',
      ],
      [`rm ${HOOK}`, 'virsh net-start nat2', 'ip link set $g3 master virbr2'],
    ],
    { id: 'hook-fails', proof: 'Hook script execution failed' },
    { target: { complaint: 'does not start', network: 'nat2' } },
  ),
  recipe('a hook that may not be executed', [[`printf '#!/bin/sh\\n' >${HOOK}; chmod 644 ${HOOK}`], [`rm ${HOOK}`]], {
    id: 'hook-skipped',
    proof: '644',
  }),
];
