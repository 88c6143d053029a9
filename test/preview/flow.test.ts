import { BridgedNetwork, DirectNetwork, IsolatedNetwork, NatNetwork, RoutedNetwork } from 'libvirt-network';
import {
  explainFlow,
  type FlowGuest,
  type FlowPacket,
  reachability,
  renderFlow,
  renderReachability,
  type Topology,
} from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';
import { thrown } from '../support/caught.js';
import { announce, type Random, runs } from '../support/random.js';
import { randomVirtualNetwork } from './generate.js';

const lab = NatNetwork.create('lab').bridge('virbr10').subnet('192.168.50.1/24');
const dmz = RoutedNetwork.create('dmz').bridge('virbr11').subnet('192.168.51.1/24');
const lone = IsolatedNetwork.create('lone').bridge('virbr12').subnet('192.168.52.1/24');
const topology: Topology = { backend: 'iptables', networks: [lab, dmz, lone] };

const verdict = (packet: FlowPacket, changes: Partial<Topology> = {}): string =>
  explainFlow({ ...topology, ...changes }, packet).verdict;

describe('what is not known of guests', () => {
  const guests: readonly FlowGuest[] = [
    { name: 'web', network: 'lab', filter: 'only-ssh' },
    { name: 'off', network: 'lab', link: 'down' },
    { name: 'db', network: 'lab' },
  ];

  it('a filter whose rules are not given makes it uncertain what arrives, and nothing else', () => {
    const { verdict: told, reason } = explainFlow({ ...topology, guests }, { from: 'db', to: 'web' });
    expect([told, reason]).toEqual(['depends', expect.stringContaining('the filter only-ssh of web')]);
    expect(verdict({ from: 'outside', to: 'web' }, { guests })).toBe('rejected');
    expect(verdict({ from: 'db', to: 'outside' }, { guests })).toBe('delivered');
  });

  it('a guest whose link is down stands for its network only where there is no other', () => {
    const { names, rows } = reachability({ ...topology, guests: [...guests].reverse() });
    expect([names[0], rows[0]?.[0]?.verdict, rows[0]?.at(-1)?.verdict]).toEqual(['lab', 'depends', 'delivered']);
  });

  it('packets of a protocol that is not known are refused', () => {
    const packet = { from: 'lab-a', to: 'lab-b', protocol: 'http' } as never;
    expect(thrown(() => explainFlow(topology, packet)).message).toContain("protocol 'http'");
  });

  it('a packet to an address is of its family', () => {
    const networks = [RoutedNetwork.create('six').bridge('virbr13').subnet('2001:db8:13::1/64')];
    const { packet, verdict: told } = explainFlow({ ...topology, networks }, { from: 'six-a', to: '2001:db8:13::1' });
    expect([packet.family, told]).toEqual(['ipv6', 'delivered']);
  });

  it.each<[kind: object, message: string]>([
    [{ family: 'ipv5' }, "'ipv5' is not a known value of family"],
    [{ port: 65_536 }, "port is '65536'"],
    [{ port: '80' }, "port is '80'"],
    [{ protocol: Object.create(null) }, "protocol '{}'"],
  ])('packets of an unknown family, port or protocol are refused: %j', (kind, message) => {
    const packet = { from: 'lab-a', to: 'lab-b', ...kind } as never;
    for (const call of [() => explainFlow(topology, packet), () => reachability(topology, kind as never)])
      expect(thrown(call)).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) });
  });
});

