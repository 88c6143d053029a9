import { describe, expect, it } from 'vitest';
import { ValidationError, XmlSyntaxError } from '../../src/errors/index.js';
import type { NetworkPort } from '../../src/schema/networkport.js';
import { writeHostInterface } from '../../src/schema/small-formats/interface.js';
import { writeNetworkPort } from '../../src/schema/small-formats/networkport.js';
import { readHostInterface, readNetworkPort } from '../../src/schema/small-formats/read.js';

/** The rules that a text breaks, with their places: `PLUG_NEEDS plug.bridge 3:5`. */
function refusals(read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return error.issues.map(({ code, path, line, column }) => `${code} ${path} ${line}:${column}`);
  }
}

const UUID = '5d744f21-ba4a-4d6e-bdb2-30a35ff3207d';
const portText = (parts: string): string =>
  `<networkport><uuid>${UUID}</uuid><owner><name>vm</name><uuid>${UUID}</uuid></owner><mac address='52:54:00:7b:35:93'/>
${parts}
</networkport>`;
const port: NetworkPort = { uuid: UUID, owner: { name: 'vm', uuid: UUID }, mac: { address: '52:54:00:7B:35:93' } };

describe('network ports that libvirt refuses', () => {
  // Each was refused by libvirt 9.0's network driver.
  const cases: readonly (readonly [what: string, parts: string, refusal: string])[] = [
    ['a plug of an unknown type', "<plug type='x'/>", 'ATTR_ENUM plug.type 2:7'],
    ['a bridge plug without a bridge', "<plug type='bridge'/>", 'PLUG_NEEDS plug.bridge 2:1'],
    ['a direct plug without a device', "<plug type='direct'/>", 'PLUG_NEEDS plug.dev 2:1'],
    ['a direct plug of an unknown mode', "<plug type='direct' dev='e' mode='x'/>", 'ATTR_INVALID plug.mode 2:29'],
    ['a PCI plug without an address', "<plug type='hostdev-pci'/>", 'PLUG_NEEDS plug.address 2:1'],
    [
      'a PCI slot above 31',
      "<plug type='hostdev-pci'><address slot='99'/></plug>",
      'FWD_PCI_RANGE plug.address.slot 2:35',
    ],
    ['filters of another word', "<rxfilters trustGuest=''/>", 'ATTR_ENUM rxfilters.trustGuest 2:12'],
    ['a limit without a rate', "<bandwidth><inbound peak='1'/></bandwidth>", 'BW_NO_AVERAGE bandwidth.inbound 2:12'],
    [
      'a guaranteed rate out of the guest',
      "<bandwidth><outbound average='1' floor='1'/></bandwidth>",
      'BW_FLOOR_OUTBOUND bandwidth.outbound.floor 2:34',
    ],
    ['a class that is not a number', "<bandwidth classID='x'/>", 'ATTR_UINT bandwidth.classID 2:12'],
    ['no tag in a VLAN', '<vlan/>', 'VLAN_NO_TAG vlan.tags 2:1'],
  ];
  it.each(cases)('%s', (_, parts, refusal) => {
    expect(refusals(() => readNetworkPort(portText(parts)))).toEqual([refusal]);
  });

  it('what every port needs is listed in one go', () => {
    expect(
      refusals(() =>
        readNetworkPort("<networkport>\n  <owner><uuid>x</uuid></owner>\n  <mac address='y'/>\n</networkport>"),
      ),
    ).toEqual([
      'ELEMENT_REQUIRED uuid 1:1',
      'ELEMENT_REQUIRED owner.name 2:3',
      'UUID_MALFORMED owner.uuid 2:10',
      'MAC_INVALID mac.address 3:8',
    ]);
  });

  it('two limits of one direction were refused until libvirt 10', () => {
    const text = portText("<bandwidth><inbound average='1'/><inbound average='2'/></bandwidth>");
    expect(refusals(() => readNetworkPort(text, { libvirt: '9.0.0' }))).toEqual([
      'BW_DUPLICATE bandwidth.inbound 2:34',
    ]);
    expect(readNetworkPort(text).bandwidth).toEqual({ inbound: { average: 1 } });
  });

  it('parts that the plug does not have are not looked at', () => {
    expect(readNetworkPort(portText("<plug type='network' bridge='b' mode='x' managed='y'/>")).plug).toEqual({
      type: 'network',
      bridge: 'b',
    });
  });
});

