import { describe, expect, it } from 'vitest';
import {
  BridgedNetwork,
  bridgeNameFor,
  DirectNetwork,
  defaultNetwork,
  HostdevNetwork,
  IsolatedNetwork,
  LibvirtError,
  macFor,
  NatNetwork,
  Network,
  OpenNetwork,
  OtherNetwork,
  RoutedNetwork,
  Subnet,
  ValidationError,
} from '../../src/index.js';
import type { Ip } from '../../src/xml-entry.js';

const lab = NatNetwork.create('lab')
  .bridge('virbr10')
  .domain('lab.test', { localOnly: true })
  .subnet('192.168.50.1/24', (subnet) =>
    subnet.dhcp('192.168.50.100', '192.168.50.199').host({ mac: '52:54:00:00:00:01', ip: '192.168.50.2', name: 'db' }),
  );

describe('a network is a value', () => {
  it('methods give a new one and leave the old alone', () => {
    const renamed = lab.named('other');
    expect(renamed).toBeInstanceOf(NatNetwork);
    expect([lab.name, renamed.name]).toEqual(['lab', 'other']);
  });

  it('its document cannot be changed', () => {
    expect(Object.isFrozen(lab.document.ips?.[0]?.dhcp?.hosts?.[0])).toBe(true);
  });

  it("the caller's data is neither frozen nor shared", () => {
    const document = { name: 'a', bridge: { name: 'b0' } };
    const network = Network.from(document);
    document.bridge.name = 'b1';
    expect(network.document.bridge?.name).toBe('b0');
  });

  it('data that is frozen only at the top is still copied', () => {
    const bridge = { name: 'b0' };
    const network = Network.from(Object.freeze({ name: 'a', bridge }));
    bridge.name = 'b1';
    expect(network.document.bridge).toEqual({ name: 'b0' });
  });

  it('what a change does not touch is shared, not copied', () => {
    expect(lab.named('other').document.ips).toBe(lab.document.ips);
  });

  it('a key that means the prototype is data like any other', () => {
    const network = Network.from(JSON.parse('{"name":"a","__proto__":{"uuid":"x","forward":{"mode":"nat"}}}'));
    expect([network.kind, network.uuid]).toEqual(['isolated', undefined]);
    expect(network.validate()).toMatchObject([{ code: 'PROPERTY_UNKNOWN', path: '__proto__' }]);
  });

  it('every kind is a Network, and nothing else is', () => {
    for (const network of [lab, BridgedNetwork.create({ name: 'a', bridge: 'br0' })])
      expect(network).toBeInstanceOf(Network);
    expect({} instanceof Network).toBe(false);
    expect((null as unknown) instanceof Network).toBe(false);
  });

  it('a copy has nothing that must be its own', () => {
    const copy = lab
      .withUuid('c7c40247-d747-326c-3952-304a82a88fd0')
      .mac('52:54:00:00:00:01')
      .bridge('virbr9', { stp: false })
      .copyAs('second');
    expect(copy.document).toMatchObject({ name: 'second', bridge: { stp: false } });
    expect([copy.uuid, copy.document.mac, copy.document.bridge?.name]).toEqual([undefined, undefined, undefined]);
  });
});

describe('the kind of a document', () => {
  const cases = [
    ['<forward mode="nat"/><ip address="10.0.0.1" prefix="24"/>', NatNetwork, 'nat'],
    ['<forward/><ip address="10.0.0.1" prefix="24"/>', NatNetwork, 'nat'],
    ['<forward mode="route"/><ip address="10.0.0.1" prefix="24"/>', RoutedNetwork, 'route'],
    ['<forward mode="open"/>', OpenNetwork, 'open'],
    ['', IsolatedNetwork, 'isolated'],
    ['<forward mode="none"/>', IsolatedNetwork, 'isolated'],
    ['<forward mode="bridge"/><bridge name="br0"/>', BridgedNetwork, 'bridge'],
    ['<forward mode="bridge" dev="eth0"/>', DirectNetwork, 'direct'],
    ['<forward mode="vepa" dev="eth0"/>', DirectNetwork, 'direct'],
    ['<forward mode="hostdev"><pf dev="eth0"/></forward>', HostdevNetwork, 'hostdev'],
  ] as const;
  for (const [inner, Kind, kind] of cases) {
    it(`${inner || 'no forward'} is ${kind}`, () => {
      const network = Network.parse(`<network><name>a</name>${inner}</network>`);
      expect(network).toBeInstanceOf(Kind);
      expect(network.kind).toBe(kind);
    });
  }

  it('a mode that is newer than this library is kept in what a daemon printed', () => {
    const text = "<network>\n  <name>a</name>\n  <forward mode='teleport'/>\n</network>\n";
    expect(() => Network.parse(text)).toThrow(ValidationError);
    expect(() => Network.parse(text, { libvirt: '99.0.0' })).toThrow(ValidationError);
    const network = Network.parse(text, { unknownWords: 'keep' });
    expect(network).toBeInstanceOf(OtherNetwork);
    expect(network.validate()).toEqual([]);
    expect(network.toXml({ libvirt: '99.0.0' })).toBe(text);
  });

  it('a class refuses the document of another', () => {
    expect(() => NatNetwork.from({ name: 'a' })).toThrow(/network "a" is of kind isolated, not nat/);
    const pool = DirectNetwork.create({ name: 'a', mode: 'bridge', devices: ['eth0'] });
    expect(() => BridgedNetwork.from(pool.document)).toThrow(/is of kind direct, not bridge/);
  });

  it('no change makes a class say otherwise than its document', () => {
    expect(() => lab.with({ forward: { mode: 'route' } })).toThrow(/network "lab" is of kind route, not nat/);
    expect(Network.from({ ...lab.document, forward: { mode: 'route' } })).toBeInstanceOf(RoutedNetwork);
  });
});

