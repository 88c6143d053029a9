import { describe, expect, it } from 'vitest';
import {
  type AnyNetwork,
  editXml,
  Network,
  type NetworkDocument,
  ValidationError,
  VirtualNetwork,
} from '../../src/index.js';
import { encodeNetwork } from '../../src/schema/network/codec.js';
import { isElement, type XmlElement, type XmlNode } from '../../src/xml/node.js';
import { readXml } from '../../src/xml/read.js';
import { macOf, networkOf } from '../support/networks.js';
import { announce, type Random, runs } from '../support/random.js';

const virtual = (change: (network: VirtualNetwork) => AnyNetwork | VirtualNetwork) => (network: AnyNetwork) => {
  if (!(network instanceof VirtualNetwork)) throw new Error('expected a network with addresses');
  return change(network) as AnyNetwork;
};

const source = `<!-- top -->
<network>
\t<name>lab</name>   <!-- the name -->
\t<forward dev="eth0" mode='nat'/>
\t<x:note xmlns:x="urn:x">keep me</x:note>
\t<ip address="10.0.0.1" prefix="24"><!-- inside -->
\t\t<dhcp>
\t\t\t<range start="10.0.0.100" end="10.0.0.200"/>
\t\t\t<host mac="52:54:00:00:00:01" ip="10.0.0.2"/> <!-- db -->
\t\t\t<host mac="52:54:00:00:00:02" ip="10.0.0.3" unknown="1"/>
\t\t</dhcp>
\t</ip>
</network>
`;

describe('editing changes only what is touched', () => {
  it('nothing at all when nothing is changed', () => {
    expect(editXml(source, (network) => network)).toBe(source);
  });

  it('a default that is asked for is written, although it changes nothing for libvirt', () => {
    const edited = editXml(
      source,
      virtual((network) => network.dns({ enable: true })),
    );
    expect(edited).toMatch(/<dns enable=.yes.\/>/);
  });

  it('an attribute keeps its quotes and place', () => {
    expect(
      editXml(
        source,
        virtual((network) => network.with({ forward: { mode: 'nat', dev: 'eth1' } })),
      ),
    ).toBe(source.replace('dev="eth0"', 'dev="eth1"'));
  });

  it('a new reservation is one new line in the indentation of its neighbours, behind their remarks', () => {
    const edited = editXml(
      source,
      virtual((network) => network.reserve({ mac: '52:54:00:00:00:09' })),
    );
    const line = `\t\t\t<host mac='52:54:00:00:00:09' ip='10.0.0.4'/>\n`;
    expect(edited).toBe(source.replace('unknown="1"/>\n', (found) => found + line));
  });

  it('a removed reservation takes its line with it', () => {
    const edited = editXml(
      source,
      virtual((network) => {
        const [ip] = network.document.ips ?? [];
        if (ip?.dhcp?.hosts === undefined) throw new Error('no hosts');
        return network.with({ ips: [{ ...ip, dhcp: { ...ip.dhcp, hosts: ip.dhcp.hosts.slice(0, 1) } }] });
      }),
    );
    expect(edited).toBe(source.replace(/\t\t\t<host mac="52:54:00:00:00:02".*\n/, ''));
  });

  it('an element that was closed in place is opened for new content', () => {
    const edited = editXml(
      "<network><name>a</name>\n  <dns enable='yes'/>\n</network>",
      virtual((network) => network.dnsTxt({ name: 'x', value: 'y' })),
    );
    expect(edited).toBe(
      "<network><name>a</name>\n  <dns enable='yes'>\n    <txt name='x' value='y'/>\n  </dns>\n</network>",
    );
  });

  it('text of an element is replaced inside its tags', () => {
    expect(editXml(source, (network) => network.named('a&b'))).toBe(source.replace('>lab<', '>a&amp;b<'));
  });

  it('dnsmasq options keep the prefix of the document', () => {
    const text =
      "<network xmlns:d='http://libvirt.org/schemas/network/dnsmasq/1.0'>\n  <name>a</name>\n  <d:options>\n    <d:option value='x=1'/>\n  </d:options>\n</network>\n";
    expect(editXml(text, (network) => network.with({ dnsmasq: { options: [{ value: 'x=2' }] } }))).toBe(
      text.replace('x=1', 'x=2'),
    );
  });

  it('a change that makes the network invalid is refused', () => {
    expect(() => editXml(source, (network) => network.named('a/b'))).toThrow(ValidationError);
  });
});

