import { describe, expect, it } from 'vitest';
import { pathsOf } from '../../scripts/format-paths.js';
import { BridgedNetwork, IsolatedNetwork, NatNetwork, Network, OpenNetwork, RoutedNetwork } from '../../src/index.js';
import { unsupportedFields } from '../../src/ovn-model/check-fields.js';
import { OVN_FIELDS } from '../../src/ovn-model/fields.js';
import { northboundRows } from '../../src/ovn-model/northbound-rows.js';
import type { OvnOutside } from '../../src/ovn-model/outside.js';
import { networkTable } from '../../src/schema/network/network.js';
import { encodePortForwards } from '../../src/schema/port-forward-metadata.js';
import { thrown } from '../support/caught.js';

const OUTSIDE: OvnOutside = { physicalNetwork: 'lan', addresses: ['198.51.100.10/24'], chassis: 'kvm1' };

const LAB = NatNetwork.create('lab').subnet('10.0.0.1/24', (s) => s.dhcp('10.0.0.100', '10.0.0.199'));
const paths = pathsOf(networkTable);

/** A document with one value at a path. */
function having(path: string): object {
  const [name = '', ...rest] = path.split('.');
  const inner = rest.length === 0 ? 'x' : having(rest.join('.'));
  return name.endsWith('[]') ? { [name.slice(0, -2)]: [inner] } : { [name]: inner };
}

describe('what OVN cannot express', () => {
  it('is every property of the format but those of the matrix, which the format has', () => {
    expect(paths.length).toBeGreaterThan(120);
    expect(Object.keys(OVN_FIELDS).filter((path) => !paths.includes(path))).toEqual([]);
  });

  it.each(paths.filter((path) => OVN_FIELDS[path] === undefined))('%s is refused by its name', (path) => {
    const fields = unsupportedFields({ name: 'lab', ...having(path) });
    expect(fields.map((field) => field.path)).toEqual([path.replaceAll('[]', '[0]')]);
  });

  it.each([
    ['forward.nat.address.end', LAB.natAddress('198.51.100.20', '198.51.100.29')],
    ['domain.name', LAB.domain('lab test')],
    ['dns.hosts[0].hostnames[0]', LAB.dnsHost({ ip: '10.0.0.5', hostnames: ['a b'] })],
    ['dns.forwarders[0].port', LAB.dnsForwarder({ addr: '9.9.9.9', port: 5353 })],
    ['ips[1].dhcp.ranges', LAB.subnet('fd00::1/64', (s) => s.dhcp('fd00::100', 'fd00::199'))],
    [
      'ips[0].dhcp.ranges',
      LAB.subnet('10.0.0.1/24', (s) => s.dhcp('10.0.0.2', '10.0.0.9', { lease: 5 }).dhcp('10.0.0.20', '10.0.0.29')),
    ],
    ['ips[0].dhcp.hosts[0].name', LAB.subnet('10.0.0.1/24', (s) => s.host({ name: 'db', ip: '10.0.0.5' }))],
    [
      'ips[1].dhcp.hosts[0].id',
      LAB.subnet('fd00::1/64', (s) => s.host({ id: '00:01:00:01:11:22:33:44:52:54:00:00:00:01', ip: 'fd00::5' })),
    ],
    [
      'ips[1].dhcp.hosts[0].lease',
      LAB.subnet('fd00::1/64', (s) => s.host({ id: '00:03:00:01:52:54:00:00:00:01', ip: 'fd00::5', lease: 5 })),
    ],
    [
      'portForwards[1].from',
      LAB.forwardPort({ protocol: 'tcp', hostPort: 80, from: '192.0.2.1', to: { ip: '10.0.0.5' } }).forwardPort({
        ...{ protocol: 'tcp', hostPort: { start: 79, end: 80 }, from: '192.0.2.2', to: { ip: '10.0.0.6' } },
      }),
    ],
    [
      'portForwards[0]',
      IsolatedNetwork.create('lab')
        .subnet('10.0.0.1/24')
        .withMetadata(encodePortForwards([{ protocol: 'tcp', hostPort: 80, to: { ip: '10.0.0.5' } }])),
    ],
    ['ips[0].dhcp.hosts[0].ip', LAB.subnet('10.0.0.1/24', (s) => s.host({ mac: '52:54:00:00:00:01', ip: '10.0.0.1' }))],
    [
      'ips[0].dhcp.hosts[1].ip',
      LAB.subnet('10.0.0.1/24', (s) =>
        s.host({ mac: '52:54:00:00:00:01', ip: '10.0.0.5' }).host({ mac: '52:54:00:00:00:02', ip: '10.0.0.5' }),
      ),
    ],
    ['ips[0].dhcp.bootp.file', LAB.subnet('10.0.0.1/24', (s) => s.bootp('pxelinux.0'))],
    [
      'portForwards[0].hostPort',
      LAB.forwardPort({ protocol: 'tcp', hostPort: { start: 1000, end: 2000 }, to: { ip: '10.0.0.5' } }),
    ],
    ['forward.mode', OpenNetwork.create('lab').subnet('10.0.0.1/24')],
    ['forward.mode', BridgedNetwork.create({ name: 'lab', bridge: 'br0' })],
  ])('%s with a value that OVN does not have is refused by its name', (path, network) => {
    const error = thrown(() => northboundRows(network, OUTSIDE));
    expect(error).toMatchObject({ code: 'OVN_FIELD_UNSUPPORTED', network: 'lab', fields: [{ path }] });
  });

  it('is listed as a whole, and so are elements that this library does not know', () => {
    const text =
      '<network><name>lab</name><forward dev="eth0"/><new a="b"/><bridge name="virbr1"/><ip address="10.0.0.1" prefix="24"/></network>';
    const error = thrown(() => northboundRows(Network.parse(text), OUTSIDE));
    expect(error).toMatchObject({ fields: [{ path: 'forward.dev' }, { path: 'bridge.name' }, { path: 'extra' }] });
  });
});

