import { describe, expect, it } from 'vitest';
import {
  BridgedNetwork,
  type Conflict,
  connect,
  IsolatedNetwork,
  NatNetwork,
  OpenNetwork,
  type PortForward,
  RoutedNetwork,
  type VirtualNetwork,
} from '../../src/index.js';
import {
  type DeviceFacts,
  findConflicts,
  type Neighbour,
  type RouteFacts,
  type Surroundings,
} from '../../src/plan-entry.js';
import { mockTransport } from '../../src/testing/index.js';
import { announce, runs } from '../support/random.js';

const nat = (cidr: string): NatNetwork => NatNetwork.create('new').subnet(cidr);
const device = (name: string, ...addresses: string[]): DeviceFacts => ({
  name,
  addresses: addresses.map((text) => {
    const [address = '', prefix] = text.split('/');
    return { address, prefix: Number(prefix) };
  }),
});
const route = (to: string, device?: string, protocol?: string): RouteFacts => {
  const family = to.includes(':') ? 'ipv6' : 'ipv4';
  return { family, to, device, protocol };
};
/** Default routes as the kernel tells of them. */
const DEFAULT4 = route('default', 'eth0');
const DEFAULT6: RouteFacts = { ...DEFAULT4, family: 'ipv6', protocol: 'ra' };
const stopped = (network: VirtualNetwork | BridgedNetwork): Neighbour => ({
  name: network.name,
  uuid: network.uuid ?? '00000000-0000-4000-8000-000000000001',
  stored: network.document,
});
const running = (network: VirtualNetwork): Neighbour => ({ ...stopped(network), live: network.document });
const around = (parts: Partial<Surroundings>): Surroundings => ({ networks: [], ...parts });
const other = (cidr: string) => IsolatedNetwork.create('other').bridge('virbr7').subnet(cidr);

/** A network that forwards ports of the host to a guest. */
const forwards = (name: string, octet: number, forward: Partial<PortForward>): NatNetwork =>
  NatNetwork.create(name)
    .subnet(`10.${octet}.0.1/24`)
    .forwardPort({ protocol: 'tcp', hostPort: 8080, to: { ip: `10.${octet}.0.9` }, ...forward });

const UUID = '11111111-1111-4111-8111-111111111111';

