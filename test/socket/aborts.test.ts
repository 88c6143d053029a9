import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { socket } from '../../src/socket/index.js';
import { CALLS } from '../../src/socket/wire/procedures.js';
import { announce, type Random, runs } from '../support/random.js';
import { body, FakeDaemon } from './fake-daemon.js';

const NETWORK = { name: 'lab', uuid: '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11' };
const AT_ONCE = 20;
/** Objects that a run may leave to the collector, in bytes. */
const MOST_HEAP = 8 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const heap = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};
const descriptors = (): number => readdirSync('/proc/self/fd').length;

describe('calls that are aborted or out of time at any moment', () => {
  let daemon: FakeDaemon;
  let random: Random;
  const defined = new Map<string, number>();
  beforeAll(async () => {
    daemon = await FakeDaemon.start((_, args) => {
      const { xml } = CALLS.NETWORK_DEFINE_XML.args.read(args);
      defined.set(xml, (defined.get(xml) ?? 0) + 1);
      return body(CALLS.NETWORK_DEFINE_XML, { net: NETWORK });
    });
    daemon.send = (connection, message) => void setTimeout(() => connection.write(message), random.int(0, 4));
  });
  afterAll(() => daemon.stop());

  it('end at once with their own reason, are never repeated, and leave nothing', {
    timeout: runs(600_000, 60_000),
  }, async () => {
    const count = runs(2000, 200);
    random = announce('calls, a quarter of them aborted', count);
    const transport = socket({ uri: 'network:///system', path: daemon.path });
    const outcomes = { done: 0, aborted: 0, late: 0 };

    const call = async (i: number): Promise<void> => {
      const stop = new AbortController();
      const reason = new Error(`reason ${i}`);
      const isAborted = i % 4 === 0;
      if (isAborted) setTimeout(() => stop.abort(reason), random.int(0, 6));
      const timeoutMs = i % 16 === 1 ? random.int(1, 6) : 60_000;
      const options = { signal: stop.signal, timeoutMs };
      try {
        await transport.call('network.define', { xml: `<network n='${i}'/>` }, options);
        outcomes.done++;
      } catch (error) {
        if (isAborted) {
          expect(error).toBe(reason);
          outcomes.aborted++;
        } else {
          expect(error).toMatchObject({ code: 'TIMEOUT' });
          outcomes.late++;
        }
      }
    };
    const batch = (from: number) => Promise.all(Array.from({ length: AT_ONCE }, (_, i) => call(from + i)));

    for (let i = 0; i < 5 * AT_ONCE; i += AT_ONCE) await batch(i);
    const before = { heap: heap(), descriptors: descriptors() };
    for (let i = 5 * AT_ONCE; i < count; i += AT_ONCE) await batch(i);
    expect(descriptors()).toBe(before.descriptors);
    expect(heap() - before.heap).toBeLessThan(MOST_HEAP);
    await transport.close();
    await expect.poll(() => daemon.open).toBe(0);

    console.log(`${JSON.stringify(outcomes)}; ${((heap() - before.heap) / 1024).toFixed(0)} kB of heap more`);
    expect(outcomes.aborted).toBeGreaterThan(count / 16);
    expect(outcomes.late).toBeGreaterThan(0);
    expect(daemon.connections).toBe(1);
    expect([...defined.values()].filter((times) => times !== 1)).toEqual([]);
    expect(defined.size).toBeGreaterThanOrEqual(outcomes.done);
  });
});
