import { describe, expect, it } from 'vitest';
import { IsolatedNetwork } from '../../src/index.js';
import { type Ovsdb, type OvsdbRow, ovn, ovsdbMock } from '../../src/ovn/index.js';
import { caught } from '../support/caught.js';
import { listen } from './listen.js';
import { until } from './until.js';

const LAB = IsolatedNetwork.create('lab').subnet('172.30.0.1/24', (s) => s.dhcp('172.30.0.100', '172.30.0.199'));
const OTHER = IsolatedNetwork.create('other').subnet('172.30.1.1/24');
const MAC = '52:54:00:00:00:01';

/** Copies the row of a table, marks included, as somebody with `ovn-nbctl create` does. @returns uuids of the row and its copy */
async function copied(
  northbound: Ovsdb,
  table: string,
  change: Readonly<Record<string, string>> = {},
): Promise<readonly [string, string]> {
  const [row] = await northbound.select(table, { where: [['external_ids', 'includes', { 'libvirt-network': 'lab' }]] });
  const { _uuid, _version, ports: _, ...columns }: OvsdbRow = row ?? {};
  const external_ids = { ...Object.fromEntries(columns['external_ids'] as Map<string, string>), ...change };
  const [inserted] = await northbound.transact([{ op: 'insert', table, row: { ...columns, external_ids } }]);
  return [String(_uuid), inserted?.uuid ?? ''];
}

describe('a network whose rows somebody has copied', () => {
  it.each(['Logical_Switch', 'DHCP_Options'])('is refused by all calls, which name both: %s', async (table) => {
    await using cloud = ovn({ northbound: ovsdbMock() });
    const { networks, northbound } = cloud;
    await networks.ensureAll([LAB, OTHER]);
    const uuids = await copied(northbound, table);
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      plan: () => networks.plan(LAB),
      planAll: () => networks.planAll([OTHER, LAB]),
      ensure: () => networks.ensure(LAB, { foreign: true }),
      port: () => networks.port('lab', { mac: MAC }),
      removePort: () => networks.removePort('lab', MAC),
      ports: () => networks.ports('lab'),
      ensureAbsent: () => networks.ensureAbsent('lab', { inUse: true }),
    };
    for (const [name, call] of Object.entries(calls)) {
      const error = await caught(call());
      expect(error, name).toMatchObject({
        code: 'NETWORK_EXISTS',
        network: 'lab',
        hint: expect.stringContaining('ovn-nbctl destroy'),
      });
      for (const uuid of uuids) expect(String(error), name).toContain(uuid);
    }
    expect(await networks.ensureAll([LAB, OTHER.mtu(1400)])).toMatchObject([
      { network: 'lab', status: 'failed', error: { code: 'NETWORK_EXISTS' } },
      { network: 'other', status: 'changed' },
    ]);
    await northbound.transact([{ op: 'delete', table, where: [['_uuid', '==', uuids[1]]] }]);
    expect((await networks.ensure(LAB)).changed).toBe(false);
  });

  it('is listed once, with the copies, and is not pruned', async () => {
    await using cloud = ovn({ northbound: ovsdbMock() });
    const { networks, northbound } = cloud;
    await networks.ensureAll([LAB, OTHER], { owner: 'ci' });
    const uuids = [...(await copied(northbound, 'Logical_Switch'))].sort();
    const listed = await networks.list();
    expect(listed.map(({ name }) => name)).toEqual(['lab', 'other']);
    expect(listed[0]).toEqual({ name: 'lab', uuid: uuids[0], owner: 'ci', copies: [uuids[1]] });
    expect(listed[1]?.copies).toBeUndefined();
    expect(await networks.prune('ci', { keep: ['other'] })).toMatchObject({
      ...{ removed: [], unreadable: [] },
      failed: [{ network: 'lab', error: { code: 'NETWORK_EXISTS' } }],
    });
  });

  it('has no owner where the copies have different ones, and is then left by prune, which says so', async () => {
    await using cloud = ovn({ northbound: ovsdbMock() });
    const { networks, northbound } = cloud;
    await networks.ensureAll([LAB, OTHER], { owner: 'ci' });
    await copied(northbound, 'Logical_Switch', { 'libvirt-network-owner': 'team-b' });
    expect((await networks.list())[0]?.owner).toBeUndefined();
    expect(await networks.prune('ci', { keep: ['lab'] })).toEqual({ removed: ['other'], failed: [], unreadable: [] });
    expect(await networks.prune('ci')).toEqual({ removed: [], failed: [], unreadable: ['lab'] });
  });

  it('neither comes nor goes with a copy: events say that it is another', async () => {
    await using cloud = ovn({ northbound: ovsdbMock() });
    const { networks, northbound } = cloud;
    await networks.ensure(LAB);
    const { events } = await listen((onListening) => networks.events({ onListening }));
    const [, copy] = await copied(northbound, 'Logical_Switch');
    await northbound.transact([{ op: 'delete', table: 'Logical_Switch', where: [['_uuid', '==', copy]] }]);
    await networks.ensureAbsent('lab');
    await until(
      async () => events.map(({ type }) => type),
      (types) => types.includes('undefined'),
    );
    expect(events.map(({ type }) => type)).toEqual(['defined', 'defined', 'stopped', 'undefined']);
  });
});
