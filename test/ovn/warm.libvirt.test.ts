import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IsolatedNetwork, RoutedNetwork } from '../../src/index.js';
import { type Ovn, ovn } from '../../src/ovn/index.js';
import { OvsdbServers } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { programOf } from '../support/program.js';
import { start } from '../support/run.js';
import { OvsdbTap } from './ovsdb-tap.js';

needs('Open vSwitch and OVN');

const quiet = (name: string, mtu?: number) => {
  const network = IsolatedNetwork.create(name).subnet('172.30.0.1/24', (s) => s.dhcp('172.30.0.100', '172.30.0.199'));
  return mtu === undefined ? network : network.mtu(mtu);
};

describe('the rows that all calls of a client share', () => {
  let servers: OvsdbServers;
  let tap: OvsdbTap;
  let cloud: Ovn;
  let other: Ovn;
  beforeAll(async () => {
    servers = OvsdbServers.start();
    tap = await OvsdbTap.to(servers.endpoints[0] ?? '');
    cloud = ovn({ northbound: tap.endpoint });
    other = ovn({ northbound: servers.endpoints });
  });
  afterAll(async () => {
    await cloud.close();
    await other.close();
    await tap.stop();
    servers.stop();
  });

  it('come by one monitor, and nothing is asked for between calls', async () => {
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => cloud.networks.ensure(quiet(name))));
    for (const name of ['a', 'b', 'c', 'd']) await cloud.networks.ensure(quiet(name));
    expect(tap.counts).toEqual({
      ...{ set_db_change_aware: 1, monitor_cond: 1, get_schema: 1, monitor_cond_since: 1 },
      // One for each change, and one for each call that finds nothing to change.
      transact: 8,
    });
    expect(JSON.stringify(tap.seen.find(({ method }) => method === 'monitor_cond_since')?.params)).toContain(
      '["external_ids","includes",["map",[["libvirt-network-format","1"]]]]',
    );
  });

  it('have what others have written when a call begins, however short ago', async () => {
    for (let mtu = 1300; mtu < 1310; mtu++) {
      expect((await other.networks.ensure(quiet('a', mtu))).changed).toBe(true);
      expect((await cloud.networks.ensure(quiet('a', mtu))).changed).toBe(false);
      expect((await cloud.networks.ensure(quiet('a'))).changed).toBe(true);
      expect((await cloud.networks.plan(quiet('a', mtu))).steps.length).toBeGreaterThan(0);
    }
  });

  it('have what was changed by hand, in rows that the switch does not tell of', async () => {
    const options = { table: 'DHCP_Options', where: [['cidr', '==', '172.30.0.0/24']] } as const;
    await other.northbound.transact([{ op: 'update', ...options, row: { options: { lease_time: '1' } } }]);
    const { changes } = await cloud.networks.ensure(quiet('b'));
    expect(changes.map(({ action, table }) => [action, table])).toEqual([['change', 'DHCP_Options']]);
    await other.northbound.transact([{ op: 'delete', ...options }]);
    const again = await cloud.networks.ensure(quiet('b'));
    expect(again.changes.map(({ action, table }) => [action, table])).toEqual([['add', 'DHCP_Options']]);
  });

  it('are read again after a loss, by the call that is next', async () => {
    servers.kill(1);
    expect(await caught(cloud.networks.ensure(quiet('a', 1280)))).toMatchObject({ code: 'CONNECTION_FAILED' });
    tap.seen.length = 0;
    servers.begin(1);
    await other.networks.ensure(quiet('a', 1290));
    await other.networks.ensureAbsent('d');
    expect(tap.seen).toEqual([]);
    expect((await cloud.networks.ensure(quiet('a', 1290))).changed).toBe(false);
    expect((await cloud.networks.ensureAbsent('d')).changed).toBe(false);
    expect(tap.counts['monitor_cond_since']).toBe(1);
  });

  it("refuse the name of a switch that is somebody else's, also in a plan", async () => {
    await other.northbound.transact([{ op: 'insert', table: 'Logical_Switch', row: { name: 'theirs' } }]);
    const routed = RoutedNetwork.create('r').subnet('172.31.0.1/24');
    await cloud.networks.ensure(routed, {
      outside: { physicalNetwork: 'lan', addresses: ['198.51.100.10/24'], chassis: 'c1' },
    });
    for (const name of ['theirs', 'lvn-r-outside'])
      expect(await caught(cloud.networks.plan(quiet(name)))).toMatchObject({ code: 'NETWORK_EXISTS' });
  });

  it('do not keep a program alive that has nothing more to do', async () => {
    const child = start(process.execPath, [programOf('test/support/idle-ovn-process.ts'), ...servers.endpoints], {
      seconds: 60,
    });
    const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    expect([printed, code]).toEqual(['true\n', 0]);
  });
});