/** The tree in a form of its own: quotes, blanks, comments and indentation as people vary them. */
function formatted(random: Random, element: XmlElement, indent: string, unit: string): string {
  const quote = random.pick(["'", '"']);
  const escaped = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll("'", '&apos;').replaceAll('"', '&quot;');
  const attributes = Object.entries(element.attributes).map(
    ([name, value]) =>
      `${random.pick([' ', '  ', `\n${indent}   `])}${name}${random.pick(['=', ' = '])}${quote}${escaped(value)}${quote}`,
  );
  const open = `${indent}<${element.name}${attributes.join('')}`;
  const remark = random.chance(0.2) ? ` <!-- remark ${random.int(1, 99)} -->` : '';
  if (element.children.length === 0) return `${open}${random.pick(['/>', ' />', `></${element.name}>`])}${remark}\n`;
  const inner = (child: XmlNode) => (isElement(child) ? formatted(random, child, indent + unit, unit) : '');
  if (element.children.every((child) => child.type === 'text')) {
    return `${open}>${element.children.map((child) => (child.type === 'text' ? escaped(child.text) : '')).join('')}</${element.name}>${remark}\n`;
  }
  const comment = random.chance(0.2) ? `${indent}${unit}<!-- about ${element.name} -->\n` : '';
  return `${open}>\n${comment}${element.children.map(inner).join('')}${indent}</${element.name}>${remark}\n`;
}

/** One change, with the pieces of the source that it may touch. */
function randomChange(random: Random): (network: AnyNetwork) => AnyNetwork {
  const changes: readonly ((network: AnyNetwork) => AnyNetwork)[] = [
    (network) => network.named(`renamed-${random.int(1, 99)}`),
    (network) => network.title('A title'),
    (network) => network.isolatePorts(random.chance(0.5)),
    (network) => network.portGroup({ name: `new${random.int(1, 9)}` }),
    (network) =>
      network instanceof VirtualNetwork
        ? network.bridge(`virbr${random.int(1000, 9999)}`, { stp: random.chance(0.5) })
        : network.trustGuestRxFilters(),
    (network) => (network instanceof VirtualNetwork ? network.mac(macOf(random)) : network.title('x')),
    (network) =>
      network instanceof VirtualNetwork ? network.dnsTxt({ name: 'added', value: '"1" & <2>' }) : network.title('y'),
    (network) =>
      network instanceof VirtualNetwork && (network.document.ips ?? []).some((ip) => ip.family !== 'ipv6')
        ? network.reserve({ mac: macOf(random) })
        : network.title('z'),
    (network) =>
      network instanceof VirtualNetwork ? network.with({ dns: undefined }) : network.with({ portgroups: undefined }),
    (network) =>
      network instanceof VirtualNetwork ? network.with({ routes: network.document.routes?.slice(1) }) : network,
  ];
  return random.pick(changes);
}

describe('editing formatted documents', () => {
  it('says exactly what was asked', () => {
    const count = runs(1000, 50);
    const random = announce('edits', count);
    for (let i = 0; i < count; i++) {
      const text = formatted(random, encodeNetwork(networkOf(random)), '', random.pick(['  ', '    ', '\t']));
      const wanted = randomChange(random)(Network.parse(text));
      const edited = editXml(text, () => wanted);
      expect(Network.parse(edited).diff(wanted), `${text}\n${edited}`).toEqual([]);
      expect(Network.parse(edited).toXml(), `${text}\n${edited}`).toBe(wanted.toXml());
    }
  });

  it('turns any text into any network, and doubles nothing', () => {
    const count = runs(1000, 50);
    const random = announce('networks written over others', count);
    for (let i = 0; i < count; i++) {
      const text = withIdle(random, formattedNetwork(random).text);
      const wanted = Network.from(networkOf(random));
      const edited = editXml(text, () => wanted, { check: false });
      expect(Network.parse(edited).toXml(), `${text}\n${edited}`).toBe(wanted.toXml());
      const singles = namesIn(edited).filter((name) => name in IDLE);
      expect(singles.length, edited).toBe(new Set(singles).size);
    }
  });

  it('replaces exactly the bytes of one value', () => {
    const count = runs(1000, 50);
    const random = announce('values edited', count);
    for (let i = 0; i < count; i++) {
      const { text, network } = formattedNetwork(random);
      const found = valuesIn(network.document).filter((value) => occurrences(text, value) === 1);
      const value = random.pick(found);
      const edited = editXml(text, () => Network.from(replaced(network.document, value, 'changed')));
      expect(edited).toBe(text.replace(value, 'changed'));
    }
  });

  it('takes out exactly one item, with its line where it has one to itself', () => {
    const count = runs(1000, 50);
    const random = announce('items taken out', count);
    for (let i = 0; i < count; i++) {
      const { text, network } = formattedNetwork(random, crowded(random));
      const { portgroups = [], dns } = network.document;
      const [at, tag] = [random.int(0, 2), random.pick(['portgroup', 'txt'] as const)];
      const without = <T>(list: readonly T[] | undefined) => (list ?? []).toSpliced(at, 1);
      const wanted =
        tag === 'txt'
          ? network.with({ dns: { ...dns, txts: without(dns?.txts) } })
          : network.with({ portgroups: without(portgroups) });
      const edited = editXml(text, () => wanted);
      expect(withoutElement(text, elementsOf(text, tag)[at])).toContain(edited);
    }
  });

  it('puts in exactly one item, in the indentation of its neighbours', () => {
    const count = runs(1000, 50);
    const random = announce('items put in', count);
    for (let i = 0; i < count; i++) {
      const { text, network } = formattedNetwork(random, crowded(random));
      const { portgroups = [] } = network.document;
      const at = random.int(0, portgroups.length);
      const added = { name: 'put-in', trustGuestRxFilters: true };
      const edited = editXml(text, () => network.with({ portgroups: portgroups.toSpliced(at, 0, added) }));
      const element = elementsOf(edited, 'portgroup')[at];
      expect(element?.attributes).toEqual({ name: 'put-in', trustGuestRxFilters: 'yes' });
      expect(withoutElement(edited, element)).toContain(text);
      expect(indentOf(edited, element)).toBe(indentOf(text, elementsOf(text, 'portgroup')[0]));
    }
  });
});

