import { describe, expect, it } from 'vitest';
import { ValidationError } from '../../src/errors/index.js';
import {
  readHostInterface,
  readNetworkPort,
  writeHostInterface,
  writeNetworkPort,
} from '../../src/schema/companion.js';
import { hasCorpus, listCorpus, readCorpus } from '../support/corpus.js';

describe.runIf(hasCorpus())("libvirt's own companion documents are read and printed back byte for byte", () => {
  for (const release of ['libvirt-11.3.0', 'libvirt-9.0.0']) {
    for (const file of listCorpus(release, 'virnetworkportxml2xmldata')) {
      it(`${release} network port ${file}`, () => {
        const text = readCorpus(release, 'virnetworkportxml2xmldata', file);
        expect(writeNetworkPort(readNetworkPort(text))).toBe(text);
      });
    }
    for (const file of listCorpus(release, 'interfaceschemadata')) {
      it(`${release} interface ${file}`, () => {
        const text = readCorpus(release, 'interfaceschemadata', file);
        expect(writeHostInterface(readHostInterface(text))).toBe(text);
      });
    }
  }
});

describe('companion documents that are not what they should be', () => {
  it('a port without an owner is refused, with its place', () => {
    const text =
      "<networkport>\n  <uuid>5d744f21-ba4a-4d6e-bdb2-30a35ff3207d</uuid>\n  <mac address='52:54:00:7b:35:93'/>\n</networkport>";
    expect(() => readNetworkPort(text)).toThrow(ValidationError);
    expect(() => readNetworkPort(text)).toThrow(/owner, line 1, column 1/);
  });

  it('a network is not taken for an interface', () => {
    expect(() => readHostInterface('<network><name>a</name></network>')).toThrow(
      /the root element is <network>, not <interface>/,
    );
  });

  it('an interface of the wrong shape is not printed', () => {
    expect(() => writeHostInterface({ type: 'ethernet', name: 'eth0', mtu: { size: -1 } })).toThrow(/mtu.size/);
  });
});
