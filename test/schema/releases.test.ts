import { describe, expect, it } from 'vitest';
import { dnsmasqConfig, NatNetwork, Network, ValidationError } from '../../src/index.js';
import { writeNetworkPort } from '../../src/schema/small-formats/networkport.js';
import { readNetworkPort } from '../../src/schema/small-formats/read.js';

const network = (inside: string): string =>
  `<network><name>n</name><bridge name='br9'/><ip address='192.168.178.1' prefix='24'/>${inside}</network>`;

/** The rules that a release breaks off at, or none. */
function refusedBy(xml: string, libvirt: string): string[] {
  try {
    Network.parse(xml, { libvirt });
    return [];
  } catch (error) {
    if (error instanceof ValidationError) return error.issues.map(({ code }) => code);
    throw error;
  }
}

const printed = (xml: string, libvirt: string): string => Network.parse(xml, { libvirt }).toXml({ libvirt });

describe('a release that is newer than this library', () => {
  const wrong = [
    network("<dns><forwarder addr='zz'/></dns>"),
    network("<ip family='ipv7' address='10.0.0.1'/>"),
    "<network><name>n</name><forward mode='teleport'/></network>",
    network("<bandwidth><inbound average='x'/></bandwidth>"),
  ];

  it.each(wrong)('is judged as the newest that is known: %s', (xml) => {
    expect(refusedBy(xml, '12.9.0')).not.toEqual([]);
    expect(refusedBy(xml, '13.0.0')).toEqual(refusedBy(xml, '12.9.0'));
  });

  it('gets one warning that says so', () => {
    const { document } = NatNetwork.create('n').subnet('10.0.0.1/24');
    const text = network("<unknown/><dns><forwarder domain='a'/></dns>");
    for (const one of [Network.from(document), Network.parse(text)]) {
      const known = one.validate({ libvirt: '12.9.3' });
      const issues = one.validate({ libvirt: '13.0.0' });
      expect(issues.filter(({ code }) => code !== 'RELEASE_UNKNOWN')).toEqual(known);
      expect(issues.find(({ code }) => code === 'RELEASE_UNKNOWN')).toMatchObject({
        severity: 'warning',
        message: 'libvirt 13.0.0 is newer than this library, which judges by 12.9.0',
      });
    }
  });
});

// Every expected value is what daemons of libvirt 11.3 and 12.9 said and printed.
describe('what libvirt 12.9 takes and 11.3 does not', () => {
  it.each([
    "gateway='192.168.178.2'",
    "family='ipv4' gateway='192.168.178.2'",
    "prefix='24' gateway='192.168.178.2'",
    "netmask='255.255.255.0' gateway='192.168.178.2'",
    "gateway='192.168.178.2' metric='5'",
  ])('a route without an address: %s', (attributes) => {
    const xml = network(`<route ${attributes}/>`);
    expect(refusedBy(xml, '11.3.0')).toEqual(['ROUTE_ATTR']);
    expect(printed(xml, '12.9.0')).toContain(`  <route ${attributes}/>\n`);
  });

  it.each([
    ["family='ipv6' gateway='192.168.178.2'", 'ROUTE_FAMILY'],
    ["gateway='fd00::2'", 'ROUTE_FAMILY'],
    ["gateway='10.9.9.9'", 'ROUTE_UNREACHABLE'],
    ["gateway='192.168.178.2' metric='0'", 'ATTR_ZERO'],
    ["prefix='33' gateway='192.168.178.2'", 'ROUTE_PREFIX'],
    ["netmask='0.0.0.0' prefix='0' gateway='192.168.178.2'", 'ROUTE_NETMASK_BOTH'],
    ["address='' gateway='192.168.178.2'", 'ROUTE_BAD'],
    ["gateway=''", 'ROUTE_BAD'],
    ['', 'ROUTE_ATTR'],
  ])('not every route without an address: %s', (attributes, rule) => {
    expect(refusedBy(network(`<route ${attributes}/>`), '12.9.0')).toContain(rule);
  });

  it('a route without an address and one to everywhere are equal', () => {
    const [none, everywhere] = ['', "address='0.0.0.0' prefix='0'"].map((to) =>
      Network.parse(network(`<route ${to} gateway='192.168.178.2'/>`)),
    );
    expect(none?.diff(everywhere ?? NatNetwork.create('n'))).toEqual([]);
  });
});

