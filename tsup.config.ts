import { defineConfig } from 'tsup';
import { classNames } from './scripts/class-names.mjs';
import { entries } from './scripts/entries.mjs';

// One configuration for all entries: with two, each would hold its own copy of shared classes and
// `instanceof` would fail between them.
export default defineConfig({
  entry: {
    ...Object.fromEntries(entries.map(({ file, source }) => [file, source])),
    // Not an entry of the package: in a file of its own, so that bundlers leave it out with all it imports.
    'parts/bridge': 'src/host-bridge/index.ts',
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
