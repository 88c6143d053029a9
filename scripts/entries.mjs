// The entries of the package and their sources: `paths` of tsconfig.json is the one list, which tsup, vitest, typedoc and the checks read.
import { readFileSync } from 'node:fs';

const tsconfig = JSON.parse(readFileSync(new URL('../tsconfig.json', import.meta.url), 'utf8'));

export const entries = Object.entries(tsconfig.compilerOptions.paths).map(([name, [source]]) => ({
  name,
  file: name.split('/')[1] ?? 'index',
  source,
  types: source.replace('./src/', './dist/types/').replace(/\.ts$/, '.d.ts'),
}));
