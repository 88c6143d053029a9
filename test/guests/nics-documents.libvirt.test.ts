import { describe, expect, it } from 'vitest';
import { nicsOf } from '../../src/guests/index.js';
import { DATA_RELEASES, libvirtData } from '../support/corpus.js';
import { domainDocuments } from '../support/domain-documents.js';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';
import { expectUntouched } from '../support/untouched.js';

needs('libvirt data 9.0', 'libvirt data 11.3');

describe.each(DATA_RELEASES)("the domains of libvirt's own tests, %s", (release) => {
  const documents = domainDocuments(libvirtData(release));

  it('are read, and checked in all their NICs', () => {
    const refused = documents.filter(({ text }) =>
      nicsOf(text).some((nic) =>
        nic.validate().some(({ phase, severity }) => phase === 'parse' && severity === 'error'),
      ),
    );
    expect(refused.map(({ name }) => name).filter((name) => !/-invalid/.test(name))).toEqual([]);
    expect(documents.length).toBeGreaterThan(1500);
  });

  it('change in no byte outside of touched NICs', () => {
    const withNics = documents.filter(({ text }) => text.includes('<interface'));
    for (const { text } of thinned(`domains of ${release}`, withNics, 20)) expectUntouched(text);
    expect(withNics.length).toBeGreaterThan(400);
  });
});
