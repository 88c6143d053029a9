// Writes the declarations of all entries to dist/types, a file for each source, with maps that lead editors from a
// name to its source in `src`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { entries } from './entries.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const outDir = join(root, 'dist/types');
const { options } = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), {}, ts.sys);

/** Everything that the compiler writes for the entries: file and text. */
function emitted() {
  const files = new Map();
  const program = ts.createProgram(
    entries.map(({ source }) => join(root, source)),
    {
      ...options,
      // `npm run typecheck` checks the sources.
      ...{ noEmit: false, noCheck: true, emitDeclarationOnly: true, declaration: true, declarationMap: true },
      ...{ rootDir: join(root, 'src'), outDir },
    },
  );
  const { diagnostics } = program.emit(undefined, (file, text) => files.set(resolve(file), text));
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost(options)));
  return files;
}

/** The declarations that an entry leads to, out of one for each source. */
function reachedFrom(starts, files) {
  const reached = new Set(starts);
  for (const file of reached)
    for (const { fileName } of ts.preProcessFile(files.get(file)).importedFiles)
      if (fileName.startsWith('.')) reached.add(resolve(dirname(file), fileName.replace(/\.js$/, '.d.ts')));
  return reached;
}

const files = emitted();
const starts = entries.map(({ types }) => join(root, types));
rmSync(outDir, { recursive: true, force: true });
for (const file of reachedFrom(starts, files)) {
  mkdirSync(dirname(file), { recursive: true });
  for (const part of [file, `${file}.map`]) writeFileSync(part, files.get(part));
}
