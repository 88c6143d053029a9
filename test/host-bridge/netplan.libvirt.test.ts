import { describe, expect, it } from 'vitest';
import { normalizedBridge } from '../../src/host-bridge/canonical.js';
import type { HostBridgeDocument } from '../../src/host-bridge/document.js';
import { HostBridge } from '../../src/host-bridge/host-bridge.js';
import { readHostBridge } from '../../src/host-bridge/read/index.js';
import type { NetplanRenderer, RenderedFile } from '../../src/host-bridge/render/rendering.js';
import { expressible, randomBridge } from '../support/bridges.js';
import { needs } from '../support/needs.js';
import { netplanGenerate } from '../support/parsers.js';
import { announce, runs } from '../support/random.js';

needs('host network programs');

const RENDERERS: readonly NetplanRenderer[] = ['networkd', 'NetworkManager'];
const READER = { networkd: 'networkd', NetworkManager: 'networkmanager' } as const;

/** A DUID is what networkd uses anyway: netplan writes no line for it. */
function asNetplanSays(document: HostBridgeDocument): HostBridgeDocument {
  if (document.ipv4?.clientId !== 'duid') return document;
  const { clientId: _, ...ipv4 } = document.ipv4;
  return { ...document, ipv4 };
}

/** netplan has a metric of its own for networkd where none is set: 100. */
function withoutUsualMetric(document: HostBridgeDocument): HostBridgeDocument {
  if (document.ipv4?.routeMetric !== 100) return document;
  const { routeMetric: _, ...ipv4 } = document.ipv4;
  return { ...document, ipv4 };
}

const changed = (files: readonly RenderedFile[], from: RegExp, to: string): RenderedFile[] =>
  files.map((file) => ({ ...file, content: file.content.replace(from, to) }));

/** netplan warns of settings that are not there. */
const ABOUT_EVERY_VXLAN = /\s*\*\* \(generate:\d+\): WARNING \*\*: [^\n]* are not supported by NetworkManager\n/g;

describe('netplan itself understands what is written for it', () => {
  for (const renderer of RENDERERS) {
    it(`and has ${renderer} make the same bridge`, () => {
      const count = runs(300);
      const random = announce(`netplan for ${renderer}`, count);
      for (let i = 0; i < count; i++) {
        const bridge = expressible(randomBridge(random), 'netplan', { renderer });
        const { files } = bridge.render('netplan', { renderer });
        const { status, said, files: generated } = netplanGenerate(files, renderer);
        const shown = [...files, ...generated].map(({ path, content }) => `${path}\n${content}`).join('\n');
        expect(said.replace(ABOUT_EVERY_VXLAN, '').trim(), shown).toBe('');
        expect(status).toBe(0);
        const { bridge: understood } = readHostBridge(READER[renderer], generated, { name: bridge.name });
        const [made, wanted] = [understood.document, asNetplanSays(bridge.document)].map(withoutUsualMetric);
        expect(made && normalizedBridge(made), shown).toEqual(wanted && normalizedBridge(wanted));
      }
    });
  }

  it('and is distinguished from a broken variant', () => {
    const bridge = HostBridge.create('br0')
      .port('eno1')
      .address('10.0.0.2/24')
      .stp({ priority: 4096 })
      .mac('52:54:00:01:02:03');
    const { files } = bridge.render('netplan');
    expect(netplanGenerate(files, 'networkd').status).toBe(0);
    for (const [from, to] of [
      [/interfaces:\n\s+- "eno1"/, 'interfaces: ["eno9"]'],
      [/10\.0\.0\.2\/24/, '10.0.0.2/99'],
      [/priority:/, 'prioritie:'],
    ] as const)
      expect(netplanGenerate(changed(files, from, to), 'networkd').status, to).not.toBe(0);
    const quiet = netplanGenerate(changed(files, /stp: true/, 'stp: false'), 'networkd');
    expect(readHostBridge('networkd', quiet.files).bridge.equals(bridge)).toBe(false);
  });
});
