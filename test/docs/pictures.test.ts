import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { printed, root } from './examples.js';

/** Pictures of the guides, and what the examples print for them. */
const PICTURES: readonly (readonly [file: string, example: string, name: string])[] = [
  ['docs/pictures/topology.svg', 'pictures.ts', 'topologySvg'],
  ['docs/pictures/across-hosts.svg', 'pictures.ts', 'acrossHostsSvg'],
  ['docs/pictures/flow.svg', 'pictures.ts', 'flowSvg'],
  ['docs/pictures/stopped.svg', 'pictures.ts', 'stoppedSvg'],
  ...[1, 2, 3, 4, 5, 6, 7].map((i) => [`docs/es/figuras/figura${i}.svg`, 'figuras.ts', `figura${i}`] as const),
];

describe('the pictures of the guides', () => {
  it.each(PICTURES)('%s is what its example prints', async (file, example, name) => {
    await expect(`${printed(example, name)}\n`).toMatchFileSnapshot(join(root, file));
  });
});
