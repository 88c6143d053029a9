import { describe, expect, it } from 'vitest';
import { type AnyTable, childTag, type Field } from '../../src/schema/element.js';
import { hostInterfaceTable } from '../../src/schema/interface.js';
import { networkTable } from '../../src/schema/network/network.js';
import { networkPortTable } from '../../src/schema/networkport.js';
import { libvirtData } from '../support/corpus.js';
import { needs } from '../support/needs.js';
import { type GrammarPath, pathsOf } from '../support/rng.js';

needs('libvirt data 11.3');

/** The step to what a field holds, as grammars name it. */
function stepOf({ place }: Field<unknown>): string {
  if (place.at === 'attribute') return `@${place.xml}`;
  const namespace = place.at === 'one' || place.at === 'many' ? place.table().namespace : undefined;
  return `${namespace === undefined ? '' : `{${namespace.uri}}`}${childTag(place)}`;
}

/** Whether a table, or one below it, reads what the steps name. */
function isCovered(table: AnyTable, [first, ...rest]: GrammarPath): boolean {
  const field = Object.values(table.fields).find((one) => stepOf(one) === first);
  if (field === undefined || rest.length === 0) return field !== undefined;
  const { place } = field;
  return (place.at === 'one' || place.at === 'many') && isCovered(place.table(), rest);
}

/** The paths below a table that a grammar does not have, without what is below those. */
function unknownPaths(table: AnyTable, path: GrammarPath, known: ReadonlySet<string>): string[] {
  return Object.values(table.fields).flatMap((field) => {
    const here = [...path, stepOf(field)];
    if (!known.has(here.join('/'))) return [here.join('/')];
    const { place } = field;
    return place.at === 'one' || place.at === 'many' ? unknownPaths(place.table(), here, known) : [];
  });
}

const GRAMMARS: readonly (readonly [string, AnyTable])[] = [
  ['network.rng', networkTable],
  ['networkport.rng', networkPortTable],
  ['interface.rng', hostInterfaceTable],
];

describe("every element and attribute of libvirt's grammars has a place in the tables", () => {
  for (const [file, table] of GRAMMARS) {
    it(file, () => {
      const paths = pathsOf(libvirtData('11.3').path('src/conf/schemas', file));
      const missing = paths.filter(([, ...steps]) => steps.length > 0 && !isCovered(table, steps));
      console.log(`${file}: ${paths.length - missing.length}/${paths.length} paths covered`);
      expect(paths.length).toBeGreaterThan(50);
      expect(missing.map((steps) => steps.join('/'))).toEqual([]);
    });
  }
});

/** What tables have and grammars do not: libvirt reads zpci, and all interfaces are of one type here. */
const BEYOND = /\/zpci$|^interface(\/(bridge|bond)\/interface)+\/(start|mtu|protocol|bridge|bond|vlan)$/;

describe("the tables have no place that libvirt's grammars do not know", () => {
  for (const [file, table] of GRAMMARS) {
    it(file, () => {
      const known = new Set(
        pathsOf(libvirtData('11.3').path('src/conf/schemas', file)).map((steps) => steps.join('/')),
      );
      expect(unknownPaths(table, [table.tag], known).filter((path) => !BEYOND.test(path))).toEqual([]);
    });
  }
});
