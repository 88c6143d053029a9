import { describe, expect, it } from 'vitest';
import { type AnyNetwork, editXml, NatNetwork, Network, type XmlElement } from '../../src/index.js';
import type { XmlNode } from '../../src/xml-entry.js';

const nat = (change: (network: NatNetwork) => AnyNetwork) => (network: AnyNetwork) => {
  if (!(network instanceof NatNetwork)) throw new Error('expected a NAT network');
  return change(network);
};

const element = (name: string, attributes: XmlElement['attributes'], ...children: readonly XmlNode[]): XmlElement => ({
  type: 'element',
  name,
  attributes,
  children,
});
const text = (value: string): XmlNode => ({ type: 'text', text: value });

const base = `<network>
  <name>n</name>
  <forward mode='nat'/>
  <ip address='10.0.0.1' prefix='24'/>
</network>
`;
/** The text with a line before the one that begins with some other text. */
const withLine = (line: string, before: string): string => base.replace(`  ${before}`, `  ${line}\n  ${before}`);

describe('elements that libvirt makes nothing of are filled where they stand', () => {
  const app = element('a', { xmlns: 'urn:a' });
  const cases: readonly (readonly [idle: string, (network: NatNetwork) => NatNetwork, filled: string])[] = [
    ["<domain localOnly='yes'/>", (n) => n.domain('x'), "<domain name='x'/>"],
    ["<mtu size='0'/>", (n) => n.mtu(9000), "<mtu size='9000'/>"],
    ['<mac/>', (n) => n.mac('52:54:00:00:00:01'), "<mac address='52:54:00:00:00:01'/>"],
    ['<port/>', (n) => n.isolatePorts(), "<port isolated='yes'/>"],
    ['<title/>', (n) => n.title('x'), '<title>x</title>'],
    ['<description></description>', (n) => n.description('x'), '<description>x</description>'],
    [
      '<uuid/>',
      (n) => n.withUuid('5a3b9b6e-0b1c-4b6e-8f1c-000000000001'),
      '<uuid>5a3b9b6e-0b1c-4b6e-8f1c-000000000001</uuid>',
    ],
    ['<metadata/>', (n) => n.withMetadata(app), "<metadata>\n    <a xmlns='urn:a'/>\n  </metadata>"],
    [
      '<bandwidth/>',
      (n) => n.bandwidth({ inbound: { average: 1 } }),
      "<bandwidth>\n    <inbound average='1'/>\n  </bandwidth>",
    ],
    ['<dns/>', (n) => n.dnsForwarder({ addr: '1.1.1.1' }), "<dns>\n    <forwarder addr='1.1.1.1'/>\n  </dns>"],
  ];
  for (const [idle, change, filled] of cases) {
    it(`${idle}, wherever it is`, () => {
      for (const before of ['<name>', '<forward', '<ip'])
        expect(editXml(withLine(idle, before), nat(change))).toBe(withLine(filled, before));
      const last = (line: string) => base.replace('</network>', `  ${line}\n</network>`);
      expect(editXml(last(idle), nat(change))).toBe(last(filled));
    });
  }

  const subnet = (...lines: readonly string[]): string =>
    base.replace(`24'/>`, `24'>\n    ${lines.join('\n    ')}\n  </ip>`);
  const reserve = nat((network) => network.reserve({ name: 'x' }));

  it('<dhcp/>', () => {
    const filled = "<dhcp>\n      <host name='x' ip='10.0.0.2'/>\n    </dhcp>";
    expect(editXml(subnet("<tftp root='/x'/>", '<dhcp/>'), reserve)).toBe(subnet("<tftp root='/x'/>", filled));
  });

  it('<dhcp> with nothing but a comment, which stays', () => {
    const before = subnet('<dhcp>', '  <!-- no hosts yet -->', '</dhcp>');
    const after = subnet('<dhcp>', '  <!-- no hosts yet -->', "  <host name='x' ip='10.0.0.2'/>", '</dhcp>');
    expect(editXml(before, reserve)).toBe(after);
  });

  it('<tftp/> before <dhcp>', () => {
    const dhcp = "<dhcp><host name='a' ip='10.0.0.2'/></dhcp>";
    const edited = editXml(
      subnet('<tftp/>', dhcp),
      nat((n) => n.with({ ips: n.document.ips?.map((ip) => ({ ...ip, tftp: { root: '/x' } })) })),
    );
    expect(edited).toBe(subnet("<tftp root='/x'/>", dhcp));
  });

  it('<nat/>, and one that gives no ports', () => {
    const forward = (inside: string) => base.replace("'nat'/>", `'nat'>\n    ${inside}\n  </forward>`);
    const ports = nat((network) => network.natPorts(1, 2));
    expect(editXml(forward('<nat/>'), ports)).toBe(forward("<nat>\n      <port start='1' end='2'/>\n    </nat>"));
    expect(editXml(forward("<nat><port start='0' end='0'/></nat>"), ports)).toBe(
      forward("<nat><port start='1' end='2'/></nat>"),
    );
    expect(
      editXml(
        forward('<nat/>'),
        nat((network) => network.natAddress('1.2.3.4')),
      ),
    ).toBe(forward("<nat>\n      <address start='1.2.3.4' end='1.2.3.4'/>\n    </nat>"));
  });
});