it.each<[Partial<OvnOutside>]>([
  [{ physicalNetwork: '' }],
  [{ physicalNetwork: 'a:b' }],
  [{ vlan: 4095 }],
  [{ addresses: [] }],
  [{ addresses: ['198.51.100.10'] }],
  [{ addresses: ['198.51.100.10/24', '198.51.100.11/24'] }],
  [{ gateways: ['198.51.101.1'] }],
  [{ gateways: ['198.51.100.10'] }],
  [{ chassis: [] }],
  [{ chassis: 'a b' }],
  [{ chassis: ['a', 'b', 'a'] }],
  [{ chassis: Array.from({ length: 101 }, (_, i) => `c${i}`) }],
  [{ addresses: ['198.51.100.0/24'] }],
  [{ addresses: ['198.51.100.255/24'] }],
  [{ addresses: ['224.0.0.5/24'] }],
  [{ addresses: ['0.0.0.0/24'] }],
  [{ gateways: ['198.51.100.0'] }],
  [{ gateways: ['198.51.100.255'] }],
  [{ openings: [{ from: '192.0.2.0/24', to: '10.0.0.1' }] }],
  [{ ownAddresses: [{ guest: '10.0.0.1', address: '198.51.100.5' }] }],
  [{ dnsServers: ['dns.test'] }],
  [{ openings: [{ from: 'anywhere' }] }],
  [{ openings: [{ from: '0.0.0.0/0', protocol: 'tcp', ports: 22 }] }],
  [{ openings: [{ from: '198.51.100.0/24' }] }],
  [{ openings: [{ from: '192.0.2.0/24', to: 'fd00::5' }] }],
  [{ openings: [{ from: '192.0.2.0/24', to: '10.0.1.5' }] }],
  [{ openings: [{ from: '192.0.2.0/24', protocol: 'icmp', ports: 80 }] }],
  [{ openings: [{ from: '192.0.2.0/24', protocol: 'tcp', ports: { start: 9, end: 8 } }] }],
  [{ ownAddresses: [{ guest: '10.0.0.5', address: '2001:db8::5' }] }],
  [{ ownAddresses: [{ guest: '10.0.1.5', address: '198.51.100.5' }] }],
  [{ ownAddresses: [{ guest: 'fd00::5', address: '2001:db8::5' }] }],
  [{ gateways: ['198.51.100.1'], ownAddresses: [{ guest: '10.0.0.5', address: '198.51.100.1' }] }],
  [{ ownAddresses: [{ guest: '10.0.0.5', address: '198.51.100.255' }] }],
  [{ ownAddresses: [{ guest: '10.0.0.5', address: '224.0.0.5' }] }],
  [{ ownAddresses: [{ guest: '10.0.0.5', address: '10.0.0.6' }] }],
  [{ ownAddresses: ['198.51.100.4', '198.51.100.5'].map((address) => ({ guest: '10.0.0.5', address })) }],
])('outside with %o is refused', (part) => {
  expect(thrown(() => northboundRows(LAB, { ...OUTSIDE, ...part })).code).toBe('INVALID_ARGUMENT');
});

it.each([
  ['a subnet that overlaps that of the LAN outside', LAB.subnet('198.51.100.1/25')],
  ['a larger subnet around the LAN outside', LAB.subnet('198.51.0.1/16')],
  ['subnets that overlap', LAB.subnet('10.0.0.129/25')],
  ['an address of the router that is for all', NatNetwork.create('n').subnet('10.0.0.255/24')],
  ['loopback', NatNetwork.create('n').subnet('127.0.0.2/8')],
  ['multicast', NatNetwork.create('n').subnet('224.0.0.1/24')],
  ['link-local addresses', RoutedNetwork.create('n').subnet('fe80::1/64')],
  ['multicast of IPv6', RoutedNetwork.create('n').subnet('ff02::1/64')],
])('a network with %s is refused', (_, network) => {
  const outside = { ...OUTSIDE, addresses: ['198.51.100.10/24', '2001:db8::10/64'] };
  expect(thrown(() => northboundRows(network, outside))).toMatchObject({
    code: expect.stringMatching(/^(?:INVALID_ARGUMENT|VALIDATION)$/),
  });
});

