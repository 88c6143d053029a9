import { expect } from 'vitest';
import { decode } from '../../src/schema/decode.js';
import { canonicalNetwork } from '../../src/schema/network/canonical.js';
import { writeNetwork } from '../../src/schema/network/codec.js';
import { type NetworkDocument, networkTable } from '../../src/schema/network/network.js';
import type { XmlElement } from '../../src/xml/node.js';
import { readXml } from '../../src/xml/read.js';
import { writeXml } from '../../src/xml/write.js';
import { Injector } from './foreign.js';
import { foreignParts } from './foreign-parts.js';
import type { Random } from './random.js';

/** Reads a document, although what is required may be missing. */
export const readDocument = (xml: string) =>
  decode(networkTable, readXml(xml).root).value as unknown as NetworkDocument;

/** Prints a document with unknown parts put anywhere in it. */
export const withForeign = (root: XmlElement, random: Random): string =>
  writeXml(new Injector(random, networkTable).inject(root));

/** Reads and prints a document; both texts must have the same unknown parts. */
export function expectKept(given: string): string {
  const printed = writeNetwork(readDocument(given));
  expect(foreignParts(printed), given).toEqual(foreignParts(given));
  return printed;
}

/** Besides, what was printed must mean the same network. */
export function expectSame(given: string): void {
  const printed = expectKept(given);
  expect(known(canonicalNetwork(readDocument(printed))), given).toEqual(known(canonicalNetwork(readDocument(given))));
}

/** A document without what was kept beside it, which has been compared by then. */
const known = (document: NetworkDocument): unknown =>
  JSON.parse(JSON.stringify(document, (key, value) => (key === 'extra' ? undefined : value)));
