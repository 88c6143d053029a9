import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Ovn,
  type Ovsdb,
  OvsdbError,
  type OvsdbOperation,
  type OvsdbRowInput,
  ovn,
  ovsdbMock,
} from '../../src/ovn/index.js';
import { TABLES } from '../../src/ovn/mock/tables.js';
import { OvsdbServers } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { announce, type Random, runs } from '../support/random.js';
import { randomNetwork } from './random-networks.js';

needs('Open vSwitch and OVN');

const uuidOf = (i: number): string => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
const UUIDS = Array.from({ length: 12 }, (_, i) => uuidOf(i));
const NAMES = ['a', 'b', 'c', 'd'] as const;

/** Random columns of a few tables with every kind of column and reference. */
const ROWS: Readonly<Record<string, (random: Random) => OvsdbRowInput>> = {
  Logical_Switch: (random) => ({
    name: random.pick(NAMES),
    ...random.maybe(0.6, () => ({ ports: references(random) })),
    ...random.maybe(0.4, () => ({ acls: references(random) })),
    ...random.maybe(0.4, () => ({ dns_records: references(random) })),
    ...random.maybe(0.6, () => ({ external_ids: pairs(random) })),
  }),
  Logical_Switch_Port: (random) => ({
    name: random.pick(NAMES) + random.int(0, 3),
    ...random.maybe(0.5, () => ({ addresses: random.list(0, 3, () => random.pick(NAMES)) })),
    ...random.maybe(0.5, () => ({ up: random.chance(0.5) })),
    ...random.maybe(0.3, () => ({ tag: random.int(0, 4200) })),
    ...random.maybe(0.4, () => ({ dhcpv4_options: random.pick(UUIDS) })),
  }),
  ACL: (random) => ({
    priority: random.int(0, 33_000),
    direction: random.pick(['from-lport', 'to-lport', 'both']),
    action: random.pick(['drop', 'allow']),
    match: random.pick(NAMES),
    ...random.maybe(0.3, () => ({ severity: random.pick(['info', 'loud']) })),
  }),
  Port_Group: (random) => ({
    name: random.pick(NAMES),
    ports: references(random),
    acls: random.chance(0.5) ? references(random) : [],
  }),
  DHCP_Options: (random) => ({ cidr: random.pick(NAMES), options: pairs(random) }),
  DNS: (random) => ({ records: pairs(random) }),
  NB_Global: (random) => ({ nb_cfg: random.int(-3, 9), options: pairs(random) }),
};

const references = (random: Random): readonly string[] => [...new Set(random.list(0, 3, () => random.pick(UUIDS)))];
const pairs = (random: Random): Readonly<Record<string, string>> =>
  Object.fromEntries(random.list(0, 3, () => [random.pick(NAMES), random.pick(NAMES)]));

type Where = Extract<OvsdbOperation, { readonly op: 'delete' }>['where'];

function randomWhere(random: Random, columns: OvsdbRowInput): Where {
  if (random.chance(0.1)) return 'all';
  if (random.chance(0.5)) return [['_uuid', random.pick(['==', '!=']), random.pick(UUIDS)]];
  const [column, value] = random.pick(Object.entries(columns));
  if (typeof value === 'number') return [[column, random.pick(['<', '<=', '>', '>=', '==', '!=']), value]];
  return [[column, random.pick(['==', '!=', 'includes', 'excludes']), value]];
}

function randomOperation(random: Random): OvsdbOperation {
  const table = random.pick(Object.keys(ROWS));
  const columns = ROWS[table]?.(random) ?? {};
  const where = randomWhere(random, columns);
  switch (random.pick(['insert', 'insert', 'insert', 'update', 'mutate', 'delete', 'select', 'wait'])) {
    case 'insert':
      return { op: 'insert', table, uuid: random.pick(UUIDS), row: columns };
    case 'update':
      return { op: 'update', table, where, row: columns };
    case 'mutate':
      return randomMutation(random, table, where);
    case 'delete':
      return { op: 'delete', table, where };
    case 'wait': {
      const names = Object.keys(columns);
      return {
        op: 'wait',
        table,
        where,
        columns: names,
        until: random.pick(['==', '!=']),
        rows: [columns],
        timeoutMs: 0,
      };
    }
    default:
      return { op: 'select', table, where, columns: ['_uuid', ...Object.keys(columns)] };
  }
}

