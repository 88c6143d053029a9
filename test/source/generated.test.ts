import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BaseNetwork } from '../../src/index.js';
import { toSource } from '../../src/source/index.js';
import { evaluated } from '../support/evaluated.js';
import { announce, runs } from '../support/random.js';
import { run } from '../support/run.js';
import { someSourceValues } from '../support/source-values.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The text as the project's formatter lays it out. */
function formatted(text: string): string {
  const biome = `${root}node_modules/@biomejs/biome/bin/biome`;
  const args = [biome, 'format', '--stdin-file-path=src/generated.ts'];
  const { stdout, stderr } = run(process.execPath, args, { cwd: root, input: text });
  expect(stderr).toBe('');
  return stdout;
}

const count = runs(1000, 40);
const generated = Object.entries(someSourceValues(announce('values with a source', count), count));

describe('the simplified source of networks', () => {
  it('gives equal networks', () => {
    const networks = generated.flatMap(([, values]) => values).filter((value) => value instanceof BaseNetwork);
    const copies = evaluated(toSource(networks, { simplify: true }));
    expect(networks.length).toBe(count);
    for (const [i, network] of networks.entries()) {
      const copy = copies[i];
      expect(copy instanceof BaseNetwork && copy.diff(network), `network ${i}`).toEqual([]);
    }
  });
});

// That all of it compiles is in test/types, which has the program for it.
describe.each(generated)('the source of generated %s', (_, values) => {
  const text = toSource(values);

  it('gives values of the same class and with the same document when it runs', () => {
    const copies = evaluated(text);
    expect(copies.length).toBe(count);
    for (const [i, value] of values.entries()) {
      const copy = copies[i];
      expect(copy, `value ${i}`).toHaveProperty('document', value.document);
      expect(copy?.constructor).toBe(value.constructor);
      if (value instanceof BaseNetwork && copy instanceof BaseNetwork) expect(copy.diff(value)).toEqual([]);
    }
  });

  it('is laid out as a formatter does it', () => {
    expect(text).toBe(formatted(text));
  });
});
