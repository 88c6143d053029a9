import { describe, expect, it } from 'vitest';
import { formatIssue, type Issue, LibvirtError, ValidationError } from '../../src/errors/index.js';
import { NatNetwork, Network } from '../../src/index.js';
import { hostInterfaceTable } from '../../src/schema/interface.js';
import { networkTable } from '../../src/schema/network/network.js';
import { inspectNetwork } from '../../src/schema/network/read.js';
import { networkPortTable } from '../../src/schema/networkport.js';
import { readHostInterface, readNetworkPort } from '../../src/schema/small-formats/read.js';
import { thinned } from '../support/random.js';
import { allSingleFaults } from '../support/single-faults.js';
import { WHOLE_INTERFACES, WHOLE_NETWORKS, WHOLE_PORTS } from '../support/whole-documents.js';

/** What is reported of a text, one line for each issue. */
function told(read: () => readonly Issue[]): string[] {
  try {
    return read().map(formatIssue);
  } catch (error) {
    if (error instanceof ValidationError) return error.issues.map(formatIssue);
    if (LibvirtError.is(error)) return [String(error)];
    throw error;
  }
}

const ofNetwork = (xml: string, libvirt?: string): string[] =>
  told(() => {
    const network = Network.parse(xml, { libvirt });
    return network.validate({ libvirt });
  });

const none = (read: () => unknown) => () => {
  read();
  return [];
};

const UNFILLED = /\{\w+\}|undefined|\bNaN\b|\[object/;

describe('every message names what it speaks of', () => {
  it('of networks with one thing wrong, for every release', () => {
    for (const xml of thinned('messages of networks', allSingleFaults(WHOLE_NETWORKS, networkTable), 80))
      for (const libvirt of ['9.0.0', '11.3.0'])
        for (const issue of inspectNetwork(xml, { libvirt }).issues)
          expect(formatIssue(issue).replace(xml.includes('{x}') ? '{x}' : '', ''), xml).not.toMatch(UNFILLED);
  });
  it('of ports and interfaces with one thing wrong', () => {
    for (const xml of thinned('messages of ports', allSingleFaults(WHOLE_PORTS, networkPortTable), 40))
      expect(told(none(() => readNetworkPort(xml, { libvirt: '9.0.0' }))).join('\n'), xml).not.toMatch(UNFILLED);
    for (const xml of thinned('messages of interfaces', allSingleFaults(WHOLE_INTERFACES, hostInterfaceTable), 40))
      expect(told(none(() => readHostInterface(xml))).join('\n'), xml).not.toMatch(UNFILLED);
  });
});

const network = (inner: string): string => `<network>\n<name>n</name>\n${inner}\n</network>`;
const subnet = (inner: string): string => network(`<ip address='10.0.0.1' prefix='24'>${inner}</ip>`);

describe('what is misspelled is named where it is missed', () => {
  it.each([
    [network("<forward mode='nat'/><ipp address='10.0.0.1' prefix='24'/>"), 'did you mean <ip> instead of <ipp>?'],
    [network("<forward/><IP address='10.0.0.1' prefix='24'/>"), 'did you mean <ip> instead of <IP>?'],
    ['<network><nmae>n</nmae></network>', 'did you mean <name> instead of <nmae>?'],
    [network("<vlan><tga id='1'/></vlan>"), 'did you mean <tag> instead of <tga>?'],
    [
      network("<dns><host ip='1.2.3.4'><hostame>x</hostame></host></dns>"),
      'did you mean <hostname> instead of <hostame>?',
    ],
    [
      network("<ip address='10.0.0.1' netmask='24'><dhcp><range start='10.0.0.2' end='10.0.0.9'/></dhcp></ip>"),
      "did you mean prefix='24'?",
    ],
  ])('%s', (xml, hint) => {
    const [first = '', ...others] = ofNetwork(xml);
    expect(first).toContain(hint);
    expect(others).toEqual([]);
  });
});

describe('what only follows is not told beside it', () => {
  it.each([
    [subnet("<dhcp><range start='10.0.0.2' end='10.0.0.9'><lease expiry='1' unit='day'/></range></dhcp>"), 'ATTR_ENUM'],
    [network("<ip family='IPv6' address='fd00::1' prefix='64'/>"), 'IP_FAMILY_UNKNOWN'],
    [network("<ip address='10.0.0.1'/><route address='10.1.0.0' prefix='' gateway='10.0.0.2'/>"), 'ATTR_UINT'],
    [
      network(
        "<ip address='fd00::1' family='ipv6'/><route family='v6' address='fd01::' prefix='64' gateway='fd00::2'/>",
      ),
      'ROUTE_FAMILY_UNKNOWN',
    ],
  ])('%s', (xml, code) => {
    expect(ofNetwork(xml)).toEqual([expect.stringContaining(`[${code}]`)]);
  });
});

describe('what libvirt ignores or reads otherwise is reported', () => {
  it.each([
    [network('<mtu>9000</mtu>'), "ignores the text '9000' in <mtu> (did you mean size='9000'?) [TEXT_IGNORED]"],
    [network('$' + '{EXTRA_XML}'), 'was not filled in) [TEXT_IGNORED]'],
    [subnet('\u00a0text'), "ignores the text 'text' in <ip> [TEXT_IGNORED]"],
    [network('<metadata>hello</metadata>'), "ignores the text 'hello' in <metadata> [TEXT_IGNORED]"],
    [network('<![CDATA[x]]>'), "ignores the text 'x' in <network> [TEXT_IGNORED]"],
    [network("<bridge name='b' stp='no'/>"), "libvirt reads 'no' as on"],
    [network("<bridge name='b' stp='Off'/>"), "libvirt reads 'Off' as on"],
    [network("<portgroup name='a' default='true'/>"), "libvirt reads 'true' as no"],
    [network("<forward mode='hostdev' managed='true'><pf dev='a'/></forward>"), "libvirt reads 'true' as no"],
    [network("<mac address='52:54:00:01:02:03 junk'/>"), "libvirt reads '52:54:00:01:02:03 junk' as 52:54:00:01:02:03"],
    [
      network("<forward mode='hostdev'><address type='pci' slot='010'/></forward>"),
      "libvirt reads '010' as 0x08 (a leading zero means octal)",
    ],
    [
      network("<forward mode='hostdev'><address type='pci' slot='2' multifunction='on'/></forward>"),
      'libvirt drops multifunction',
    ],
  ])('%s', (xml, message) => {
    expect(ofNetwork(xml)).toEqual([expect.stringContaining(message)]);
  });
  it.each([
    "<bridge name='b' stp='off'/>",
    "<portgroup name='a' default='YES'/>",
    "<forward mode='hostdev'><address type='pci' domain='0000' bus='00' slot='02' function='0x1'/></forward>",
    "<mac address='52:54:0:1:2:3'/>",
    '<![CDATA[ ]]>',
  ])('but not what it takes as it is meant: %s', (inner) => {
    expect(ofNetwork(network(inner))).toEqual([]);
  });
});

describe('the size of a text is what its reading costs', () => {
  // Each took seconds when every opening brace began a search of its own.
  it.each(['{{', '${', '%(', '<%'])('many of %s', (open) => {
    const value = open.replace('<', '&lt;').repeat(200_000);
    expect(ofNetwork(network(`<mtu size='${value}'/>`))).toHaveLength(1);
    expect(ofNetwork(network(`<description>${value}</description>`))).toEqual([]);
  });
  it('many subnets, and many ranges', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `10.${i >> 8}.${i & 255}`);
    const subnets = many.map((one) => `<ip address='${one}.1' prefix='24'/>`).join('');
    expect(ofNetwork(network(`${subnets}<ip address='10.0.0.1' prefix='8'/>`))).toEqual([
      expect.stringContaining('10.0.0.1/8 overlaps 10.0.0.1/24'),
    ]);
    const ranges = many.map((one) => `<range start='${one}.1' end='${one}.9'/>`).join('');
    const inOne = `<ip address='10.255.0.1' prefix='8'><dhcp>${ranges}<range start='10.3.3.9' end='10.3.4.1'/></dhcp></ip>`;
    expect(ofNetwork(network(inOne))).toEqual([expect.stringContaining('[RANGE_OVERLAP]')]);
  });
});

