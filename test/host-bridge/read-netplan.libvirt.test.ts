import { describe, expect, it } from 'vitest';
import { ValidationError } from '../../src/errors/index.js';
import { normalizedBridge } from '../../src/host-bridge/canonical.js';
import { type ReadableBackend, readHostBridge, readHostNetwork, type SourceFile } from '../../src/host-bridge/index.js';
import { needs } from '../support/needs.js';
import { NETPLAN_CASES, netplanPath } from '../support/netplan-files.js';
import { netplanGenerate } from '../support/parsers.js';
import { announce, runs } from '../support/random.js';
import { randomNetplan } from '../support/random-netplan.js';

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

it('netplan refuses what the reader refuses, at the same line, and makes the same of the rest', {
  timeout: runs(900_000, 60_000),
}, () => {
  const count = runs(2000, 100);
  const random = announce('random files of netplan', count);
  for (let i = 0; i < count; i++) {
    const content = randomNetplan(random);
    const sources = [{ path: netplanPath(0), content, mode: 0o600, owner: 'root' }];
    const { status, said, files: made } = netplanGenerate(sources, 'networkd');
    expect(refusedAt(sources), `${content}\n${said}`).toBe(status === 0 ? undefined : /:(\d+):\d+: /.exec(said)?.[1]);
    if (status === 0 && content.includes('br0:'))
      expect(understood('netplan', sources), content).toEqual(understood('networkd', made));
  }
});

/** The line that the reader refuses. */
function refusedAt(files: readonly SourceFile[]): string | undefined {
  try {
    readHostNetwork('netplan', files);
    return undefined;
  } catch (error) {
    return error instanceof ValidationError ? /line (\d+)/.exec(error.message)?.[1] : String(error);
  }
}
