import { describe, expect, it } from 'vitest';
import { meaningOf } from '../../src/host-bridge/canonical.js';
import { HostBridge } from '../../src/host-bridge/host-bridge.js';
import { readHostBridge } from '../../src/host-bridge/read/index.js';
import type { Command, RenderedFile } from '../../src/host-bridge/render/rendering.js';
import { expressible, randomBridge } from '../support/bridges.js';
import { needs } from '../support/needs.js';
import { nmcliOffline } from '../support/parsers.js';
import { announce, runs } from '../support/random.js';

needs('host network programs');

const idIn = (content: string): string => /^id=(.*)$/m.exec(content)?.[1] ?? '';

/** The profile as NetworkManager's library holds it: `modify` reads it, sets what it says already, and prints it. */
function asLibraryReads({ path, content }: RenderedFile): { readonly path: string; readonly content: string } {
  const { status, said, profile } = nmcliOffline(['connection', 'modify', 'connection.id', idIn(content)], content);
  expect(said, content).toBe('');
  expect(status, content).toBe(0);
  return { path, content: profile };
}

/** The profile that a command makes. */
function asMade(command: Command): { readonly path: string; readonly content: string } {
  // Nothing is saved offline.
  const args = command.slice(1).join('\0').replace('\0save\0no', '').split('\0');
  const { status, said, profile } = nmcliOffline(args);
  expect(said, command.join(' ')).toBe('');
  expect(status, command.join(' ')).toBe(0);
  return { path: `${idIn(profile)}.nmconnection`, content: profile };
}

const isAdd = (command: Command): boolean => command[2] === 'add';

describe('NetworkManager’s own library understands', () => {
  it('the profiles that are written for it', () => {
    const count = runs(300);
    const random = announce('NetworkManager profiles', count);
    for (let i = 0; i < count; i++) {
      const bridge = expressible(randomBridge(random), 'networkmanager');
      const files = bridge.render('networkmanager').files.map(asLibraryReads);
      const { bridge: understood } = readHostBridge('networkmanager', files);
      const shown = files.map(({ content }) => content).join('\n');
      expect(meaningOf(understood.document), shown).toEqual(meaningOf(bridge.document));
    }
  });

  it('the commands that make them', () => {
    const count = runs(300);
    const random = announce('nmcli commands', count);
    for (let i = 0; i < count; i++) {
      const bridge = expressible(randomBridge(random), 'nmcli');
      const { apply } = bridge.render('nmcli');
      const files = apply.filter(isAdd).map(asMade);
      const { bridge: understood } = readHostBridge('networkmanager', files);
      const shown = files.map(({ content }) => content).join('\n');
      expect(meaningOf(understood.document), shown).toEqual(meaningOf(bridge.document));
    }
  });

  it('and tells a broken variant apart', () => {
    const bridge = HostBridge.create('br0')
      .port('eno1')
      .address('10.0.0.2/24')
      .address('10.0.1.2/24')
      .stp({ forwardDelay: 4 })
      .mac('52:54:00:01:02:03');
    const [file] = bridge.render('networkmanager').files;
    const read = (content: string) => nmcliOffline(['connection', 'modify', 'connection.id', 'br0'], content);
    expect(read(file?.content ?? '').status).toBe(0);
    expect(read(file?.content.replace('forward-delay=4', 'forward-delay=1') ?? '').status).not.toBe(0);
    // These are dropped in silence, so only a comparison finds them.
    for (const [from, to] of [
      ['10.0.1.2/24', '10.0.1.300/24'],
      ['52:54:00:01:02:03', '52:54:00:01:02:zz'],
    ] as const) {
      const { profile } = read(file?.content.replace(from, to) ?? '');
      const others = bridge.render('networkmanager').files.slice(1);
      expect(
        readHostBridge('networkmanager', [{ path: 'br0', content: profile }, ...others]).bridge.equals(bridge),
      ).toBe(false);
    }
  });
});
