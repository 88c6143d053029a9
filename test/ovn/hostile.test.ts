import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LibvirtError } from '../../src/index.js';
import { ovsdb } from '../../src/ovn/index.js';
import { announce, type Random, runs } from '../support/random.js';
import { FakeOvsdb, SCHEMA } from './fake-ovsdb.js';

const ROW = {
  _uuid: ['uuid', '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11'],
  name: 'lab',
  external_ids: ['map', [['a', 'b']]],
};

const ANSWERS: Readonly<Record<string, (operations: number) => unknown>> = {
  transact: (operations) => Array.from({ length: operations }, () => ({ rows: [ROW] })),
  monitor_cond_since: () => [
    false,
    '00000000-0000-0000-0000-000000000000',
    { Logical_Switch: { u1: { initial: { name: 'lab', tag: 5 } } } },
  ],
  lock: () => ({ locked: true }),
};

/** JSON values that stand where others are expected. */
const ODD = [null, true, 0, -1, 1e300, '', 'x', [], {}, ['set', []], ['set', 5], ['map', [[1]]], ['uuid', 7], [[[[]]]]];

/** Puts an odd value into a random place of a value. */
function bent(value: unknown, random: Random): unknown {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0 || random.chance(0.2)) return random.pick(ODD);
  const [name, inner] = random.pick(entries);
  const copy = structuredClone(value);
  if (typeof copy === 'object' && copy !== null) Reflect.set(copy, name, bent(inner, random));
  return copy;
}

/** What a server can do with an answer other than send it. */
const TRICKS: Readonly<Record<string, (socket: Socket, message: string, random: Random) => void>> = {
  'sends it': (socket, message) => socket.write(message),
  'cuts it and hangs up': (socket, message, random) => socket.end(message.slice(0, random.int(0, message.length - 1))),
  'changes a byte': (socket, message, random) => {
    const bytes = Buffer.from(message);
    bytes[random.int(0, bytes.length - 1)] = random.int(0, 255);
    socket.write(bytes);
  },
  'sends it in single bytes': (socket, message) => {
    for (const byte of Buffer.from(message)) socket.write(Buffer.of(byte));
  },
  'sends it twice': (socket, message) => socket.write(message + message),
  'answers another call': (socket, message) => socket.write(message.replace(/"id":(\d+)/, '"id":9$1')),
  'answers with an odd id': (socket, message, random) =>
    socket.write(JSON.stringify({ ...JSON.parse(message), id: random.pick(ODD) })),
  'puts an odd value somewhere': (socket, message, random) => {
    const { id, ...rest } = JSON.parse(message);
    socket.write(JSON.stringify({ id, ...Object(bent(rest, random)) }));
  },
  'refuses in an odd way': (socket, message, random) =>
    socket.write(JSON.stringify({ ...JSON.parse(message), error: random.pick(ODD) })),
  'refuses an operation': (socket, message, random) =>
    socket.write(
      JSON.stringify({
        ...JSON.parse(message),
        result: [{ error: random.pick(ODD), details: random.pick(ODD) }, null],
      }),
    ),
  'says nothing': () => {},
  'hangs up': (socket) => socket.destroy(),
  'nests without an end': (socket, _, random) => socket.write(random.pick(['[', '{"a":', '{"a":[']).repeat(5000)),
  'never ends a text': (socket, message) => socket.write(`${message.slice(0, -1)},"x":"${'y'.repeat(5000)}`),
  'closes what it did not open': (socket, message) => socket.write(`]${message}`),
  'asks and asks': (socket, message) => {
    for (let i = 0; i < 50; i++) socket.write('{"id":"echo","method":"echo","params":[]}');
    socket.write(message);
  },
  'reports what nobody watches': (socket, message, random) => {
    const params = [random.pick(ODD), random.pick(ODD), random.pick(ODD)];
    socket.write(JSON.stringify({ id: null, method: random.pick(['update3', 'locked', 'echo', '']), params }));
    socket.write(message);
  },
  'reports odd changes': (socket, message, random) => {
    socket.write(message);
    const updates = bent({ Logical_Switch: { u1: { modify: { name: 'b' } } } }, random);
    socket.write(JSON.stringify({ id: null, method: 'update3', params: ['monitor 1', 'x', updates] }));
  },
  'loses its leader': (socket, message) => {
    const updates = { Database: { u1: { modify: { leader: false } } } };
    socket.write(JSON.stringify({ id: null, method: 'update2', params: ['server of the database', updates] }));
    socket.write(message);
  },
  'sends noise': (socket, _, random) =>
    socket.write(Buffer.from(Array.from({ length: random.int(1, 200) }, () => random.int(0, 255)))),
};

describe('a hostile OVSDB server', () => {
  let server: FakeOvsdb;
  beforeAll(async () => {
    server = await FakeOvsdb.start(({ method, params }) =>
      JSON.parse(JSON.stringify(ANSWERS[method]?.(params.length - 1) ?? null)),
    );
  });
  afterAll(() => server.stop());

  it('gets a typed error or an answer from each call, in time', { timeout: runs(1_800_000, 60_000) }, async () => {
    const count = runs(5000, 30);
    const random = announce('hostile answers of OVSDB', count);
    for (let i = 0; i < count; i++) {
      const trick = random.pick(Object.keys(TRICKS));
      server.isHostileFromTheStart = random.chance(0.3);
      server.send = (socket, message) => TRICKS[trick]?.(socket, message, random);
      const client = ovsdb({ endpoints: server.endpoint, database: SCHEMA.name, timeoutMs: 40 });
      const calls = {
        select: () => client.select('Logical_Switch'),
        watch: async () => (await client.replica({ Logical_Switch: {} })).rows('Logical_Switch'),
        lock: () => client.lock('mine'),
      };
      const name = random.pick(['select', 'watch', 'lock'] as const);
      const outcome = await calls[name]().then(
        () => 'answered',
        (error: unknown) => (LibvirtError.is(error) ? 'typed' : `${trick}, ${name}: ${String(error)}`),
      );
      expect(['answered', 'typed']).toContain(outcome);
      await client.close();
    }
    await expect.poll(() => server.open, { timeout: 5000 }).toBe(0);
  });
});
