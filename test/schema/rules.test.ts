import { describe, expect, it } from 'vitest';
import { formatIssue, Network, type NetworkDocument } from '../../src/index.js';
import { inspectNetwork, readNetwork } from '../../src/schema/network/read.js';
import { RULES } from '../../src/schema/rules/table.js';
import { checkNetwork } from '../../src/xml-entry.js';
import { divergence } from './divergence.js';

const nat = (inner: string, attributes = ''): string =>
  `<network${attributes}>\n<name>n</name>\n<forward/>\n${inner}\n</network>`;
const issuesOf = (xml: string, libvirt?: string) => inspectNetwork(xml, { libvirt }).issues;
const ids = (xml: string, libvirt?: string): string[] => issuesOf(xml, libvirt).map(({ code }) => code);

describe('the slips that people make are reported with the likely fix', () => {
  const cases: readonly (readonly [
    slip: string,
    xml: string,
    code: string,
    hint: RegExp,
    line: number,
    column: number,
  ])[] = [
    [
      'range outside of dhcp',
      nat("<ip address='10.0.0.1' prefix='24'>\n  <range start='10.0.0.2' end='10.0.0.9'/></ip>"),
      'UNKNOWN_ELEMENT',
      /<range> belongs inside <dhcp>/,
      5,
      3,
    ],
    [
      'nat outside of forward',
      nat("<nat/><ip address='10.0.0.1' prefix='24'/>"),
      'UNKNOWN_ELEMENT',
      /<nat> belongs inside <forward>/,
      4,
      1,
    ],
    [
      'stop for end',
      nat("<ip address='10.0.0.1' prefix='24'><dhcp>\n<range start='10.0.0.2' stop='10.0.0.9'/></dhcp></ip>"),
      'RANGE_ATTR',
      /did you mean end='10.0.0.9' instead of stop/,
      5,
      1,
    ],
    [
      'a prefix as netmask',
      nat("<ip address='10.0.0.1' netmask='24'/>"),
      'NETMASK_GAPS',
      /did you mean prefix='24'/,
      4,
      24,
    ],
    ['another word for the root', '<netwrok><name>a</name></netwrok>', 'XML_ROOT', /did you mean <network>/, 1, 1],
    [
      'a netmask as prefix',
      nat("<ip address='10.0.0.1' prefix='255.255.255.0'/>"),
      'ATTR_UINT',
      /did you mean netmask='255.255.255.0'/,
      4,
      24,
    ],
    [
      'a placeholder in the name',
      `<network>\n<name>\${NAME}</name>\n</network>`,
      'PLACEHOLDER',
      /render the template/,
      2,
      1,
    ],
    [
      'a placeholder in an address',
      nat("<ip address='{{ ip }}' prefix='24'/>"),
      'IP_BAD_ADDRESS',
      /\{\{ ip \}\} was not filled in/,
      4,
      5,
    ],
    [
      "the network's own address",
      nat("<ip address='10.0.0.0' prefix='24'/>"),
      'IP_IS_NETWORK',
      /usually 10.0.0.1/,
      4,
      5,
    ],
    [
      'mode isolated',
      "<network><name>n</name>\n<forward mode='isolated'/></network>",
      'FWD_MODE_UNKNOWN',
      /has no <forward> element/,
      2,
      10,
    ],
    [
      'mode bridged',
      "<network><name>n</name>\n<forward mode='bridged'/></network>",
      'FWD_MODE_UNKNOWN',
      /mode='bridge'/,
      2,
      10,
    ],
    [
      'an element one edit away',
      nat("<ip address='10.0.0.1' prefix='24'><dchp/></ip>"),
      'UNKNOWN_ELEMENT',
      /did you mean <dhcp>/,
      4,
      36,
    ],
    [
      'an attribute one edit away',
      nat("<ip adress='10.0.0.1' prefix='24'/>"),
      'IP_NO_ADDRESS',
      /did you mean address='10.0.0.1' instead of adress/,
      4,
      1,
    ],
    [
      'an address in CIDR form',
      nat("<ip address='10.0.0.1/24'/>"),
      'IP_BAD_ADDRESS',
      /did you mean address='10.0.0.1' prefix='24'/,
      4,
      5,
    ],
    [
      'octal numbers in an address',
      nat("<ip address='010.0.0.1' prefix='24'/>"),
      'ADDRESS_REWRITTEN',
      /four decimal numbers/,
      4,
      5,
    ],
  ];
  for (const [slip, xml, code, hint, line, column] of cases) {
    it(slip, () => {
      const issue = issuesOf(xml).find((one) => one.code === code);
      expect(issue, issuesOf(xml).map(formatIssue).join('\n')).toMatchObject({ line, column });
      expect(issue?.hint).toMatch(hint);
    });
  }

  it('the repaired text of the lecture notes reads and prints', () => {
    const repaired =
      "<network>\n  <name>default</name>\n  <ip address='192.168.122.1' netmask='255.255.255.0'>\n  </ip>\n</network>";
    expect(Network.parse(repaired).toXml()).toBe(
      "<network>\n  <name>default</name>\n  <bridge stp='on' delay='0'/>\n  <ip address='192.168.122.1' netmask='255.255.255.0'/>\n</network>\n",
    );
  });
});

