import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/schema/decode.js';
import type { AnyTable } from '../../src/schema/element.js';
import { encode } from '../../src/schema/encode.js';
import { hostInterfaceTable } from '../../src/schema/interface.js';
import { networkTable } from '../../src/schema/network/network.js';
import { networkPortTable } from '../../src/schema/networkport.js';
import { NEWEST_RELEASE } from '../../src/schema/release.js';
import { readXml } from '../../src/xml/read.js';
import { writeXml } from '../../src/xml/write.js';
import { documentOf } from '../support/arbitrary.js';
import { runs, seed } from '../support/random.js';

/** A release that knows everything, so that nothing is left out. */
const ALL = NEWEST_RELEASE;

/** Plain data: a record without a prototype is the same as one with. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function roundTrip(table: AnyTable, document: unknown): unknown {
  const root = encode(table, document, ALL);
  const declared = {
    ...root,
    attributes: { 'xmlns:dnsmasq': 'http://libvirt.org/schemas/network/dnsmasq/1.0', ...root.attributes },
  };
  const text = writeXml(declared, { verbatim: (element) => element.name === 'metadata' });
  const { value, findings } = decode(table, readXml(text).root, ALL);
  expect(findings.map(({ rule, params }) => ({ rule, params }))).toEqual([]);
  const { extra: _, ...known } = value;
  return plain(known);
}

describe('any document that the tables allow comes back from its own text', () => {
  for (const table of [networkTable, networkPortTable, hostInterfaceTable] as AnyTable[]) {
    it(`<${table.tag}>`, () => {
      const numRuns = runs(3000, 60);
      console.log(`<${table.tag}> round trip: ${numRuns} cases, SEED=${seed}`);
      fc.assert(
        fc.property(documentOf(table), (document) => {
          expect(roundTrip(table, document)).toEqual(plain(document));
        }),
        { numRuns, seed },
      );
    });
  }
});