function randomMutation(random: Random, table: string, where: Where): OvsdbOperation {
  if (table === 'NB_Global') {
    const mutator = random.pick(['+=', '-=', '*=', '/=', '%='] as const);
    // ovsdb-server 3.1 does not survive a multiplication by 0.
    const operand = mutator === '*=' ? random.pick([-2, -1, 1, 3]) : random.int(-2, 3);
    return { op: 'mutate', table, where, mutations: [['nb_cfg', mutator, operand]] };
  }
  const sets = { Logical_Switch: 'ports', Logical_Switch_Port: 'addresses', Port_Group: 'ports' };
  const maps = { Logical_Switch: 'external_ids', DHCP_Options: 'options', DNS: 'records', ACL: 'external_ids' };
  const set = Object.entries(sets).find(([name]) => name === table)?.[1];
  const map = Object.entries(maps).find(([name]) => name === table)?.[1];
  if (set !== undefined && (map === undefined || random.chance(0.5))) {
    const items = set === 'ports' ? references(random) : random.list(0, 2, () => random.pick(NAMES));
    return { op: 'mutate', table, where, mutations: [[set, random.pick(['insert', 'delete']), items]] };
  }
  const keys = random.list(0, 2, () => random.pick(NAMES));
  const column = map ?? 'external_ids';
  return {
    ...{ op: 'mutate', table, where },
    mutations: [
      random.chance(0.4) ? [column, 'delete', keys] : [column, random.pick(['insert', 'delete']), pairs(random)],
    ],
  };
}

/** A value without the order of its parts. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return [...value].map((pair) => JSON.stringify(pair)).sort();
  if (Array.isArray(value))
    return value
      .map(plain)
      .map((item) => JSON.stringify(item))
      .sort();
  if (typeof value !== 'object' || value === null) return value;
  const columns = Object.entries(value).filter(([name, one]) => name !== '_version' && one !== undefined);
  return Object.fromEntries(columns.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, plain(one)]));
}

/** What a database says to a transaction. */
async function answerOf(database: Ovsdb, operations: readonly OvsdbOperation[]): Promise<unknown> {
  try {
    return (await database.transact(operations)).map((result) => plain(result));
  } catch (error) {
    if (!(error instanceof OvsdbError)) throw error;
    return { code: error.code, kind: error.kind, index: error.index };
  }
}

/** All rows, with the columns that the mock has. */
async function rowsOf(database: Ovsdb, withUuids: boolean): Promise<readonly unknown[]> {
  const results = await database.transact(
    [...TABLES].map(([table, { columns }]) => ({
      ...{ op: 'select', table, where: 'all' },
      columns: [...columns.keys()].filter((name) => name !== '_version' && (withUuids || !isReference(table, name))),
    })),
  );
  return results.map(({ rows }) => plain(rows));
}

const isReference = (table: string, name: string): boolean => TABLES.get(table)?.columns.get(name)?.key === 'uuid';

