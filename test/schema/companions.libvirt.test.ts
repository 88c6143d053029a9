import { describe, expect, it } from 'vitest';
import { writeHostInterface } from '../../src/schema/small-formats/interface.js';
import { writeNetworkPort } from '../../src/schema/small-formats/networkport.js';
import { readHostInterface, readNetworkPort } from '../../src/schema/small-formats/read.js';
import { DATA_RELEASES, libvirtData } from '../support/corpus.js';
import { needs } from '../support/needs.js';

needs('libvirt data of every release');

describe("libvirt's own companion documents are read and printed back byte for byte", () => {
  for (const release of DATA_RELEASES) {
    const { libvirt, list, read } = libvirtData(release);
    for (const file of list('tests/virnetworkportxml2xmldata')) {
      it(`${libvirt} network port ${file}`, () => {
        const text = read('tests/virnetworkportxml2xmldata', file);
        expect(writeNetworkPort(readNetworkPort(text, { libvirt }), { libvirt })).toBe(text);
      });
    }
    for (const file of list('tests/interfaceschemadata')) {
      it(`${libvirt} interface ${file}`, () => {
        const text = read('tests/interfaceschemadata', file);
        expect(writeHostInterface(readHostInterface(text, { libvirt }), { libvirt })).toBe(text);
      });
    }
  }
});
