import { IsolatedNetwork, LibvirtError, NatNetwork, RoutedNetwork } from 'libvirt-network';
import {
  allow,
  type CheckOptions,
  explainFlow,
  type FirewallBackend,
  type FlowPacket,
  firewallBase,
  firewallRules,
  type GuestSide,
  type HostFirewall,
  type Opening,
  ownAddress,
  renderOpening,
  type Traffic,
  withOpenings,
} from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';
import { predictedFirewall } from '../../src/preview/firewall-model/predicted.js';
import { mergedOpening } from '../../src/preview/openings/notes.js';
import { thrown } from '../support/caught.js';
import { runOrThrow } from '../support/run.js';

const A = NatNetwork.create('a')
  .bridge('virbr1', { stp: false })
  .subnet('192.168.101.1/24')
  .subnet('fd00:101::1/64')
  .natIpv6();
const B = NatNetwork.create('b')
  .bridge('virbr2', { stp: false })
  .subnet('192.168.102.1/24')
  .subnet('fd00:102::1/64')
  .natIpv6();
const ALONE = IsolatedNetwork.create('alone').bridge('virbr3', { stp: false }).subnet('192.168.103.1/24');
const ROUTED = RoutedNetwork.create('routed').bridge('virbr4', { stp: false }).subnet('192.168.104.1/24');
const NETWORKS = [A, B, ALONE, ROUTED];

const GUESTS = [
  { name: 'a1', network: 'a', addresses: ['192.168.101.11', 'fd00:101::11'] },
  { name: 'b1', network: 'b', addresses: ['192.168.102.11', 'fd00:102::11'] },
  { name: 'b2', network: 'b', addresses: ['192.168.102.12', 'fd00:102::12'] },
  { name: 'alone1', network: 'alone', addresses: ['192.168.103.11'], gateway: true },
];
const OUTSIDE = [{ device: 'ext0', host: ['198.51.100.1/24'], outside: ['198.51.100.2/24'] }];

const hostOf = (backend: FirewallBackend, forwardPolicy?: 'drop'): HostFirewall =>
  predictedFirewall({
    backend,
    steps: [...firewallBase({ backend }), ...NETWORKS.flatMap((network) => firewallRules(network, { backend }))],
    forwards: [],
    forwardPolicy,
  });

/** What becomes of TCP to a port. */
const verdict =
  (firewall: HostFirewall, backend: FirewallBackend) =>
  (from: string, to: string, packet: Partial<FlowPacket> = {}): string =>
    explainFlow(
      { backend, networks: NETWORKS, guests: GUESTS, outside: OUTSIDE, firewall },
      { from, to, protocol: 'tcp', port: 80, ...packet },
    ).verdict;

const allowed = (traffic: Traffic, backend: FirewallBackend, forwardPolicy?: 'drop') => {
  const options: CheckOptions = { backend, outside: OUTSIDE };
  const firewall = hostOf(backend, forwardPolicy);
  const { openings, closed } = allow(traffic, firewall, options);
  expect(closed).toEqual([]);
  return { openings, before: verdict(firewall, backend), after: verdict(withOpenings(firewall, openings), backend) };
};

const firewallsOf = (openings: readonly Opening[]): string[] => openings.map(({ firewall }) => firewall);

