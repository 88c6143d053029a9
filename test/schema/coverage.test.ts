import { describe, expect, it } from 'vitest';
import type { AnyTable } from '../../src/schema/element.js';
import { childTag } from '../../src/schema/element.js';
import { hostInterfaceTable } from '../../src/schema/interface.js';
import { networkTable } from '../../src/schema/network/network.js';
import { networkPortTable } from '../../src/schema/networkport.js';
import { corpus, hasCorpus } from '../support/corpus.js';
import { pathsOf } from '../support/rng.js';

/** Whether a table, or one below it, reads what a path names. */
function isCovered(table: AnyTable, path: readonly string[]): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return true;
  return Object.values(table.fields).some(({ place }) => {
    if (first.startsWith('@')) return place.at === 'attribute' && place.xml === first.slice(1);
    if (childTag(place) !== first) return false;
    return place.at === 'one' || place.at === 'many' ? isCovered(place.table(), rest) : rest.length === 0;
  });
}

const GRAMMARS: readonly (readonly [string, AnyTable])[] = [
  ['network.rng', networkTable],
  ['networkport.rng', networkPortTable],
  ['interface.rng', hostInterfaceTable],
];

describe.runIf(hasCorpus())("every element and attribute of libvirt's grammars has a place in the tables", () => {
  for (const [file, table] of GRAMMARS) {
    it(file, () => {
      const paths = pathsOf(corpus('libvirt-11.3.0', 'schemas', file));
      const missing = paths.filter((path) => path !== table.tag && !isCovered(table, path.split('/').slice(1)));
      console.log(`${file}: ${paths.length - missing.length}/${paths.length} paths covered`);
      expect(paths.length).toBeGreaterThan(20);
      expect(missing).toEqual([]);
    });
  }
});
