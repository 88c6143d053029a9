// Checks what the declarations of the main entry cost the compiler of a program that uses them, in type instantiations.
// Plain interfaces cost next to nothing; tables with clever types in the open would break the budget at once.
import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const BUDGET = 4_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entry = join(root, exports['.'].types).replace(/\.d\.ts$/, '.js');

const PROGRAM = `import { editXml, NatNetwork, Network } from ${JSON.stringify(entry)};
const lab = NatNetwork.create('lab').bridge('virbr10')
  .subnet('192.168.50.1/24', (subnet) => subnet.dhcp('192.168.50.100', '192.168.50.199'));
const read = Network.parse(lab.toXml());
if (read.kind === 'nat') read.natPorts(1024, 65535).reserve({ name: 'db' });
export const text: string = editXml(lab.toXml(), (network) => network.title('The lab'));
`;

const options = {
  noEmit: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.webworker.d.ts'],
  types: [],
};

const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
try {
  const file = join(folder, 'program.mts');
  writeFileSync(file, PROGRAM);
  const program = ts.createProgram([file], options);
  // A checker that has checked nothing has made the types of the language itself.
  program.getTypeChecker();
  const before = program.getInstantiationCount();
  const complaints = program
    .getSourceFiles()
    .filter((source) => !program.isSourceFileDefaultLibrary(source))
    .flatMap((source) => [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]);
  const messages = complaints.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  assert.deepEqual(messages, [], 'the declarations have errors');
  const cost = program.getInstantiationCount() - before;
  console.log(`type instantiations of a program that uses the declarations: ${cost} of ${BUDGET}`);
  assert(cost > 0 && cost <= BUDGET, `the declarations cost ${cost} type instantiations, budget ${BUDGET}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
