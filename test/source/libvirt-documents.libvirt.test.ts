import { describe, expect, it } from 'vitest';
import { LibvirtError } from '../../src/errors/index.js';
import { nicsOf } from '../../src/guests/index.js';
import { Network, NwFilter } from '../../src/index.js';
import { type SourceValue, toSource } from '../../src/source/index.js';
import { DATA_RELEASES, libvirtData } from '../support/corpus.js';
import { domainDocuments } from '../support/domain-documents.js';
import { evaluated } from '../support/evaluated.js';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';

needs('libvirt data of every release');

/** What reading a text gives; nothing where libvirt refuses it. */
function readable<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch (error) {
    if (LibvirtError.is(error)) return [];
    throw error;
  }
}

function expectSame(values: readonly SourceValue[], least: number): void {
  expect(values.length).toBeGreaterThan(least);
  const copies = evaluated(toSource(values));
  for (const [i, value] of values.entries()) {
    expect(copies[i], String(value)).toHaveProperty('document', value.document);
    expect(copies[i]?.constructor).toBe(value.constructor);
  }
}

describe.each(DATA_RELEASES)("the source of the documents of libvirt's own tests, %s", (release) => {
  const data = libvirtData(release);
  const { libvirt } = data;
  const textsIn = (folder: string): readonly string[] =>
    data.list('tests', folder).flatMap((file) => (file.endsWith('.xml') ? [data.read('tests', folder, file)] : []));

  it('gives the same networks', () => {
    expectSame(
      textsIn('networkxml2xmlin').flatMap((text) => readable(() => [Network.parse(text, { libvirt })])),
      40,
    );
  });

  it('gives the same filters', () => {
    expectSame(
      textsIn('nwfilterxml2xmlin').flatMap((text) => readable(() => [NwFilter.parse(text, { libvirt })])),
      15,
    );
  });

  it('gives the same NICs', () => {
    const withNics = domainDocuments(data).filter(({ text }) => text.includes('<interface'));
    const chosen = thinned(`domains of ${release}`, withNics, 10);
    expectSame(
      chosen.flatMap(({ text }) => readable(() => nicsOf(text, { libvirt }))),
      40,
    );
  });
});
