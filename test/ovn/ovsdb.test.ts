import { createConnection } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ovsdb, type OvsdbOptions, type OvsdbRow, ovsdb } from '../../src/ovn/index.js';
import { Connection } from '../../src/ovn/wire/connection.js';
import { caught, thrown } from '../support/caught.js';
import { FakeOvsdb } from './fake-ovsdb.js';

const UUID = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11';
const PORT = ['uuid', '0a1b2c3d-0000-4000-8000-000000000001'] as const;

const INITIAL = {
  Logical_Switch: {
    [UUID]: {
      initial: {
        name: 'lab',
        tag: 7,
        ports: PORT,
        external_ids: [
          'map',
          [
            ['a', '1'],
            ['b', '2'],
          ],
        ],
      },
    },
  },
} as const;

describe('a client of OVSDB', () => {
  let server: FakeOvsdb;
  let client: Ovsdb;
  let updates: object = INITIAL;
  beforeEach(async () => {
    updates = INITIAL;
    server = await FakeOvsdb.start(({ method, params }) => {
      if (method === 'monitor_cond_since') return [false, UUID, JSON.parse(JSON.stringify(updates))];
      return method === 'transact' ? params.slice(1).map(() => ({ count: 1, rows: [] })) : undefined;
    });
    client = ovsdb({ endpoints: server.endpoint, timeoutMs: 5000 });
  });
  afterEach(async () => {
    await client.close();
    await server.stop();
  });

  const modified = (row: object): void =>
    server.say({
      id: null,
      method: 'update3',
      params: ['monitor 1', UUID, { Logical_Switch: { [UUID]: { modify: { ...row } } } }],
    });

  const row = (): OvsdbRow => ({
    _uuid: UUID,
    ...{
      name: 'lab',
      tag: 7,
      ports: [PORT[1]],
      external_ids: new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
    },
    ...{ size: 0, share: 0, enabled: false, queues: new Map() },
  });

  it('reads columns that a server leaves out as their defaults', async () => {
    await using replica = await client.replica({ Logical_Switch: {} });
    expect([...replica.rows('Logical_Switch')]).toEqual([[UUID, row()]]);
  });

  it.each([
    ['a single value', { name: 'x' }, { name: 'x' }],
    ['an optional one that is not set any more', { tag: ['set', []] }, { tag: undefined }],
    ['an item that leaves a set', { ports: PORT }, { ports: [] }],
    [
      'keys of a map: changed, new and gone',
      {
        external_ids: [
          'map',
          [
            ['a', '5'],
            ['c', '3'],
            ['b', '2'],
          ],
        ],
      },
      {
        external_ids: new Map([
          ['a', '5'],
          ['c', '3'],
        ]),
      },
    ],
  ])('applies a change of %s', async (_, change, expected) => {
    await using replica = await client.replica({ Logical_Switch: {} });
    const before = replica.rows('Logical_Switch').get(UUID);
    modified(change);
    await replica.until((now) => now.rows('Logical_Switch').get(UUID) !== before || undefined);
    expect(replica.rows('Logical_Switch').get(UUID)).toEqual({ ...row(), ...expected });
  });

  /** Has the server hang up once in the place of its next answer. */
  const hangUpOnce = (): void => {
    const { send } = server;
    server.send = (socket) => {
      server.send = send;
      socket.destroy();
    };
  };

  it('reads once more over a new connection where the server hangs up', async () => {
    hangUpOnce();
    expect(await client.select('Logical_Switch')).toEqual([]);
    expect(server.asked.map(({ method }) => method)).toEqual(['transact', 'transact']);
  });

  it('never repeats a change: whether the server has made it is not known', async () => {
    hangUpOnce();
    const change = client.transact([{ op: 'delete', table: 'Logical_Switch', where: 'all' }]);
    expect(await caught(change)).toMatchObject({ code: 'CONNECTION_FAILED', mayHaveChanged: true });
    expect(server.asked.map(({ method }) => method)).toEqual(['transact']);
  });

  it('reads everything again when a change makes no sense', async () => {
    await using replica = await client.replica({ Logical_Switch: {} });
    updates = { Logical_Switch: { [UUID]: { initial: { name: 'after' } } } };
    modified({ name: ['map', 5] });
    await replica.until((now) => now.rows('Logical_Switch').get(UUID)?.['name'] === 'after' || undefined);
    expect(server.connections).toBe(2);
  });

  it('answers a server that asks whether somebody is there', async () => {
    await client.transact([]);
    server.say({ id: 'echo', method: 'echo', params: [1, 'x'] });
    await expect.poll(() => server.asked).toContainEqual({ id: 'echo', result: [1, 'x'], error: null });
  });

  it('notices a server that says nothing any more', async () => {
    const connection = new Connection(createConnection(server.path), { probeMs: 10 });
    const waiting = caught(connection.call('never answered', [], () => {}));
    server.isMute = true;
    expect((await connection.ended).message).toBe('the server does not answer any more');
    expect(await waiting).toMatchObject({ name: 'Lost', wasSent: true });
  });

  it.each([
    [{ op: 'insert', table: 'Logical_Switch', row: { name: 'a\0' } }],
    [{ op: 'insert', table: 'Logical_Switch', row: { name: '\udc00' } }],
    [{ op: 'insert', table: 'Logical_Switch', row: { name: 5 } }],
    [{ op: 'insert', table: 'Logical_Switch', row: { name: undefined } }],
    [{ op: 'insert', table: 'Logical_Switch', row: { size: 1.5 } }],
    [{ op: 'insert', table: 'Logical_Switch', row: { size: 2 ** 60 } }],
    [{ op: 'insert', table: 'Logical_Switch', row: { size: 2n ** 63n } }],
    [{ op: 'insert', table: 'Logical_Switch', row: { share: Number.NaN } }],
    [{ op: 'insert', table: 'Logical_Switch', row: { ports: ['not a uuid'] } }],
    [{ op: 'insert', table: 'Logical_Switch', row: { ports: [{ named: 'a-b' }] } }],
    [{ op: 'insert', table: 'Logical_Switch', row: { external_ids: ['a'] } }],
    [{ op: 'insert', table: 'Logical_Switch', row: { external_ids: { a: 1 } } }],
    [{ op: 'insert', table: 'Logical_Switch', row: { queues: { x: 'y' } } }],
    [{ op: 'insert', table: 'Logical_Switch', row: {}, uuidname: 'x' }],
    [{ op: 'insert', table: 'Logical_Switch', row: {}, uuidName: '1x' }],
    [{ op: 'insert', table: 'Logical_Switch', row: [] }],
    [{ op: 'insert', table: 'Nope', row: {} }],
    [{ op: 'insert', table: 'Logical_Switch', row: { nope: 1 } }],
    [{ op: 'delete', table: 'Logical_Switch', where: [] }],
    [{ op: 'delete', table: 'Logical_Switch' }],
    [{ op: 'delete', table: 'Logical_Switch', where: [['nope', '==', 1]] }],
    [{ op: 'delete', table: 'Logical_Switch', where: ['all'] }],
    [{ op: 'update', table: 'Logical_Switch', where: 'all', row: null }],
    [{ op: 'select', table: 'Logical_Switch', where: 'all', columns: ['nope'] }],
    [{ op: 'mutate', table: 'Logical_Switch', where: 'all', mutations: [['size', '+=', 'x']] }],
    [{ op: 'wait', table: 'Logical_Switch', where: 'all', columns: ['name'], until: '==', rows: [] }],
    [{ op: 'assert', lock: 'a b' }],
    [{ op: 'comment', comment: 'a\0' }],
    [{ op: 'comment', comment: ['a'] }],
    [{ op: 'insert', table: 'Logical_Switch', row: {}, uuid: 5 }],
    [{ op: 'abort' }],
    [null],
    ['delete'],
  ])('refuses %o before anything is sent', async (operation) => {
    const error = await caught(client.transact([operation as never]));
    expect(error).toMatchObject({ code: expect.stringMatching(/^(?:INVALID_ARGUMENT|UNSUPPORTED)$/) });
    expect(server.asked).toEqual([]);
  });

  it.each<[unknown]>([[undefined], [5], [{ Logical_Switch: 5 }], [{ Logical_Switch: { columns: 'name' } }]])(
    'refuses a replica of %o before anything is sent',
    async (watches) => {
      expect(await caught(client.replica(watches as never))).toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect(server.asked).toEqual([]);
    },
  );

  it('says which calls were under way when it is closed', async () => {
    const waiting = caught(client.lock('mine'));
    await expect.poll(() => server.asked.length).toBe(1);
    await client.close();
    expect(await waiting).toMatchObject({ code: 'CLOSED' });
    expect(await caught(client.transact([]))).toMatchObject({ code: 'CLOSED' });
  });
});

