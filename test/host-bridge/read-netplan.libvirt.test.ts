import { describe, expect, it } from 'vitest';
import { normalizedBridge } from '../../src/host-bridge/canonical.js';
import { type ReadableBackend, readHostBridge, type SourceFile } from '../../src/host-bridge/index.js';
import { needs } from '../support/needs.js';
import { NETPLAN_CASES, netplanPath } from '../support/netplan-files.js';
import { netplanGenerate } from '../support/parsers.js';

needs('host network programs');

/** netplan writes addresses with options after the others. */
function understood(backend: ReadableBackend, files: readonly SourceFile[]) {
  const document = normalizedBridge(readHostBridge(backend, files).bridge.document);
  // Where none is set, netplan writes a metric of its own.
  const { addresses, routeMetric: _, ...ipv4 } = document.ipv4;
  return { ...document, ipv4: { ...ipv4, addresses: [...(addresses ?? [])].sort() } };
}

describe('netplan itself agrees with what is expected of the reader', () => {
  for (const { name, files, wanted, isUnasked } of NETPLAN_CASES) {
    if (isUnasked) continue;
    it(name, () => {
      const sources = files.map((content, i) => ({ path: netplanPath(i), content, mode: 0o600, owner: 'root' }));
      const { status, said, files: made } = netplanGenerate(sources, 'networkd');
      const refused = /:(\d+):\d+: Error/.exec(said)?.[1];
      expect(refused, said).toBe('refusedAt' in wanted ? String(wanted.refusedAt) : undefined);
      expect(status === 0, said).toBe(refused === undefined);
      if (refused === undefined) expect(understood('netplan', sources)).toEqual(understood('networkd', made));
    });
  }
});
