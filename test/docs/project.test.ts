import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { run } from '../support/run.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('a project tests itself with the mock, in milliseconds a test', () => {
  const { stdout, stderr, status } = run(
    process.execPath,
    ['--import', 'tsx', '--test', '--test-reporter=tap', join(root, 'docs/examples/project/labs.test.ts')],
    // Nothing of libvirt is on this path.
    { cwd: root, env: { PATH: join(root, 'nosuch') } },
  );
  const times = [...stdout.matchAll(/^ok \d+ - .*\n\s+---\n\s+duration_ms: ([\d.]+)/gm)].map(([, ms]) => Number(ms));
  const sorted = [...times].sort((a, b) => a - b);
  const [median = 0, slowest = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  console.log(
    `${times.length} tests: median ${median.toFixed(1)} ms, first ${times[0]?.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms`,
  );
  expect(stderr).toBe('');
  expect(stdout).toContain('# fail 0');
  expect(times.length).toBe(12);
  expect(status).toBe(0);
});
