import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BridgedNetwork, type EventOptions, type NetworkEvent } from '../../src/index.js';
import { type SocketTransport, socket } from '../../src/socket/index.js';
import { type Daemon, startDaemon } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { runs } from '../support/random.js';

needs('daemon 9.0');

const CALLERS = 50;
/** Times that each caller defines and undefines a network of its own: two events each. */
const TIMES = runs(50, 3);

const xml = (name: string): string => BridgedNetwork.create({ name, bridge: 'br0' }).toXml();

describe('the events of a real daemon, over its socket', () => {
  let daemon: Daemon;
  let path: string;
  const open: SocketTransport[] = [];
  beforeAll(() => {
    daemon = startDaemon('9.0');
    path = join(daemon.dir, 'run/libvirt-sock');
  });
  afterEach(() => Promise.all(open.splice(0).map((transport) => transport.close())));
  afterAll(() => daemon.stop());

  function connected(): SocketTransport {
    const transport = socket({ uri: 'network:///system', path });
    open.push(transport);
    return transport;
  }

  /** Reads events, from when the daemon has agreed to tell. */
  async function heard(transport: SocketTransport, options: EventOptions = {}) {
    const events: NetworkEvent[] = [];
    let count = 0;
    const begin = () => {
      count++;
    };
    const reading = (async () => {
      for await (const event of transport.events({ ...options, onListening: begin })) events.push(event);
    })();
    reading.catch(() => {});
    return { events, reading, times: () => count };
  }

  const told = (events: readonly NetworkEvent[]): readonly string[] =>
    events.map((one) => `${one.type} ${one.network}`.trim());
  const name = (caller: number): string => `caller-${caller}`;

  async function work(transport: SocketTransport, caller: number): Promise<void> {
    for (let i = 0; i < TIMES; i++) {
      await transport.call('network.define', { xml: xml(name(caller)) });
      await transport.call('network.undefine', { network: name(caller) });
    }
  }

  it(`none is lost while ${CALLERS} callers work on the same connection`, {
    timeout: runs(600_000, 120_000),
  }, async () => {
    const transport = connected();
    const { events, times } = await heard(transport);
    await expect.poll(times).toBe(1);
    await Promise.all(Array.from({ length: CALLERS }, (_, caller) => work(transport, caller)));
    await expect.poll(() => events.length, { timeout: 20_000 }).toBe(2 * CALLERS * TIMES);
    const wanted = Array.from({ length: TIMES }, () => ['defined', 'undefined']).flat();
    for (let caller = 0; caller < CALLERS; caller++)
      expect(events.filter((one) => one.network === name(caller)).map((one) => one.type)).toEqual(wanted);
    console.log(`${events.length} events of ${CALLERS} callers`);
  });

  it('go on after a restart of the daemon, with a gap between', async () => {
    const transport = connected();
    const { events, times } = await heard(transport, { reconnect: true });
    await expect.poll(times).toBe(1);
    await transport.call('network.define', { xml: xml('before') });
    await expect.poll(() => told(events)).toEqual(['defined before']);
    daemon.restartLibvirt();
    await expect.poll(times, { timeout: 20_000 }).toBe(2);
    await transport.call('network.undefine', { network: 'before' });
    await expect.poll(() => told(events)).toEqual(['defined before', 'gap', 'undefined before']);
  });

  it('end with an error where nobody asked for another connection', async () => {
    const { reading, times } = await heard(connected());
    await expect.poll(times).toBe(1);
    daemon.restartLibvirt();
    expect(await caught(reading)).toMatchObject({ code: 'CONNECTION_FAILED', operation: 'network.events' });
  });

  it('begin when a daemon that is not there yet has come', async () => {
    daemon.killLibvirt();
    rmSync(path); // as a daemon does that ends in an orderly way
    const transport = connected();
    expect(await caught((await heard(transport)).reading)).toMatchObject({ code: 'SOCKET_MISSING' });
    const { events, times } = await heard(transport, { reconnect: true });
    daemon.startLibvirt();
    await expect.poll(times, { timeout: 20_000 }).toBe(1);
    await transport.call('network.define', { xml: xml('after') });
    await transport.call('network.undefine', { network: 'after' });
    await expect.poll(() => told(events)).toEqual(['gap', 'defined after', 'undefined after']);
  });

  it('of metadata need a release that has them, and the error names it', async () => {
    const { reading } = await heard(connected(), { metadata: true });
    expect(await caught(reading)).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('libvirt 9.8.0 or later'),
    });
  });
});
