import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/schema/decode.js';
import { writeNetwork } from '../../src/schema/network/codec.js';
import { type NetworkDocument, networkTable } from '../../src/schema/network/network.js';
import { readXml } from '../../src/xml/read.js';
import { corpus, hasCorpus, listCorpus, readCorpus } from '../support/corpus.js';

function canonical(xml: string, libvirt: string): string {
  const { value } = decode(networkTable, readXml(xml).root, libvirt);
  return writeNetwork(value as unknown as NetworkDocument, libvirt);
}

describe.runIf(hasCorpus())("libvirt's own documents are printed as libvirt prints them", () => {
  for (const release of ['11.3.0', '9.0.0']) {
    const folder = `libvirt-${release}`;
    // 9.0.0's folder holds only what differs; its other inputs are those of 11.3.0.
    const outputs = listCorpus(folder, 'networkxml2xmlout');
    for (const file of outputs) {
      it(`${release} ${file}`, () => {
        const own = existsSync(corpus(folder, 'networkxml2xmlin', file));
        const input = readCorpus(own ? folder : 'libvirt-11.3.0', 'networkxml2xmlin', file);
        expect(canonical(input, release)).toBe(readCorpus(folder, 'networkxml2xmlout', file));
      });
    }
  }
});