describe('the port of a forwarder', () => {
  const xml = network(
    "<dns><forwarder domain='x.y' addr='8.8.8.8' port='5353'/><forwarder addr='::1' port='+53'/></dns>",
  );

  it('is printed since 12.0, and is in the configuration of dnsmasq', () => {
    expect(printed(xml, '12.9.0')).toContain("<forwarder domain='x.y' addr='8.8.8.8' port='5353'/>");
    expect(printed(xml, '11.3.0')).toContain("<forwarder domain='x.y' addr='8.8.8.8'/>");
    const conf = (libvirt: string) => dnsmasqConfig(Network.parse(xml, { libvirt }), { libvirt })?.conf;
    expect(conf('12.9.0')).toContain('server=/x.y/8.8.8.8#5353\nserver=::1#53\n');
    expect(conf('11.3.0')).toContain('server=/x.y/8.8.8.8\nserver=::1\n');
  });

  it('is dropped without an address, whatever it says', () => {
    for (const port of ['5353', '70000', '0']) {
      const alone = Network.parse(network(`<dns><forwarder domain='x' port='${port}'/></dns>`));
      expect(alone.toXml()).toContain("<forwarder domain='x'/>");
    }
    const [issue] = Network.parse(network("<dns><forwarder domain='x' port='53'/></dns>")).validate();
    expect(issue).toMatchObject({ code: 'DROPPED', path: 'dns.forwarders[0].port' });
  });

  it.each(['0', '65536', 'abc', '-1', '', '53 ', '0x35'])("'%s' is refused since 12.0", (port) => {
    const wrong = network(`<dns><forwarder addr='8.8.8.8' port='${port}'/></dns>`);
    expect(refusedBy(wrong, '12.9.0')).toEqual(['DNS_FWD_PORT']);
    expect(refusedBy(wrong, '11.3.0')).toEqual([]);
  });
});

describe('the parameters of virtual ports', () => {
  const port = (type: string, parameters: string): string =>
    `<network><name>n</name><virtualport type='${type}'><parameters ${parameters}/></virtualport></network>`;

  it('are decimal since 12.0', () => {
    const octal = port('802.1Qbg', "managerid='010' typeid='+5' typeidversion=' 7'");
    expect(printed(octal, '11.3.0')).toContain("managerid='8' typeid='5' typeidversion='7'");
    expect(printed(octal, '12.9.0')).toContain("managerid='10' typeid='5' typeidversion='7'");
    for (const value of ['0x10', '-4294967295']) {
      expect(refusedBy(port('802.1Qbg', `managerid='${value}'`), '11.3.0')).toEqual([]);
      expect(refusedBy(port('802.1Qbg', `managerid='${value}'`), '12.9.0')).toEqual(['VPORT_PARSE']);
    }
  });

  it('of midonet are checked since 12.0', () => {
    const id = "interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'";
    for (const more of ["typeid=' 7'", "instanceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'"]) {
      expect(refusedBy(port('midonet', `${id} ${more}`), '11.3.0')).toEqual([]);
      expect(refusedBy(port('midonet', `${id} ${more}`), '12.9.0')).toEqual(['VPORT_EXTRA']);
    }
    expect(refusedBy(port('midonet', `${id} profileid='7'`), '12.9.0')).toEqual([]);
  });
});

describe('IOMMUFD', () => {
  const pool = (driver: string): string =>
    `<network><name>n</name><forward mode='hostdev'><driver ${driver}/><pf dev='eth0'/></forward></network>`;

  it('is printed since 12.1, with a driver and alone', () => {
    expect(printed(pool("name='vfio' iommufd='no'"), '12.9.0')).toContain("<driver name='vfio' iommufd='no'/>");
    expect(printed(pool("iommufd='yes'"), '12.9.0')).toContain("<driver iommufd='yes'/>");
    expect(printed(pool("iommufd='yes'"), '12.0.0')).not.toContain('driver');
    expect(refusedBy(pool("iommufd='maybe'"), '12.9.0')).toEqual(['ATTR_ENUM']);
    expect(refusedBy(pool("iommufd='maybe'"), '11.3.0')).toEqual([]);
  });

  it('is read and printed in ports', () => {
    const xml = `<networkport>
  <uuid>4d2b6c3a-0000-4000-8000-000000000001</uuid>
  <owner>
    <name>g</name>
    <uuid>4d2b6c3a-0000-4000-8000-000000000002</uuid>
  </owner>
  <mac address='52:54:00:00:00:01'/>
  <plug type='hostdev-pci' managed='no'>
    <driver name='vfio' iommufd='yes'/>
    <address domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>
  </plug>
</networkport>
`;
    expect(writeNetworkPort(readNetworkPort(xml))).toBe(xml);
  });
});

describe('an empty <ip>', () => {
  it('is one tag since 12.2', () => {
    expect(printed(network(''), '12.9.0')).toContain("  <ip address='192.168.178.1' prefix='24'/>\n");
    expect(printed(network(''), '11.3.0')).toContain("  <ip address='192.168.178.1' prefix='24'>\n  </ip>\n");
  });
});
