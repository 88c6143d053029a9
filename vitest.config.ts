import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { entries } from './scripts/entries.mjs';

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

export default defineConfig({
  resolve: {
    alias: entries.map(({ name, source: file }) => ({ find: new RegExp(`^${name}$`), replacement: source(file) })),
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Most of the time goes by in daemons and in packets that get no answer.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    isolate: false,
    restoreMocks: true,
    typecheck: { enabled: true, include: ['test/types/*.test-d.ts'], tsconfig: './tsconfig.json' },
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: 'coverage/tests.json' }]] : ['default'],
    coverage: { provider: 'v8', include: ['src/**'] },
  },
});
