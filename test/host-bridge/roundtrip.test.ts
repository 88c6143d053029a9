import { describe, expect, it } from 'vitest';
import { sortedBridge, wholeBridge } from '../../src/host-bridge/canonical.js';
import { type ReadableBackend, readHostBridge } from '../../src/host-bridge/read/index.js';
import type { RenderOptions } from '../../src/host-bridge/render/render-options.js';
import { expressible, randomBridge } from '../support/bridges.js';
import { announce, runs } from '../support/random.js';

type Case = readonly [backend: ReadableBackend, options: Omit<RenderOptions, 'backend'>];

const CASES: readonly Case[] = [
  ['ifcfg', {}],
  ['ifcfg', { consumer: 'network-scripts-7' }],
  ['ifcfg', { consumer: 'network-scripts-8+' }],
  ['ifcfg', { consumer: 'NetworkManager' }],
  ['networkmanager', {}],
  ['netplan', {}],
  ['netplan', { renderer: 'NetworkManager' }],
  ['networkd', {}],
  ['ifupdown', {}],
  ['libvirt', {}],
];

describe('what is written for a system is read back as the same bridge', () => {
  for (const [backend, options] of CASES) {
    it(`${backend} ${JSON.stringify(options)}`, () => {
      const { renderer: _, ...reading } = options;
      const count = runs(1000, 20);
      const random = announce(`read(render(x)) for ${backend}`, count);
      for (let i = 0; i < count; i++) {
        const bridge = expressible(randomBridge(random), backend, options);
        const { files } = bridge.render(backend, options);
        const { bridge: read, warnings } = readHostBridge(backend, files, reading);
        const shown = files.map(({ path, content }) => `${path}\n${content}`).join('\n');
        expect(warnings, shown).toEqual([]);
        expect(read.validate().filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(sortedBridge(wholeBridge(read.document)), shown).toEqual(sortedBridge(wholeBridge(bridge.document)));
        expect(read.equals(bridge)).toBe(true);
      }
    });
  }
});
