import { defineConfig } from 'tsup';
import { classNames } from './scripts/class-names.mjs';
import { entries } from './scripts/entries.mjs';

// One configuration for all entries: with two, each would hold its own copy of shared classes and
// `instanceof` would fail between them.
export default defineConfig({
  entry: {
    ...Object.fromEntries(entries.map(({ file, source }) => [file, source])),
    // Not entries of the package: in files of their own, so that bundlers leave them out, or take nothing else with them.
    'parts/bridge': 'src/host-bridge/index.ts',
    'parts/codec': 'src/schema/network/codec.ts',
  },
  format: 'esm',
  target: 'node20',
  platform: 'neutral',
  external: [/^node:/],
  splitting: true,
  sourcemap: true,
  // The package ships `src`, so that the maps need not hold every source a second time.
  esbuildOptions(options) {
    options.sourcesContent = false;
  },
  plugins: [classNames],
  clean: true,
  silent: true,
});