it.each<[Partial<OvsdbOptions>]>([
  [{ endpoints: '' }],
  [{ endpoints: [] }],
  [{ endpoints: 'unix:' }],
  [{ endpoints: 'unix:/a\0b' }],
  [{ endpoints: 'tcp:host' }],
  [{ endpoints: 'tcp:host:0' }],
  [{ endpoints: 'tcp:host:65536' }],
  [{ endpoints: 'tcp:::1:6641' }],
  [{ endpoints: 'http://host:80' }],
  [{ endpoints: [5 as never] }],
  [{ endpoints: 'ssl:host:6641' }],
  [{ endpoints: 'tcp:host:6641', tls: { ca: '-----BEGIN ' } }],
  [{ endpoints: 'ssl:host:6641', tls: { ca: 'nothing' } }],
  [{ endpoints: 'ssl:host:6641', tls: { ca: '-----BEGIN ', cert: '-----BEGIN ' } }],
  [{ endpoints: 'ssl:host:6641', tls: {} as never }],
  [{ endpoints: 'unix:/a', database: '' }],
  [{ endpoints: 'unix:/a', timeoutMs: 0 }],
])('ovsdb(%o) is refused', (options) => {
  expect(thrown(() => ovsdb(options as OvsdbOptions)).code).toBe('INVALID_ARGUMENT');
});

it('endpoints may be IPv6 addresses in brackets', () => {
  expect(ovsdb({ endpoints: 'tcp:[::1]:6641, tcp:[fe80::1%eth0]:6641' }).label).toBe(
    'tcp:[::1]:6641,tcp:[fe80::1%eth0]:6641',
  );
});