describe('guests in VLANs', () => {
  const lan = BridgedNetwork.create({ name: 'lan', bridge: 'br0' });
  const guests: readonly FlowGuest[] = (
    [
      ['plain', undefined],
      ['five', 5],
      ['five2', 5],
      ['six', 6],
      ['router', 'trunk'],
    ] as const
  ).map(([name, vlan], i) => ({ name, network: 'lan', addresses: [`203.0.113.1${i}/24`], ...(vlan && { vlan }) }));
  const outside = [{ device: 'br0', host: ['203.0.113.2/24'], outside: ['203.0.113.1/24'] }];
  const told = (from: string, to: string) =>
    explainFlow({ backend: 'iptables', networks: [lan], guests, outside }, { from, to });

  it.each([
    ['five', 'five2', 'delivered', 'it arrives from'],
    ['five', 'six', 'rejected', 'five is in VLAN 5, and six is in VLAN 6'],
    ['plain', 'five', 'rejected', 'plain is in no VLAN, and five is in VLAN 5'],
    ['five', 'router', 'depends', 'which VLANs five and router use'],
    ['five', 'outside', 'depends', 'who else on the LAN at br0 is there'],
    ['host', 'five', 'depends', 'five is in VLAN 5'],
    ['five', 'host', 'depends', 'five is in VLAN 5'],
    ['plain', 'host', 'delivered', 'it arrives from'],
  ])('%s to %s: %s', (from, to, wanted, why) => {
    const { verdict, reason } = told(from, to);
    expect([verdict, reason]).toEqual([wanted, expect.stringContaining(why)]);
  });
});

describe('the way of a packet', () => {
  it('names the rule that rejects it', () => {
    const flow = explainFlow(topology, { from: 'outside', to: 'lab-a' });
    expect(flow.verdict).toBe('rejected');
    expect(flow.rule).toBe('-A LIBVIRT_FWI -o virbr10 -j REJECT --reject-with icmp-port-unreachable');
  });

  it('tells the source that the outside sees, and the way back', () => {
    const flow = explainFlow(topology, { from: 'lab-a', to: 'outside', protocol: 'tcp' });
    expect(flow.sourceSeen).toBe('198.51.100.1');
    expect(
      renderFlow(flow)
        .split('\n')
        .filter((line) => line.includes('<-')),
    ).toHaveLength(6);
  });

  it('is lost where the host does not forward, as only isolated networks run', () => {
    const guests: FlowGuest[] = [{ name: 'a', network: 'lone', gateway: true }];
    expect(verdict({ from: 'a', to: 'outside' }, { networks: [lone], guests })).toBe('timeout');
    expect(verdict({ from: 'a', to: 'outside' }, { guests })).toBe('rejected');
  });

  it("is dropped by another's forward policy where no rule of libvirt accepts it", () => {
    const networks = [NatNetwork.create('x').bridge('vbx').subnet('10.1.0.1/24')];
    expect(verdict({ from: 'x-a', to: 'outside' }, { networks, forwardPolicy: 'drop' })).toBe('delivered');
    expect(verdict({ from: 'outside', to: '198.51.100.77' }, { networks, forwardPolicy: 'drop' })).toBe('rejected');
  });

  it("meets the host's own firewall where libvirt's nftables backend has no rule for it", () => {
    const dns: FlowPacket = { from: 'lab-a', to: 'host', protocol: 'dns' };
    expect(verdict(dns, { hostInput: 'drop' })).toBe('delivered');
    expect(verdict(dns, { hostInput: 'drop', backend: 'nftables' })).toBe('timeout');
  });

  it('between guests of a bridged network asks nobody', () => {
    const networks = [BridgedNetwork.create({ name: 'lan', bridge: 'br0' })];
    const guests = ['a', 'b'].map((name, i) => ({ name, network: 'lan', addresses: [`10.5.0.${i + 2}/24`] }));
    expect(verdict({ from: 'a', to: 'b' }, { networks, guests })).toBe('delivered');
    expect(verdict({ from: 'a', to: 'host', protocol: 'dhcp' }, { networks, guests })).toBe('timeout');
  });

  it('between guests on macvtap and their host does not get through in any mode', () => {
    const outside = [{ device: 'eno1', host: ['10.5.0.9/24'], outside: ['10.5.0.1/24'] }];
    const guests = ['a', 'b'].map((name, i) => ({ name, network: 'lan', addresses: [`10.5.0.${i + 11}/24`] }));
    for (const mode of ['bridge', 'private', 'vepa', 'passthrough'] as const) {
      const networks = [DirectNetwork.create({ name: 'lan', mode, devices: ['eno1'] })];
      const on = { networks, guests, outside };
      expect([verdict({ from: 'a', to: 'host' }, on), verdict({ from: 'host', to: 'a' }, on)]).toEqual([
        'rejected',
        'rejected',
      ]);
      expect(verdict({ from: 'a', to: 'b' }, on)).toBe(mode === 'bridge' ? 'delivered' : 'rejected');
      expect(verdict({ from: 'a', to: 'outside' }, on)).toBe('delivered');
    }
  });

  it('to 127.0.0.1 stays where it is', () => {
    expect(explainFlow(topology, { from: 'host', to: '127.0.0.1', protocol: 'tcp' }).verdict).toBe('delivered');
    expect(explainFlow(topology, { from: 'lab-a', to: '127.0.0.1' }).reason).toContain('lab-a itself');
  });

  it('is refused with an error that says what is wrong with the question', () => {
    const error = thrown(() => explainFlow(topology, { from: 'nobody', to: 'host' }));
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toContain("'nobody'");
    const guests = [{ name: 'a', network: 'elsewhere' }];
    expect(thrown(() => explainFlow({ ...topology, guests }, { from: 'a', to: 'host' })).message).toContain(
      'elsewhere',
    );
    const bare = NatNetwork.create('bare').subnet('10.0.0.1/24');
    expect(thrown(() => explainFlow({ ...topology, networks: [bare] }, { from: 'host', to: 'host' })).hint).toContain(
      '.bridge()',
    );
  });

  it('is predicted for every pair at once', () => {
    const text = renderReachability(reachability(topology));
    expect(text).toBe(
      [
        'from \\ to  lab       dmz       lone      host  outside',
        'lab        yes       yes       rejected  yes   yes',
        'dmz        rejected  yes       rejected  yes   yes',
        'lone       no route  no route  yes       yes   no route',
        'host       yes       yes       yes       yes   yes',
        'outside    rejected  yes       rejected  yes   yes',
        '',
      ].join('\n'),
    );
  });

  it('always ends with a verdict and a reason, in any topology', () => {
    const count = runs(5000, 150);
    const random = announce('topologies', count);
    const verdicts = new Map<string, number>();
    for (let i = 0; i < count; i++) {
      const any = randomTopology(random);
      const names = ['host', 'outside', ...(any.guests ?? []).map(({ name }) => name)];
      const packet: FlowPacket = {
        from: random.pick(names),
        to: random.chance(0.9) ? random.pick(names) : random.pick(['203.0.113.9', '10.100.0.77', 'fd00:1::77']),
        protocol: random.pick(['icmp', 'tcp', 'udp', 'dns', 'dhcp']),
        family: random.pick(['ipv4', 'ipv6']),
        port: random.pick([53, 80, 8080]),
      };
      const flow = explainFlow(any, packet);
      expect(flow.reason).not.toBe('');
      expect(['delivered', 'rejected', 'timeout', 'no-route', 'refused']).toContain(flow.verdict);
      expect(renderFlow(flow)).toContain(flow.reason);
      verdicts.set(flow.verdict, (verdicts.get(flow.verdict) ?? 0) + 1);
    }
    // A generator that reaches one verdict only would prove little.
    expect(verdicts.size).toBeGreaterThanOrEqual(4);
  });
});

