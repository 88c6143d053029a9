import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { run } from '../support/run.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('the reference pages say what the tables, their TSDoc and the rules say', () => {
  const { stderr, status } = run(process.execPath, ['scripts/docs-reference.mjs', '--check'], { cwd: root });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