/** What is wanted, what is there, and who must be named for what. */
const CLASHES: readonly (readonly [what: string, wanted: VirtualNetwork, there: Surroundings, expected: string])[] = [
  [
    'a host address in the subnet',
    nat('10.0.0.1/24'),
    around({ devices: [device('eth0', '10.0.0.9/24')] }),
    'SUBNET_IN_USE device eth0',
  ],
  [
    'a host address alone',
    nat('10.0.0.1/24'),
    around({ devices: [device('eth0', '10.0.0.200/32')] }),
    'SUBNET_IN_USE device eth0',
  ],
  [
    'a larger subnet of the host',
    nat('10.0.5.1/24'),
    around({ devices: [device('eth1', '10.0.0.1/16')] }),
    'SUBNET_IN_USE device eth1',
  ],
  [
    'a smaller subnet of the host',
    nat('10.0.0.1/16'),
    around({ devices: [device('eth1', '10.0.7.1/24')] }),
    'SUBNET_IN_USE device eth1',
  ],
  [
    'the second address of a device',
    nat('10.0.0.1/24'),
    around({ devices: [device('eth0', '192.0.2.1/24', '10.0.0.9/28')] }),
    'SUBNET_IN_USE device eth0',
  ],
  ['loopback', nat('127.5.0.1/24'), around({ devices: [device('lo', '127.0.0.1/8')] }), 'SUBNET_IN_USE device lo'],
  [
    'the default bridge of Docker',
    nat('172.17.0.1/24'),
    around({ devices: [device('docker0', '172.17.0.1/16')] }),
    'SUBNET_IN_USE device docker0 Docker',
  ],
  [
    'a network of Docker',
    nat('172.18.3.1/24'),
    around({ devices: [device('br-0123456789ab', '172.18.0.1/16')] }),
    'SUBNET_IN_USE device br-0123456789ab Docker',
  ],
  [
    'a bridge of Podman',
    nat('10.88.0.1/24'),
    around({ devices: [device('podman0', '10.88.0.1/16')] }),
    'SUBNET_IN_USE device podman0 Podman',
  ],
  [
    'a bridge of LXD',
    nat('10.9.0.1/16'),
    around({ devices: [device('lxdbr0', '10.9.8.1/24')] }),
    'SUBNET_IN_USE device lxdbr0 LXD or Incus',
  ],
  [
    'a pod network',
    nat('10.244.0.1/24'),
    around({ devices: [device('cni0', '10.244.0.1/24')] }),
    'SUBNET_IN_USE device cni0 Kubernetes',
  ],
  [
    'a host-only network of VirtualBox',
    nat('192.168.56.1/24'),
    around({ devices: [device('vboxnet0', '192.168.56.1/24')] }),
    'SUBNET_IN_USE device vboxnet0 VirtualBox',
  ],
  [
    'WireGuard by its kind',
    nat('10.6.0.1/24'),
    around({ devices: [{ ...device('office', '10.6.0.2/24'), kind: 'wireguard' }] }),
    'SUBNET_IN_USE device office WireGuard',
  ],
  [
    'a route of the same subnet',
    nat('10.1.0.1/24'),
    around({ routes: [route('10.1.0.0/24', 'eth0')] }),
    'SUBNET_IN_USE route 10.1.0.0/24 by eth0',
  ],
  [
    'a larger route',
    nat('10.1.0.1/24'),
    around({ routes: [route('10.0.0.0/8', 'tun0')] }),
    'SUBNET_IN_USE route 10.0.0.0/8 by tun0 a VPN',
  ],
  [
    'a smaller route',
    nat('10.1.0.1/16'),
    around({ routes: [route('10.1.200.0/29', 'eth0')] }),
    'SUBNET_IN_USE route 10.1.200.0/29 by eth0',
  ],
  [
    'a route to one host',
    nat('10.1.0.1/24'),
    around({ routes: [route('10.1.0.77', 'eth0')] }),
    'SUBNET_IN_USE route 10.1.0.77/32 by eth0',
  ],
  [
    'a route by several ways',
    nat('10.1.0.1/24'),
    around({ routes: [route('10.1.0.0/16')] }),
    'SUBNET_IN_USE route 10.1.0.0/16',
  ],
  [
    'a running network',
    nat('10.2.0.1/24'),
    around({ networks: [running(other('10.2.0.1/24'))] }),
    'SUBNET_IN_USE network other',
  ],
  [
    'a stopped network',
    nat('10.2.0.1/24'),
    around({ networks: [stopped(other('10.2.0.1/24'))] }),
    'SUBNET_IN_USE network other',
  ],
  [
    'a larger stopped network',
    nat('10.2.5.1/24'),
    around({ networks: [stopped(other('10.2.0.1/16'))] }),
    'SUBNET_IN_USE network other',
  ],
  [
    'a smaller stopped network',
    nat('10.2.0.1/16'),
    around({ networks: [stopped(other('10.2.5.1/28'))] }),
    'SUBNET_IN_USE network other',
  ],
  [
    'a route of a stopped network',
    nat('10.3.0.1/24'),
    around({ networks: [stopped(other('10.4.0.1/24').route({ to: '10.3.0.0/16', via: '10.4.0.2' }))] }),
    'SUBNET_IN_USE network other',
  ],
  [
    'a route of one’s own into another',
    nat('10.5.0.1/24').route({ to: '10.6.0.0/16', via: '10.5.0.2' }),
    around({ networks: [running(other('10.6.1.1/24'))] }),
    'SUBNET_IN_USE network other',
  ],
  [
    'a netmask',
    IsolatedNetwork.create('new').with({ ips: [{ address: '10.7.0.1', netmask: '255.255.0.0' }] }),
    around({ networks: [stopped(other('10.7.9.1/24'))] }),
    'SUBNET_IN_USE network other',
  ],
  [
    'the prefix that nobody wrote',
    IsolatedNetwork.create('new').with({ ips: [{ address: '10.0.0.1' }] }),
    around({ devices: [device('eth0', '10.200.0.1/24')] }),
    'SUBNET_IN_USE device eth0',
  ],
  [
    'what only the next start of another has',
    nat('10.8.0.1/24'),
    around({ networks: [{ ...running(other('10.9.0.1/24')), stored: other('10.8.0.1/24').document }] }),
    'SUBNET_IN_USE network other',
  ],
  [
    'IPv6 of the host',
    nat('fd00:1::1/64'),
    around({ devices: [device('eth0', 'fd00:1::5/64')] }),
    'SUBNET_IN_USE device eth0',
  ],
  [
    'a larger IPv6 subnet',
    nat('fd00:2:3::1/64'),
    around({ devices: [device('eth0', 'fd00:2::1/32')] }),
    'SUBNET_IN_USE device eth0',
  ],
  [
    'a smaller IPv6 route',
    nat('fd00:3::1/48'),
    around({ routes: [route('fd00:3:0:7::/64', 'wg0')] }),
    'SUBNET_IN_USE route fd00:3:0:7::/64 by wg0 WireGuard',
  ],
  [
    'IPv6 of a stopped network',
    nat('fd00:4::1/64'),
    around({ networks: [stopped(other('fd00:4::1/48'))] }),
    'SUBNET_IN_USE network other',
  ],
  [
    'a bridge name of a stopped network',
    nat('10.0.0.1/24').bridge('virbr7'),
    around({ networks: [stopped(other('10.20.0.1/24'))] }),
    'BRIDGE_IN_USE network other',
  ],
  [
    'a bridge that a network only uses',
    nat('10.0.0.1/24').bridge('br0'),
    around({ networks: [stopped(BridgedNetwork.create({ name: 'other', bridge: 'br0' }))] }),
    'BRIDGE_IN_USE network other',
  ],
  [
    'a bridge name that is a NIC',
    nat('10.0.0.1/24').bridge('eth0'),
    around({ devices: [device('eth0')] }),
    'BRIDGE_EXISTS device eth0',
  ],
  [
    'a bridge name that is Docker’s',
    OpenNetwork.create('new').bridge('docker0'),
    around({ devices: [device('docker0')] }),
    'BRIDGE_EXISTS device docker0 Docker',
  ],
  [
    'a bridge name of one’s own that is another’s device now',
    nat('10.0.0.1/24').bridge('bond0'),
    around({
      networks: [
        {
          ...running(NatNetwork.create('new').bridge('virbr9').subnet('10.0.0.1/24')),
          stored: NatNetwork.create('new').bridge('bond0').document,
        },
      ],
      devices: [device('virbr9', '10.0.0.1/24'), device('bond0')],
    }),
    'BRIDGE_EXISTS device bond0',
  ],
  [
    'a uuid of another name',
    nat('10.0.0.1/24').withUuid(UUID),
    around({ networks: [stopped(other('10.20.0.1/24').withUuid(UUID))] }),
    'NETWORK_EXISTS network other',
  ],
  [
    'a name of another uuid',
    nat('10.0.0.1/24').withUuid(UUID),
    around({ networks: [stopped(IsolatedNetwork.create('new'))] }),
    'NETWORK_EXISTS network new',
  ],
  [
    'the MAC address of another network',
    nat('10.0.0.1/24').mac('52:54:00:00:00:01'),
    around({ networks: [stopped(other('10.20.0.1/24').mac('52:54:00:00:00:01'))] }),
    'MAC_IN_USE network other',
  ],
  [
    'the MAC address of a device',
    nat('10.0.0.1/24').mac('52:54:00:AA:00:01'),
    around({ devices: [{ ...device('eth0'), mac: '52:54:00:aa:00:01' }] }),
    'MAC_IN_USE device eth0',
  ],
  [
    'a port of the host that a stopped network forwards',
    forwards('new', 0, { hostPort: { start: 8000, end: 8080 } }),
    around({ networks: [stopped(forwards('other', 20, {}))] }),
    'PORT_IN_USE network other',
  ],
  [
    'a port of the host that a running network forwards at one of its addresses',
    forwards('new', 0, {}),
    around({ networks: [running(forwards('other', 20, { hostAddress: '192.0.2.1' }))] }),
    'PORT_IN_USE network other',
  ],
  [
    'router advertisements that forwarding would stop',
    nat('fd00:9::1/64'),
    around({ devices: [{ ...device('eth0'), acceptRa: 1, autoconfigured: true }] }),
    'ACCEPT_RA device eth0',
  ],
];