describe.each(['iptables', 'nftables'] as const)('what is allowed on a host with %s', (backend) => {
  it('passes from one network to another, answers too, and nothing else does', () => {
    const { openings, before, after } = allowed({ from: A, to: B, protocol: 'tcp', ports: 80 }, backend);
    expect(firewallsOf(openings)).toEqual(['libvirt']);
    expect(before('a1', 'b1')).toBe('rejected');
    expect(after('a1', 'b1')).toBe('delivered');
    expect(after('a1', 'b2', { family: 'ipv6' })).toBe('delivered');
    expect(after('a1', 'b1', { port: 81 })).toBe('rejected');
    expect(after('a1', 'b1', { protocol: 'udp' })).toBe('rejected');
    expect(after('b1', 'a1')).toBe('rejected');
    expect(after('outside', 'b1')).toBe('rejected');
  });

  it('reaches one guest alone', () => {
    const to = { network: B, address: '192.168.102.11' };
    const { after } = allowed({ from: A, to, protocol: 'tcp', ports: { start: 80, end: 90 } }, backend);
    expect(after('a1', 'b1', { port: 85 })).toBe('delivered');
    expect(after('a1', 'b2', { port: 85 })).toBe('rejected');
  });

  it('passes out of an isolated network, whose rules would reject the answers', () => {
    const { openings, before, after } = allowed({ from: ALONE, to: B, protocol: 'tcp', ports: 80 }, backend);
    expect(openings.flatMap(({ rules }) => rules)).toHaveLength(2);
    expect(before('alone1', 'b1')).not.toBe('delivered');
    expect(after('alone1', 'b1')).toBe('delivered');
    expect(after('alone1', 'outside')).not.toBe('delivered');
  });

  it('passes from a subnet beyond the host into a network with NAT', () => {
    const { after } = allowed({ from: { subnet: '198.51.100.0/24' }, to: B, protocol: 'tcp' }, backend);
    expect(after('outside', 'b1')).toBe('delivered');
    expect(after('outside', 'b1', { protocol: 'udp' })).toBe('rejected');
    expect(after('a1', 'b1')).toBe('rejected');
  });

  it('needs an opening for each firewall that drops it', () => {
    const { openings, after } = allowed({ from: A, to: B, protocol: 'tcp', ports: 80 }, backend, 'drop');
    expect(firewallsOf(openings)).toEqual(backend === 'iptables' ? ['libvirt'] : ['iptables', 'libvirt']);
    expect(after('a1', 'b1')).toBe('delivered');
    expect(after('a1', 'b1', { port: 81 })).not.toBe('delivered');
  });

  it('needs nothing where nothing is rejected', () => {
    expect(allowed({ from: A, to: ROUTED, protocol: 'icmp' }, backend).openings).toEqual([]);
  });
});

describe('a source address of its own', () => {
  const guest = { network: A, address: '192.168.101.11' };
  const seenBy = (backend: FirewallBackend, from: string, openings: readonly Opening[]): string | undefined =>
    explainFlow(
      {
        backend,
        networks: NETWORKS,
        guests: [...GUESTS, { name: 'a2', network: 'a', addresses: ['192.168.101.12'] }],
        outside: [{ device: 'ext0', host: ['198.51.100.1/24', '198.51.100.77/24'], outside: ['198.51.100.2/24'] }],
        firewall: withOpenings(hostOf(backend), openings),
      },
      { from, to: 'outside', protocol: 'tcp', port: 80 },
    ).sourceSeen;

  it.each(['iptables', 'nftables'] as const)('is seen of one guest alone, with %s', (backend) => {
    const opening = ownAddress(guest, '198.51.100.77', { backend, device: 'ext0' });
    expect(seenBy(backend, 'a1', [])).toBe('198.51.100.1');
    expect(seenBy(backend, 'a1', [opening])).toBe('198.51.100.77');
    expect(seenBy(backend, 'a2', [opening])).toBe('198.51.100.1');
    runOrThrow('sh', ['-n', '-c', renderOpening(opening).script.content]);
  });

  it('replaces the one that the guest had', () => {
    const [before, after] = ['198.51.100.77', '198.51.100.78'].map((address) =>
      ownAddress(guest, address, { backend: 'nftables' }),
    );
    if (after === undefined) throw new Error('there are two');
    expect(mergedOpening(after, before)).toEqual(after);
  });

  it('is refused where it is none, or of another family', () => {
    for (const address of ['198.51.100.0/24', '2001:db8::7', "1.2.3.4'; reboot"])
      expect(() => ownAddress(guest, address, { backend: 'nftables' })).toThrow(/cannot be the source address/);
  });
});

describe('a guest for a source address of its own', () => {
  it.each([undefined, null, 'a1', A, { subnet: '192.168.101.0/24' }, { network: A }])('is not %s', (guest) => {
    const call = () => ownAddress(guest as unknown as GuestSide, '198.51.100.77', { backend: 'nftables' });
    expect(thrown(call).code).toBe('INVALID_ARGUMENT');
  });

  it('has no number as address', () => {
    const guest = { network: A, address: '192.168.101.11' };
    const call = () => ownAddress(guest, 5 as unknown as string, { backend: 'nftables' });
    expect(thrown(call).message).toMatch(/5 cannot be the source address/);
  });
});