describe('what only follows from a part that cannot be read is not told', () => {
  it.each([
    ["<forward mode='isolated'/>", 'FWD_MODE_UNKNOWN'],
    ["<ip address='10.0.0.1' prefix='24'><dhcp><host mac='zz' ip='10.0.0.2'/></dhcp></ip>", 'HOST_MAC_BAD'],
    ["<dns><forwarder addr='x'/></dns>", 'DNS_FWD_ADDR'],
    ["<bandwidth><inbound average='x'/></bandwidth>", 'BW_NUMBER'],
  ])('%s', (parts, code) => {
    expect(ids(`<network><name>n</name>${parts}</network>`)).toEqual([code]);
  });

  it('in documents either', () => {
    // Plain JavaScript passes anything.
    const document: NetworkDocument = JSON.parse('{"name":"n","forward":{"mode":"isolated"}}');
    expect(checkNetwork(document).map(({ code }) => code)).toEqual(['FWD_MODE_UNKNOWN']);
  });
});

describe('verdicts follow the release', () => {
  const cases: readonly (readonly [what: string, xml: string, code: string, old: boolean, now: boolean])[] = [
    ['open without an address', "<network><name>n</name><forward mode='open'/></network>", 'FWD_NEEDS_IP', true, false],
    [
      'VLAN tags on a Linux bridge',
      "<network><name>n</name><forward mode='bridge'/><bridge name='b'/><vlan><tag id='5'/></vlan></network>",
      'VLAN_MODE',
      true,
      false,
    ],
    ['a title with a line break', '<network><name>n</name><title>a\nb</title></network>', 'TITLE_NEWLINE', false, true],
    [
      'register without localOnly',
      "<network><name>n</name><domain name='d' register='yes'/></network>",
      'DOMAIN_REGISTER_LOCALONLY',
      false,
      true,
    ],
    [
      'two inbound elements',
      "<network><name>n</name><bandwidth><inbound average='1'/><inbound average='2'/></bandwidth></network>",
      'BW_DUPLICATE',
      true,
      false,
    ],
    [
      'an empty host name',
      nat(
        "<ip address='10.0.0.1' prefix='24'/><dns><host ip='10.0.0.2'><hostname>a</hostname><hostname/></host></dns>",
      ),
      'DNS_HOST_NAME',
      false,
      true,
    ],
    [
      'bootp without a file',
      nat("<ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.0.2' end='10.0.0.3'/><bootp/></dhcp></ip>"),
      'ATTR_REQUIRED',
      false,
      true,
    ],
    [
      "Xen's driver",
      "<network><name>n</name><forward mode='hostdev'><driver name='xen'/><pf dev='e'/></forward></network>",
      'FWD_DRIVER',
      true,
      false,
    ],
    [
      'a driver with a model alone',
      "<network><name>n</name><forward mode='bridge'><driver model='m'/></forward><bridge name='b'/></network>",
      'DRIVER_MODEL_MISPLACED',
      false,
      true,
    ],
    [
      'a floor of 0',
      nat("<bandwidth><inbound average='1' floor='0'/></bandwidth><ip address='10.0.0.1' prefix='24'/>"),
      'BW_FLOOR',
      false,
      true,
    ],
    [
      'a rate beyond the limit',
      "<network><name>n</name><bandwidth><inbound average='99999999999999999'/></bandwidth></network>",
      'BW_TOO_BIG',
      false,
      true,
    ],
  ];
  for (const [what, xml, code, old, now] of cases) {
    it(what, () => {
      expect([ids(xml, '9.0.0').includes(code), ids(xml, '11.3.0').includes(code)]).toEqual([old, now]);
    });
  }
});