const shown = ({ code, owner }: Conflict): string =>
  [code, owner.kind, owner.name, owner.program].filter((part) => part !== undefined).join(' ');

describe('preflight names who has what is wanted', () => {
  for (const [what, wanted, there, expected] of CLASHES) {
    it(what, () => {
      const found = findConflicts(wanted, there);
      expect(found.map(shown)).toEqual([expected]);
      expect(found[0]?.message).toContain(found[0]?.owner.name);
      expect(found[0]?.hint).toBeTruthy();
    });
  }

  it('each owner once, although a device has both an address and the route to it', () => {
    const there = around({
      devices: [device('eth0', '10.0.0.9/24')],
      routes: [route('10.0.0.0/24', 'eth0', 'kernel'), DEFAULT4],
    });
    expect(findConflicts(nat('10.0.0.1/24'), there).map(shown)).toEqual(['SUBNET_IN_USE device eth0']);
  });
});

describe('preflight finds nothing where nothing is in the way', () => {
  it('in the own running network: its bridge, address and routes', () => {
    const own = nat('10.0.0.1/24').bridge('virbr3').mac('52:54:00:00:00:03');
    const there = around({
      networks: [running(own)],
      devices: [{ ...device('virbr3', '10.0.0.1/24'), mac: '52:54:00:00:00:03' }],
      routes: [route('10.0.0.0/24', 'virbr3', 'kernel')],
    });
    expect(findConflicts(own, there)).toEqual([]);
  });

  it('with default routes, link-local addresses and learned routes that are kept', () => {
    const there = around({
      devices: [{ ...device('eth0', 'fe80::1/64', '192.0.2.2/24'), acceptRa: 2 }],
      routes: [DEFAULT4, DEFAULT6, route('fe80::/64', 'eth0'), route('ff00::/8', 'eth0')],
    });
    expect(findConflicts(RoutedNetwork.create('new').subnet('10.0.0.1/24').subnet('fd00::1/64'), there)).toEqual([]);
  });

  it('with forwards of other ports, protocols, addresses and sources', () => {
    const wanted = forwards('new', 0, { hostAddress: '192.0.2.1', from: '203.0.113.0/24' });
    const others: readonly Partial<PortForward>[] = [
      { hostPort: 8081 },
      { protocol: 'udp' },
      { hostAddress: '192.0.2.2' },
      { from: '198.51.100.0/24' },
    ];
    const networks = others.map((forward, i) => running(forwards(`other${i}`, 20 + i, forward)));
    expect(findConflicts(wanted, around({ networks }))).toEqual([]);
  });

  it('with routes to the host itself and routes that refuse', () => {
    const types = ['local', 'broadcast', 'blackhole', 'unreachable', 'prohibit'];
    const routes = types.map((type) => ({ ...route('10.0.0.0/24', 'eth0'), type }));
    expect(findConflicts(nat('10.0.0.1/24'), around({ routes }))).toEqual([]);
  });

  it('in hosts full of neighbours', () => {
    const count = runs(5000, 200);
    const random = announce('hosts without a conflict', count);
    for (let i = 0; i < count; i++) {
      // Every second octet is given out once.
      const octets = Array.from({ length: 250 }, (_, n) => n).sort(() => random.next() - 0.5);
      const take = () => octets.pop() ?? 0;
      const networks = random.list(0, 9, (n) => {
        const octet = take();
        const network = NatNetwork.create(`n${n}`)
          .bridge(`virbr${n}`)
          .subnet(`10.${octet}.0.1/${random.int(16, 28)}`)
          .subnet(`fd00:${octet}::1/${random.int(32, 64)}`);
        return random.chance(0.5) ? running(network) : stopped(network);
      });
      const devices = random.list(0, 9, (n) => device(`eth${n}`, `10.${take()}.${n}.1/${random.int(16, 30)}`));
      const routes = random.list(0, 9, (n) => route(`10.${take()}.0.0/${random.int(16, 30)}`, `eth${n}`));
      const octet = take();
      const wanted = nat(`10.${octet}.0.1/${random.int(16, 28)}`)
        .subnet(`fd00:${octet}::1/64`)
        .bridge('virbr99');
      const found = findConflicts(wanted, { networks, devices, routes });
      expect(found, JSON.stringify({ wanted: wanted.document, networks, devices, routes })).toEqual([]);
    }
  });
});

