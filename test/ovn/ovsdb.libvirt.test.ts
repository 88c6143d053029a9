import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ovsdb, type OvsdbOperation, ovsdb } from '../../src/ovn/index.js';
import { OvsdbServers } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { programOf } from '../support/program.js';
import { run } from '../support/run.js';

needs('Open vSwitch and OVN');

const insert = (name: string, row: object = {}): OvsdbOperation => ({
  op: 'insert',
  table: 'Logical_Switch',
  row: { name, ...row },
});

describe('a client of a single OVSDB server', () => {
  let servers: OvsdbServers;
  let client: Ovsdb;
  beforeAll(() => {
    servers = OvsdbServers.start();
    client = ovsdb({ endpoints: servers.endpoints });
  });
  afterAll(async () => {
    await client.close();
    servers.stop();
  });

  it('writes rows that refer to each other, and reads every kind of value as it was written', async () => {
    const [port] = await client.transact([
      { op: 'insert', table: 'Logical_Switch_Port', uuidName: 'p1', row: { name: 'values-1', tag: 7, enabled: false } },
      { op: 'insert', table: 'Logical_Switch_Port', uuidName: 'p2', row: { name: 'values-2', addresses: ['a', 'b'] } },
      insert('ä€😀', { ports: [{ named: 'p1' }, { named: 'p2' }], external_ids: { 'a"b': '\\', '': '{}' } }),
    ]);
    const [row] = await client.select('Logical_Switch', { where: [['name', '==', 'ä€😀']] });
    expect(row).toMatchObject({
      name: 'ä€😀',
      external_ids: new Map([
        ['a"b', '\\'],
        ['', '{}'],
      ]),
      acls: [],
    });
    expect(row?.['ports']).toHaveLength(2);
    const ports = await client.select('Logical_Switch_Port', { where: [['name', 'includes', 'values-1']] });
    expect(ports).toMatchObject([{ _uuid: port?.uuid, tag: 7, enabled: false, up: undefined, addresses: [] }]);
  });

  it('keeps integers of 64 bits', async () => {
    const value = 9_007_199_254_740_993n;
    await client.transact([{ op: 'insert', table: 'NB_Global', row: { nb_cfg: value, nb_cfg_timestamp: -5 } }]);
    expect(await client.select('NB_Global', { columns: ['nb_cfg', 'nb_cfg_timestamp'] })).toEqual([
      { nb_cfg: value, nb_cfg_timestamp: -5 },
    ]);
    const [result] = await client.transact([
      { op: 'mutate', table: 'NB_Global', where: 'all', mutations: [['nb_cfg', '+=', 1]] },
    ]);
    expect(result).toEqual({ count: 1 });
    expect(await client.select('NB_Global', { columns: ['nb_cfg'] })).toEqual([{ nb_cfg: value + 1n }]);
    await client.transact([{ op: 'delete', table: 'NB_Global', where: 'all' }]);
  });

  it('changes single items of sets and maps', async () => {
    await client.transact([insert('items', { other_config: { a: '1', b: '2' } })]);
    const where = [['name', '==', 'items']] as const;
    await client.transact([
      {
        op: 'mutate',
        table: 'Logical_Switch',
        where,
        mutations: [
          ['other_config', 'delete', ['a']],
          ['other_config', 'insert', { a: '3', c: '4' }],
          ['other_config', 'delete', { b: 'another' }],
        ],
      },
    ]);
    const [row] = await client.select('Logical_Switch', { where, columns: ['other_config'] });
    expect(row).toEqual({
      other_config: new Map([
        ['a', '3'],
        ['b', '2'],
        ['c', '4'],
      ]),
    });
    const found = { where: [['other_config', 'includes', { c: '4' }]], columns: ['name'] } as const;
    expect(await client.select('Logical_Switch', found)).toEqual([{ name: 'items' }]);
  });

  it('does all operations of a transaction or none', async () => {
    const error = await caught(
      client.transact([insert('none'), { op: 'insert', table: 'ACL', row: { priority: 40_000 } }]),
    );
    expect(error).toMatchObject({ code: 'DATABASE_REFUSED', kind: 'constraint violation', index: 1 });
    expect(String(error)).toContain('40000 is not in the valid range 0 to 32767');
    expect(await client.select('Logical_Switch', { where: [['name', '==', 'none']] })).toEqual([]);
  });

  it('reports what only the end of a transaction breaks', async () => {
    const port: OvsdbOperation = {
      op: 'insert',
      table: 'Logical_Switch_Port',
      uuidName: 'p',
      row: { name: 'values-1' },
    };
    const error = await caught(client.transact([port, insert('twice', { ports: [{ named: 'p' }] })]));
    expect(error).toMatchObject({ code: 'DATABASE_REFUSED', kind: 'constraint violation', index: undefined });
    expect(String(error)).toContain('identical values (values-1) for index on column "name"');
  });

  it('does nothing when rows are not as they were read', async () => {
    await client.transact([insert('raced')]);
    const where = [['name', '==', 'raced']] as const;
    const [{ _version } = {}] = await client.select('Logical_Switch', { where, columns: ['_version'] });
    const update = (text: string): readonly OvsdbOperation[] => [
      {
        op: 'wait',
        table: 'Logical_Switch',
        where,
        columns: ['_version'],
        until: '==',
        rows: [{ _version }],
        timeoutMs: 0,
      },
      { op: 'update', table: 'Logical_Switch', where, row: { external_ids: { text } } },
    ];
    await client.transact(update('first'));
    expect(await caught(client.transact(update('second')))).toMatchObject({ code: 'DATABASE_CHANGED', index: 0 });
    const [row] = await client.select('Logical_Switch', { where, columns: ['external_ids'] });
    expect(row).toEqual({ external_ids: new Map([['text', 'first']]) });
  });

  it('refuses what the server would hang up at, and the server has seen nothing of it', async () => {
    for (const name of ['a\0b', '\ud800'])
      expect(await caught(client.transact([insert(name)]))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await client.select('Logical_Switch', { where: [['name', '==', 'a']] })).toEqual([]);
  });

  it('ends a call that the server keeps waiting, and goes on with others', async () => {
    const waiting: OvsdbOperation = {
      ...{ op: 'wait', table: 'Logical_Switch', where: [['name', '==', 'later']], columns: ['name'] },
      ...{ until: '!=', rows: [], timeoutMs: 30_000 },
    };
    expect(await caught(client.transact([waiting], { timeoutMs: 50 }))).toMatchObject({
      code: 'TIMEOUT',
      mayHaveChanged: false,
    });
    const reason = new Error('enough');
    const stop = AbortSignal.timeout(50);
    expect(await caught(client.transact([waiting, insert('x')], { signal: stop }))).toBe(stop.reason);
    expect(await caught(client.transact([waiting], { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(await client.select('Logical_Switch', { where: [['name', '==', 'later']] })).toEqual([]);
  });

  it('keeps a replica equal to the database through random changes', async () => {
    const tables = {
      Logical_Switch: { columns: ['name', 'external_ids', 'other_config', 'ports'] },
      Logical_Switch_Port: {},
    };
    await using replica = await client.replica(tables);
    for (let i = 0; i < 30; i++) {
      await client.transact([
        {
          op: 'insert',
          table: 'Logical_Switch_Port',
          uuidName: 'p',
          row: { name: `kept-${i}`, tag: (i % 5) + 1, addresses: ['a', 'b'] },
        },
        insert(`kept-${i}`, { ports: { named: 'p' }, external_ids: { i: `${i % 3}`, j: 'x' } }),
        {
          op: 'update',
          table: 'Logical_Switch_Port',
          where: [['name', '==', `kept-${i - 1}`]],
          row: { tag: undefined, addresses: 'a' },
        },
        {
          ...{ op: 'mutate', table: 'Logical_Switch', where: [['external_ids', 'includes', { i: '1' }]] },
          mutations: [
            ['external_ids', 'delete', ['j']],
            ['external_ids', 'insert', { j: `${i}`, [`k${i}`]: 'new' }],
          ],
        },
        { op: 'delete', table: 'Logical_Switch', where: [['name', '==', `kept-${i - 7}`]] },
      ]);
    }
    await client.transact([insert('the last one')]);
    await replica.until((now) => [...now.rows('Logical_Switch').values()].find(({ name }) => name === 'the last one'));
    for (const [table, watch] of Object.entries(tables)) {
      const columns = 'columns' in watch ? ['_uuid', ...watch.columns] : undefined;
      const rows = await client.select(table, { columns });
      expect(rows.length).toBeGreaterThan(7);
      const expected = rows.map(({ _version, ...row }) => sorted(row));
      expect(new Set([...replica.rows(table).values()].map(sorted))).toEqual(new Set(expected));
    }
  });

  it('gives a lock to one client at a time, and reports its loss', async () => {
    await using other = ovsdb({ endpoints: servers.endpoints });
    const lock = await client.lock('mine');
    expect(await caught(client.lock('mine'))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await caught(other.lock('mine', { timeoutMs: 50 }))).toMatchObject({ code: 'TIMEOUT' });
    await client.transact([{ op: 'assert', lock: 'mine' }]);
    expect(await caught(other.transact([{ op: 'assert', lock: 'mine' }]))).toMatchObject({ kind: 'not owner' });
    const waiting = other.lock('mine');
    await lock.release();
    const taken = await waiting;
    expect([lock.signal.aborted, taken.signal.aborted]).toEqual([false, false]);
    await other.close();
    expect(taken.signal.aborted).toBe(true);
  });

  it('releases a lock in a program that waits for nothing else, which then ends by itself', () => {
    const { stdout, stderr, status } = run(process.execPath, [
      programOf('test/support/lock-process.ts'),
      servers.endpoints.join(),
    ]);
    expect({ stdout, stderr, status }).toEqual({ stdout: 'released\n', stderr: '', status: 0 });
  });

  it('gives the errors of its caller, and says when it is closed, while it waits for rows', async () => {
    const replica = await client.replica({ Logical_Switch: {} });
    const own = new Error('mine');
    const failing = () => {
      throw own;
    };
    expect(await caught(replica.until(failing))).toBe(own);
    expect(await caught(replica.until(5 as never))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    const waiting = caught(replica.until(() => undefined));
    await replica.close();
    expect(await waiting).toMatchObject({ code: 'CLOSED' });
    expect(await caught(replica.until(() => true))).toMatchObject({ code: 'CLOSED' });
  });

  it('names the table or column that the database does not have', async () => {
    expect(await caught(client.select('Nope'))).toMatchObject({ code: 'UNSUPPORTED' });
    expect(await caught(client.select('ACL', { columns: ['tier'] }))).toMatchObject({ code: 'UNSUPPORTED' });
    expect(await caught(client.replica({ ACL: { columns: ['tier'] } }))).toMatchObject({ code: 'UNSUPPORTED' });
  });

  it('says which database the server does not have', async () => {
    await using other = ovsdb({ endpoints: servers.endpoints, database: 'OVN_Southbound' });
    const error = await caught(other.select('Chassis'));
    expect(error).toMatchObject({ code: 'NOT_FOUND' });
    expect(String(error)).toContain('it does not have the database OVN_Southbound');
  });

  it('connects again after the server was killed and started', async () => {
    await using replica = await client.replica({ Logical_Switch: { columns: ['name'] } });
    servers.kill(1);
    expect(await caught(client.select('Logical_Switch'))).toMatchObject({ code: 'CONNECTION_FAILED' });
    servers.begin(1);
    await client.transact([insert('after the restart')]);
    await replica.until((now) =>
      [...now.rows('Logical_Switch').values()].find(({ name }) => name === 'after the restart'),
    );
    expect(replica.isCurrent).toBe(true);
  });
});

/** A row with the items of its sets in order. */
const sorted = (row: object): object =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, Array.isArray(value) ? [...value].sort() : value]),
  );

describe('a client of a cluster of three OVSDB servers', () => {
  let servers: OvsdbServers;
  beforeAll(() => {
    servers = OvsdbServers.start({ servers: 3 });
  });
  afterAll(() => servers.stop());

  it('finds the leader, and the next one when it is killed; a replica goes on where it was', async () => {
    await using client = ovsdb({ endpoints: servers.endpoints });
    await client.transact([insert('before')]);
    await using replica = await client.replica({ Logical_Switch: { columns: ['name'] } });
    const { leader } = servers;
    servers.kill(leader);
    const error = await caught(client.transact([insert('meanwhile')]));
    if (error !== undefined) expect(error).toMatchObject({ code: 'CONNECTION_FAILED' });
    await client.transact([insert('after')]);
    expect(servers.leader).not.toBe(leader);
    await replica.until((now) => [...now.rows('Logical_Switch').values()].find(({ name }) => name === 'after'));
    servers.begin(leader);
    expect((await client.select('Logical_Switch', { where: [['name', '==', 'before']] })).length).toBe(1);
  });

  it('says why no server can be used when most of the cluster is gone', async () => {
    servers.kill(1);
    servers.kill(2);
    await using client = ovsdb({ endpoints: servers.endpoints, timeoutMs: 1000 });
    const attempt = () => caught(client.transact([insert('nowhere')]));
    // A leader takes transactions until it has noticed.
    await expect.poll(attempt, { timeout: 30_000 }).toMatchObject({ code: 'TIMEOUT', mayHaveChanged: false });
    expect(String(await attempt())).toMatch(/it is not (?:the leader of|connected to most of) its cluster/);
  });
});
