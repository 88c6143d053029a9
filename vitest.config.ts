import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { LeftOut } from './test/support/left-out.js';
import { SUITES } from './test/support/suites.js';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Files of which a run waits for its end when they begin late: they begin first. */
const LONGEST = [
  '/ensure/faults-',
  '/ensure/ensure-',
  '/docs/examples',
  '/client/lifecycle',
  '/ensure/auto',
  '/differential-',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => LONGEST.findIndex((part) => moduleId.includes(part)) >>> 0;
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** The figures of a run, where the variable RESULTS names a file for them. */
const jsonReport: ['json', { outputFile: string }][] =
  process.env['RESULTS'] === undefined ? [] : [['json', { outputFile: process.env['RESULTS'] }]];

export default defineConfig({
  resolve: {
    alias: [
      { find: /^libvirt-network$/, replacement: source('src/index.ts') },
      { find: /^libvirt-network\/build$/, replacement: source('src/build-entry.ts') },
      { find: /^libvirt-network\/virsh$/, replacement: source('src/virsh/index.ts') },
      { find: /^libvirt-network\/testing$/, replacement: source('src/testing/index.ts') },
      { find: /^libvirt-network\/host$/, replacement: source('src/host/index.ts') },
      { find: /^libvirt-network\/xml$/, replacement: source('src/xml-entry.ts') },
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          ...SUITES.node,
          typecheck: { enabled: true, include: ['test/types/*.test-d.ts'], tsconfig: './tsconfig.types.json' },
        },
      },
      { extends: true, test: { name: 'libvirt', ...SUITES.libvirt } },
    ],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Most of the time goes by in daemons and in packets that get no answer.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    isolate: false,
    restoreMocks: true,
    reporters: ['default', new LeftOut(), ...jsonReport],
    coverage: { provider: 'v8', include: ['src/**'] },
  },
});
