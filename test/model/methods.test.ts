import { describe, expect, it } from 'vitest';
import {
  type AnyNetwork,
  BridgedNetwork,
  DirectNetwork,
  HostdevNetwork,
  IsolatedNetwork,
  NatNetwork,
  Network,
  OpenNetwork,
  RoutedNetwork,
  type SubnetBuilder,
} from '../../src/index.js';

const nat = NatNetwork.create('n').subnet('10.0.0.1/24');
const routed = RoutedNetwork.create('n').subnet('10.0.0.1/24');
const bridged = BridgedNetwork.create({ name: 'n', bridge: 'br0' });
const direct = DirectNetwork.create({ name: 'n', mode: 'passthrough', devices: ['e1', 'e2'] });
const pool = HostdevNetwork.create({ name: 'n', pf: 'e5' });
const withSubnet = (build: (subnet: SubnetBuilder) => SubnetBuilder) => nat.subnet('10.0.0.1/24', build);

/** What each method writes, in the words of libvirt's network format page. */
const WRITES: readonly (readonly [string, AnyNetwork, string])[] = [
  ['named', nat.named('other'), '<name>other</name>'],
  ['withUuid', nat.withUuid('C7C40247D747326C3952304A82A88FD0'), '<uuid>c7c40247-d747-326c-3952-304a82a88fd0</uuid>'],
  ['title', nat.title('A & B'), '<title>A &amp; B</title>'],
  ['description', nat.description('long'), '<description>long</description>'],
  ['trustGuestRxFilters', nat.trustGuestRxFilters(), "<network trustGuestRxFilters='yes'>"],
  ['isolatePorts', bridged.isolatePorts(), "<port isolated='yes'/>"],
  ['portGroup', bridged.portGroup({ name: 'dev', default: true }), "<portgroup name='dev' default='yes'>"],
  ['bridge', nat.bridge('virbr9', { stp: false, delay: 2 }), "<bridge name='virbr9' stp='off' delay='2'/>"],
  [
    'bridge with a zone',
    nat.bridge('virbr9', { zone: 'home' }),
    "<bridge name='virbr9' zone='home' stp='on' delay='0'/>",
  ],
  ['mac', nat.mac('52:54:00:0A:0b:0c'), "<mac address='52:54:00:0a:0b:0c'/>"],
  ['mtu', nat.mtu(9000), "<mtu size='9000'/>"],
  ['domain', nat.domain('a.test', { localOnly: true }), "<domain name='a.test' localOnly='yes'/>"],
  ['dns', nat.dns({ forwardPlainNames: false }), "<dns forwardPlainNames='no'/>"],
  ['dns off', IsolatedNetwork.create('n').dns({ enable: false }), "<dns enable='no'/>"],
  ['dnsForwarder', nat.dnsForwarder({ addr: '8.8.8.8' }), "<forwarder addr='8.8.8.8'/>"],
  ['dnsTxt', nat.dnsTxt({ name: 'a', value: 'b c' }), "<txt name='a' value='b c'/>"],
  ['dnsSrv', nat.dnsSrv({ service: 'ldap', protocol: 'tcp' }), "<srv service='ldap' protocol='tcp'/>"],
  ['dnsHost', nat.dnsHost({ ip: '10.0.0.2', hostnames: ['a'] }), "<host ip='10.0.0.2'>\n      <hostname>a</hostname>"],
  [
    'bandwidth',
    nat.bandwidth({ inbound: { average: 5, peak: 6, burst: 7 } }),
    "<inbound average='5' peak='6' burst='7'/>",
  ],
  ['guestIpv6', nat.guestIpv6(), "<network ipv6='yes'>"],
  ['dnsmasqOption', nat.dnsmasqOption('foo=bar'), "<dnsmasq:option value='foo=bar'/>"],
  [
    'route',
    nat.route({ to: '10.8.3.4/16', via: '10.0.0.9' }),
    "<route address='10.8.0.0' prefix='16' gateway='10.0.0.9'/>",
  ],
  [
    'route of IPv6',
    nat.subnet('fd00::1/64').route({ to: 'fd01::/48', via: 'fd00::9', metric: 2 }),
    "<route family='ipv6' address='fd01::' prefix='48' gateway='fd00::9' metric='2'/>",
  ],
  ['subnet of IPv6', nat.subnet('fd00::/64'), "<ip family='ipv6' address='fd00::1' prefix='64'/>"],
  ['dhcp', withSubnet((subnet) => subnet.dhcp('10.0.0.5', '10.0.0.6')), "<range start='10.0.0.5' end='10.0.0.6'/>"],
  [
    'dhcp with a lease',
    withSubnet((subnet) => subnet.dhcp('10.0.0.5', '10.0.0.6', { lease: 60 })),
    "<range start='10.0.0.5' end='10.0.0.6'>\n        <lease expiry='60' unit='minutes'/>",
  ],
  [
    'host with a lease',
    withSubnet((subnet) => subnet.host({ name: 'a', ip: '10.0.0.7', lease: { expiry: 2, unit: 'hours' } })),
    "<host name='a' ip='10.0.0.7'>\n        <lease expiry='2' unit='hours'/>",
  ],
  [
    'bootp',
    withSubnet((subnet) => subnet.dhcp('10.0.0.5', '10.0.0.6').bootp('pxe.0', { server: '10.0.0.1' })),
    "<bootp file='pxe.0' server='10.0.0.1'/>",
  ],
  ['tftp', withSubnet((subnet) => subnet.tftp('/srv')), "<tftp root='/srv'/>"],
  ['localPtr', withSubnet((subnet) => subnet.localPtr()), "<ip address='10.0.0.1' prefix='24' localPtr='yes'/>"],
  ['via', nat.via('e0'), "<forward dev='e0' mode='nat'>\n    <interface dev='e0'/>"],
  ['via of a routed network', routed.via('e0'), "<forward dev='e0' mode='route'>\n    <interface dev='e0'/>"],
  ['open', OpenNetwork.create('n').subnet('10.0.0.1/24'), "<forward mode='open'/>"],
  ['natPorts', nat.natPorts(1000, 2000), "<nat>\n      <port start='1000' end='2000'/>"],
  ['natAddress', nat.natAddress('203.0.113.9'), "<nat>\n      <address start='203.0.113.9' end='203.0.113.9'/>"],
  ['natIpv6', nat.natIpv6(), "<nat ipv6='yes'/>"],
  ['openVswitch', bridged.openVswitch(), "<virtualport type='openvswitch'/>"],
  ['openVswitch with a profile', bridged.openVswitch({ profileid: 'p' }), "<parameters profileid='p'/>"],
  ['macTableManager', bridged.macTableManager('libvirt'), "<bridge name='br0' macTableManager='libvirt'/>"],
  ['vlan', direct.vlan(42), "<vlan>\n    <tag id='42'/>"],
  ['vlan of several tags', pool.vlan([1, 2]), "<vlan trunk='yes'>\n    <tag id='1'/>\n    <tag id='2'/>"],
  ['vlan as a whole', pool.vlan({ tags: [{ id: 5 }] }), "<vlan>\n    <tag id='5'/>"],
  [
    'virtualPort',
    direct.virtualPort({ type: '802.1Qbh', parameters: { profileid: 'x' } }),
    "<virtualport type='802.1Qbh'>",
  ],
  ['devices', direct, "<forward dev='e1' mode='passthrough'>\n    <interface dev='e1'/>\n    <interface dev='e2'/>"],
  ['a physical function', DirectNetwork.create({ name: 'n', mode: 'vepa', pf: 'e4' }), "<pf dev='e4'/>"],
  ['an unmanaged pool', pool, "<forward mode='hostdev' managed='no'>\n    <pf dev='e5'/>"],
  [
    'a managed pool with a driver',
    HostdevNetwork.create({ name: 'n', managed: true, driver: { name: 'vfio' }, addresses: [{ bus: 3, function: 1 }] }),
    "<forward mode='hostdev' managed='yes'>\n    <driver name='vfio'/>\n" +
      "    <address type='pci' domain='0x0000' bus='0x03' slot='0x00' function='0x1'/>",
  ],
];

