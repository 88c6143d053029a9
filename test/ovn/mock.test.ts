import { describe, expect, it } from 'vitest';
import { EnsureError, IsolatedNetwork, NatNetwork } from '../../src/index.js';
import { ovn, ovsdb, ovsdbMock } from '../../src/ovn/index.js';
import { caught } from '../support/caught.js';
import { listen } from './listen.js';
import { until } from './until.js';

const LAB = NatNetwork.create('lab')
  .domain('lab.test')
  .subnet('172.30.0.1/24', (s) =>
    s.dhcp('172.30.0.100', '172.30.0.199').host({ mac: '52:54:00:00:00:01', ip: '172.30.0.11', name: 'db' }),
  );
const OTHER = IsolatedNetwork.create('other').subnet('172.30.1.1/24');
const outside = {
  physicalNetwork: 'lan',
  addresses: ['198.51.100.10/24'],
  gateways: ['198.51.100.1'],
  chassis: 'kvm1',
};

describe('a database of OVN in memory', () => {
  it('does for networks and ports what a server does', async () => {
    await using cloud = ovn({ northbound: ovsdbMock(), outside });
    const { networks } = cloud;
    expect((await networks.plan(LAB)).steps.length).toBeGreaterThan(5);
    expect(await networks.ensure(LAB, { owner: 'ci' })).toMatchObject({ changed: true });
    expect(await networks.ensure(LAB, { owner: 'ci' })).toMatchObject({ changed: false, changes: [] });
    expect(await networks.ensureAll([LAB.mtu(1400), OTHER], { owner: 'ci' })).toMatchObject([
      { network: 'lab', status: 'changed' },
      { network: 'other', status: 'changed' },
    ]);
    const { id } = await networks.port('lab', { mac: '52:54:00:00:00:01' });
    expect(await networks.ports('lab')).toEqual([
      { id, mac: '52:54:00:00:00:01', addresses: ['172.30.0.11'], isDynamic: false, hostname: 'db', up: false },
    ]);
    expect(await caught(networks.ensureAbsent('lab', { owner: 'ci' }))).toMatchObject({ code: 'NETWORK_IN_USE' });
    expect((await networks.list()).map(({ name, owner }) => `${name} ${owner}`)).toEqual(['lab ci', 'other ci']);
    expect(await networks.prune('ci', { keep: ['lab'] })).toMatchObject({ removed: ['other'], failed: [] });
    await networks.removePort('lab', '52:54:00:00:00:01');
    await networks.ensureAbsent('lab', { owner: 'ci' });
    for (const table of ['Logical_Switch', 'Logical_Switch_Port', 'ACL', 'NAT', 'DHCP_Options', 'Load_Balancer', 'DNS'])
      expect(await cloud.northbound.select(table)).toEqual([]);
  });

  it('tells every client of changes, and refuses what would not hold', async () => {
    const northbound = ovsdbMock();
    await using one = ovn({ northbound, outside });
    await using other = ovn({ northbound, outside });
    const { events, ended } = await listen((onListening) => one.networks.events({ onListening }));
    await Promise.all([one, other, one, other].map(({ networks }) => networks.ensure(LAB)));
    const { id } = await other.networks.port('lab', { mac: '52:54:00:00:00:01' });
    const where = [['name', '==', id]] as const;
    await other.northbound.transact([{ op: 'update', table: 'Logical_Switch_Port', where, row: { up: true } }]);
    await until(
      async () => events.map(({ type }) => type),
      (types) => types.includes('port-up'),
    );
    expect(events.map(({ type }) => type)).toEqual(['defined', 'started', 'port-added', 'port-up']);
    await one.northbound.transact([
      { op: 'insert', table: 'Logical_Switch', row: { name: 'foreign', ports: [{ named: 'p' }] } },
      { op: 'insert', table: 'Logical_Switch_Port', uuidName: 'p', row: { name: 'lvn-blocked-router' } },
    ]);
    const blocked = await caught(
      one.networks.ensure(NatNetwork.create('blocked').subnet('172.30.2.1/24'), {
        outside: { ...outside, physicalNetwork: 'dmz' },
      }),
    );
    expect(blocked).toBeInstanceOf(EnsureError);
    expect(blocked).toMatchObject({ code: 'DATABASE_REFUSED', left: [] });
    await one.close();
    expect(await ended).toMatchObject({ code: 'CLOSED' });
  });

  it('can be cut off and come back, with its locks free', async () => {
    const northbound = ovsdbMock();
    await using client = ovsdb({ endpoints: northbound, timeoutMs: 2000 });
    const lock = await client.lock('mine');
    expect(northbound.connections).toBe(1);
    await using second = ovsdb({ endpoints: northbound });
    const waiting = caught(second.lock('mine'));
    northbound.stop();
    await until(
      async () => northbound.connections,
      (count) => count === 0,
    );
    expect(lock.signal.aborted).toBe(true);
    expect(await waiting).toMatchObject({ code: 'CONNECTION_FAILED' });
    expect(await caught(client.select('ACL'))).toMatchObject({
      code: 'CONNECTION_FAILED',
      message: expect.stringContaining('stopped'),
    });
    northbound.start();
    await using again = await second.lock('mine');
    expect(again.signal.aborted).toBe(false);
    await client.transact([{ op: 'insert', table: 'DNS', row: { records: { 'db.lab.test': '10.0.0.1' } } }]);
    northbound.disconnect();
    expect(await client.select('DNS')).toHaveLength(1);
  });
});
