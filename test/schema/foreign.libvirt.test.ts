import { describe, it } from 'vitest';
import { readXml } from '../../src/xml/read.js';
import { DATA_RELEASES, libvirtData } from '../support/corpus.js';
import { expectSame, withForeign } from '../support/expect-kept.js';
import { needs } from '../support/needs.js';
import { announce, runs } from '../support/random.js';

needs('libvirt data of every release');

describe("nothing unknown is lost when libvirt's own documents are read and printed", () => {
  for (const release of DATA_RELEASES) {
    it(`those of ${release}`, () => {
      const { list, read } = libvirtData(release);
      const files = list('tests/networkxml2xmlin');
      const random = announce(`unknown parts in libvirt's documents of ${release}`, files.length * runs(100));
      for (const file of files) {
        const { root } = readXml(read('tests/networkxml2xmlin', file));
        for (let i = 0; i < runs(100); i++) expectSame(withForeign(root, random));
      }
    });
  }
});
