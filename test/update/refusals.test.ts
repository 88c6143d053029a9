import { describe, expect, it } from 'vitest';
import { readNetwork } from '../../src/schema/network/read.js';
import { updateDefinition, updateNetwork } from '../../src/schema/update/update-network.js';

describe('what libvirt refuses for good', () => {
  const { document } = readNetwork("<network><name>n</name><ip address='10.0.0.1' prefix='24'/></network>");
  for (const section of ['bridge', 'domain', 'ip', 'forward', 'forward-pf']) {
    it(`the section ${section}`, () => {
      expect(updateNetwork(document, { section, command: 'modify', xml: '<x/>' })).toMatchObject({
        refusal: { code: 'OPERATION_UNSUPPORTED' },
      });
    });
  }

  it('modifying DNS records before 10.0', () => {
    const request = { section: 'dns-txt', command: 'modify', xml: "<txt name='a' value='b'/>" } as const;
    expect(updateNetwork(document, request, '9.0.0')).toMatchObject({ refusal: { id: 'UPD_TXT_MODIFY' } });
    expect(updateNetwork(document, request, '11.3.0')).toMatchObject({ refusal: { id: 'UPD_TXT_MISSING' } });
  });

  it('an element of another section', () => {
    expect(updateNetwork(document, { section: 'dns-txt', command: 'delete', xml: '<srv/>' })).toMatchObject({
      refusal: { id: 'UPD_ELEMENT' },
    });
  });

  it('an IPv4 range for the IPv6 subnet that the index names', () => {
    const both = readNetwork(
      "<network><name>n</name><ip address='10.0.0.1' prefix='24'/><ip family='ipv6' address='2001:db8::1' prefix='64'/></network>",
    ).document;
    const request = { section: 'ip-dhcp-range', command: 'add-last', parentIndex: 1 } as const;
    expect(updateNetwork(both, { ...request, xml: "<range start='10.0.0.5' end='10.0.0.9'/>" })).toMatchObject({
      refusal: { id: 'RANGE_FAMILY' },
    });
  });

  it('a second device, which the daemon finds when it reads the result again', () => {
    const nat = readNetwork(
      "<network><name>n</name><forward dev='a'/><ip address='10.0.0.1' prefix='24'/></network>",
    ).document;
    const request = { section: 'forward-interface', command: 'add-last', xml: "<interface dev='b'/>" } as const;
    expect(updateNetwork(nat, request)).toHaveProperty('document');
    expect(updateDefinition(nat, request)).toMatchObject({ refusal: { id: 'FWD_MULTI_IF' } });
  });

  it('a result that its own parser would refuse', () => {
    expect(
      updateNetwork(document, {
        section: 'ip-dhcp-range',
        command: 'add-last',
        xml: "<range start='10.0.9.1' end='10.0.9.9'/>",
      }),
    ).toMatchObject({ refusal: { id: 'DHCP_RANGE_OUTSIDE_SUBNET' } });
  });
});

describe('what goes with an entry', () => {
  it('<bootp> goes with the last range', () => {
    const dhcp = "<range start='10.0.0.5' end='10.0.0.9'/><bootp file='pxelinux.0'/>";
    const served = readNetwork(
      `<network><name>n</name><ip address='10.0.0.1' prefix='24'><dhcp>${dhcp}</dhcp></ip></network>`,
    ).document;
    const request = {
      section: 'ip-dhcp-range',
      command: 'delete',
      xml: "<range start='10.0.0.5' end='10.0.0.9'/>",
    } as const;
    expect(updateDefinition(served, request)).toEqual({
      document: { name: 'n', ips: [{ address: '10.0.0.1', prefix: 24 }] },
    });
  });
});
