import { describe, expect, it } from 'vitest';
import { writeNetwork } from '../../src/schema/network/codec.js';
import type { NetworkDocument } from '../../src/schema/network/network.js';
import { readNetwork } from '../../src/schema/network/read.js';
import { findProblems, releaseOf } from '../../src/schema/rules/index.js';
import type { UpdateCommand } from '../../src/schema/update/request.js';
import { updateNetwork } from '../../src/schema/update/update-network.js';
import { type CCase, casesOf } from '../support/c-cases.js';
import { DATA_RELEASES, type LibvirtData, libvirtData } from '../support/corpus.js';

needs('libvirt data of every release');

const COMMANDS: Readonly<Record<string, UpdateCommand>> = {
  VIR_NETWORK_UPDATE_COMMAND_ADD_FIRST: 'add-first',
  VIR_NETWORK_UPDATE_COMMAND_ADD_LAST: 'add-last',
  VIR_NETWORK_UPDATE_COMMAND_MODIFY: 'modify',
  VIR_NETWORK_UPDATE_COMMAND_DELETE: 'delete',
};

/** A case of libvirt's: files by name, and the expected one only where the update succeeds. */
interface UpdateCase {
  readonly name: string;
  readonly section: string;
  readonly command: UpdateCommand;
  readonly network: string;
  readonly update: string;
  readonly expected?: string;
}

/** Reads the arguments of DO_TEST, DO_TEST_INDEX and of the two that fail, which name no expected document. */
function updateCaseOf({ macro, section, args }: CCase): UpdateCase {
  const [name = '', update = '', network = '', ...rest] = args;
  const [constant = '', expected] = macro.endsWith('_FAIL') ? rest : [rest[1], rest[0]];
  const command = COMMANDS[constant];
  if (command === undefined) throw new Error(`${name}: there is no command ${constant}`);
  const given = { name, update, network, command, section: sectionOf(section) };
  return expected === undefined || macro.endsWith('_FAIL') ? given : { ...given, expected };
}

const sectionOf = (constant: string): string =>
  constant.replace('VIR_NETWORK_SECTION_', '').toLowerCase().replaceAll('_', '-');

/**
 * The subnet of all cases. The macros DO_TEST_INDEX name another in one of them, but DO_TEST_FULL hands the index over in
 * the place of the flags and the flags, which are 0, in the place of the index.
 */
const parentIndex = 0;

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
    const cases = casesOf(data.read('tests/networkxml2xmlupdatetest.c')).map(updateCaseOf);
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
    const counts = DATA_RELEASES.map((release) =>
      casesOf(libvirtData(release).read('tests/networkxml2xmlupdatetest.c')),
    );
    expect(counts.map(({ length }) => length)).toEqual([41, 48]);
  });
});