describe('an address outside that the network itself names', () => {
  const outside = { ...OUTSIDE, gateways: ['198.51.100.1'] };
  const to = { ip: '10.0.0.5' };
  it.each([
    ['of the next hop for NAT', LAB.natAddress('198.51.100.1'), 'next hop'],
    ['of its own for NAT', LAB.natAddress('10.0.0.7'), 'subnet of the network'],
    ['of the next hop for a port forward', forwardAt('198.51.100.1'), 'next hop'],
    ['of no machine for a port forward', forwardAt('198.51.100.0'), 'no machine'],
  ])('%s is refused', (_, network, why) => {
    const error = thrown(() => northboundRows(network, outside));
    expect(error).toMatchObject({
      code: 'INVALID_ARGUMENT',
      network: 'lab',
      hint: expect.stringContaining('nobody has'),
    });
    expect(error.message).toContain(why);
  });

  function forwardAt(hostAddress: string) {
    return LAB.forwardPort({ protocol: 'tcp', hostPort: 80, hostAddress, to });
  }

  it('for a guest of a routed network is refused: nothing is translated', () => {
    const routed = RoutedNetwork.create('lab').subnet('10.0.0.1/24');
    const ownAddresses = [{ guest: '10.0.0.5', address: '198.51.100.5' }];
    expect(thrown(() => northboundRows(routed, { ...outside, ownAddresses })).message).toContain('does not translate');
  });
});

it('a network that leads outside needs to know how, and an address of each family that it translates', () => {
  expect(thrown(() => northboundRows(LAB, undefined)).code).toBe('INVALID_ARGUMENT');
  const both = LAB.natIpv6().subnet('fd00::1/64');
  expect(thrown(() => northboundRows(both, OUTSIDE)).message).toContain('no IPv6 address');
});

it('an isolated network needs no router for IPv4 alone, and one without a way out for IPv6 and for names', () => {
  const quiet = IsolatedNetwork.create('quiet').subnet('10.0.0.1/24');
  const tables = (network: IsolatedNetwork) => northboundRows(network, OUTSIDE).map(({ table }) => table);
  expect(tables(quiet)).not.toContain('Logical_Router');
  const named = quiet.dnsHost({ ip: '10.0.0.9', hostnames: ['db'] });
  for (const network of [quiet.subnet('fd00::1/64'), named])
    expect(tables(network).filter((table) => table.startsWith('Logical_Router'))).toEqual([
      'Logical_Router',
      'Logical_Router_Port',
    ]);
  const reserved = IsolatedNetwork.create('quiet').subnet('10.0.0.1/24', (s) =>
    s.host({ mac: '52:54:00:00:00:01', ip: '10.0.0.9', name: 'db' }),
  );
  expect(tables(reserved)).toContain('Logical_Router');
  expect(tables(reserved.dns({ enable: false }))).not.toContain('Logical_Router');
});

describe('a port that cannot work', () => {
  const reserved = LAB.subnet('10.0.0.1/24', (s) => s.host({ mac: '52:54:00:00:00:01', ip: '10.0.0.5' }));
  const mac = '52:54:00:00:00:09';
  it.each([
    ['the address of the router', { mac, ips: ['10.0.0.1'] }],
    ['the address of the subnet', { mac, ips: ['10.0.0.0'] }],
    ['the broadcast address', { mac, ips: ['10.0.0.255'] }],
    ['an address that is reserved for another guest', { mac, ips: ['10.0.0.5'] }],
    ['an address that has been reserved for another guest since', { mac, ips: [], chosen: '10.0.0.5' }],
    ['a MAC address of a group', { mac: '01:00:5e:00:00:01', ips: [] }],
    ['the MAC address of no device', { mac: '00:00:00:00:00:00', ips: [] }],
  ])('with %s is refused', (_, guest) => {
    const error = thrown(() => northboundRows(reserved, OUTSIDE, [{ id: 'a', ...guest }]));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', network: 'lab' });
  });

  it.each(['10.0.0.1', '10.0.1.5', 'fd00::5'])('is refused as the target %s of a port forward', (ip) => {
    const network = LAB.forwardPort({ protocol: 'tcp', hostPort: 80, to: { ip } });
    expect(thrown(() => northboundRows(network, OUTSIDE)).code).toBe('INVALID_ARGUMENT');
  });
});