describe('the database in memory', () => {
  let servers: OvsdbServers;
  let real: Ovn;
  let mock: Ovn;
  beforeAll(() => {
    servers = OvsdbServers.start();
    real = ovn({ northbound: servers.endpoints });
    mock = ovn({ northbound: ovsdbMock() });
  });
  afterAll(async () => {
    await Promise.all([real.close(), mock.close()]);
    servers.stop();
  });

  /** Carries out a transaction on both, which must say the same to it and then have the same rows. */
  const expectSame = async (operations: readonly OvsdbOperation[]): Promise<unknown> => {
    const expected = await answerOf(real.northbound, operations);
    const answer = await answerOf(mock.northbound, operations);
    expect(answer, JSON.stringify(operations)).toEqual(expected);
    const rows = await rowsOf(mock.northbound, true);
    expect(rows, JSON.stringify(operations)).toEqual(await rowsOf(real.northbound, true));
    return answer;
  };

  it('answers random transactions as a server does', { timeout: runs(600_000, 60_000) }, async () => {
    const count = runs(20_000, 600);
    const random = announce('transactions of OVSDB', count);
    await using replica = await mock.northbound.replica({ Logical_Switch: {}, Logical_Switch_Port: {}, DNS: {} });
    let refused = 0;
    for (let i = 0; i < count; i++) {
      const operations = random.list(1, 5, () => randomOperation(random));
      if (!Array.isArray(await expectSame(operations))) refused += 1;
    }
    expect(refused).toBeGreaterThan(count / 20);
    expect(refused).toBeLessThan((count * 19) / 20);
    const [switches] = await mock.northbound.transact([{ op: 'select', table: 'Logical_Switch', where: 'all' }]);
    expect(plain([...replica.rows('Logical_Switch').values()])).toEqual(plain(switches?.rows));
  });

  it.each(['ACL', 'Logical_Switch_Port'])(
    'counts no reference with the uuid of its own row, as a server: %s',
    async (table) => {
      const [uuid, other] = [uuidOf(90), uuidOf(91)];
      const column = table === 'ACL' ? 'acls' : 'ports';
      const row = table === 'ACL' ? { priority: 1, direction: 'to-lport', action: 'drop', match: '1' } : { name: uuid };
      const own = { op: 'insert', table: 'Logical_Switch', uuid, row: { name: 'a', [column]: [uuid] } } as const;
      const target = { op: 'insert', table, uuid, row } as const;
      const keeper = {
        op: 'insert',
        table: 'Logical_Switch',
        uuid: other,
        row: { name: 'b', [column]: [uuid] },
      } as const;
      const all = (name: string) => ({ op: 'delete', table: name, where: 'all' }) as const;
      const transactions: readonly (readonly OvsdbOperation[])[] = [
        [all('Logical_Switch'), all('Port_Group')],
        [own],
        [keeper],
        [target],
        [target, keeper],
        [{ op: 'delete', table: 'Logical_Switch', where: [['_uuid', '==', other]] }],
        [all('Logical_Switch')],
      ];
      for (const operations of transactions) await expectSame(operations);
    },
  );

  it('keeps rows that others refer to, and not those of another table that have the same uuid', async () => {
    const [uuid, other] = [uuidOf(92), uuidOf(93)];
    const insert = (table: string, row: OvsdbRowInput) => ({ op: 'insert', table, uuid, row }) as const;
    const rule = insert('ACL', { priority: 1, direction: 'to-lport', action: 'drop', match: '1' });
    const owner = { ...insert('Logical_Switch', { name: 'a', acls: [uuid] }), uuid: other };
    await expectSame([owner, rule]);
    await expectSame([insert('Logical_Switch_Port', { name: uuid })]);
  });

  it('has the same of networks after the same calls', { timeout: runs(600_000, 60_000) }, async () => {
    const count = runs(300, 12);
    const random = announce('networks on a server and in memory', count);
    for (const { northbound } of [real, mock])
      await northbound.transact([...TABLES.keys()].map((table) => ({ op: 'delete', table, where: 'all' })));
    for (let i = 0; i < count; i++) {
      const name = random.pick(['one', 'two']);
      const made = randomNetwork(name, random);
      const { network } = made;
      const outside = { ...made.outside, physicalNetwork: name };
      const [theirs, ours] = [
        await real.networks.ensure(network, { outside }),
        await mock.networks.ensure(network, { outside }),
      ];
      expect(ours).toEqual(theirs);
      if (random.chance(0.3)) for (const { networks } of [real, mock]) await networks.ensureAbsent(name);
      expect(await rowsOf(mock.northbound, false), network.toXml()).toEqual(await rowsOf(real.northbound, false));
    }
  });
});
