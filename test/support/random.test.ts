import { afterEach, describe, expect, it, vi } from 'vitest';
import { thinned } from './random.js';

const ITEMS = Array.from({ length: 100 }, (_, i) => i);

describe('a thinned list', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('is a share of the list', () => {
    vi.stubEnv('SOAK', undefined);
    expect(thinned('numbers', ITEMS)).toHaveLength(10);
    expect(thinned('numbers', ITEMS, 4)).toHaveLength(25);
  });

  it('is the whole list in a soak', () => {
    vi.stubEnv('SOAK', '1');
    expect(thinned('numbers', ITEMS)).toEqual(ITEMS);
  });
});
