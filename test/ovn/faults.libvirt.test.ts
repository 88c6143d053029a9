import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnsureError, NatNetwork, TransportError } from '../../src/index.js';
import { type Ovn, type OvnOutside, ovn } from '../../src/ovn/index.js';
import { OvsdbServers } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { contentsOf } from './contents.js';
import { type Cut, OvsdbTap } from './ovsdb-tap.js';

needs('Open vSwitch and OVN');

const outside: OvnOutside = {
  physicalNetwork: 'lan',
  addresses: ['198.51.100.10/24'],
  gateways: ['198.51.100.2'],
  chassis: ['c1', 'c2', 'c3'],
};

const NAMES = Array.from({ length: 12 }, (_, i) => `n${i}`);

const network = (name: string, mtu = 1400) =>
  NatNetwork.create(name)
    .mtu(mtu)
    .domain('lab.test')
    .subnet('10.1.0.1/24', (s) => s.dhcp('10.1.0.100', '10.1.0.199').host({ mac: '52:54:00:00:00:01', ip: '10.1.0.9' }))
    .forwardPort({ protocol: 'tcp', hostPort: 80, to: { ip: '10.1.0.9', port: 7777 } });

const clientOf = (endpoints: string | readonly string[], timeoutMs?: number): Ovn =>
  ovn({ northbound: endpoints, outside: ({ name }) => ({ ...outside, physicalNetwork: name }), timeoutMs });

/** The rows of a network on a server of its own, where nothing happens to it. */
const expected = new Map<string, readonly string[]>();

const rowsOf = async ({ northbound }: Ovn, name: string): Promise<readonly string[]> =>
  (await contentsOf(northbound)).filter((row) => row.includes(`["libvirt-network","${name}"]`));

async function undisturbed(name: string): Promise<readonly string[]> {
  const known = expected.get('n0') ?? (await madeAlone());
  return known.map((row) => row.replaceAll('n0', name).replaceAll(/52:54:00:(?!00:00:01)[0-9a-f:]{8}/g, 'MAC'));
}

async function madeAlone(): Promise<readonly string[]> {
  const servers = OvsdbServers.start();
  await using cloud = clientOf(servers.endpoints);
  await cloud.networks.ensure(network('n0'));
  const rows = await rowsOf(cloud, 'n0');
  servers.stop();
  expected.set('n0', rows);
  return rows;
}

/** MAC addresses of routers are made of the names of networks. */
const plain = (rows: readonly string[]): readonly string[] =>
  rows.map((row) => row.replaceAll(/52:54:00:(?!00:00:01)[0-9a-f:]{8}/g, 'MAC')).sort();

/** Clients through taps: one in front of each server. */
class Taps {
  readonly #taps: readonly OvsdbTap[];

  private constructor(taps: readonly OvsdbTap[]) {
    this.#taps = taps;
  }

  static async to({ endpoints }: OvsdbServers): Promise<Taps> {
    return new Taps(await Promise.all(endpoints.map((endpoint) => OvsdbTap.to(endpoint))));
  }

  get endpoints(): readonly string[] {
    return this.#taps.map(({ endpoint }) => endpoint);
  }

