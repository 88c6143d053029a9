import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { toSource } from '../../src/source/index.js';
import { OPTION_CALLS, VALUES } from '../support/option-calls.js';
import { objectParameters } from '../support/public-objects.js';
import { announce, runs } from '../support/random.js';
import { someSourceValues } from '../support/source-values.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const here = join(root, 'test/types');
const typeTests = readdirSync(here).filter((name) => name.endsWith('.test-d.ts'));

const ENTRIES = [
  'index.ts',
  'xml-entry.ts',
  'preview/index.ts',
  'plan-entry.ts',
  'host-files-entry.ts',
  'guests/index.ts',
  'pictures/index.ts',
  'transport-entry.ts',
  'virsh/index.ts',
  'ovn/index.ts',
  'testing/index.ts',
  'host/index.ts',
].map((entry) => join(root, 'src', entry));

/** The source of generated values, as if it were a file of the project. */
const written = new Map(
  Object.entries(someSourceValues(announce('source for the compiler', runs(1000)), runs(1000))).map(
    ([what, values]) => [join(root, `test/${what}.ts`), toSource(values)],
  ),
);

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);

const host = ts.createCompilerHost(options);
// What comments say is of no interest here, and takes a third of the time to read.
host.jsDocParsingMode = ts.JSDocParsingMode.ParseForTypeErrors;
const { fileExists, readFile } = host;
host.fileExists = (name) => written.has(name) || fileExists(name);
host.readFile = (name) => written.get(name) ?? readFile(name);

// One program for all: most of the time goes by in reading the sources.
const files = [...typeTests.map((name) => join(here, name)), ...written.keys(), ...ENTRIES];
const program = ts.createProgram(files, options, host);

/** What the compiler complains about in a file, with lines. */
function complaintsOf(path: string): string[] {
  const file = program.getSourceFile(path);
  if (file === undefined) throw new Error(`${path} is not part of the program`);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
    ({ start = 0, messageText }) =>
      `${file.getLineAndCharacterOfPosition(start).line + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
  );
}

it.each(typeTests)('the compiler takes what %s says of the types', (name) => {
  expect(complaintsOf(join(here, name))).toEqual([]);
});

it('the compiler takes the source of generated values', () => {
  for (const name of written.keys()) expect(complaintsOf(name), name).toEqual([]);
  expect(written.size).toBe(4);
});

it('the options of every public function are in the table of test/options.test.ts, or are whole values', () => {
  const taken = objectParameters(program, ENTRIES).filter(
    ({ place, type }) => !VALUES.has(type) && !/^(?:BaseNetwork|BaseNic|HostBridge|NwFilter)\.with#0$/.test(place),
  );
  expect(taken.map(({ place }) => place).filter((place) => !(place in OPTION_CALLS))).toEqual([]);
  expect(taken.length).toBeGreaterThan(90);
});
