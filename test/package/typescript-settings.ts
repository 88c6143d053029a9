import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { run } from '../support/run.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A row of the table of TypeScript's settings in docs/modules.md. */
export interface Settings {
  readonly module: string;
  readonly moduleResolution: string;
  /** What the page says of each of the programs. */
  readonly outcomes: readonly string[];
}

/** The rows of the table. */
export function documentedSettings(): readonly Settings[] {
  const page = readFileSync(join(root, 'docs/modules.md'), 'utf8');
  const [, table = ''] = /<!-- typescript settings -->\n\n.*\n.*\n((?:\|.*\n)+)/.exec(page) ?? [];
  return table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.replaceAll('`', '').trim()))
    .map(([, module = '', moduleResolution = '', ...outcomes]) => ({
      ...{ module, moduleResolution, outcomes: outcomes.slice(0, -1) },
    }));
}

const USE = "\nconst host = connect(virsh({ uri: 'test:///default' }));\nconsole.log(host.label);\n";
const IMPORT = `import { connect } from 'libvirt-network';\nimport { virsh } from 'libvirt-network/virsh';${USE}`;
const REQUIRE = `import main = require('libvirt-network');\nimport transport = require('libvirt-network/virsh');
const { connect } = main;\nconst { virsh } = transport;${USE}`;

/** The programs, in the order of the table's columns. */
const PROGRAMS = [
  { name: 'import.mts', text: IMPORT, output: 'import.mjs' },
  { name: 'import.cts', text: IMPORT, output: 'import.cjs' },
  { name: 'require.cts', text: REQUIRE, output: 'require.cjs' },
] as const;

/** Compiles the programs in a project that has the package, and runs what comes out. */
export function outcomesOf(project: string, { module, moduleResolution }: Settings): readonly string[] {
  for (const { name, text } of PROGRAMS) writeFileSync(join(project, name), text);
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...{ module: module === 'any' ? 'commonjs' : module, moduleResolution, outDir: join(project, 'out') },
      ...{ strict: true, target: 'es2022', lib: ['es2023', 'esnext.disposable'], types: ['node'] },
      ...{ typeRoots: [join(root, 'node_modules/@types')], ignoreDeprecations: '6.0' },
    },
    project,
  );
  const files = PROGRAMS.map(({ name }) => join(project, name));
  const program = ts.createProgram(files, { ...options, rootDir: project });
  const library = program.getOptionsDiagnostics();
  // One by one: writing all files at once would first check each declaration of the libraries.
  for (const file of files) program.emit(program.getSourceFile(file));
  return PROGRAMS.map(({ name, output }) => {
    const [error] = [...library, ...ts.getPreEmitDiagnostics(program, program.getSourceFile(join(project, name)))];
    if (error !== undefined) return `TS${error.code}`;
    const { stdout } = run(process.execPath, ['--no-warnings', join(project, 'out', output)]);
    return stdout === 'test:///default\n' ? 'runs' : 'compiles';
  });
}