describe("what would make libvirt's own output malformed, or carry something in, is refused", () => {
  const base: NetworkDocument = { name: 'n' };
  const cases: readonly (readonly [what: string, document: NetworkDocument, code: string, path: string])[] = [
    ['a quote in a domain name', { ...base, domain: { name: "a'b" } }, 'UNESCAPED_CHARACTER', 'domain.name'],
    [
      'markup in a port group name',
      { ...base, portgroups: [{ name: '<x' }] },
      'UNESCAPED_CHARACTER',
      'portgroups[0].name',
    ],
    [
      'a quote in a DHCP host name',
      { ...base, ips: [{ address: '10.0.0.1', prefix: 24, dhcp: { hosts: [{ name: "a'", ip: '10.0.0.2' }] } }] },
      'UNESCAPED_CHARACTER',
      'ips[0].dhcp.hosts[0].name',
    ],
    [
      'a line break in a TXT value',
      { ...base, dns: { txts: [{ name: 'a', value: 'x\naddress=/bank/1.2.3.4' }] } },
      'DNSMASQ_LINE_BREAK',
      'dns.txts[0].value',
    ],
    [
      'a line break in a dnsmasq option',
      { ...base, dnsmasq: { options: [{ value: 'a\nb' }] } },
      'DNSMASQ_LINE_BREAK',
      'dnsmasq.options[0].value',
    ],
    [
      'a name that virsh takes for a uuid',
      { name: 'c7c40247-d747-326c-3952-304a82a88fd0' },
      'NAME_UUID_SHAPED',
      'name',
    ],
    ['a character that XML has not', { name: 'a\u0001' }, 'INVALID_CHARACTER', 'name'],
  ];
  for (const [what, document, code, path] of cases) {
    it(what, () => {
      expect(checkNetwork(document)).toContainEqual(expect.objectContaining({ code, path, severity: 'error' }));
      expect(() => Network.from(document).toXml()).toThrow(code);
    });
  }
});

describe('what libvirt drops or misreads silently is a warning', () => {
  const cases: readonly (readonly [what: string, xml: string, code: string])[] = [
    ['a domain without a name', "<network><name>n</name><domain localOnly='yes'/></network>", 'DROPPED'],
    ['tftp without a root', nat("<ip address='10.0.0.1' prefix='24'><tftp/></ip>"), 'DROPPED'],
    ['dhcp with bootp alone', nat("<ip address='10.0.0.1' prefix='24'><dhcp><bootp file='x'/></dhcp></ip>"), 'DROPPED'],
    [
      'a lease without expiry',
      nat(
        "<ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.0.2' end='10.0.0.3'><lease unit='hours'/></range></dhcp></ip>",
      ),
      'DROPPED',
    ],
    [
      'managed outside of hostdev',
      nat("<ip address='10.0.0.1' prefix='24'/>").replace('<forward/>', "<forward managed='yes'/>"),
      'DROPPED',
    ],
    [
      'a second bridge element',
      "<network><name>n</name><bridge name='a'/><bridge name='b'/></network>",
      'REPEATED_ELEMENT',
    ],
    ['metadata without a namespace', '<network><name>n</name><metadata><x/></metadata></network>', 'METADATA_DROPPED'],
    [
      'octal lease times',
      nat(
        "<ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.0.2' end='10.0.0.3'><lease expiry='010'/></range></dhcp></ip>",
      ),
      'NUMBER_REWRITTEN',
    ],
    [
      'a reservation outside of the subnet',
      nat("<ip address='10.0.0.1' prefix='24'><dhcp><host name='a' ip='10.0.9.2'/></dhcp></ip>"),
      'HOST_OUTSIDE_SUBNET',
    ],
    [
      'an address reserved twice',
      nat(
        "<ip address='10.0.0.1' prefix='24'><dhcp><host name='a' ip='10.0.0.2'/><host name='b' ip='10.0.0.2'/></dhcp></ip>",
      ),
      'HOST_DUPLICATE',
    ],
    [
      'a range with the gateway',
      nat("<ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.0.1' end='10.0.0.3'/></dhcp></ip>"),
      'RANGE_HAS_GATEWAY',
    ],
    [
      'overlapping ranges',
      nat(
        "<ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.0.2' end='10.0.0.5'/><range start='10.0.0.4' end='10.0.0.9'/></dhcp></ip>",
      ),
      'RANGE_OVERLAP',
    ],
    ['IPv6 behind NAT', nat("<ip family='ipv6' address='fd00::1' prefix='64'/>"), 'NAT_IPV6_ROUTED'],
  ];
  for (const [what, xml, code] of cases) {
    it(what, () => {
      expect(issuesOf(xml)).toContainEqual(expect.objectContaining({ code, severity: 'warning', phase: 'never' }));
      expect(() => readNetwork(xml)).not.toThrow();
    });
  }
});