  /** Decides about each transaction that changes something, by its number. */
  onChange(decide: (count: number) => Cut): void {
    let count = 0;
    for (const tap of this.#taps)
      tap.cutAt = ({ method, params }) =>
        method === 'transact' && /"op":"(?:insert|update|mutate)"/.test(JSON.stringify(params))
          ? decide(++count)
          : undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const tap of this.#taps) await tap.stop();
  }
}

/** Makes all networks at once. @returns the errors */
const errorsOfAll = async (cloud: Ovn): Promise<readonly unknown[]> => {
  const errors = await Promise.all(NAMES.map((name) => caught(cloud.networks.ensure(network(name)))));
  return errors.filter((error) => error !== undefined);
};

const expectTyped = (errors: readonly unknown[]) => {
  for (const error of errors)
    expect(
      [TransportError, EnsureError].some((type) => error instanceof type),
      String(error),
    ).toBe(true);
};

/** Every network is there as a whole, or not at all. */
async function expectWholeOrAbsent(cloud: Ovn): Promise<number> {
  let absent = 0;
  for (const name of NAMES) {
    const rows = await rowsOf(cloud, name);
    if (rows.length === 0) absent += 1;
    else expect(plain(rows)).toEqual(plain(await undisturbed(name)));
  }
  return absent;
}

async function expectCompletes(cloud: Ovn): Promise<void> {
  await Promise.all(NAMES.map((name) => cloud.networks.ensure(network(name))));
  expect(await expectWholeOrAbsent(cloud)).toBe(0);
  expect((await cloud.networks.ensure(network('n0'))).changed).toBe(false);
}

describe('networks on one server', () => {
  let servers: OvsdbServers;
  beforeEach(() => {
    servers = OvsdbServers.start();
  });
  afterEach(() => servers.stop());

  it('are whole or absent when the server is killed while they are made, and complete when it is back', async () => {
    await using taps = await Taps.to(servers);
    await using cloud = clientOf(taps.endpoints);
    taps.onChange((count) => void (count === 5 && servers.kill(1)));
    const errors = await errorsOfAll(cloud);
    expectTyped(errors);
    expect(errors.length).toBeGreaterThan(0);
    servers.begin(1);
    expect(await expectWholeOrAbsent(cloud)).toBeGreaterThan(0);
    await expectCompletes(cloud);
  });

  const CUTS: readonly [cut: Cut, mtu: number, where: string][] = [
    ['before', 1400, 'before it reaches the server'],
    ['after', 1300, 'after the server has carried it out'],
  ];

  it.each(CUTS)('are old or new when the connection is cut in the middle of a change: %s', async (cut, mtu) => {
    await using taps = await Taps.to(servers);
    await using cloud = clientOf(taps.endpoints);
    await using witness = clientOf(servers.endpoints);
    await cloud.networks.ensure(network('n0'));
    taps.onChange((count) => (count === 1 ? cut : undefined));
    const changed = cloud.networks.ensure(network('n0', 1300));
    if (cut === 'after')
      expect((await changed).changed).toBe(true); // it looks again, and finds it done
    else expect(await caught(changed)).toMatchObject({ code: 'CONNECTION_FAILED', mayHaveChanged: true });
    expect((await witness.networks.plan(network('n0', mtu))).steps).toEqual([]);
    expect((await cloud.networks.ensure(network('n0', 1300))).changed).toBe(mtu === 1400);
    expect((await witness.networks.plan(network('n0', 1300))).steps).toEqual([]);
  });
});

describe('networks on a cluster of three servers', () => {
  let servers: OvsdbServers;
  beforeEach(() => {
    servers = OvsdbServers.start({ servers: 3 });
  });
  afterEach(() => servers.stop());

  it('are whole or absent when the leader is killed while they are made, and complete on the next one', async () => {
    await using taps = await Taps.to(servers);
    await using cloud = clientOf(taps.endpoints);
    const { leader } = servers;
    taps.onChange((count) => void (count === 5 && servers.kill(leader)));
    const errors = await errorsOfAll(cloud);
    expectTyped(errors);
    expect(errors.length).toBeGreaterThan(0);
    await expectWholeOrAbsent(cloud);
    await expectCompletes(cloud);
    expect(servers.leader).not.toBe(leader);
  });

  it('end within their limit while most servers are gone, and complete when they are back', async () => {
    await using cloud = clientOf(servers.endpoints);
    await cloud.networks.ensure(network('n0'));
    const gone = [1, 2, 3].filter((server) => server !== servers.leader);
    for (const server of gone) servers.kill(server);
    const limits = { timeoutMs: 1500 };
    const errors = await Promise.all(NAMES.map((name) => caught(cloud.networks.ensure(network(name, 1300), limits))));
    for (const error of errors)
      expect(error).toMatchObject({ code: expect.stringMatching(/^(TIMEOUT|CONNECTION_FAILED)$/) });
    for (const server of gone) servers.begin(server);
    // They elect a leader first: who asks the old one meanwhile hears that it no longer leads.
    servers.settle();
    await Promise.all(NAMES.map((name) => cloud.networks.ensure(network(name, 1300))));
    await expectCompletes(cloud);
  });
});
