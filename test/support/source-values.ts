import fc from 'fast-check';
import { GuestNic, type HostBridge, Network, NwFilter } from '../../src/index.js';
import type { AnyNic } from '../../src/model/guest-nic/guest-nic.js';
import type { AnyNetwork } from '../../src/model/network.js';
import type { NicDocument } from '../../src/schema/guests/nic.js';
import { NIC_TABLES } from '../../src/schema/guests/nic-tables.js';
import { encodeNetwork } from '../../src/schema/network/codec.js';
import { networkTable } from '../../src/schema/network/network.js';
import type { SourceValue } from '../../src/source/index.js';
import { writeXml } from '../../src/xml/write.js';
import { filterText } from '../guests/filter-texts.js';
import { documentOf } from './arbitrary.js';
import { randomBridge } from './bridges.js';
import { builtNetworks } from './builders.js';
import { Injector } from './foreign.js';
import { networkOf } from './networks.js';
import { goodNicText } from './nic-texts.js';
import { type Random, seed } from './random.js';

/** What reading gives; nothing where libvirt refuses the text. */
function readOr<T>(read: () => T): readonly T[] {
  try {
    return [read()];
  } catch {
    return [];
  }
}

const take = <T>(count: number, make: (i: number) => readonly T[]): readonly T[] => {
  const values: T[] = [];
  for (let i = 0; values.length < count; i++) values.push(...make(i));
  return values.slice(0, count);
};

/** Networks as programs build them, as people write them with parts that nobody knows, and of any shape. */
function someNetworks(random: Random, count: number): readonly AnyNetwork[] {
  const shapes = fc.sample(documentOf(networkTable), { numRuns: count, seed });
  const unknownParts = new Injector(random, networkTable);
  return take(count, (i) => {
    switch (i % 4) {
      case 0:
        return builtNetworks(random, Math.floor(i / 4)).slice(-1);
      case 1:
        return [Network.from(networkOf(random))];
      case 2:
        return readOr(() => Network.parse(writeXml(unknownParts.inject(encodeNetwork(networkOf(random))))));
      default:
        return [Network.from(shapes[i % count] ?? { name: 'none' })];
    }
  });
}

/** The tables of all types that this library knows. */
const TABLES = Object.entries(NIC_TABLES).flatMap(([kind, table]) => (kind === 'other' ? [] : [table]));

/** NICs as people write them, and of any shape. */
function someNics(random: Random, count: number): readonly AnyNic[] {
  const each = Math.ceil(count / TABLES.length);
  const shapes = TABLES.map((table) => fc.sample(documentOf(table), { numRuns: each, seed }));
  return take(count, (i) => {
    if (i % 2 === 0) return readOr(() => GuestNic.parse(nicText(random), { unknownWords: 'keep' }));
    // Each is a document of the type that its table is for.
    const shape = shapes[i % TABLES.length]?.[Math.floor(i / TABLES.length)] as NicDocument;
    return [GuestNic.from(shape)];
  });
}

const nicText = (random: Random): string =>
  random.chance(0.05) ? goodNicText(random, 'user').replace("'user'", "'newer'") : goodNicText(random);

/** Bridges with anything that a bridge can have. */
const someBridges = (random: Random, count: number): readonly HostBridge[] =>
  Array.from({ length: count }, () => randomBridge(random));

/** Filters as people write them. */
const someFilters = (random: Random, count: number): readonly NwFilter[] =>
  take(count, (i) => readOr(() => NwFilter.parse(filterText(random, i))));

/** Values of each sort that have a source. */
export const someSourceValues = (random: Random, count: number): Readonly<Record<string, readonly SourceValue[]>> => ({
  networks: someNetworks(random, count),
  bridges: someBridges(random, count),
  nics: someNics(random, count),
  filters: someFilters(random, count),
});
