import { describe, expect, it } from 'vitest';
import { meaningOf } from '../../src/host-bridge/canonical.js';
import { readHostBridge } from '../../src/host-bridge/read/index.js';
import { readHostInterface } from '../../src/schema/small-formats/read.js';
import { expressible, randomBridge } from '../support/bridges.js';
import { hasCorpus, listCorpus, readCorpus } from '../support/corpus.js';
import { askLibvirt, hasOracle, validatedInterfaces } from '../support/oracle.js';
import { announce, runs } from '../support/random.js';

describe.runIf(hasOracle())('libvirt itself understands what is written for it', () => {
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

describe.runIf(hasCorpus())('libvirt’s own samples of bridges', () => {
  const names = listCorpus('libvirt-11.3.0', 'interfaceschemadata').filter((name) => name.startsWith('bridge'));

  for (const name of names) {
    it(`${name} is read without loss`, () => {
      const content = readCorpus('libvirt-11.3.0', 'interfaceschemadata', name);
      const { bridge, warnings } = readHostBridge('libvirt', [{ path: name, content }]);
      const given = readHostInterface(content);
      const again = readHostInterface(bridge.render('libvirt').files[0]?.content ?? '');
      // The state of the cards themselves is no setting; it is told of.
      const parts = given.bridge?.interfaces?.flatMap(({ mac, link }) => [mac, link]) ?? [];
      expect(warnings).toHaveLength(parts.filter((part) => part !== undefined).length);
      expect(settingsOf(again)).toEqual(settingsOf(given));
    });
  }
});

/** Without the state of the cards, and without the delay that means none. */
const settingsOf = (value: ReturnType<typeof readHostInterface>): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, item) =>
      key === 'mac' || key === 'link' || (key === 'delay' && item === '0') ? undefined : item,
    ),
  );
