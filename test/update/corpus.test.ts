import { describe, expect, it } from 'vitest';
import { writeNetwork } from '../../src/schema/network/codec.js';
import { readNetwork } from '../../src/schema/network/read.js';
import type { UpdateCommandName } from '../../src/schema/update/request.js';
import { updateDefinition, updateNetwork } from '../../src/schema/update/update-network.js';
import { hasCorpus, readCorpus } from '../support/corpus.js';

const commands: readonly string[] = [
  'add-first',
  'add-last',
  'modify',
  'delete',
] satisfies readonly UpdateCommandName[];
const isCommand = (text: string): text is UpdateCommandName => commands.includes(text);

describe.runIf(hasCorpus())("libvirt's own update cases", () => {
  const rows = hasCorpus() ? readCorpus('net-update', 'cases.tsv').trim().split('\n').slice(1) : [];
  for (const [i, line] of rows.entries()) {
    const [name = '', section = '', command = '', index = '', network = '', update = '', expected = ''] =
      line.split('\t');
    it(`${i + 1}. ${name}: ${expected}`, () => {
      if (!isCommand(command)) throw new Error(`the command ${command} is unknown`);
      const { document } = readNetwork(readCorpus('net-update', 'network', `${network}.xml`));
      const result = updateNetwork(document, {
        section,
        command,
        xml: readCorpus('net-update', 'update', `${update}.xml`),
        parentIndex: Number(index),
      });
      // Here the case and the daemons differ: 9.0 and 11.3 refuse an IPv4 range for the IPv6 subnet that index 1 names.
      if (name === 'append-dhcp-range') expect(result).toMatchObject({ refusal: { id: 'RANGE_FAMILY' } });
      else if (expected === 'error') expect(result).toHaveProperty('refusal');
      else
        expect('document' in result ? writeNetwork(result.document) : result.refusal).toBe(
          readCorpus('net-update', 'expected', `${expected}.xml`),
        );
    });
  }

  it('are 45', () => {
    expect(rows.length).toBe(45);
  });
});

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
