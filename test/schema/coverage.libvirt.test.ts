import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AnyTable, childTag, type Field } from '../../src/schema/element.js';
import { hostInterfaceTable } from '../../src/schema/interface.js';
import { networkTable } from '../../src/schema/network/network.js';
import { networkPortTable } from '../../src/schema/networkport.js';
import { filterBindingTable } from '../../src/schema/nwfilter/binding.js';
import { filterEntryTable, filterTable } from '../../src/schema/nwfilter/filter.js';
import { treePart } from '../lab/parts.js';
import { libvirtData } from '../support/corpus.js';
import { needs } from '../support/needs.js';
import { type GrammarPath, pathsOf } from '../support/rng.js';

needs('libvirt data 11.3', 'daemon 12.9');

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

/** The table of filters with the rules and references of its entries in place of the entries, which no text has. */
const { entries: _, ...ownFields } = filterTable.fields;
const flatFilterTable: AnyTable = { ...filterTable, fields: { ...ownFields, ...filterEntryTable.fields } };

const GRAMMARS: readonly (readonly [string, AnyTable])[] = [
  ['network.rng', networkTable],
  ['networkport.rng', networkPortTable],
  ['interface.rng', hostInterfaceTable],
  ['nwfilter.rng', flatFilterTable],
  ['nwfilterbinding.rng', filterBindingTable],
];

/** The grammars of each release: of 12.9 they come with the daemon, since its source package is not in the archive. */
const FOLDERS: readonly (readonly [release: string, folder: () => string])[] = [
  ['11.3', () => libvirtData('11.3').path('src/conf/schemas')],
  ['12.9', () => join(treePart('12.9').folder, 'usr/share/libvirt/schemas')],
];

const CASES = FOLDERS.flatMap(([release, folder]) =>
  GRAMMARS.map(([file, table]) => [`${file} of ${release}`, () => pathsOf(join(folder(), file)), table] as const),
);

describe("every element and attribute of libvirt's grammars has a place in the tables", () => {
  for (const [what, read, table] of CASES) {
    it(what, () => {
      const paths = read();
      const missing = paths.filter(([, ...steps]) => steps.length > 0 && !isCovered(table, steps));
      console.log(`${what}: ${paths.length - missing.length}/${paths.length} paths covered`);
      expect(paths.length).toBeGreaterThan(10);
      expect(missing.map((steps) => steps.join('/'))).toEqual([]);
    });
  }
});

/**
 * What tables have and grammars do not: libvirt reads zpci, all interfaces are of one type here, and rules of filters have
 * attributes that the grammar leaves out.
 */
const BEYOND = [
  /\/zpci$/,
  /^interface(\/(bridge|bond)\/interface)+\/(start|mtu|protocol|bridge|bond|vlan)$/,
  /^filter\/rule\/(r?arp\/@arp(src|dst)ipmask|tcp(-ipv6)?\/@option)$/,
  /^filter\/rule\/[\w-]*v6\/@(connlimit-above|state|ipset|ipsetflags)$/,
];

describe("the tables have no place that libvirt's newest grammars do not know", () => {
  for (const [what, read, table] of CASES.slice(-GRAMMARS.length)) {
    it(what, () => {
      const known = new Set(read().map((steps) => steps.join('/')));
      expect(unknownPaths(table, [table.tag], known).filter((path) => !BEYOND.some((one) => one.test(path)))).toEqual(
        [],
      );
    });
  }
});
