import { describe, expect, it } from 'vitest';
import { encodeNetwork } from '../../src/schema/network/codec.js';
import { networkTable } from '../../src/schema/network/network.js';
import { writeXml } from '../../src/xml/write.js';
import { mutate } from '../support/mutate.js';
import { needs } from '../support/needs.js';
import { networkOf } from '../support/networks.js';
import { askLibvirt } from '../support/oracle.js';
import { announce, type Random, runs } from '../support/random.js';
import { divergence, RELEASE } from './divergence.js';

needs('virsh');

function candidate(random: Random): string {
  const { dnsmasq: _, ...document } = networkOf(random); // the test driver does not know this namespace
  let root = encodeNetwork(document, RELEASE);
  for (let i = random.pick([0, 1, 1, 1, 2, 2, 3]); i > 0; i--) root = mutate(random, root, networkTable);
  return writeXml(root);
}

describe("our verdict is libvirt's", () => {
  it('on generated documents, valid and broken', () => {
    const count = runs(3000);
    const random = announce('verdict parity', count);
    const documents = Array.from({ length: count }, () => candidate(random));
    const verdicts = askLibvirt(documents);
    const wrong = documents.flatMap((xml, i) => {
      const problem = divergence(xml, verdicts[i] ?? {});
      return problem === undefined ? [] : [`${problem}\n--- for\n${xml}`];
    });
    const refused = verdicts.filter((verdict) => verdict.error !== undefined).length;
    console.log(`${count} documents, libvirt refused ${refused}, mismatches ${wrong.length}`);
    expect(wrong.slice(0, Number(process.env['SHOW'] ?? 5)).join('\n\n')).toBe('');
  });
});
