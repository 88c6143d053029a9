import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BridgedNetwork,
  IsolatedNetwork,
  NatNetwork,
  OpenNetwork,
  RoutedNetwork,
  type SubnetBuilder,
} from 'libvirt-network';
import {
  explainFlow,
  type FirewallOptions,
  type FlowGuest,
  type FlowPacket,
  type Topology,
} from 'libvirt-network/preview';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkModelOf } from '../../src/preview/flow/network-model.js';
import { type Daemon, type Guest, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { runs } from '../support/random.js';
import { difference } from './matrix.js';

needs('daemon 11.3', 'daemon 9.0');

const PORT = 7777;
const served = (net: number) => (subnet: SubnetBuilder) =>
  subnet.dhcp(`192.168.${net}.100`, `192.168.${net}.199`).host({ mac: mac(net), ip: `192.168.${net}.11` });
const mac = (net: number): string => `52:54:00:00:00:${net - 100}`;

/** The networks by the third number of their subnets, which are alike otherwise. */
const NETWORKS = [
  { net: 161, network: NatNetwork.create('nat').bridge('br-nat', { stp: false }).natIpv6(), ipv6: true },
  { net: 162, network: NatNetwork.create('nat4').bridge('br-nat4', { stp: false }).natPorts(3000, 3999), ipv6: true },
  { net: 163, network: NatNetwork.create('natdev').bridge('br-natdev', { stp: false }).via('ext0'), ipv6: false },
  { net: 164, network: RoutedNetwork.create('route').bridge('br-route', { stp: false }), ipv6: true },
  { net: 165, network: OpenNetwork.create('open').bridge('br-open', { stp: false }), ipv6: true },
  { net: 166, network: IsolatedNetwork.create('isolated').bridge('br-iso', { stp: false }), ipv6: true },
  { net: 167, network: NatNetwork.create('apart').bridge('br-apart', { stp: false }).isolatePorts(), ipv6: false },
].map(({ net, network, ipv6 }) => {
  const ipv4 = network.subnet(`192.168.${net}.1/24`, served(net));
  return { net, network: ipv6 ? ipv4.subnet(`fd00:${net}::1/64`) : ipv4, ipv6, isolated: network.kind === 'isolated' };
});
const lan = BridgedNetwork.create({ name: 'lan', bridge: 'br-lan' });

const guests: readonly FlowGuest[] = [
  ...NETWORKS.flatMap(({ net, network, ipv6 }) =>
    ['a', 'b'].map((letter, i) => ({
      name: `${network.name}-${letter}`,
      network: network.name,
      addresses: [`192.168.${net}.1${i + 1}`, ...(ipv6 ? [`fd00:${net}::1${i + 1}`] : [])],
    })),
  ),
  { name: 'lan-a', network: 'lan', addresses: ['203.0.113.11/24'] },
  { name: 'lan-b', network: 'lan', addresses: ['203.0.113.12/24'] },
];

describe.each(['9.0', '11.3'] as const)('the way of real packets with libvirt %s', (release) => {
  const options: FirewallOptions = { libvirt: release, backend: release === '9.0' ? 'iptables' : 'nftables' };
  const topology: Topology = {
    ...options,
    networks: [...NETWORKS.map(({ network }) => network), lan],
    guests,
    outside: [
      {
        device: 'ext0',
        host: ['198.51.100.1/24', '2001:db8:ffff::1/64'],
        outside: ['198.51.100.2/24', '2001:db8:ffff::2/64'],
      },
      { device: 'br-lan', outside: ['203.0.113.1/24'] },
    ],
  };

  let daemon: Daemon;
  const plugged = new Map<string, Guest>();
  beforeAll(() => {
    daemon = startDaemon(release);
    daemon.outside('br-lan');
    daemon.listen();
    for (const network of topology.networks) {
      const path = join(daemon.dir, `${network.name}.xml`);
      writeFileSync(path, network.toXml({ libvirt: release }));
      daemon.ask(`net-define ${path}; net-start ${network.name}`);
    }
    for (const { name, network, addresses = [] } of guests) addGuest(name, network, addresses);
    daemon.awaitAddresses();
  });
  afterAll(() => daemon.stop());

  const addGuest = (name: string, network: string, [ipv4 = '', ipv6]: readonly string[]): void => {
    const router = ipv4.replace(/\.\d+(\/\d+)?$/, '.1');
    const own = NETWORKS.find((one) => one.network.name === network);
    const guest = daemon.guest(name, {
      network,
      addresses: [ipv4.includes('/') ? ipv4 : `${ipv4}/24`],
      gateway: network === 'isolated' ? undefined : router,
      isolated: network === 'apart',
      ...(own !== undefined && name.endsWith('-a') ? { mac: mac(own.net) } : {}),
    });
    plugged.set(name, guest);
    if (own === undefined || ipv6 === undefined) return;
    const route = own.isolated ? 'true' : `ip -6 route replace default via fd00:${own.net}::1`;
    const script = `sysctl -qw net.ipv6.conf.eth0.accept_ra=0; ip -6 route flush proto ra; ip -6 addr add ${ipv6}/64 dev eth0 nodad; ${route}`;
    guest.sh(script);
  };

  const world = networkModelOf(topology);

  /** Sends all packets of one sender at once and returns what differs from the prediction. */
  const compare = async (from: string, packets: readonly FlowPacket[]): Promise<string[]> => {
    const lines = packets.map(lineOf);
    const probes = await daemon.probes(from, lines);
    return packets.flatMap((packet, i) => difference(world, packet, probes[i]) ?? []);
  };

  const addressOf = (from: string, name: string, family: 'ipv4' | 'ipv6'): string | undefined => {
    const at = (addresses: readonly string[] = []) =>
      addresses.find((text) => text.includes(':') === (family === 'ipv6'))?.replace(/\/.*/, '');
    const sender = guests.find((guest) => guest.name === from);
    if (name === 'outside') return at(sender?.network === 'lan' ? ['203.0.113.1'] : topology.outside?.[0]?.outside);
    if (name !== 'host') return at(guests.find((guest) => guest.name === name)?.addresses);
    const own = NETWORKS.find(({ network }) => network.name === sender?.network);
    return own === undefined
      ? at(topology.outside?.[0]?.host)
      : at([`192.168.${own.net}.1`, ...(own.ipv6 ? [`fd00:${own.net}::1`] : [])]);
  };

  const lineOf = (packet: FlowPacket): string => {
    const to = addressOf(packet.from, packet.to, packet.family ?? 'ipv4');
    if (packet.protocol === 'dns') return `dns ${to} ${packet.name}`;
    return packet.protocol === 'icmp' ? `ping ${to}` : `${packet.protocol} ${to} ${PORT}`;
  };

  const everybody = [...guests.map(({ name }) => name), 'host', 'outside'];
  const packetsFrom = (from: string): FlowPacket[] =>
    everybody.flatMap((to) =>
      (['ipv4', 'ipv6'] as const).flatMap((family) =>
        (['icmp', 'tcp', 'udp'] as const).flatMap((protocol) => {
          if (to === from || (to === 'host' && from.startsWith('lan-'))) return [];
          // Without addresses there is no packet to send.
          if (addressOf(from, to, family) === undefined || addressOf(to, from, family) === undefined) return [];
          // The machine outside answers by a LAN of its own to guests of another.
          if (from === 'outside' && to.startsWith('lan-') && family === 'ipv6') return [];
          return [{ from, to, protocol, family, port: PORT }];
        }),
      ),
    );

  it('ICMP, TCP and UDP from everybody to everybody are as explained, sources included', async () => {
    // A host has many pairs: a normal run asks one guest of each network.
    const full = runs(10) === 10;
    const senders = everybody.filter((name) => full || !name.endsWith('-b'));
    const packets = senders.map(packetsFrom);
    const cells = packets.flat().length;
    const wrong = await Promise.all(senders.map((from, i) => compare(from, packets[i] ?? [])));
    console.log(`libvirt ${release} (${options.backend}): ${cells} cells with real packets`);
    expect(wrong.flat()).toEqual([]);
    expect(cells).toBeGreaterThan(full ? 1000 : 500);
  });

  it('names are answered as explained', async () => {
    const wrong = await Promise.all(
      NETWORKS.map(({ network }) => {
        const from = `${network.name}-a`;
        return compare(from, [{ from, to: 'host', protocol: 'dns', family: 'ipv4', name: 'www.outside.test' }]);
      }),
    );
    expect(wrong.flat()).toEqual([]);
  });

  it('DHCP is answered as explained', () => {
    for (const { name } of guests.filter((guest) => guest.name.endsWith('-a'))) {
      const script = 'busybox udhcpc -i eth0 -n -q -t 2 -T 1 -s /bin/true >/dev/null 2>&1 && echo lease || echo none';
      const measured = plugged.get(name)?.sh(script);
      const { verdict } = explainFlow(topology, { from: name, to: 'host', protocol: 'dhcp' });
      expect(`${name} ${measured}`).toBe(`${name} ${verdict === 'delivered' ? 'lease' : 'none'}`);
    }
  });
});