describe('a traffic', () => {
  const firewall = hostOf('nftables');
  const refused = (traffic: Traffic): string => {
    try {
      allow(traffic, firewall, { backend: 'nftables', outside: OUTSIDE });
    } catch (error) {
      return LibvirtError.is(error) ? `${error.code}: ${error.message}` : String(error);
    }
    return 'allowed';
  };

  it('is refused where it can never be', () => {
    expect(refused({ from: A, to: B, ports: 80 })).toMatch(/^INVALID_ARGUMENT: ports need protocol 'tcp' or 'udp'/);
    expect(refused({ from: A, to: B, protocol: 'tcp', ports: 70_000 })).toMatch(/^INVALID_ARGUMENT: .*70000/);
    expect(refused({ from: A, to: B, protocol: 'tcp', ports: { start: 9, end: 8 } })).toMatch(/^INVALID_ARGUMENT/);
    expect(refused({ from: A, to: B, protocol: 'sctp' as 'tcp' })).toMatch(/^INVALID_ARGUMENT: .*sctp/);
    expect(refused({ from: A, to: { network: B, address: '192.168.101.11' } })).toMatch(
      /is not an address of network "b"/,
    );
    expect(refused({ from: A, to: { subnet: 'LAN' } })).toMatch(/neither a network nor a guest nor a subnet/);
    expect(refused({ from: { subnet: '10.0.0.0/8' }, to: { subnet: '10.1.0.0/16' } })).toMatch(/no network of libvirt/);
  });

  it('is refused between sides that no packet gets between', () => {
    expect(refused({ from: { subnet: '2001:db8::/32' }, to: ALONE })).toMatch(
      /^INVALID_ARGUMENT: 2001:db8::\/32 and network "alone" have no address family in common$/,
    );
    const [sameName, sameBridge] = ['b', 'c'].map((name) =>
      NatNetwork.create(name).bridge('virbr2', { stp: false }).subnet('192.168.105.1/24'),
    );
    if (sameName === undefined || sameBridge === undefined) throw new Error('there are two');
    expect(refused({ from: sameName, to: B })).toMatch(
      /^INVALID_ARGUMENT: both sides are networks of one name or bridge/,
    );
    expect(refused({ from: sameBridge, to: B })).toMatch(/^INVALID_ARGUMENT: both sides/);
    expect(refused({ from: { subnet: '192.168.102.0/25' }, to: B })).toMatch(
      /^INVALID_ARGUMENT: 192.168.102.0\/25 is inside network "b"$/,
    );
    expect(refused({ from: A, to: { subnet: 'fd00:101::/64' } })).toMatch(
      /^INVALID_ARGUMENT: .* is inside network "a"$/,
    );
  });

  it.each([
    '10.0.0.5/8',
    '127.0.0.0/8',
    '127.1.0.0/16',
    '224.0.0.0/4',
    '169.254.0.0/16',
    '::1/128',
    'ff02::/16',
    'fe80::/64',
  ])('is refused from %s, which no subnet beyond the host is', (subnet) => {
    expect(refused({ from: { subnet }, to: A })).toMatch(/^INVALID_ARGUMENT: .* is not a subnet beyond the host$/);
  });

  it('may come from everywhere', () => {
    expect(refused({ from: { subnet: '0.0.0.0/0' }, to: B })).toBe('allowed');
  });

  // Plain JavaScript passes anything.
  it.each<[string, unknown]>([
    ['no ports', { from: A, to: B, protocol: 'tcp', ports: null }],
    ['a list of ports', { from: A, to: B, protocol: 'tcp', ports: [80] }],
    ['a list of subnets', { from: { subnet: ['10.0.0.0/8'] }, to: B }],
    ['a guest without address', { from: A, to: { network: B, address: undefined } }],
    ['a guest with a misspelled address', { from: A, to: { network: B, adress: '192.168.102.11' } }],
    ['a guest of a name', { from: A, to: { network: 'b', address: '192.168.102.11' } }],
    ['a number as address', { from: A, to: { network: B, address: 5 } }],
    ['a name', { from: 'a', to: B }],
    ['nothing', { from: A, to: undefined }],
  ])('is refused for %s', (_, traffic) => {
    expect(refused(traffic as Traffic)).toMatch(/^INVALID_ARGUMENT: /);
  });

  it.each([undefined, {}, 'table ip t {}'])('is refused without the model of a firewall (%j)', (other) => {
    const call = () => allow({ from: A, to: B }, other as unknown as HostFirewall, { backend: 'nftables' });
    expect(call).toThrow(/allow needs the firewall of a host/);
  });

  it('is refused for a backend that libvirt does not have', () => {
    const call = () => allow({ from: A, to: B }, firewall, { backend: 'pf' as FirewallBackend });
    expect(call).toThrow(/'pf' is not a firewall backend of libvirt/);
  });
});

