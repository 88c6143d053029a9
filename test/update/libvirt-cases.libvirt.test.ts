import { describe, expect, it } from 'vitest';
import { writeNetwork } from '../../src/schema/network/codec.js';
import type { NetworkDocument } from '../../src/schema/network/network.js';
import { readNetwork } from '../../src/schema/network/read.js';
import { findProblems, releaseOf } from '../../src/schema/rules/index.js';
import { updateNetwork } from '../../src/schema/update/update-network.js';
import { DATA_RELEASES, type LibvirtData, libvirtData } from '../support/corpus.js';
import { needs } from '../support/needs.js';
import { parentIndex, type UpdateCase, updateCasesOf } from '../support/update-cases.js';

needs('libvirt data of every release');

function update({ libvirt, read }: LibvirtData, { network, update, section, command }: UpdateCase) {
  const { document } = readNetwork(read('tests/networkxml2xmlin', `${network}.xml`), { libvirt });
  const xml = read('tests/networkxml2xmlupdatein', `${update}.xml`);
  return updateNetwork(document, { section, command, xml, parentIndex }, libvirt);
}

/** Debian's 11.3 refuses line breaks in DNS records, by a fix that has no release number. */
const LINE_BREAK = /-newline$/;

const problemsOf = (document: NetworkDocument, { libvirt }: LibvirtData): string[] =>
  findProblems(document, releaseOf({ libvirt })).map(({ rule }) => rule);

const expectedOf = ({ expected }: UpdateCase, { read }: LibvirtData): string =>
  expected === undefined ? 'a refusal' : read('tests/networkxml2xmlupdateout', `${expected}.xml`);

describe("libvirt's own update cases", () => {
  for (const release of DATA_RELEASES) {
    const data = libvirtData(release);
    const cases = updateCasesOf(data);
    for (const [i, one] of cases.entries()) {
      it(`${data.libvirt}, ${i + 1}. ${one.name}: ${one.expected ?? 'refused'}`, () => {
        const result = update(data, one);
        if ('refusal' in result) expect(one.expected, result.refusal.id).toBeUndefined();
        else if (LINE_BREAK.test(one.name)) expect(problemsOf(result.document, data)).toContain('DNSMASQ_LINE_BREAK');
        else expect(writeNetwork(result.document, data.libvirt)).toBe(expectedOf(one, data));
      });
    }
  }

  it('are 41 of 9.0 and 48 of 11.3', () => {
    const counts = DATA_RELEASES.map((release) => updateCasesOf(libvirtData(release)));
    expect(counts.map(({ length }) => length)).toEqual([41, 48]);
  });
});
