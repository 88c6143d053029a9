import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValidationError } from '../../src/errors/index.js';
import { Network } from '../../src/model/network.js';
import { encode } from '../../src/schema/encode.js';
import { encodeNetwork, writeNetwork } from '../../src/schema/network/codec.js';
import { DNSMASQ_NAMESPACE, networkTable } from '../../src/schema/network/network.js';
import { documentOf } from '../support/arbitrary.js';
import { expectKept, expectSame, readDocument, withForeign } from '../support/expect-kept.js';
import { foreignParts } from '../support/foreign-parts.js';
import { networkOf } from '../support/networks.js';
import { announce, Random, runs, seed } from '../support/random.js';

/** Text in a <uuid> or a line break in a <title> makes another document of it. */
function isAccepted(xml: string): boolean {
  try {
    Network.parse(xml);
    return true;
  } catch (error) {
    if (error instanceof ValidationError) return false;
    throw error;
  }
}

describe('nothing unknown is lost when a document is read and printed', () => {
  it('in networks of every kind', () => {
    const count = runs(1000);
    const random = announce('unknown parts in networks', count);
    for (let i = 0; i < count; i++) expectSame(withForeign(encodeNetwork(networkOf(random)), random));
  });

  it('through the classes, where the unknown part does not spoil a value', () => {
    const count = runs(1000);
    const random = announce('unknown parts through the classes', count);
    const given = Array.from({ length: count }, () => withForeign(encodeNetwork(networkOf(random)), random));
    const accepted = given.filter((xml) => isAccepted(xml));
    expect(accepted.length).toBeGreaterThan(0.8 * count);
    for (const xml of accepted) {
      const network = Network.parse(xml);
      const printed = network.toXml({ check: false });
      expect(foreignParts(printed), xml).toEqual(foreignParts(xml));
      expect(Network.parse(printed).equals(network), xml).toBe(true);
    }
  });

  it('in documents of any shape, also where libvirt drops what is around', () => {
    const numRuns = runs(1000);
    console.log(`unknown parts in documents of any shape: ${numRuns} cases, SEED=${seed}`);
    fc.assert(
      fc.property(documentOf(networkTable), fc.nat(), (document, start) => {
        const root = encode(networkTable, document);
        const declared = { ...root, attributes: { 'xmlns:dnsmasq': DNSMASQ_NAMESPACE, ...root.attributes } };
        expectKept(withForeign(declared, new Random(start)));
      }),
      { numRuns, seed },
    );
  });
});

describe('unknown elements inside plain values', () => {
  const wrap = (parts: string) => `<network>\n  ${parts}\n  <bridge stp='on' delay='0'/>\n</network>\n`;

  it('count with their text, as libvirt reads it, and are printed where they stood', () => {
    const text = wrap("<name>a<x:y xmlns:x='urn:x'>b</x:y>c</name>");
    expect(readDocument(text).name).toBe('abc');
    expect(writeNetwork(readDocument(text))).toBe(text);
  });

  it('do not get their text into a value that was changed', () => {
    const document = readDocument(wrap("<name>a<x:y xmlns:x='urn:x'>b</x:y><z/></name>"));
    expect(writeNetwork({ ...document, name: 'new' })).toBe(wrap('<name>new<z/></name>'));
  });

  it('do not bring back a value that was taken away', () => {
    const { title: _, ...document } = readDocument(
      wrap("<name>a</name>\n  <title>b<x:y xmlns:x='urn:x'>c</x:y></title>"),
    );
    expect(writeNetwork(document)).toBe(wrap('<name>a</name>'));
  });

  it('stay when there is no value', () => {
    const text = wrap('<name>a</name>\n  <title>\n    <x/>\n  </title>');
    expect(readDocument(text).title).toBeUndefined();
    expect(writeNetwork(readDocument(text))).toBe(text);
  });

  it('stay in a host name that is empty', () => {
    const document = readDocument(
      wrap("<name>a</name><dns><host ip='10.0.0.1'><hostname>b</hostname><hostname><x/></hostname></host></dns>"),
    );
    expect(document.dns?.hosts?.[0]?.hostnames).toEqual(['b']);
    expect(writeNetwork(document)).toContain(
      '<hostname>b</hostname>\n      <hostname>\n        <x/>\n      </hostname>\n    </host>',
    );
  });
});

describe('an unknown element', () => {
  it('means the same in another document, whoever declared its prefix', () => {
    const { extra } = readDocument("<network xmlns:a='urn:a'><name>n</name><a:x b='c'/></network>");
    expect(writeNetwork({ name: 'other', extra: { elements: extra?.elements ?? [] } })).toContain(
      "<a:x xmlns:a='urn:a' b='c'/>",
    );
  });
});

describe('a part that only looks like one of libvirt', () => {
  it('is kept with its text where it is in a namespace of its own', () => {
    const text =
      "<network>\n  <name>a</name>\n  <bridge stp='on' delay='0'/>\n  <metadata xmlns='urn:x'>text <b/> more</metadata>\n</network>\n";
    expect(writeNetwork(readDocument(text))).toBe(text);
  });
});