describe('elements that libvirt would read instead go too', () => {
  it('<nat/> in a network that is routed or open', () => {
    for (const mode of ['route', 'open'] as const) {
      const edited = editXml(base.replace("'nat'/>", "'nat'><nat/></forward>"), ({ document }) =>
        Network.from({ ...document, forward: { mode } }),
      );
      expect(edited).toBe(base.replace("'nat'/>", `'${mode}'></forward>`));
    }
  });

  it('a second <domain> with the first', () => {
    const twice = withLine("<domain name='a'/>\n  <domain name='b'/>", '<ip');
    expect(
      editXml(
        twice,
        nat((network) => network.with({ domain: undefined })),
      ),
    ).toBe(base);
  });

  it('the short form of a pool of devices', () => {
    const pool = (forward: string) => `<network>\n  <name>n</name>\n  ${forward}\n</network>`;
    const edited = editXml(pool("<forward mode='passthrough' dev='a'/>"), ({ document }) =>
      Network.from({ ...document, forward: { mode: 'passthrough', interfaces: [{ dev: 'a' }, { dev: 'c' }] } }),
    );
    expect(edited).toBe(
      pool("<forward mode='passthrough'>\n    <interface dev='a'/>\n    <interface dev='c'/>\n  </forward>"),
    );
  });
});

describe('text is written as it reads', () => {
  it('a description of two lines, new and in place of another', () => {
    const described = (value: string) => withLine(`<description>${value}</description>`, '<forward');
    const change = nat((network) => network.description('line one\n   line two & more'));
    expect(editXml(base, change)).toBe(described('line one\n   line two &amp; more'));
    expect(editXml(described('<![CDATA[old & <new>]]>'), change)).toBe(described('line one\n   line two &amp; more'));
  });

  it('a comment beside the text stays', () => {
    const named = (name: string) => base.replace('>n<', `><!-- why --> ${name}<!-- so --><`.replace('> ', '>'));
    expect(
      editXml(
        named('n'),
        nat((network) => network.named('m')),
      ),
    ).toBe(named('m'));
  });
});

