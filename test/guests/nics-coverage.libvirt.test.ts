import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnyTable } from '../../src/schema/element.js';
import * as network from '../../src/schema/guests/nic.js';
import * as others from '../../src/schema/guests/other-tables.js';
import { treePart } from '../lab/parts.js';
import { needs } from '../support/needs.js';
import { pathsOf } from '../support/rng.js';
import { isCovered, unknownPaths } from '../support/table-paths.js';

needs('daemon 12.9');

const TABLES: readonly AnyTable[] = Object.entries({ ...network, ...others }).flatMap(([name, table]) =>
  name.endsWith('NicTable') ? [table as AnyTable] : [],
);

const grammar = () => pathsOf(join(treePart('12.9').folder, 'usr/share/libvirt/schemas/domain.rng'), 'interface');

/** What tables have and the grammar does not: libvirt prints it of running guests alone, or every address is of one type here. */
const BEYOND = /^interface\/source\/(@macTableManager|@portgroup|@portid|@network|@bridge)$/;

describe("guests' NICs and libvirt's newest grammar of domains", () => {
  it('every element and attribute of the grammar has a place in the tables', () => {
    const paths = grammar();
    const isRead = ([, ...steps]: readonly string[]) =>
      steps.length === 0 || TABLES.some((table) => isCovered(table, steps));
    console.log(`<interface> of domain.rng of 12.9: ${paths.filter(isRead).length}/${paths.length} paths covered`);
    expect(paths.length).toBeGreaterThan(200);
    expect(paths.filter((steps) => !isRead(steps)).map((steps) => steps.join('/'))).toEqual([]);
  });

  it('the tables have no place that the grammar does not know', () => {
    const known = new Set(grammar().map((steps) => steps.join('/')));
    const unknown = TABLES.flatMap((table) => unknownPaths(table, [table.tag], known));
    expect(unknown.filter((path) => !BEYOND.test(path))).toEqual([]);
  });

  it('there is a table for each of the fifteen types, and one for those to come', () => {
    expect(TABLES.length).toBe(16);
  });
});
