import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnyTable } from '../../src/schema/element.js';
import { hostInterfaceTable } from '../../src/schema/interface.js';
import { networkTable } from '../../src/schema/network/network.js';
import { networkPortTable } from '../../src/schema/networkport.js';
import { treePart } from '../lab/parts.js';
import { libvirtData } from '../support/corpus.js';
import { needs } from '../support/needs.js';
import { pathsOf } from '../support/rng.js';
import { isCovered, unknownPaths } from '../support/table-paths.js';

needs('libvirt data 11.3', 'daemon 12.9');

const GRAMMARS: readonly (readonly [string, AnyTable])[] = [
  ['network.rng', networkTable],
  ['networkport.rng', networkPortTable],
  ['interface.rng', hostInterfaceTable],
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
      expect(paths.length).toBeGreaterThan(50);
      expect(missing.map((steps) => steps.join('/'))).toEqual([]);
    });
  }
});

/** What tables have and grammars do not: libvirt reads zpci, and all interfaces are of one type here. */
const BEYOND = /\/zpci$|^interface(\/(bridge|bond)\/interface)+\/(start|mtu|protocol|bridge|bond|vlan)$/;

describe("the tables have no place that libvirt's newest grammars do not know", () => {
  for (const [what, read, table] of CASES.slice(-GRAMMARS.length)) {
    it(what, () => {
      const known = new Set(read().map((steps) => steps.join('/')));
      expect(unknownPaths(table, [table.tag], known).filter((path) => !BEYOND.test(path))).toEqual([]);
    });
  }
});
