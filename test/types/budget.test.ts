import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What checking the sources may cost the compiler; tables with clever types would break it at once. */
const INSTANTIATIONS = 40_000;

it(`the declarations cost at most ${INSTANTIATIONS} type instantiations`, () => {
  const { stdout } = spawnSync(
    `${root}/node_modules/.bin/tsc`,
    ['-p', `${root}/tsconfig.browser.json`, '--extendedDiagnostics'],
    { encoding: 'utf8' },
  );
  const count = Number(/Instantiations:\s+(\d+)/.exec(stdout)?.[1]);
  console.log(`type instantiations: ${count}`);
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThanOrEqual(INSTANTIATIONS);
});