describe('a LAN that the options do not tell of', () => {
  const traffic: Traffic = { from: { subnet: '10.50.0.0/16' }, to: B, protocol: 'tcp', ports: 80 };

  it.each(['iptables', 'nftables'] as const)('gives the rules no device that is made up, with %s', (backend) => {
    const firewall = hostOf(backend);
    const { openings, closed } = allow(traffic, firewall, { backend });
    const outside = [{ device: 'wan7', host: ['10.50.0.1/16'], outside: ['10.50.0.9/16'] }];
    const topology = {
      backend,
      networks: NETWORKS,
      guests: GUESTS,
      outside,
      firewall: withOpenings(firewall, openings),
    };
    const packet = { from: 'outside', to: 'b1', protocol: 'tcp', port: 80 } as const;
    expect(explainFlow(topology, packet).verdict).toBe('delivered');
    expect(closed).toEqual([]);
    const devices = openings.flatMap(({ rules }) => rules.flatMap((rule) => [rule.in, rule.out]));
    expect(new Set(devices)).toEqual(new Set([undefined, 'virbr2']));
    expect(openings.map(({ purpose }) => purpose)).toEqual(['tcp 80 from 10.50.0.0/16 to network "b"']);
  });

  it('gives the rules its device where they do', () => {
    const { openings } = allow(traffic, hostOf('nftables'), { backend: 'nftables', outside: OUTSIDE });
    expect(openings.flatMap(({ rules }) => rules.map((rule) => rule.in))).toEqual(['ext0']);
  });
});

describe('what a firewall does not tell about', () => {
  it.each(['iptables', 'nftables'] as const)('is a network that does not run yet, with %s', (backend) => {
    const later = NatNetwork.create('later').bridge('virbr9', { stp: false }).subnet('192.168.109.1/24');
    const { openings, closed } = allow({ from: A, to: later }, hostOf(backend), { backend });
    expect(openings).toEqual([]);
    expect(closed).toMatchObject([
      { family: 'ipv4', reason: expect.stringMatching(/network "later": start the network/) },
    ]);
  });

  it('is a family without its dump', () => {
    const { closed } = allow(
      { from: A, to: B },
      { ...hostOf('iptables'), families: ['ipv4'] },
      { backend: 'iptables' },
    );
    expect(closed).toMatchObject([{ family: 'ipv6', reason: expect.stringMatching(/ip6tables-save/) }]);
  });
});

describe('a hint', () => {
  const hintOf = (from: unknown, to: unknown) =>
    thrown(() =>
      allow({ from, to, protocol: 'tcp', ports: 22 } as Traffic, hostOf('nftables'), { backend: 'nftables' }),
    ).hint;

  it('says what to pass for a subnet or an address that is given as it is', () => {
    expect(hintOf('fd00::/8', A)).toBe("pass { subnet: 'fd00::/8' }");
    expect(hintOf('192.0.2.7', A)).toContain("{ subnet: '192.0.2.7/32' }");
    expect(hintOf('office', A)).toContain('{ network, address:');
  });

  it('names the families of both sides where they differ', () => {
    expect(hintOf({ subnet: 'fd00::/8' }, ALONE)).toBe(
      'fd00::/8 is IPv6; network "alone" is IPv4: both sides need addresses of one family',
    );
  });
});
