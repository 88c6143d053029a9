/** A small seeded generator: the same seed gives the same documents on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to 1. */
  next(): number {
    // mulberry32, a public-domain mixing function
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number, both ends included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(0, items.length - 1)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** The value, or nothing, by chance: for optional properties to be spread into an object. */
  maybe<T extends object>(probability: number, make: () => T): T | Record<never, never> {
    return this.chance(probability) ? make() : {};
  }

  /** Between `min` and `max` values. */
  list<T>(min: number, max: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.int(min, max) }, (_, i) => make(i));
  }
}

/** Large random tests run a share of their size, mostly a tenth, and their full size under SOAK=1. */
export const runs = (full: number, share = Math.ceil(full / 10)): number =>
  process.env['SOAK'] === '1' ? full : share;

/**
 * All of a list under SOAK=1, otherwise a share of it, beginning where the seed says.
 *
 * @param every - how many items are one of the share
 */
export function thinned<T>(what: string, items: readonly T[], every = 10): T[] {
  const step = runs(1, every);
  const kept = items.filter((_, i) => i % step === seed % step);
  announce(what, kept.length);
  return kept;
}

/** All items under SOAK=1; otherwise one, the next with each number. */
export const inTurn = <T>(items: readonly T[], i: number): T[] =>
  items.filter((_, k) => (i + k) % runs(1, items.length) === 0);

/** The seed of this run; printed, so that a failure can be repeated with SEED=... */
export const seed = Number(process.env['SEED'] ?? 20_260_101);

/** Says with which seed and size a random test runs. */
export function announce(what: string, count: number): Random {
  console.log(`${what}: ${count} cases, SEED=${seed}`);
  return new Random(seed);
}