describe('what each method writes', () => {
  for (const [name, network, expected] of WRITES) {
    it(name, () => {
      expect(network.toXml()).toContain(expected);
      expect(Network.parse(network.toXml()).equals(network)).toBe(true);
    });
  }

  it('every method of the classes is among them, or tested by itself', () => {
    const elsewhere = [
      'with',
      'copyAs',
      'metadata',
      'withMetadata',
      'withoutMetadata',
      'validate',
      'toXml',
      'toJSON',
      'toString',
      'asStored',
    ]
      .concat(['assertDefinable', 'equals', 'diff', 'subnet', 'subnets', 'reserve', 'reservation', 'withoutHostAccess'])
      .concat(['constructor', 'name', 'uuid', 'kind', 'guestNic'])
      .concat(['forwardPort', 'withoutPortForward', 'portForwards']);
    const tested = new Set([...elsewhere, ...WRITES.map(([name]) => name.split(' ')[0])]);
    const methods = [nat, routed, bridged, direct, pool].flatMap(methodsOf);
    // without.test.ts has what takes entries away.
    expect(methods.filter((name) => !tested.has(name) && !name.startsWith('without'))).toEqual([]);
  });
});

function methodsOf(value: object): string[] {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || typeof prototype !== 'object' || prototype === null
    ? []
    : [...Object.getOwnPropertyNames(prototype), ...methodsOf(prototype)];
}

describe('asking twice', () => {
  it('replaces what there is one of, and adds to lists', () => {
    const network = nat.subnet('10.0.0.1/16').domain('a.test', { localOnly: true }).domain('b.test');
    expect(network.document.ips).toEqual([{ address: '10.0.0.1', prefix: 16 }]);
    expect(network.document.domain).toEqual({ name: 'b.test' });
    expect(nat.dnsmasqOption('a').dnsmasqOption('b').document.dnsmasq?.options).toEqual([
      { value: 'a' },
      { value: 'b' },
    ]);
    expect(nat.subnet('10.0.1.1/24').subnets.map(String)).toEqual(['10.0.0.1/24', '10.0.1.1/24']);
    const loose = NatNetwork.from({ ...nat.document, ips: [{ family: 'ipv6', address: 'FD00:0::1', prefix: 64 }] });
    expect(loose.subnet('fd00::1/64').subnets.map(String)).toEqual(['fd00::1/64']);
    const groups = bridged.portGroup({ name: 'a' }).portGroup({ name: 'b' }).portGroup({ name: 'a', default: true });
    expect(groups.document.portgroups).toEqual([{ name: 'a', default: true }, { name: 'b' }]);
  });

  it('keeps the parts of NAT that another method set', () => {
    expect(nat.natPorts(1000, 2000).natIpv6().natAddress('203.0.113.9').document.forward?.nat).toEqual({
      port: { start: 1000, end: 2000 },
      ipv6: true,
      address: { start: '203.0.113.9', end: '203.0.113.9' },
    });
  });
});
