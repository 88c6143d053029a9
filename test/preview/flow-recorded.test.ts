import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { networkModelOf } from '../../src/preview/flow/network-model.js';
import { difference, verdictOf } from './matrix.js';
import { folderOf, RECORDINGS, topologyOf } from './recorded-hosts.js';
import { packetsOf, questionOf, readRecord } from './recorded-packets.js';

describe('packets on recorded hosts', () => {
  it.each(RECORDINGS)('take the way that is explained, with libvirt $libvirt and $backend', (recording) => {
    const record = readRecord(readFileSync(join(folderOf(recording), 'packets.txt'), 'utf8'));
    const topology = topologyOf(recording);
    const [world, packets] = [networkModelOf(topology), packetsOf(topology)];
    const wrong = packets.flatMap((packet) => difference(world, packet, record.get(questionOf(packet))) ?? []);
    expect(wrong).toEqual([]);
    expect(packets.length).toBe(record.size);
    expect(record.size).toBeGreaterThan(250);
    console.log(`libvirt ${recording.libvirt} (${recording.backend}): ${record.size} packets as recorded`);
  });
});

// The words of probes are checked by themselves: a wrong one would hide differences.
it('a failed probe is not taken for a delivered one', () => {
  expect(verdictOf({ ok: false, error: 'ECONNREFUSED' })).toBe('rejected');
  expect(verdictOf({ ok: false, error: 'timeout' })).toBe('timeout');
});
