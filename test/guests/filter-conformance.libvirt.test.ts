import { describe, expect, it } from 'vitest';
import { FilterBinding, NwFilter, ValidationError } from '../../src/index.js';
import { casesOf } from '../support/c-cases.js';
import { DATA_RELEASES, libvirtData } from '../support/corpus.js';
import { needs } from '../support/needs.js';

needs('libvirt data of every release');

describe.each(DATA_RELEASES)("libvirt %s's own filters", (release) => {
  const { libvirt, read, list } = libvirtData(release);
  const cases = casesOf(read('tests/nwfilterxml2xmltest.c')).map(({ args: [name = '', error] }) => ({ name, error }));

  it('are all among the tests', () => {
    expect(cases.map(({ name }) => `${name}.xml`).sort()).toEqual(list('tests/nwfilterxml2xmlin'));
    console.log(`libvirt ${release}: ${cases.length} filters`);
  });

  for (const { name, error } of cases) {
    const input = () => read('tests/nwfilterxml2xmlin', `${name}.xml`);
    if (error === 'true')
      it(`${name} is refused`, () => {
        expect(() => NwFilter.parse(input(), { libvirt })).toThrow(ValidationError);
      });
    else
      it(`${name} is printed as libvirt prints it, and read again the same`, () => {
        const expected = read('tests/nwfilterxml2xmlout', `${name}.xml`);
        expect(NwFilter.parse(input(), { libvirt }).asStored({ libvirt }).toXml({ libvirt })).toBe(expected);
        expect(NwFilter.parse(expected, { libvirt }).toXml({ libvirt })).toBe(expected);
      });
  }

  it.each(list('tests/virnwfilterbindingxml2xmldata'))('the binding %s is printed as libvirt prints it', (file) => {
    const expected = read('tests/virnwfilterbindingxml2xmldata', file);
    expect(FilterBinding.parse(expected, { libvirt }).toXml({ libvirt })).toBe(expected);
  });
});