describe('printing and checking', () => {
  it('prints what libvirt would', () => {
    expect(lab.toXml()).toBe(`<network>
  <name>lab</name>
  <forward mode='nat'/>
  <bridge name='virbr10' stp='on' delay='0'/>
  <domain name='lab.test' localOnly='yes'/>
  <ip address='192.168.50.1' prefix='24'>
    <dhcp>
      <range start='192.168.50.100' end='192.168.50.199'/>
      <host mac='52:54:00:00:00:01' name='db' ip='192.168.50.2'/>
    </dhcp>
  </ip>
</network>
`);
  });

  it('reads its own text back as an equal network', () => {
    expect(Network.parse(lab.toXml()).equals(lab)).toBe(true);
  });

  it('refuses with every issue at once, and prints anyway when told', () => {
    const broken = NatNetwork.create('a/b')
      .subnet('10.0.0.1/24', (subnet) => subnet.dhcp('10.0.1.1', '10.0.1.5'))
      .domain('x', { register: true });
    expect(() => broken.toXml()).toThrow(ValidationError);
    expect(broken.validate().map(({ code }) => code)).toEqual([
      'NAME_SLASH',
      'DOMAIN_REGISTER_LOCALONLY',
      'DHCP_RANGE_OUTSIDE_SUBNET',
    ]);
    expect(broken.toXml({ check: false })).toContain('<name>a/b</name>');
  });

  it('trouble at start does not keep a network from being printed', () => {
    const network = lab.natPorts(5000, 5000);
    expect(network.validate().map(({ code, phase }) => [code, phase])).toEqual([['NAT_PORT_EQUAL', 'start']]);
    expect(network.toXml()).toContain("<port start='5000' end='5000'/>");
  });

  it('what a release does not know is left out for it, with a warning', () => {
    const network = lab.title('The lab');
    expect(network.toXml({ libvirt: '9.0.0' })).not.toContain('title');
    expect(network.validate({ libvirt: '9.0.0' })).toMatchObject([
      { code: 'NEWER_THAN_RELEASE', severity: 'warning', path: 'title' },
    ]);
    expect(network.toXml()).toContain('<title>The lab</title>');
  });

  it('a network that was read knows lines and columns until it is changed', () => {
    const network = Network.parse(
      "<network>\n  <name>a</name>\n  <bridge name='a-very-long-bridge-name'/>\n</network>",
    );
    expect(network.validate()).toMatchObject([{ code: 'BRIDGE_NAME_LONG', line: 3, column: 11 }]);
    expect(network.named('b').validate()[0]?.line).toBeUndefined();
  });

  it('a release that is none is refused', () => {
    expect(() => lab.toXml({ libvirt: 'newest' })).toThrow(/'newest' is not a libvirt release/);
  });

  it('data of the wrong shape is reported property by property', () => {
    const document: unknown = JSON.parse('{"name":"a","ips":[{"address":5,"prefiks":24}],"mtu":"big"}');
    const issues = Network.from(document as never).validate();
    expect(issues.map(({ code, path }) => [code, path])).toEqual(
      expect.arrayContaining([
        ['PROPERTY_INVALID', 'mtu'],
        ['PROPERTY_UNKNOWN', 'ips[0].prefiks'],
        ['IP_BAD_ADDRESS', 'ips[0].address'],
      ]),
    );
  });

  it('is plain JSON', () => {
    expect(Network.from(JSON.parse(JSON.stringify(lab))).equals(lab)).toBe(true);
  });
});

