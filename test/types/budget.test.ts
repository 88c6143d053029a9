import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const declarations = join(root, exports['.'].types).replace(/\.d\.ts$/, '.js');

/**
 * What the declarations of the main entry may cost the compiler of a program that uses them, in type instantiations.
 * Plain interfaces cost next to nothing; tables with clever types in the open would break it at once.
 */
const BUDGET = 2_000;

const PROGRAM = `import { editXml, NatNetwork, Network } from '${declarations}';
const lab = NatNetwork.create('lab').bridge('virbr10')
  .subnet('192.168.50.1/24', (subnet) => subnet.dhcp('192.168.50.100', '192.168.50.199'));
const read = Network.parse(lab.toXml());
if (read.kind === 'nat') read.natPorts(1024, 65535).reserve({ name: 'db' });
export const text: string = editXml(lab.toXml(), (network) => network.title('The lab'));
`;

const OPTIONS: ts.CompilerOptions = {
  noEmit: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.webworker.d.ts'],
  types: [],
};

/** What the compiler complains about in a program and in the declarations that it uses. */
const complaints = (program: ts.Program): string[] =>
  program
    .getSourceFiles()
    .filter((file) => !program.isSourceFileDefaultLibrary(file))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);

it(`the declarations cost a program at most ${BUDGET} type instantiations`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
  try {
    writeFileSync(join(folder, 'program.mts'), PROGRAM);
    const program = ts.createProgram([join(folder, 'program.mts')], OPTIONS);
    // A checker that has looked at nothing has made the types of the language itself.
    program.getTypeChecker();
    const before = program.getInstantiationCount();
    expect(complaints(program)).toEqual([]);
    const cost = program.getInstantiationCount() - before;
    console.log(`type instantiations of the declarations: ${cost}`);
    expect(cost).toBeGreaterThan(0);
    expect(cost).toBeLessThanOrEqual(BUDGET);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