describe('networks.preflight', () => {
  it('says what it could not see', async () => {
    const { networks } = connect(mockTransport({ networks: [other('10.2.0.1/24')] }));
    const { conflicts, unseen } = await networks.preflight(nat('10.2.0.1/25'));
    expect(conflicts.map(shown)).toEqual(['SUBNET_IN_USE network other']);
    expect(unseen).toEqual(['addresses and routes of the host', 'accept_ra of its devices']);
  });

  it('sees the host with a view', async () => {
    const { networks } = connect(mockTransport());
    const view = {
      look: async () => ({ devices: [{ ...device('docker0', '172.17.0.1/16'), autoconfigured: false }], routes: [] }),
    };
    const { conflicts, unseen } = await networks.preflight(nat('172.17.5.1/24').bridge('docker0'), { view });
    expect([conflicts.map(shown), unseen]).toEqual([
      ['BRIDGE_EXISTS device docker0 Docker', 'SUBNET_IN_USE device docker0 Docker'],
      [],
    ]);
  });

  it('keeps ensure from doing anything where it is asked to', async () => {
    const { networks } = connect(mockTransport({ networks: [other('10.2.0.1/24')] }));
    await expect(networks.ensure(nat('10.2.0.1/25'), { preflight: true })).rejects.toMatchObject({
      code: 'SUBNET_IN_USE',
      message: expect.stringContaining('network "other"'),
    });
    expect(await networks.states()).toHaveLength(1);
    expect((await networks.ensure(nat('10.3.0.1/25'), { preflight: true })).changed).toBe(true);
  });
});