function randomTopology(random: Random): Topology {
  const networks = random.list(0, 5, (i) => {
    const network = random.chance(0.15)
      ? BridgedNetwork.create({ name: `net${i}`, bridge: random.pick(['br0', 'eth0']) })
      : randomVirtualNetwork(random, i);
    const target = `10.${100 + i}.0.5`;
    const reaches = network instanceof NatNetwork && network.subnets.some((subnet) => subnet.contains(target));
    return reaches ? network.forwardPort({ protocol: 'tcp', hostPort: 8080 + i, to: { ip: target } }) : network;
  });
  const guests = networks.flatMap((network, i): FlowGuest[] =>
    random.list(0, 3, (j) => ({
      name: `${network.name}-${j}`,
      network: network.name,
      ...(network.kind === 'bridge' || random.chance(0.2) ? { addresses: [`10.${100 + i}.0.${50 + j}/24`] } : {}),
      ...random.maybe(0.2, () => ({ gateway: random.chance(0.5) })),
    })),
  );
  return {
    backend: random.pick(['iptables', 'nftables']),
    networks,
    guests,
    ...random.maybe(0.2, () => ({ outside: [] })),
    ...random.maybe(0.2, () => ({ hostInput: 'drop' as const })),
    ...random.maybe(0.2, () => ({ forwardPolicy: 'drop' as const })),
  };
}
