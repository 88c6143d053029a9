import { describe, expect, it } from 'vitest';
import { type AnyNetwork, editXml, Network, ValidationError, VirtualNetwork } from '../../src/index.js';
import { encodeNetwork } from '../../src/schema/network/codec.js';
import { isElement, type XmlElement, type XmlNode } from '../../src/xml/node.js';
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

const remarks = (text: string): string[] => text.match(/<!--.*?-->/g) ?? [];

describe('editing formatted documents', () => {
  it('says what was asked, and keeps every byte outside of the elements it touches', () => {
    const count = runs(1000);
    const random = announce('edits', count);
    for (let i = 0; i < count; i++) {
      const text = formatted(random, encodeNetwork(networkOf(random)), '', random.pick(['  ', '    ', '\t']));
      const change = randomChange(random);
      const seed = random.int(0, 1e9);
      const replay = (network: AnyNetwork) => {
        let result = saved.get(network.name);
        if (result === undefined) {
          result = change(network);
          saved.set(network.name, result);
        }
        return result;
      };
      const saved = new Map<string, AnyNetwork>();
      const wanted = replay(Network.parse(text));
      const edited = editXml(text, replay);
      expect(Network.parse(edited).equals(wanted), `seed ${seed}\n${text}\n${edited}`).toBe(true);
      expectUntouched(text, edited);
    }
  });
});

/** Lines of the edited text are lines of the source, but for the few that the change touched. */
function expectUntouched(source: string, edited: string): void {
  const before = source.split('\n');
  const after = edited.split('\n');
  let start = 0;
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start++;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const gone = before.slice(start, before.length - end);
  const come = after.slice(start, after.length - end);
  const lost = gone.filter((line) => !come.includes(line));
  // Remarks survive unless they stood inside of an element that was taken away.
  const removal = lost.length > come.filter((line) => !gone.includes(line)).length;
  if (!removal) expect(remarks(edited)).toEqual(remarks(source));
  // One change touches one element: its own lines, or the tags of the element around it.
  const fresh = come.filter((line) => !gone.includes(line));
  expect(fresh.length, `${source}\n-----\n${edited}`).toBeLessThanOrEqual(12);
}
