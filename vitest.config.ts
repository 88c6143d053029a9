import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { entries } from './scripts/entries.mjs';
import { LeftOut } from './test/support/left-out.js';
import { SUITES } from './test/support/suites.js';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Files of which a run waits for its end when they begin late: they begin first. */
const LONGEST = [
  ...['/ensure/faults.libvirt', '/ensure/ensure.libvirt', '/docs/examples', '/client/lifecycle', '/ensure/auto'],
  ...['/mock/differential', '/ensure/restart', '/preview/port-forward', '/package/package.libvirt', '/virsh/refusals'],
  // Small files that take long: without a mention they begin last.
  ...['/guests/live', '/doctor/', '/ovn/', '/preview/firewalls', '/openings/', '/mock/contract'],
  '/host/port-forward-races',
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
      ...entries.map(({ name, source: file }) => ({ find: new RegExp(`^${name}$`), replacement: source(file) })),
      { find: /^typescript$/, replacement: source('test/support/typescript.ts') },
    ],
  },
  test: {
    projects: [
      { extends: true, test: { name: 'node', ...SUITES.node } },
      { extends: true, test: { name: 'libvirt', ...SUITES.libvirt } },
    ],
    globalSetup: 'test/support/watch-run.ts',
    setupFiles: 'test/support/setup-file.ts',
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
