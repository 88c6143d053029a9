import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LibvirtError } from '../../src/index.js';
import { socket } from '../../src/socket/index.js';
import { HEADER } from '../../src/socket/wire/messages.js';
import { CALLS, LIMITS } from '../../src/socket/wire/procedures.js';
import { caught } from '../support/caught.js';
import { beyond, holdings } from '../support/leaks.js';
import { announce, type Random, runs } from '../support/random.js';
import { body, FakeDaemon } from './fake-daemon.js';

const NETWORK = { name: 'lab', uuid: '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11' };
const XML = `<network><name>lab</name>${'<!-- long -->'.repeat(200)}</network>`;

/** What a daemon can do with an answer other than send it. */
const TRICKS: Readonly<Record<string, (connection: Socket, message: Buffer, random: Random) => void>> = {
  'sends it': (connection, message) => connection.write(message),
  'cuts it and hangs up': (connection, message, random) => {
    connection.end(message.subarray(0, random.int(0, message.length - 1)));
  },
  'hangs up between header and body': (connection, message) => connection.end(message.subarray(0, 28)),
  'changes a byte': (connection, message, random) => {
    message[random.int(0, message.length - 1)] = random.int(0, 255);
    connection.write(message);
  },
  'changes many bytes': (connection, message, random) => {
    for (let i = 0; i < 20; i++) message[random.int(4, message.length - 1)] = random.int(0, 255);
    connection.write(message);
  },
  'lies about the length': (connection, message, random) => {
    message.writeUInt32BE(random.pick([0, 1, 27, 0x7fffffff, 0xffffffff, message.length - 4, message.length + 400]), 0);
    connection.write(message);
  },
  'sends it in single bytes': (connection, message) => {
    for (const byte of message.subarray(0, 300)) connection.write(Buffer.of(byte));
    connection.write(message.subarray(300));
  },
  'sends it twice': (connection, message) => {
    connection.write(message);
    connection.write(message);
  },
  'answers another call': (connection, message) => {
    message.writeUInt32BE(message.readUInt32BE(20) + 7, 20);
    connection.write(message);
  },
  'says nothing': () => {},
  'hangs up': (connection) => connection.destroy(),
  'tells of what nobody asked for': (connection, message) => {
    const event = Buffer.from(message);
    event.writeInt32BE(2, 16);
    for (let i = 0; i < 50; i++) connection.write(event);
    connection.write(message);
  },
  'sends noise': (connection, _, random) => {
    connection.write(Buffer.from(Array.from({ length: random.int(1, 200) }, () => random.int(0, 255))));
  },
};

/** What keeps this process alive, by kind. */
const held = async (): Promise<Readonly<Record<string, number>>> => {
  const empty = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
  const { handles } = await holdings(empty);
  rmSync(empty, { recursive: true });
  return handles;
};

describe('a hostile daemon', () => {
  let daemon: FakeDaemon;
  beforeAll(async () => {
    daemon = await FakeDaemon.start((procedure) => {
      if (procedure === CALLS.NETWORK_LOOKUP_BY_NAME.number)
        return body(CALLS.NETWORK_LOOKUP_BY_NAME, { net: NETWORK });
      if (procedure === CALLS.NETWORK_GET_XML_DESC.number) return body(CALLS.NETWORK_GET_XML_DESC, { xml: XML });
      return body(CALLS.CONNECT_LIST_ALL_NETWORKS, { nets: [NETWORK], ret: 1 });
    });
  });
  afterAll(() => daemon.stop());

  it('gets a typed error or an answer from each call, in time', { timeout: runs(3_600_000, 60_000) }, async () => {
    const count = runs(20_000, 300);
    const random = announce('hostile answers', count);
    const before = await held();
    for (let i = 0; i < count; i++) {
      const name = random.pick(Object.keys(TRICKS));
      daemon.send = (connection, message) => TRICKS[name]?.(connection, message, random);
      const transport = socket({ uri: 'network:///system', path: daemon.path, timeoutMs: 100 });
      const outcome = await transport.call('network.dump', { network: 'lab' }).then(
        (xml) => typeof xml,
        (error: unknown) => (LibvirtError.is(error) ? 'typed' : `${name}: ${String(error)}`),
      );
      expect(['string', 'typed']).toContain(outcome);
      await transport.close();
    }
    await expect.poll(() => daemon.open, { timeout: 5000 }).toBe(0);
    expect(beyond(await held(), before)).toEqual({});
  });

  it('makes the library keep at most twice the largest message that the protocol allows', async () => {
    const flood = Buffer.alloc(LIMITS.message + 4);
    let peak = 0;
    let base = 0;
    const look = () => {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers);
    };
    daemon.send = (connection, message) => {
      message.copy(flood, 0, 0, HEADER);
      flood.writeUInt32BE(flood.length, 0);
      base = process.memoryUsage().arrayBuffers;
      connection.write(flood);
    };
    const transport = socket({ uri: 'network:///system', path: daemon.path });
    const timer = setInterval(look, 1);
    const error = await caught(transport.call('network.dump', { network: 'lab' }));
    look();
    clearInterval(timer);
    await transport.close();
    console.log(`${((peak - base) / 2 ** 20).toFixed(0)} MiB for messages of ${flood.length / 2 ** 20} MiB`);
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED' });
    expect(peak - base).toBeLessThan(2 * flood.length + 2 ** 20);
  });
});
