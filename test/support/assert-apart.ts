import { expect } from 'vitest';
import { findConflicts, type Neighbour, Network, type NetworkDocument } from '../../src/index.js';

/** No two networks share anything. */
export function assertApart(documents: readonly NetworkDocument[]): void {
  const all = documents.map(
    (document): Neighbour => ({ name: document.name, uuid: document.uuid ?? '', stored: document }),
  );
  for (const document of documents)
    expect(findConflicts(Network.from(document), { networks: all }).map(({ message }) => message)).toEqual([]);
}
