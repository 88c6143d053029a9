import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const here = join(root, 'test/types');
const typeTests = readdirSync(here).filter((name) => name.endsWith('.test-d.ts'));

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);

// One program for all: most of the time goes by in reading the sources.
const program = ts.createProgram(
  typeTests.map((name) => join(here, name)),
  options,
);

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
