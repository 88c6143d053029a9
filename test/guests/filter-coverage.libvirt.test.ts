import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnyTable } from '../../src/schema/element.js';
import { filterBindingTable } from '../../src/schema/nwfilter/binding.js';
import { filterEntryTable, filterTable } from '../../src/schema/nwfilter/filter.js';
import { treePart } from '../lab/parts.js';
import { needs } from '../support/needs.js';
import { pathsOf } from '../support/rng.js';
import { isCovered, unknownPaths } from '../support/table-paths.js';

needs('daemon 12.9');

/** The table of filters with the rules and references of its entries in place of the entries, which no text has. */
const { entries: _, ...ownFields } = filterTable.fields;
const flatFilterTable: AnyTable = { ...filterTable, fields: { ...ownFields, ...filterEntryTable.fields } };

/** Attributes that libvirt reads in rules, and that its grammar leaves out. */
const BEYOND = [
  /^filter\/rule\/(r?arp\/@arp(src|dst)ipmask|tcp(-ipv6)?\/@option)$/,
  /^filter\/rule\/[\w-]*v6\/@(connlimit-above|state|ipset|ipsetflags)$/,
];

describe.each([
  ['nwfilter.rng', flatFilterTable, 413],
  ['nwfilterbinding.rng', filterBindingTable, 17],
] as const)('%s of 12.9', (file, table, count) => {
  const paths = () => pathsOf(join(treePart('12.9').folder, 'usr/share/libvirt/schemas', file));

  it('has a place in the tables for every element and attribute', () => {
    const found = paths();
    const missing = found.filter(([, ...steps]) => steps.length > 0 && !isCovered(table, steps));
    console.log(`${file} of 12.9: ${found.length - missing.length}/${found.length} paths covered`);
    expect(found).toHaveLength(count);
    expect(missing.map((steps) => steps.join('/'))).toEqual([]);
  });

  it('knows every place of the tables', () => {
    const known = new Set(paths().map((steps) => steps.join('/')));
    const unknown = unknownPaths(table, [table.tag], known);
    expect(unknown.filter((path) => !BEYOND.some((one) => one.test(path)))).toEqual([]);
  });
});