describe('metadata', () => {
  const metadata = (...lines: readonly string[]) =>
    withLine(`<metadata>\n    ${lines.join('\n    ')}\n  </metadata>`, '<forward');
  const app = (...children: readonly XmlNode[]) => element('a:x', { 'xmlns:a': 'urn:a' }, ...children);
  const putting = (kept: XmlElement) => nat((network) => network.withMetadata(kept));

  it('keeps the line breaks of a text, and all blanks of text beside elements', () => {
    expect(editXml(base, putting(app(text('{\n  1\n}'))))).toBe(metadata("<a:x xmlns:a='urn:a'>{\n  1\n}</a:x>"));
    expect(editXml(metadata('<a:x xmlns:a="urn:a">{\n 1 }</a:x>'), putting(app(text('{\n  2\n}'))))).toBe(
      metadata('<a:x xmlns:a="urn:a">{\n  2\n}</a:x>'),
    );
    const mixed = app(text('one\n  two '), element('a:b', {}), text('three'));
    expect(editXml(base, putting(mixed))).toBe(metadata("<a:x xmlns:a='urn:a'>one\n  two <a:b/>three</a:x>"));
  });

  it('has elements in place of text, and text in place of elements', () => {
    const texts = metadata('<a:x  xmlns:a="urn:a">t</a:x>');
    const elements = metadata('<a:x  xmlns:a="urn:a">', '  <a:owner/>', '</a:x>');
    expect(editXml(texts, putting(app(element('a:owner', {}))))).toBe(elements);
    expect(editXml(elements, putting(app(text('t'))))).toBe(texts);
  });

  it('keeps comments that the new element lacks, and takes over those that it has', () => {
    const owner = (name: string) =>
      metadata('<a:x xmlns:a="urn:a">', '  <!-- who -->', `  <a:owner>${name}</a:owner> <!-- really -->`, '</a:x>');
    const named = app(element('a:owner', {}, text('alice')));
    expect(editXml(owner('bob'), putting(named))).toBe(owner('alice'));
    const remark: XmlNode = { type: 'comment', text: ' new ' };
    expect(editXml(owner('bob'), putting(app(remark, ...named.children)))).toBe(
      metadata('<a:x xmlns:a="urn:a">', '  <!-- new -->', '  <a:owner>alice</a:owner>', '</a:x>'),
    );
  });

  it('keeps the places of several applications', () => {
    const two = (value: string) => metadata(`<a:x xmlns:a='urn:a'>${value}</a:x>`, "<b xmlns='urn:b'><!-- b --></b>");
    expect(editXml(two('1'), putting(app(text('2'))))).toBe(two('2'));
  });

  it('is written in the order that is wanted', () => {
    const children = (...names: readonly string[]) => app(...names.map((name) => element(`a:${name}`, {})));
    const written = editXml(base, putting(children('one', 'two', 'three')));
    expect(editXml(written, putting(children('three', 'one', 'four', 'two')))).toBe(
      editXml(base, putting(children('three', 'one', 'four', 'two'))),
    );
  });

  it('keeps port forwards under the prefix that they have, with their comments', () => {
    for (const [prefix, declaration] of [
      ['', 'xmlns'],
      ['pf:', 'xmlns:pf'],
      ['q:', 'xmlns:q'],
    ]) {
      const forwards = (...lines: readonly string[]) =>
        metadata(
          `<${prefix}portForwards ${declaration}="urn:libvirt-network:port-forwards:1">`,
          '  <!-- web -->',
          ...lines.map((line) => `  <${prefix}forward ${line}/>`),
          `</${prefix}portForwards>`,
        );
      const [one, two] = ["protocol='tcp' port='80' to='10.0.0.2'", "protocol='tcp' port='81' to='10.0.0.2'"];
      const forwarding = nat((n) => n.forwardPort({ protocol: 'tcp', hostPort: 81, to: { ip: '10.0.0.2' } }));
      expect(editXml(forwards(one), forwarding)).toBe(forwards(one, two));
      expect(
        editXml(
          forwards(one, two),
          nat((network) => network.withoutPortForward(80)),
        ),
      ).toBe(forwards(two));
    }
  });
});

