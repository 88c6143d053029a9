import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { NatNetwork } from 'libvirt-network';
import { renderFlowDiagram, renderTopology } from 'libvirt-network/pictures';
import { explainFlow, type Topology } from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';
import { DARK, LIGHT, type Scheme } from '../../src/pictures/drawing/style.js';
import { announce, runs } from '../support/random.js';
import { contrast } from './contrast.js';
import { randomFlow, withHostileNames } from './flows.js';
import { CLOUD, randomOvnTopology } from './ovn-topologies.js';
import { HOSTILE_NAMES, randomTopology, SAMPLE } from './topologies.js';

const lab = NatNetwork.create('lab').bridge('virbr10').subnet('192.168.50.1/24');

describe.each<[string, Scheme]>([
  ['light', LIGHT],
  ['dark', DARK],
])('in the %s scheme', (_, { fills, strokes, tones }) => {
  it('every text has a contrast of at least 4.5 on every area', () => {
    for (const [tone, colour] of Object.entries(tones))
      for (const [fill, area] of Object.entries(fills))
        expect(contrast(colour, area), `${tone} on ${fill}`).toBeGreaterThanOrEqual(4.5);
  });

  it('every line has a contrast of at least 3 on every area', () => {
    for (const [stroke, { length }] of Object.entries(strokes).map(([name, colour]) => [name, colour] as const))
      if (length === 7)
        for (const [fill, area] of Object.entries(fills))
          expect(
            contrast(strokes[stroke as keyof typeof strokes], area),
            `${stroke} on ${fill}`,
          ).toBeGreaterThanOrEqual(3);
  });
});

describe('an SVG', () => {
  const random = announce('SVG', runs(60));
  const pictures = Array.from({ length: runs(60) }, (_, i) => {
    if (i % 3 === 0) return renderTopology(randomTopology(random), { format: 'svg' });
    if (i % 3 === 1) return renderTopology(randomOvnTopology(random), { format: 'svg' });
    return renderFlowDiagram(withHostileNames(random, randomFlow(random, SAMPLE)), { format: 'svg' });
  });

  it('is well-formed, and holds only shapes, texts and a style', () => {
    for (const svg of pictures) {
      expect(XMLValidator.validate(svg)).toBe(true);
      const elements = new Set([...svg.matchAll(/<([a-z]\w*)/g)].map(([, name = '']) => name));
      const known = ['svg', 'title', 'desc', 'style', 'rect', 'path', 'polygon', 'circle', 'text'];
      expect([...elements].filter((name) => !known.includes(name))).toEqual([]);
      expect(svg).not.toMatch(/\son\w+=|(?:href|src)=|url\(|@import|@font-face/);
    }
  });

  it('has a title and a description for screen readers', () => {
    const svg = renderTopology(SAMPLE, { format: 'svg' });
    const described =
      '5 networks, 8 guests. lab (NAT): web, db, gate. dmz (routed): mail. lone (isolated): gate, vault. office (bridge): pc. direct (macvtap (vepa)): vm.';
    const [, id] = /aria-labelledby="(\S+)-title \1-desc"/.exec(svg) ?? [];
    expect(svg).toContain('role="img"');
    expect(svg).toContain(`<title id="${id}-title">Networks and guests of the host</title>`);
    expect(svg).toContain(`<desc id="${id}-desc">${described}</desc>`);
    const flow = renderFlowDiagram(explainFlow(SAMPLE, { from: 'outside', to: 'web' }), { format: 'svg' });
    expect(flow).toContain('>From outside to web: icmp over ipv4</title>');
    expect(flow).toMatch(
      />rejected: libvirt's rule .* rejects it\. rule: -A LIBVIRT_FWI .*\. there: outside, host\.<\/desc>/,
    );
  });

  it('of networks on OVN says who is where, for screen readers too', () => {
    const svg = renderTopology(CLOUD, { format: 'svg' });
    expect(svg).toMatch(/<title id="net-[0-9a-f]{8}-title">Networks and guests on OVN<\/title>/);
    expect(svg).toContain(
      '>3 hosts, 3 networks, 5 guests. web (NAT, by kvm1, then kvm2, kvm3): www on kvm1, app on kvm2, spare. dmz (routed, by kvm2): mail on kvm3. quiet (isolated): vault.</desc>',
    );
    for (const text of [
      'kvm1',
      '10.0.0.1',
      'Geneve',
      'outside: lan, VLAN 20',
      'by kvm1, then kvm2, kvm3',
      'not plugged in',
    ])
      expect(svg).toContain(`>${text}</text>`);
  });

  it('selects only its own elements by its style', () => {
    for (const svg of pictures) {
      const [, id] = / id="(net-[0-9a-f]{8})"/.exec(svg) ?? [];
      const [, style = ''] = /<style>([^<]*)<\/style>/.exec(svg) ?? [];
      const selectors = style.replace('@media (prefers-color-scheme:dark){', '').split(/\{[^}]*\}\}?/);
      expect(selectors.filter((one) => one.trim() !== '' && !one.trim().startsWith(`#${id}`))).toEqual([]);
    }
  });

  it('shows a name whole where the pointer is, if it is shortened', () => {
    const names = HOSTILE_NAMES.map((name, i) => `${name} ${i}`);
    const topology: Topology = {
      backend: 'iptables',
      networks: [lab],
      guests: names.map((name) => ({ name, network: 'lab' })),
    };
    const svg = renderTopology(topology, { format: 'svg' });
    const parser = new XMLParser({ ignoreAttributes: true, trimValues: false, isArray: (name) => name === 'text' });
    const texts: readonly unknown[] = parser.parse(svg).svg.text;
    const full = texts.flatMap((one) => (typeof one === 'object' && one !== null && 'title' in one ? one.title : one));
    for (const name of names.filter((one) => /^[\p{L} \d]+$/u.test(one) && one.length > 40))
      expect(full).toContain(name);
    expect(svg).not.toContain('\u202e');
  });
});
