import { recordingRunner } from 'libvirt-network/host';
import { expect, it } from 'vitest';
import { IsolatedNetwork, LibvirtError, NatNetwork } from '../../src/index.js';
import { shown } from '../../src/options/shown.js';
import { chassis, type Ovn, type OvsdbOperation, ovn, ovsdb, ovsdbMock, renderChassis } from '../../src/ovn/index.js';

const LAB = IsolatedNetwork.create('lab').subnet('172.30.0.1/24', (s) => s.dhcp('172.30.0.100', '172.30.0.199'));
const NAT = NatNetwork.create('nat').subnet('172.31.0.1/24');
const MAC = '52:54:00:00:00:01';
const OUTSIDE = { physicalNetwork: 'lan', addresses: ['198.51.100.10/24'], chassis: 'kvm1' };

class Odd {
  get name(): never {
    throw new Error('nobody reads this');
  }
}

const CIRCLE: Record<string, unknown> = {};
CIRCLE['self'] = CIRCLE;

/** Values of every kind that plain JavaScript can pass. */
const VALUES: readonly unknown[] = [
  ...[undefined, null, true, false, 0, 1, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 5n],
  ...['', 'x', '\0', '\ud800', 'a b', 'all', Symbol('s'), () => 5, async () => 5, new Date(0), /x/, new Error('x')],
  ...[[], [null], [[]], ['x'], ['x', 'x'], [5], [{}], [Symbol('s')], new Array(3), new Uint8Array(3)],
  ...[
    {},
    { x: 1 },
    { name: 5 },
    { op: 'select' },
    { op: 5 },
    Object.create(null),
    new Map(),
    new Map([['x', {}]]),
    new Set(['x']),
  ],
  ...[
    CIRCLE,
    new Odd(),
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
      },
    ),
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    ),
  ],
  ...[
    {
      toString: () => {
        throw new Error('no');
      },
    },
    Promise.resolve('x'),
    Object.freeze([]),
  ],
];

type Call = (cloud: Ovn, value: never) => unknown;

/** A call with an object, once for each of its properties, which alone gets the value. */
const each = (
  call: string,
  names: readonly string[],
  run: (cloud: Ovn, options: Record<string, never>) => unknown,
): Readonly<Record<string, Call>> =>
  Object.fromEntries(
    names.map((name) => [`${name} of ${call}`, (cloud: Ovn, value: never) => run(cloud, { [name]: value })]),
  );

/** Ends a stream that may have begun. */
const endOf = (stream: AsyncIterable<unknown>): unknown => stream[Symbol.asyncIterator]().return?.();

const OWNED = ['owner', 'foreign', 'signal', 'timeoutMs'];
const REACH = ['dryRun', 'onProgress'];
const PLAN = [...OWNED, 'outside', 'running', 'autostart'];
const PARTS = ['physicalNetwork', 'vlan', 'addresses', 'gateways', 'chassis', 'dnsServers', 'openings', 'ownAddresses'];
const OPENING = ['from', 'to', 'protocol', 'ports'];