describe('subnets', () => {
  it('from the address of the network or of the host', () => {
    const values = ({ gateway, netmask, network, broadcast, prefix, cidr }: Subnet) => [
      gateway,
      netmask,
      network,
      broadcast,
      prefix,
      cidr,
    ];
    expect(values(Subnet.parse('192.168.50.0/24'))).toEqual([
      '192.168.50.1',
      '255.255.255.0',
      '192.168.50.0',
      '192.168.50.255',
      24,
      '192.168.50.0/24',
    ]);
    expect(values(Subnet.parse('192.168.50.254/24'))[0]).toBe('192.168.50.254');
    expect(values(Subnet.parse('fd00:50::/64')).slice(0, 2)).toEqual(['fd00:50::1', 'ffff:ffff:ffff:ffff::']);
    expect(Subnet.parse('10.0.0.4/31').gateway).toBe('10.0.0.4');
    for (const prefix of [24.5, -1, '24', null])
      expect(Subnet.of({ address: '10.0.0.1', prefix: prefix as number }), String(prefix)).toBeUndefined();
  });

  it('know what they contain and which addresses guests can have', () => {
    const subnet = Subnet.parse('10.0.0.1/29');
    expect([
      subnet.contains('10.0.0.7'),
      subnet.contains('10.0.0.8'),
      subnet.contains('10.0.0.0/30'),
      subnet.contains('10.0.0.0/28'),
    ]).toEqual([true, false, true, false]);
    expect([...subnet.hosts()]).toEqual(['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6']);
    expect(Subnet.parse('fd00::1/64').hosts().next().value).toBe('fd00::2');
    expect(subnet.overlaps('10.0.0.4/30')).toBe(true);
  });

  it('of a network are those that libvirt computes, as far as it does', () => {
    const subnetsOf = (ip: Ip) => IsolatedNetwork.from({ name: 'a', ips: [ip] }).subnets.map(String);
    expect(subnetsOf({ address: '10.1.0.1', netmask: '255.255.0.0' })).toEqual(['10.1.0.1/16']);
    expect(subnetsOf({ address: '10.1.0.0', prefix: 24 })).toEqual(['10.1.0.0/24']);
    expect(subnetsOf({ address: '10.1.0.1' })).toEqual(['10.1.0.1/8']);
    expect(subnetsOf({ family: 'ipv6', address: 'fd00::1' })).toEqual(['fd00::1/64']);
    expect(subnetsOf({ address: '10.1.0.1', netmask: '255.0.255.0' })).toEqual([]);
    expect(subnetsOf({ address: '10.1.0.1', netmask: '255.255' })).toEqual([]);
    expect(subnetsOf({ address: '10.1.0.300', prefix: 24 })).toEqual([]);
  });

  it('are read strictly', () => {
    for (const bad of [
      '10.1/8',
      '010.0.0.1/8',
      '0x0a000001/8',
      '10.0.0.1',
      '10.0.0.1/33',
      'fd00::1/129',
      '10.0.0.1/',
      '/24',
      '1.2.3.4/2x',
      'fe80::1%eth0/64',
      '10.0.0.1/024',
      '10.0.0.1/ 24',
    ]) {
      expect(() => Subnet.parse(bad), bad).toThrow(LibvirtError);
    }
  });
});

describe('helpers', () => {
  it('the default network is the one that libvirt ships', () => {
    expect(defaultNetwork().toXml()).toBe(`<network>
  <name>default</name>
  <forward mode='nat'/>
  <bridge name='virbr0' stp='on' delay='0'/>
  <ip address='192.168.122.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.122.2' end='192.168.122.254'/>
    </dhcp>
  </ip>
</network>
`);
  });

  it('bridge names are short, stable and never taken', () => {
    expect(bridgeNameFor('lab')).toBe('br-lab');
    const long = bridgeNameFor('customer-17-production');
    expect(long.length).toBeLessThanOrEqual(15);
    expect(bridgeNameFor('customer-17-production')).toBe(long);
    expect(bridgeNameFor('customer-17-production', [long])).not.toBe(long);
    // The only taken name need not be in a list.
    expect(bridgeNameFor('lab', 'br-lab')).toBe(bridgeNameFor('lab', ['br-lab']));
    expect(bridgeNameFor('lab', 'br-lab')).not.toBe('br-lab');
    expect(bridgeNameFor('x\ud800')).toMatch(/^br-x[a-z0-9]{7}$/);
    const names = new Set(Array.from({ length: 5000 }, (_, i) => bridgeNameFor(`a long network name ${i}`)));
    expect(names.size).toBe(5000);
  });

  it('MAC addresses follow the uuid, in libvirt’s range', () => {
    const mac = macFor('c7c40247-d747-326c-3952-304a82a88fd0');
    expect(mac).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/);
    expect(macFor('C7C40247D747326C3952304A82A88FD0')).toBe(mac);
    expect(() => macFor('x')).toThrow(/is not a uuid/);
  });

  it('an isolated network without host access has no addresses', () => {
    expect(IsolatedNetwork.create('quiet', { hostAccess: false }).toXml()).toBe(
      "<network>\n  <name>quiet</name>\n  <bridge stp='on' delay='0'/>\n  <dns enable='no'/>\n</network>\n",
    );
  });

  it('metadata is kept by namespace', () => {
    const note = (text: string) => ({
      type: 'element' as const,
      name: 'a:note',
      attributes: { 'xmlns:a': 'urn:a' },
      children: [{ type: 'text' as const, text }],
    });
    const network = lab.withMetadata(note('one')).withMetadata(note('two'));
    expect(network.metadata('urn:a')?.children).toEqual([{ type: 'text', text: 'two' }]);
    expect(network.toXml()).toContain('  <metadata>\n    <a:note xmlns:a="urn:a">two</a:note>\n  </metadata>\n');
    expect(network.withoutMetadata('urn:a').equals(lab)).toBe(true);
    expect(() => lab.withMetadata({ ...note('x'), attributes: {} })).toThrow(
      /must be an XML element with its own namespace/,
    );
  });
});
