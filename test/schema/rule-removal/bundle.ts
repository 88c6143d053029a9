import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin, stop } from 'esbuild';
import { RULES } from '../../../src/schema/rules/table.js';
import type { RuleExample } from '../rule-examples/example.js';
import { Instrumenter, type NumberedPlace, type Switches } from './instrument.js';
import { parse, reportersOf } from './reports.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const entry = fileURLToPath(new URL('./entry.ts', import.meta.url));

/** The examples and what checks them, made from instrumented sources. */
export interface Checker {
  readonly RULE_EXAMPLES: readonly RuleExample[];
  problemsOf(example: RuleExample): readonly string[];
}

/** The sources once for all removals. */
export interface Bundle {
  readonly places: readonly NumberedPlace[];
  /** Loads the sources afresh. */
  load(switches: Switches): Checker;
}

const OPTIONS = {
  entryPoints: [entry],
  absWorkingDir: root,
  bundle: true,
  write: false,
  metafile: true,
  platform: 'node',
  format: 'cjs',
  packages: 'external',
  logLevel: 'silent',
} satisfies BuildOptions;

/** Bundles the rules and their examples so that any report can be taken away. */
export async function bundleRules(): Promise<Bundle> {
  const { metafile } = await build({ ...OPTIONS, outfile: 'plain.cjs' });
  const sources = Object.keys(metafile.inputs).filter((path) => path.startsWith('src/'));
  const files = sources.map((path) => parse(path, readFileSync(resolve(root, path), 'utf8')));
  const instrumenter = new Instrumenter(new Set(Object.keys(RULES)), reportersOf(files));
  const { outputFiles } = await build({ ...OPTIONS, outfile: 'rules.cjs', plugins: [pluginOf(instrumenter)] });
  await stop();
  const run = new Function('module', 'exports', 'require', 'switches', outputFiles[0]?.text ?? '');
  const require = createRequire(import.meta.url);
  const load = (switches: Switches): Checker => {
    const module: { exports: unknown } = { exports: {} };
    run(module, module.exports, require, switches);
    return module.exports as Checker; // what the entry exports
  };
  return { places: instrumenter.places.sort((a, b) => a.file.localeCompare(b.file) || a.start - b.start), load };
}

const pluginOf = (instrumenter: Instrumenter): Plugin => ({
  name: 'ask-before-reporting',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => ({
      contents: instrumenter.instrument(relative(root, path), readFileSync(path, 'utf8')),
      loader: 'ts',
    }));
  },
});
