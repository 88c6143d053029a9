import { describe, expect, it } from 'vitest';
import { meaningOf } from '../../src/host-bridge/canonical.js';
import { readHostBridge } from '../../src/host-bridge/read/index.js';
import type { HostInterface } from '../../src/schema/interface.js';
import { readHostInterface } from '../../src/schema/small-formats/read.js';
import { expressible, randomBridge } from '../support/bridges.js';
import { libvirtData } from '../support/corpus.js';
import { needs } from '../support/needs.js';
import { askLibvirt, validatedInterfaces } from '../support/oracle.js';
import { announce, runs } from '../support/random.js';

needs('virsh', 'libvirt data 11.3');

describe('libvirt itself understands what is written for it', () => {
  it('and prints the same bridge back', () => {
    const count = runs(300);
    const random = announce('libvirt interfaces', count);
    const bridges = Array.from({ length: count }, (_, i) =>
      expressible(randomBridge(random, { name: `br${i}` }), 'libvirt'),
    );
    const documents = bridges.map((bridge) => bridge.render('libvirt').files[0]?.content ?? '');
    const verdicts = askLibvirt(documents, validatedInterfaces);
    bridges.forEach((bridge, i) => {
      const { error, xml = '' } = verdicts[i] ?? {};
      expect(error, documents[i]).toBeUndefined();
      const { bridge: understood } = readHostBridge('libvirt', [{ path: 'br.xml', content: xml }]);
      expect(meaningOf(understood.document), xml).toEqual(meaningOf(bridge.document));
    });
  });

  it('and refuses a broken variant', () => {
    const bridge = expressible(randomBridge(announce('broken interface', 1), { name: 'br0' }), 'libvirt');
    const xml = bridge.render('libvirt').files[0]?.content ?? '';
    const verdicts = askLibvirt(
      [xml, xml.replace('<bridge stp=', "<bridge stp='maybe' was="), xml.replace("<start mode='", "<start mode='x")],
      validatedInterfaces,
    );
    expect(verdicts.map(({ error }) => error === undefined)).toEqual([true, false, false]);
  });
});

describe('libvirt’s own samples of bridges', () => {
  const { list, read } = libvirtData('11.3');
  const names = list('tests/interfaceschemadata').filter((name) => name.startsWith('bridge'));

  for (const name of names) {
    it(`${name} loses nothing without a warning`, () => {
      const content = read('tests/interfaceschemadata', name);
      const { bridge, warnings } = readHostBridge('libvirt', [{ path: name, content }]);
      const again = readHostInterface(bridge.render('libvirt').files[0]?.content ?? '');
      const [given, left] = [settingsOf(readHostInterface(content)), settingsOf(again)];
      expect(left.settings).toEqual(given.settings);
      expect(warnings).toHaveLength(given.unmodelled);
    });
  }
});

/** What no HostBridge holds: the state of the cards themselves, and how a bond's monitor waits and asks. */
const UNMODELLED = ['mac', 'link', 'updelay', 'downdelay', 'carrier'];

/** The settings of a bridge without those, and without the delay that means none; and how many there were of those. */
function settingsOf(value: HostInterface): { readonly settings: unknown; readonly unmodelled: number } {
  let unmodelled = 0;
  const text = JSON.stringify(value, (key, item) => {
    if (!UNMODELLED.includes(key)) return key === 'delay' && item === '0' ? undefined : item;
    if (item !== undefined) unmodelled++;
    return undefined;
  });
  return { settings: JSON.parse(text), unmodelled };
}
