import type { NetworkDocument } from '../../src/schema/network/network.js';
import type { Random } from '../support/random.js';

/** A document with few of its parts, so that one rule decides, and not always the same one. */
export function sparse(random: Random, { forward, ...document }: NetworkDocument, name: string): NetworkDocument {
  // Of metadata we keep what libvirt drops.
  const { metadata: _, ...rest } = document;
  const parts = Object.entries({ ...rest, ...(random.chance(0.5) ? { forward } : {}) });
  const kept = random.list(0, 3, () => random.pick(parts));
  return { ...Object.fromEntries(kept), name };
}