describe('what could not be read again is not printed', () => {
  const lab = NatNetwork.create('lab').subnet('10.0.0.1/24');
  it.each([
    ['an empty host name', lab.dnsHost({ ip: '10.0.0.2', hostnames: [''] }), 'DNS_HOST_NAME'],
    ['an empty host name among others', lab.dnsHost({ ip: '10.0.0.2', hostnames: ['a', ''] }), 'DNS_HOST_NAME'],
    ['a delay beyond all measure', lab.bridge('b', { delay: '18446744073709551615' }), 'BRIDGE_DELAY_NEGATIVE'],
    [
      'a native tag that is there twice',
      Network.from({ name: 'a', vlan: { tags: [{ id: 1, nativeMode: 'tagged' }, { id: 1 }] } }),
      'VLAN_NATIVE_PRINTED_TWICE',
    ],
  ] as const)('%s', (_, one, code) => {
    expect(told(none(() => one.toXml())).join()).toContain(`[${code}]`);
  });
  it('until 10.0 libvirt passed over an empty host name among others', () => {
    const one = lab.dnsHost({ ip: '10.0.0.2', hostnames: ['a', ''] });
    expect(one.validate({ libvirt: '9.0.0' })).toEqual([]);
  });
  it('ids of VLANs that are not numbers are not reported twice', () => {
    const given = JSON.parse('[{"id":1.5},{"id":-1},{"id":4096}]');
    const codes = Network.from({ name: 'a', vlan: { tags: given } })
      .validate()
      .map(({ code }) => code);
    expect(codes).not.toContain('VLAN_TAG_DUPLICATE');
  });
});
