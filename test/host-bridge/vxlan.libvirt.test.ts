import { describe, expect, it } from 'vitest';
import { HostBridge } from '../../src/host-bridge/host-bridge.js';
import { needs } from '../support/needs.js';
import { onHosts } from '../support/parsers.js';

needs('host network programs');

/** What a host of some says of the others. */
type Ends = (own: string, others: readonly string[]) => Parameters<HostBridge['vxlan']>[1];

const WAYS: Readonly<Record<string, { readonly family: 4 | 6; readonly hosts: number; readonly ends: Ends }>> = {
  'two hosts': { family: 4, hosts: 2, ends: (local, remotes) => ({ local, remotes }) },
  'three hosts, each of which names all others': {
    family: 4,
    hosts: 3,
    ends: (local, remotes) => ({ local, remotes }),
  },
  'three hosts over IPv6': { family: 6, hosts: 3, ends: (local, remotes) => ({ local, remotes }) },
  'three hosts in a multicast group': {
    family: 4,
    hosts: 3,
    ends: (local) => ({ local, group: '239.1.1.1', device: 'e0' }),
  },
};

const addressOf = (family: 4 | 6, host: number): string => (family === 4 ? `10.88.0.${host}` : `2001:db8:88::${host}`);

/** Sends a datagram that nobody may cut into pieces, and says whether its answer came. */
const SEND = `import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, 10, 2)
s.settimeout(5)
try:
    s.sendto(b"x" * (int(sys.argv[2]) - 28), (sys.argv[1], 7777))
    s.recv(99)
    print("answered")
except OSError as error:
    print("refused" if error.errno == 90 else "lost")`;

/** Answers every datagram. */
const SERVE = `import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("0.0.0.0", 7777))
open(sys.argv[1], "w").close()
while True:
    s.sendto(b"x", s.recvfrom(9999)[1])`;

/** Hosts on a network of their own, each with the bridge and a guest on it. */
function scriptOf(bridges: readonly HostBridge[], family: 4 | 6, packets: readonly string[]): string {
  const hosts = bridges.flatMap((bridge, i) => {
    const n = i + 1;
    const { mtu } = bridge.guestNic().document;
    const inHost = `ip netns exec h${n}`;
    return [
      `ip netns add h${n}; ip netns add g${n}`,
      `ip link add u${n} type veth peer name e0 netns h${n}; ip link set u${n} master under up`,
      `${inHost} ip link set lo up; ${inHost} ip link set e0 up`,
      `${inHost} ip addr add ${addressOf(family, n)}/${family === 4 ? 24 : 64} dev e0 ${family === 4 ? '' : 'nodad'}`,
      `${inHost} ip route add 239.0.0.0/8 dev e0`,
      ...bridge
        .render('iproute2')
        .apply.map((command) => `${inHost} ${command.join(' ').replace('/run/', `files/h${n}/run/`)} || echo FAILED`),
      `ip -n h${n} link add tap type veth peer name eth0 netns g${n}`,
      `ip -n h${n} link set tap mtu ${mtu?.size} master br-lab up; ip -n g${n} link set eth0 mtu ${mtu?.size} up`,
      `ip -n g${n} addr add 192.168.9.${n}/24 dev eth0`,
      `ip netns exec g${n} python3 files/serve ready${n} >/dev/null 2>&1 </dev/null & servers="$servers $!"`,
    ];
  });
  const waits = bridges.map((_, i) => `for i in $(seq 100); do [ -e ready${i + 1} ] && break; sleep 0.1; done`);
  return [
    'ip link add under type bridge mcast_snooping 0; ip link set under up',
    ...hosts,
    ...waits,
    ...packets,
    'kill $servers',
  ].join('\n');
}

function answersOf({ family, hosts, ends }: (typeof WAYS)[string], sizes: readonly number[]): readonly string[] {
  const numbers = Array.from({ length: hosts }, (_, i) => i + 1);
  const bridges = numbers.map((n) => {
    const others = numbers.filter((other) => other !== n).map((other) => addressOf(family, other));
    return HostBridge.create('br-lab').vxlan(42, ends(addressOf(family, n), others));
  });
  const packets = numbers.flatMap((from) =>
    numbers
      .filter((to) => to !== from)
      .flatMap((to) => sizes.map((size) => `ip netns exec g${from} python3 files/send 192.168.9.${to} ${size}`)),
  );
  const files = bridges.flatMap((bridge, i) =>
    bridge.render('iproute2').files.map((file) => ({ ...file, path: `/h${i + 1}${file.path}` })),
  );
  const programs = Object.entries({ '/send': SEND, '/serve': SERVE }).map(([path, content]) => ({
    ...{ path, mode: 0o644, owner: 'root', content },
  }));
  const [printed = ''] = onHosts([{ files: [...files, ...programs], script: scriptOf(bridges, family, packets) }]);
  return printed.trim().split('\n');
}

describe('guests on bridges of several hosts are on one LAN by VXLAN', () => {
  it.each(Object.keys(WAYS))('%s', (name) => {
    const way = WAYS[name];
    if (way === undefined) throw new Error(name);
    const room = way.family === 4 ? 1450 : 1430;
    const pairs = way.hosts * (way.hosts - 1);
    const answers = answersOf(way, [room, room + 1]);
    expect(answers).toEqual(Array.from({ length: pairs }, () => ['answered', 'refused']).flat());
  });
});