/** Elements that libvirt makes nothing of. */
const IDLE = {
  title: '<title/>',
  mtu: "<mtu size='0'/>",
  mac: '<mac/>',
  domain: "<domain localOnly='yes'/>",
  dns: '<dns><!-- none --></dns>',
  bandwidth: '<bandwidth></bandwidth>',
  port: '<port/>',
};

/** The text with some of them, where it has none of that name. */
function withIdle(random: Random, text: string): string {
  const names = namesIn(text);
  const idle = Object.entries(IDLE).filter(([tag]) => !names.includes(tag) && random.chance(0.5));
  const lines = idle.map(([, element]) => `${element}\n`).join('');
  return random.chance(0.5)
    ? text.replace('</name>', `</name>${lines}`)
    : text.replace(/<\/network>\s*$/, (end) => lines + end);
}

/** The names of the elements right below the root. */
const namesIn = (text: string): readonly string[] =>
  readXml(text)
    .root.children.filter(isElement)
    .map(({ name }) => name);

/** A network with three items in each of two lists, beside all sorts of other things. */
const crowded = (random: Random): NetworkDocument => ({
  ...networkOf(random, 'nat'),
  portgroups: [1, 2, 3].map((n) => ({
    name: `g${n}`,
    ...random.maybe(0.5, () => ({ bandwidth: { inbound: { average: n } } })),
  })),
  dns: { txts: [1, 2, 3].map((n) => ({ name: `t${n}`, value: `v=${n}` })) },
});

/** The elements of a name, in the order of the text. */
function elementsOf(text: string, tag: string): readonly XmlElement[] {
  const below = (element: XmlElement): XmlElement[] =>
    element.children.filter(isElement).flatMap((child) => (child.name === tag ? [child] : below(child)));
  return below(readXml(text).root);
}

const indentOf = (text: string, element: XmlElement | undefined): string | undefined =>
  /[ \t]*$/.exec(text.slice(0, element?.start))?.[0];

/** The text without an element: as it is, and with the blanks and the end of its line. */
function withoutElement(text: string, element: XmlElement | undefined): readonly string[] {
  const [before, behind] = [text.slice(0, element?.start), text.slice(element?.end)];
  return [before + behind, before.replace(/[ \t]+$/, '') + behind.replace(/^[ \t]*\n/, '')];
}

/** A network as somebody might have formatted it, and what it means. */
function formattedNetwork(
  random: Random,
  document = networkOf(random),
): { readonly text: string; readonly network: AnyNetwork } {
  const text = formatted(random, encodeNetwork(document), '', random.pick(['  ', '    ', '\t']));
  return { text, network: Network.parse(text) };
}

/** The texts in a document that another text could take the place of, whatever they mean. */
function valuesIn({ name, title, domain, dns, ips, metadata: _, portgroups }: NetworkDocument): string[] {
  const hosts = ips?.flatMap((ip) => ip.dhcp?.hosts ?? []) ?? [];
  const names = [...hosts.map((host) => host.name), ...(portgroups ?? []).map((group) => group.name)];
  return [name, title, domain?.name, ...names, ...(dns?.hosts ?? []).flatMap((host) => host.hostnames ?? [])].flatMap(
    (text) => text ?? [],
  );
}

const occurrences = (text: string, part: string): number => text.split(part).length - 1;

/** The same value with one text in it replaced by another. */
function replaced<T>(value: T, from: string, to: string): T {
  if (value === from) return to as T; // a text for a text
  if (Array.isArray(value)) return value.map((item) => replaced(item, from, to)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, from, to)])) as T;
}