describe('options of dnsmasq are found by their namespace', () => {
  const uri = 'http://libvirt.org/schemas/network/dnsmasq/1.0';
  const adding = nat((network) => network.dnsmasqOption('y'));
  const options = (root: string, own: string, prefix: string, ...values: readonly string[]) =>
    base
      .replace('<network>', `<network${root}>`)
      .replace(
        '</network>',
        [
          `  <${prefix}options${own}>\n`,
          ...values.map((value) => `    <${prefix}option value='${value}'/>\n`),
          `  </${prefix}options>\n</network>`,
        ].join(''),
      );
  const namings: readonly (readonly [name: string, root: string, own: string, prefix: string])[] = [
    ['the usual prefix', ` xmlns:dnsmasq='${uri}'`, '', 'dnsmasq:'],
    ['another prefix', ` xmlns:dm='${uri}'`, '', 'dm:'],
    ['a prefix of their own', '', ` xmlns:dm='${uri}'`, 'dm:'],
    ['a default namespace', '', ` xmlns='${uri}'`, ''],
    ['another prefix, as the usual one is taken', ` xmlns:dnsmasq='urn:other' xmlns:dm="${uri}"`, '', 'dm:'],
    ['the usual prefix, which is taken outside', " xmlns:dnsmasq='urn:other'", ` xmlns:dnsmasq='${uri}'`, 'dnsmasq:'],
  ];
  for (const [name, root, own, prefix] of namings) {
    it(`under ${name}`, () => {
      expect(editXml(options(root, own, prefix, 'x'), adding)).toBe(options(root, own, prefix, 'x', 'y'));
      const again = nat((network) => network.with({ dnsmasq: { options: [{ value: 'z' }] } }));
      expect(editXml(options(root, own, prefix, 'x'), again)).toBe(options(root, own, prefix, 'z'));
    });
  }

  it('and get the prefix that the document declares', () => {
    const root = ` xmlns:dm='${uri}'`;
    expect(editXml(base.replace('<network>', `<network${root}>`), adding)).toBe(options(root, '', 'dm:', 'y'));
  });
});

describe('layout', () => {
  it('has the line ends of the file', () => {
    const change = nat((network) =>
      network.domain('x').description('one\ntwo').reserve({ name: 'y' }).natPorts(1, 2).isolatePorts(),
    );
    for (const end of ['\r\n', '\r'])
      expect(editXml(base.replaceAll('\n', end), change)).toBe(editXml(base, change).replaceAll('\n', end));
  });

  it('stays on one line where all is on one', () => {
    const flat = (value: string) => value.replace(/\n */g, '');
    const change = nat((network) => network.domain('x').reserve({ name: 'y' }).natPorts(1, 2));
    expect(editXml(flat(base), change)).toBe(flat(editXml(base, change)));
  });

  it('keeps the order of a list where other elements stand behind it', () => {
    const route = (n: number) => `<route address='10.${n}.0.0' prefix='16' gateway='10.0.0.2'/>`;
    const routes = (...numbers: readonly number[]) =>
      numbers.reduceRight((before, n) => before.replace('</name>', `</name>\n  ${route(n)}`), base);
    const around = nat((n) => {
      const [one] = n.document.routes ?? [];
      const [zero, two] = [0, 2].map((i) => ({ address: `10.${i}.0.0`, prefix: 16, gateway: '10.0.0.2' }));
      return n.with({ routes: [zero, one, two].flatMap((each) => each ?? []) });
    });
    expect(editXml(routes(1), around)).toBe(routes(0, 1, 2));
  });

  it('goes with an element that takes another place', () => {
    const host = (name: string, n: number) => `<host  name="${name}" ip='10.0.0.${n}'><!-- ${name} --></host>`;
    const hosts = (...lines: readonly string[]) =>
      base.replace("24'/>", `24'>\n    <dhcp>\n      ${lines.join('\n      ')}\n    </dhcp>\n  </ip>`);
    const [a, b, c] = [host('a', 2), host('b', 3), host('c', 4)];
    const last = nat((network) =>
      network.with({
        ips: network.document.ips?.map((ip) => {
          const [first, ...others] = ip.dhcp?.hosts ?? [];
          return { ...ip, dhcp: { hosts: first === undefined ? [] : [...others, first] } };
        }),
      }),
    );
    expect(editXml(hosts(a, b, c), last)).toBe(hosts(b, c, a));
  });
});
