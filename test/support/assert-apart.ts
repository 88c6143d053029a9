import { expect } from 'vitest';
import { Network, type NetworkDocument } from '../../src/index.js';
import { findConflicts, type Neighbour } from '../../src/plan-entry.js';

/** No two networks share anything. */
export function assertApart(documents: readonly NetworkDocument[]): void {
  const all = documents.map(
    (document): Neighbour => ({ name: document.name, uuid: document.uuid ?? '', stored: document }),
  );
  for (const document of documents)
    expect(findConflicts(Network.from(document), { networks: all }).map(({ message }) => message)).toEqual([]);
}