const NETWORKS: Readonly<Record<string, Call>> = {
  plan: ({ networks }, value) => networks.plan(value),
  'plan options': ({ networks }, value) => networks.plan(LAB, value),
  planAll: ({ networks }, value) => networks.planAll(value),
  'planAll options': ({ networks }, value) => networks.planAll([LAB], value),
  ensure: ({ networks }, value) => networks.ensure(value),
  'ensure options': ({ networks }, value) => networks.ensure(LAB, value),
  ensureAll: ({ networks }, value) => networks.ensureAll(value),
  'ensureAll options': ({ networks }, value) => networks.ensureAll([LAB], value),
  ensureAbsent: ({ networks }, value) => networks.ensureAbsent(value),
  'ensureAbsent options': ({ networks }, value) => networks.ensureAbsent('lab', value),
  prune: ({ networks }, value) => networks.prune(value),
  'prune options': ({ networks }, value) => networks.prune('ci', value),
  list: ({ networks }, value) => networks.list(value),
  port: ({ networks }, value) => networks.port(value, { mac: MAC }),
  'port options': ({ networks }, value) => networks.port('lab', value),
  'port mac': ({ networks }, value) => networks.port('lab', { mac: value }),
  ports: ({ networks }, value) => networks.ports(value),
  'ports options': ({ networks }, value) => networks.ports('lab', value),
  removePort: ({ networks }, value) => networks.removePort(value, MAC),
  'removePort mac': ({ networks }, value) => networks.removePort('lab', value),
  'removePort options': ({ networks }, value) => networks.removePort('lab', MAC, value),
  attachment: ({ networks }, value) => networks.attachment(value),
  events: ({ networks }, value) => endOf(networks.events(value)),
  ...each('ensure', [...PLAN, ...REACH], ({ networks }, options) => networks.ensure(LAB, options)),
  ...each('plan', PLAN, ({ networks }, options) => networks.plan(NAT, options)),
  ...each('ensureAll', [...PLAN, 'absent', 'inUse', 'perHost', ...REACH], ({ networks }, options) =>
    networks.ensureAll([LAB], options),
  ),
  ...each('planAll', ['absent', 'inUse'], ({ networks }, options) => networks.planAll([LAB], options)),
  ...each('ensureAbsent', [...OWNED, ...REACH, 'inUse'], ({ networks }, options) =>
    networks.ensureAbsent('lab', options),
  ),
  ...each('prune', [...REACH, 'inUse', 'keep', 'signal', 'timeoutMs'], ({ networks }, options) =>
    networks.prune('ci', options),
  ),
  ...each('port', [...OWNED, 'ip'], ({ networks }, options) => networks.port('lab', { mac: MAC, ...options })),
  ...each('removePort', OWNED, ({ networks }, options) => networks.removePort('lab', MAC, options)),
  ...each('list', ['signal', 'timeoutMs'], ({ networks }, options) => networks.list(options)),
  ...each('ports', ['signal', 'timeoutMs'], ({ networks }, options) => networks.ports('lab', options)),
  ...each('events', ['buffer', 'reconnect', 'onListening', 'signal'], ({ networks }, options) =>
    endOf(networks.events(options)),
  ),
  ...each('outside', PARTS, ({ networks }, part) => networks.ensure(NAT, { outside: { ...OUTSIDE, ...part } })),
  ...each('an opening', OPENING, ({ networks }, part) =>
    networks.ensure(NAT, { outside: { ...OUTSIDE, openings: [{ from: '192.0.2.0/24', ...part }] } }),
  ),
  ...each('an own address', ['guest', 'address'], ({ networks }, part) =>
    networks.ensure(NAT, {
      outside: { ...OUTSIDE, ownAddresses: [{ guest: '172.31.0.5', address: '198.51.100.20', ...part }] },
    }),
  ),
  'outside function': ({ networks }, value) => networks.ensure(NAT, { outside: () => value }),
};

const OPERATIONS: readonly OvsdbOperation[] = [
  { op: 'insert', table: 'ACL', row: { priority: 1 }, uuidName: 'x', uuid: crypto.randomUUID() },
  { op: 'select', table: 'ACL', where: 'all', columns: ['match'] },
  {
    op: 'update',
    table: 'Logical_Switch',
    where: [['name', '==', 'x']],
    row: { name: 'x', ports: [], external_ids: {} },
  },
  { op: 'mutate', table: 'Logical_Switch', where: 'all', mutations: [['ports', 'delete', []]] },
  { op: 'delete', table: 'DNS', where: [['records', 'includes', { x: 'y' }]] },
  { op: 'wait', table: 'ACL', where: 'all', columns: ['match'], until: '==', rows: [], timeoutMs: 0 },
  { op: 'assert', lock: 'x' },
  { op: 'comment', comment: 'x' },
];

/** The operation with another value in the place of each of its parts, one after the other. */
function changed(part: unknown, value: unknown): readonly unknown[] {
  if (typeof part !== 'object' || part === null) return [value];
  const inner = Object.entries(part).flatMap(([name, one]) =>
    changed(one, value).map((other) =>
      Array.isArray(part) ? part.with(Number(name), other) : { ...part, [name]: other },
    ),
  );
  return [value, ...inner];
}

