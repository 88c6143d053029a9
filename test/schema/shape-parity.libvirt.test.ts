import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode } from '../../src/schema/encode.js';
import { networkTable } from '../../src/schema/network/network.js';
import { writeXml } from '../../src/xml/write.js';
import { documentOf, plainText } from '../support/arbitrary.js';
import { mutate } from '../support/mutate.js';
import { needs } from '../support/needs.js';
import { askLibvirt } from '../support/oracle.js';
import { announce, type Random, runs, seed } from '../support/random.js';
import { divergence, RELEASE } from './divergence.js';
import { sparse } from './sparse.js';

needs('virsh');

function candidates(random: Random, count: number): string[] {
  return fc.sample(documentOf(networkTable, plainText), { numRuns: count, seed }).map((document, i) => {
    const { dnsmasq: _, ...known } = document; // the test driver does not know these options
    const root = encode(networkTable, sparse(random, known, `n${i}`), RELEASE);
    return writeXml(random.chance(0.3) ? mutate(random, root, networkTable) : root);
  });
}

describe("our verdict is libvirt's on documents in which every field by itself is valid", () => {
  it('and so is what we print', () => {
    const count = runs(4000);
    const documents = candidates(announce('verdict parity of any shape', count), count);
    const verdicts = askLibvirt(documents);
    const wrong = documents.flatMap((xml, i) => {
      const problem = divergence(xml, verdicts[i] ?? {});
      return problem === undefined ? [] : [`${problem}\n--- for\n${xml}`];
    });
    const refused = verdicts.filter((verdict) => verdict.error !== undefined).length;
    console.log(`${count} documents, libvirt refused ${refused}, mismatches ${wrong.length}`);
    expect(wrong.slice(0, 5).join('\n\n')).toBe('');
  });
});

describe('cases that generated documents found', () => {
  const cases: readonly (readonly [what: string, parts: string])[] = [
    ['a guaranteed rate of 0 is none', "<bandwidth><inbound average='1' floor='0'/></bandwidth>"],
    ['a guaranteed rate of 0 counts where a rate is needed', "<bandwidth><inbound floor='0'/></bandwidth>"],
    ['of two <mtu> the first with a size counts', "<mtu/><mtu size='9000'/>"],
    [
      'an IPv6 route has no netmask, whatever its gateway',
      "<route family='ipv6' address='fd00::' netmask='255.0.0.0' gateway='10.0.0.1'/>",
    ],
  ];
  it.each(cases)('%s', (_, parts) => {
    const xml = `<network><name>found</name>${parts}</network>`;
    expect(divergence(xml, askLibvirt([xml])[0] ?? {})).toBeUndefined();
  });
});
