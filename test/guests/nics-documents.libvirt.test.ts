import { describe, expect, it } from 'vitest';
import { LibvirtError } from '../../src/errors/index.js';
import { nicsOf } from '../../src/guests/index.js';
import { DATA_RELEASES, libvirtData } from '../support/corpus.js';
import { domainDocuments } from '../support/domain-documents.js';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';
import { expectUntouched } from '../support/untouched.js';

needs('libvirt data 9.0', 'libvirt data 11.3');

/** Documents that libvirt refuses because of a NIC. */
const REFUSED = ['qemuxmlconfdata/vhost_queues-invalid.xml', 'qemuxml2argvdata/vhost_queues-invalid.xml'];

const canBeRead = (text: string): boolean => {
  try {
    nicsOf(text);
    return true;
  } catch (error) {
    if (LibvirtError.is(error)) return false;
    throw error;
  }
};

describe.each(DATA_RELEASES)("the domains of libvirt's own tests, %s", (release) => {
  const documents = domainDocuments(libvirtData(release));

  it('are read, but for those that libvirt refuses', () => {
    const refused = documents.filter(({ text }) => !canBeRead(text)).map(({ name }) => name);
    expect(refused.filter((name) => !REFUSED.includes(name))).toEqual([]);
    expect(documents.length).toBeGreaterThan(1500);
  });

  it('change in no byte outside of touched NICs', () => {
    const withNics = documents.filter(({ name, text }) => !REFUSED.includes(name) && text.includes('<interface'));
    for (const { text } of thinned(`domains of ${release}`, withNics, 20)) expectUntouched(text);
    expect(withNics.length).toBeGreaterThan(400);
  });
});