const DATABASE: Readonly<Record<string, Call>> = {
  transact: ({ northbound }, value) => northbound.transact(value),
  'transact options': ({ northbound }, value) => northbound.transact([], value),
  select: ({ northbound }, value) => northbound.select(value),
  'select options': ({ northbound }, value) => northbound.select('ACL', value),
  ...each('select', ['where', 'columns', 'signal', 'timeoutMs'], ({ northbound }, options) =>
    northbound.select('ACL', options),
  ),
  lock: async ({ northbound }, value) => (await northbound.lock(value)).release(),
  'lock options': async ({ northbound }, value) => (await northbound.lock('y', value)).release(),
  replica: async ({ northbound }, value) => (await northbound.replica(value)).close(),
  'replica of a table': async ({ northbound }, value) => (await northbound.replica({ ACL: value })).close(),
  'replica columns': async ({ northbound }, value) => (await northbound.replica({ ACL: { columns: value } })).close(),
  'replica where': async ({ northbound }, value) => (await northbound.replica({ ACL: { where: value } })).close(),
  'replica options': async ({ northbound }, value) => (await northbound.replica({ ACL: {} }, value)).close(),
  until: async ({ northbound }, value) => {
    await using replica = await northbound.replica({ ACL: {} });
    await replica.until(value, { timeoutMs: 20 });
  },
  rows: async ({ northbound }, value) => {
    await using replica = await northbound.replica({ ACL: {} });
    return replica.rows(value);
  },
};

/** Calls that make something; what they make is closed. */
const MADE: Readonly<Record<string, Call>> = {
  ovn: (_, value) => ovn(value).close(),
  ovsdb: (_, value) => ovsdb(value).close(),
  ...each('ovn', ['northbound', 'southbound', 'outside', 'tls', 'leaderOnly', 'timeoutMs'], (_, options) =>
    ovn({ northbound: ovsdbMock(), ...options }).close(),
  ),
  ...each('ovsdb', ['endpoints', 'database', 'tls', 'leaderOnly', 'timeoutMs'], (_, options) =>
    ovsdb({ endpoints: 'ssl:127.0.0.1:1', tls: { ca: '-----BEGIN CERTIFICATE-----' }, ...options }).close(),
  ),
  ...each('tls', ['ca', 'cert', 'key', 'serverName'], (_, tls) =>
    ovsdb({ endpoints: 'ssl:127.0.0.1:1', tls: { ca: '-----BEGIN CERTIFICATE-----', ...tls } }).close(),
  ),
  chassis: (_, value) => chassis(value, { southbound: 'tcp:10.0.0.1:6642', ip: '10.0.0.2' }),
  'chassis options': (_, value) => chassis(recordingRunner(), value),
  ...each(
    'chassis',
    ['southbound', 'ip', 'encapsulation', 'name', 'bridges', 'mtu', 'signal', 'timeoutMs'],
    (_, options) => chassis(recordingRunner(), { southbound: 'tcp:10.0.0.1:6642', ip: '10.0.0.2', ...options }),
  ),
  renderChassis: (_, value) => renderChassis(value),
};

/** What is wrong with how a call ends; nothing where it ends well, or with an error of ours that says what to do. */
async function problemOf(run: () => unknown): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (!LibvirtError.is(error)) return `${error}`;
    return error.code === 'INVALID_ARGUMENT' && error.hint === undefined ? `no hint: ${error.message}` : undefined;
  }
}

async function problemsOf(call: string, run: Call): Promise<readonly string[]> {
  await using cloud = ovn({ northbound: ovsdbMock(), timeoutMs: 5000 });
  await cloud.networks.ensure(LAB);
  const problems: string[] = [];
  for (const [i, value] of VALUES.entries()) {
    const problem = await problemOf(() => run(cloud, value as never));
    if (problem !== undefined) problems.push(`${call}, value ${i} (${shown(value)}): ${problem}`);
  }
  return problems;
}

it.each(Object.entries({ ...NETWORKS, ...DATABASE, ...MADE }))(
  '%s of every other kind ends typed',
  async (call, run) => {
    expect(await problemsOf(call, run)).toEqual([]);
  },
);

it.each(OPERATIONS.map((operation) => [operation.op, operation] as const))(
  'a transaction with %s, each of whose parts is of every other kind, ends typed',
  async (op, operation) => {
    const runs = changed(operation, undefined).map(
      (_, part): Call =>
        ({ northbound }, value) =>
          northbound.transact([changed(operation, value)[part] as OvsdbOperation]),
    );
    const problems = await Promise.all(runs.map((run, part) => problemsOf(`${op}, part ${part}`, run)));
    expect(problems.flat()).toEqual([]);
  },
);
