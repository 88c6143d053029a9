import type { UpdateCommand } from '../../src/schema/update/request.js';
import { type CCase, casesOf } from './c-cases.js';
import type { LibvirtData } from './corpus.js';

const COMMANDS: Readonly<Record<string, UpdateCommand>> = {
  VIR_NETWORK_UPDATE_COMMAND_ADD_FIRST: 'add-first',
  VIR_NETWORK_UPDATE_COMMAND_ADD_LAST: 'add-last',
  VIR_NETWORK_UPDATE_COMMAND_MODIFY: 'modify',
  VIR_NETWORK_UPDATE_COMMAND_DELETE: 'delete',
};

/** A case of libvirt's: files by name, and the expected one only where the update succeeds. */
export interface UpdateCase {
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
export const parentIndex = 0;

/** libvirt's own update cases. */
export const updateCasesOf = ({ read }: LibvirtData): UpdateCase[] =>
  casesOf(read('tests/networkxml2xmlupdatetest.c')).map(updateCaseOf);