describe('each divergence from libvirt that a random test found', () => {
  const accepted = (xml: string) => divergence(xml, {});
  const refused = (xml: string, error: string) => divergence(xml, { error });
  it('an empty interface name is a name', () => {
    expect(
      accepted(
        "<network><name>n</name><forward mode='passthrough'><interface dev='a'/><interface dev=''/></forward></network>",
      ),
    ).toBeUndefined();
  });
  it('a trunk that is not a word at all is a missing yes first', () => {
    expect(
      refused(
        "<network><name>n</name><forward mode='bridge'/><vlan trunk='x'><tag id='1'/><tag id='2'/></vlan></network>",
        `XML error: invalid "trunk='x'" in <vlan> - trunk='yes' is required for more than one vlan tag`,
      ),
    ).toBeUndefined();
  });
  it('an empty classID is one', () => {
    expect(
      refused(
        "<network><name>n</name><bandwidth classID=''><inbound average='1'/></bandwidth></network>",
        'classID attribute not supported on <bandwidth> in this usage context',
      ),
    ).toBeUndefined();
  });
  it('a netmask of an IPv6 route is refused before it is read', () => {
    expect(
      refused(
        nat(
          "<ip family='ipv6' address='fd00::1' prefix='64'/><route family='ipv6' address='fd77::' prefix='48' gateway='fd00::9' netmask='x'/>",
        ),
        "XML error: n: Specifying netmask invalid for IPv6 address 'fd77::' in route definition",
      ),
    ).toBeUndefined();
  });
  it('the unit of a lease without expiry is not looked at', () => {
    expect(
      accepted(
        nat(
          "<ip address='10.0.0.1' prefix='24'><dhcp><host name='a' ip='10.0.0.2'><lease unit='xen'/></host></dhcp></ip>",
        ),
      ),
    ).toBeUndefined();
  });
  it('9.0 takes the last lease that has an expiry', () => {
    const { document } = readNetwork(
      nat(
        "<ip address='10.0.0.1' prefix='24'><dhcp><host name='a' ip='10.0.0.2'><lease expiry='5'/><lease expiry='7'/><lease/></host></dhcp></ip>",
      ),
      { libvirt: '9.0.0' },
    );
    expect(document.ips?.[0]?.dhcp?.hosts?.[0]?.lease?.expiry).toBe(7);
  });
  it.each([
    ["<driver/><driver name='vfio'/>", 'vfio'],
    ["<driver name='kvm'/><driver name='bad'/>", 'kvm'],
    ["<driver name='kvm' a='b'/><driver name='xen' a='c'/><driver name='bad'/>", 'kvm'],
  ])('until 10.0 the name of a driver came from the first that has one: %s', (drivers, name) => {
    const xml = `<network><name>n</name><forward mode='hostdev'>${drivers}<pf dev='e'/></forward></network>`;
    expect(readNetwork(xml, { libvirt: '9.0.0' }).document.forward?.driver?.name).toBe(name);
  });
  it.each([
    ["<driver model='a'/><driver name='bad'/>", "unsupported configuration: Unknown forward <driver name='bad'/>"],
    [
      "<address type='pci'><zpci uid='1'/><zpci uid='x'/></address>",
      "XML error: Invalid value for attribute 'uid' in element 'zpci': 'x'. Expected non-negative integer value",
    ],
    [
      "<address type='pci'><zpci/><zpci fid='x'/></address>",
      "XML error: Invalid value for attribute 'fid' in element 'zpci': 'x'. Expected non-negative integer value",
    ],
  ])('until 10.0 repeated elements were looked at: %s', (inner, error) => {
    const xml = `<network><name>n</name><forward mode='hostdev'>${inner}</forward></network>`;
    expect(refused(xml, error)).toBeUndefined();
    expect(ids(xml, '11.3.0')).not.toEqual(expect.arrayContaining([expect.stringMatching(/FWD_DRIVER|ATTR_UINT/)]));
  });
  it('an IPv4 address may be written as an IPv6-mapped one where only IPv4 is possible', () => {
    const { document } = readNetwork(
      nat("<ip address='10.0.0.1' prefix='24'/>").replace(
        '<forward/>',
        "<forward><nat><address start='::ffff:1.2.3.4' end='1.2.3.5'/></nat></forward>",
      ),
    );
    expect(document.forward?.nat?.address?.start).toBe('1.2.3.4');
  });
  it('::1.2.3.4 is not ::ffff:1.2.3.4', () => {
    const { document } = readNetwork(
      nat("<ip address='10.0.0.1' prefix='24'/><dns><forwarder addr='::1.2.3.4'/></dns>"),
    );
    expect(document.dns?.forwarders?.[0]?.addr).toBe('::1.2.3.4');
  });
  it('an SRV weight out of range without a target lacks the target', () => {
    expect(
      refused(
        nat("<ip address='10.0.0.1' prefix='24'/><dns><srv service='s' protocol='tcp' weight='65536'/></dns>"),
        "DNS SRV weight attribute not permitted without target for service 's' in network 'n'",
      ),
    ).toBeUndefined();
  });
});

it('every rule has a message, and names only what it is given', () => {
  for (const [id, rule] of Object.entries(RULES)) expect(rule.message.length, id).toBeGreaterThan(10);
});