describe('network ports are printed as libvirt holds them', () => {
  const body = (value: NetworkPort): string => writeNetworkPort(value).split('\n').slice(6, -2).join('\n');

  it('with the defaults of their plug', () => {
    expect(body({ ...port, plug: { type: 'direct', dev: 'eth0' } })).toBe(
      "  <mac address='52:54:00:7b:35:93'/>\n  <plug type='direct' dev='eth0' mode='vepa'/>",
    );
    expect(body({ ...port, plug: { type: 'hostdev-pci', address: { bus: 1 } } })).toContain(
      "<plug type='hostdev-pci' managed='no'>\n    <address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>",
    );
  });

  it('without what says nothing', () => {
    expect(
      body({
        ...port,
        group: '',
        plug: { type: 'none', bridge: 'b' },
        rxfilters: {},
        port: {},
        bandwidth: { classID: 5 },
      }),
    ).toBe("  <mac address='52:54:00:7b:35:93'/>");
  });
});

describe('interfaces that libvirt refuses', () => {
  // Each was refused by libvirt 9.0's test driver.
  const cases: readonly (readonly [what: string, text: string, refusal: string])[] = [
    ['no type', "<interface name='x'/>", 'ATTR_REQUIRED type 1:1'],
    ['an unknown type', "<interface type='vxlan' name='x'/>", 'ATTR_ENUM type 1:12'],
    ['no name', "<interface type='ethernet'/>", 'ATTR_REQUIRED name 1:1'],
    [
      'an unknown start mode',
      "<interface type='ethernet' name='x'><start mode='manual'/></interface>",
      'ATTR_INVALID start.mode 1:44',
    ],
    [
      'an MTU above 100000',
      "<interface type='ethernet' name='x'><mtu size='100001'/></interface>",
      'ATTR_INVALID mtu.size 1:42',
    ],
    [
      'a protocol without a family',
      "<interface type='ethernet' name='x'><protocol/></interface>",
      'ATTR_REQUIRED protocols[0].family 1:37',
    ],
    ['a bridge without <bridge>', "<interface type='bridge' name='x'/>", 'INTERFACE_NEEDS bridge 1:1'],
    [
      'a bridge in a bridge',
      "<interface type='bridge' name='x'><bridge><interface type='bridge' name='y'><bridge/></interface></bridge></interface>",
      'INTERFACE_NESTED bridge.interfaces[0].type 1:54',
    ],
    [
      'a VLAN in a bond',
      "<interface type='bond' name='x'><bond><interface type='vlan' name='y'/></bond></interface>",
      'INTERFACE_NESTED bond.interfaces[0].type 1:50',
    ],
    [
      'a monitor without a frequency',
      "<interface type='bond' name='x'><bond><miimon/></bond></interface>",
      'ATTR_REQUIRED bond.miimon.freq 1:39',
    ],
    [
      'a VLAN without a device',
      "<interface type='vlan' name='x'><vlan tag='1'/></interface>",
      'ELEMENT_REQUIRED vlan.interface 1:33',
    ],
  ];
  it.each(cases)('%s', (_, text, refusal) => {
    expect(refusals(() => readHostInterface(text))).toEqual([refusal]);
  });

  it('another document than an interface', () => {
    const text = '<network><name>a</name></network>';
    expect(() => readHostInterface(text)).toThrow(/the root element is <network>, not <interface>/);
  });

  it('text that is not XML', () => {
    expect(() => readHostInterface('<interface')).toThrow(XmlSyntaxError);
  });
});

describe('interfaces are not printed', () => {
  it('when a property is not what it must be', () => {
    expect(refusals(() => writeHostInterface({ type: 'ethernet', name: 'eth0', mtu: { size: -1 } }))).toEqual([
      'ATTR_INVALID mtu.size undefined:undefined',
    ]);
  });

  it('when libvirt would print them malformed', () => {
    expect(() => writeHostInterface({ type: 'ethernet', name: 'eth0', mac: { address: "a'b" } })).toThrow(/unescaped/);
  });
});
