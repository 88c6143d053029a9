import { defineConfig } from 'tsup';

// One configuration for all entries: with two, each would hold its own copy of shared classes and
// `instanceof` would fail between them.
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    build: 'src/build-entry.ts',
    xml: 'src/xml-entry.ts',
    virsh: 'src/virsh/index.ts',
    testing: 'src/testing/index.ts',
    host: 'src/host/index.ts',
    // Not entries of the package: in files of their own, so that bundlers leave them out with all they import.
    'parts/bridge': 'src/host-bridge/index.ts',
    'parts/client': 'src/client/index.ts',
    'parts/preview': 'src/preview/index.ts',
  },
  format: 'esm',
  target: 'node20',
  platform: 'neutral',
  external: [/^node:/],
  splitting: true,
  sourcemap: true,
  clean: true,
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
});
