import { describe, expect, it } from 'vitest';
import { Network } from '../../src/index.js';
import { builtNetworks, STARTS } from '../support/builders.js';
import { announce, runs } from '../support/random.js';

/** Everything in a value that could still be changed. */
function unfrozen(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, item]) => unfrozen(item, `${path}.${key}`));
  return Object.isFrozen(value) ? inside : [path, ...inside];
}

describe('networks built by calls of random methods', () => {
  it('are read back from their own text as equal networks of the same class', () => {
    const count = runs(2000, 50);
    const random = announce('built networks', count);
    for (let i = 0; i < count; i++) {
      const built = builtNetworks(random, i).at(-1);
      const text = built?.toXml() ?? '';
      const read = Network.parse(text);
      expect(read.diff(built ?? read), text).toEqual([]);
      expect(read.constructor, text).toBe(built?.constructor);
      expect(read.toXml()).toBe(text);
    }
  });

  it('are deeply frozen, and leave the network before as it was', () => {
    const count = runs(2000, 50);
    const random = announce('immutability', count);
    for (let i = 0; i < count; i++) {
      const networks = builtNetworks(random, i);
      const again = networks.map((network) => JSON.stringify(network));
      for (const network of networks) {
        expect(unfrozen(network.document, 'document')).toEqual([]);
        network.toXml();
        network.diff(networks[0] ?? network);
      }
      expect(networks.map((network) => JSON.stringify(network))).toEqual(again);
    }
  });
});

it('every kind is begun', () => {
  const random = announce('kinds', STARTS);
  const kinds = Array.from({ length: STARTS }, (_, i) => builtNetworks(random, i)[0]?.kind);
  expect(new Set(kinds)).toEqual(new Set(['nat', 'route', 'open', 'isolated', 'bridge', 'direct', 'hostdev']));
});
