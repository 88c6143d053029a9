import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IsolatedNetwork, NatNetwork, RoutedNetwork } from '../../src/index.js';
import { type Ovn, type OvnOutside, ovn } from '../../src/ovn/index.js';
import { OvsdbServers } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { announce, runs } from '../support/random.js';
import { contentsOf } from './contents.js';
import { randomNetwork } from './random-networks.js';

needs('Open vSwitch and OVN');

const OUTSIDE: OvnOutside = {
  physicalNetwork: 'lan',
  addresses: ['198.51.100.10/24', '2001:db8:ffff::10/64'],
  gateways: ['198.51.100.2', '2001:db8:ffff::2'],
  chassis: 'chassis1',
  dnsServers: ['198.51.100.2'],
};

const LAB = NatNetwork.create('lab')
  .natIpv6()
  .mtu(1442)
  .domain('lab.test')
  .subnet('172.30.0.1/24', (s) =>
    s
      .dhcp('172.30.0.100', '172.30.0.199')
      .host({ mac: '52:54:00:00:00:01', ip: '172.30.0.11', name: 'db' })
      .host({ mac: '52:54:00:00:00:02', ip: '172.30.0.150' }),
  )
  .subnet('fd00:30::1/64', (s) => s.host({ id: '00:03:00:01:52:54:00:00:00:01', ip: 'fd00:30::11', name: 'db' }))
  .bandwidth({ inbound: { average: 1000 }, outbound: { average: 500, burst: 64 } })
  .isolatePorts()
  .forwardPort({ protocol: 'tcp', hostPort: 80, to: { ip: '172.30.0.11', port: 7777 } })
  .forwardPort({
    protocol: 'udp',
    hostPort: { start: 5000, end: 5002 },
    from: '203.0.113.0/24',
    to: { ip: '172.30.0.11' },
  });

describe('networks on OVN', () => {
  let servers: OvsdbServers;
  let cloud: Ovn;
  beforeAll(() => {
    servers = OvsdbServers.start();
    cloud = ovn({ northbound: servers.endpoints, outside: OUTSIDE });
  });
  afterAll(async () => {
    await cloud.close();
    servers.stop();
  });

  it('are made by one transaction, and a second one has nothing to do', async () => {
    const { changed, changes } = await cloud.networks.ensure(LAB);
    expect(changed).toBe(true);
    expect(changes.map(({ what }) => what)).toContain('add NAT 172.30.0.0/24');
    expect(await cloud.networks.ensure(LAB)).toMatchObject({ changed: false, changes: [] });
    expect(await cloud.networks.plan(LAB)).toMatchObject({ network: 'lab', steps: [], blocked: [] });
  });

  it('have the rows that OVN was seen to need', async () => {
    const [main] = await cloud.northbound.select('Logical_Switch', { where: [['name', '==', 'lab']] });
    expect(main?.['other_config']).toEqual(
      new Map([
        ['subnet', '172.30.0.0/24'],
        ['exclude_ips', '172.30.0.1..172.30.0.99 172.30.0.150 172.30.0.200..172.30.0.254'],
        ['ipv6_prefix', 'fd00:30::'],
      ]),
    );
    const [dns] = await cloud.northbound.select('DNS');
    expect(dns?.['records']).toEqual(
      new Map([
        ['db.lab.test', '172.30.0.11 fd00:30::11'],
        ['db', '172.30.0.11 fd00:30::11'],
        ['11.0.30.172.in-addr.arpa', 'db.lab.test'],
        [`1.1.${'0.'.repeat(22)}0.3.0.0.0.0.d.f.ip6.arpa`, 'db.lab.test'],
      ]),
    );
    const options = (await cloud.northbound.select('DHCP_Options')).map((row) => row['options']);
    expect(options).toContainEqual(
      new Map(
        Object.entries({
          ...{ server_id: '172.30.0.1', server_mac: expect.stringMatching(/^52:54:00:/), lease_time: '3600' },
          ...{ router: '172.30.0.1', mtu: '1442', dns_server: '198.51.100.2', domain_name: '"lab.test"' },
        }),
      ),
    );
    const vips = (await cloud.northbound.select('Load_Balancer')).map((row) => row['vips']);
    expect(vips).toContainEqual(new Map([['198.51.100.10:80', '172.30.0.11:7777']]));
    expect(vips).toContainEqual(
      new Map([5000, 5001, 5002].map((port) => [`198.51.100.10:${port}`, `172.30.0.11:${port}`])),
    );
  });

  it('change by the difference alone, and are then as if made at once', async () => {
    const changed = LAB.withoutDhcpRange('172.30.0.100')
      .mtu(1400)
      .dnsHost({ ip: '172.30.0.9', hostnames: ['www'] })
      .with({ bandwidth: undefined, port: undefined });
    const { changes } = await cloud.networks.ensure(changed);
    expect(changes.map(({ action, row }) => `${action} ${row}`).sort()).toEqual([
      ...['change dhcp_172_30_0_0', 'change dns', 'change guests', 'change router_inside', 'change switch'],
      ...['remove acl_isolated', 'remove limit_in', 'remove limit_out'],
    ]);
    const found = await contentsOf(cloud.northbound);
    await cloud.networks.ensureAbsent('lab');
    expect(await contentsOf(cloud.northbound)).toEqual([]);
    await cloud.networks.ensure(changed);
    expect(await contentsOf(cloud.northbound)).toEqual(found);
  });

  it('of every kind are listed with what they were made of, and pruned by their owner', async () => {
    const own = { owner: 'team-a' };
    const isolated = IsolatedNetwork.create('quiet').subnet('172.30.1.1/24');
    const routed = RoutedNetwork.create('routed').subnet('172.30.2.1/24').subnet('fd00:32::1/64');
    await cloud.networks.ensure(isolated, own);
    await cloud.networks.ensure(routed, {
      ...own,
      outside: {
        ...OUTSIDE,
        addresses: ['198.51.100.11/24', '2001:db8:ffff::11/64'],
        chassis: ['chassis1', 'chassis2', 'chassis3'],
      },
    });
    const listed = await cloud.networks.list();
    expect(listed.map(({ name, owner }) => [name, owner])).toEqual([
      ['lab', undefined],
      ['quiet', 'team-a'],
      ['routed', 'team-a'],
    ]);
    expect(listed[1]?.network?.toXml()).toBe(isolated.toXml());
    expect(await cloud.networks.ensure(listed[1]?.network ?? LAB, own)).toMatchObject({ changed: false, changes: [] });
    expect(await caught(cloud.networks.ensure(isolated, { owner: 'team-b' }))).toMatchObject({ code: 'NOT_OWNER' });
    expect(await caught(cloud.networks.ensureAbsent('lab', own))).toMatchObject({ code: 'NOT_OWNER' });
    expect(await cloud.networks.prune('team-a', { keep: ['quiet'] })).toMatchObject({
      removed: ['routed'],
      failed: [],
    });
    expect(await cloud.networks.prune('team-a')).toMatchObject({ removed: ['quiet'], failed: [] });
    expect((await cloud.networks.list()).map(({ name }) => name)).toEqual(['lab']);
  });

  it('have no address outside that another network has on the same physical network', async () => {
    const { networks } = cloud;
    const at = (address: string, more: Partial<OvnOutside> = {}) => ({
      outside: { ...OUTSIDE, addresses: [`${address}/24`], gateways: [], ...more },
    });
    const [one, two] = ['one', 'two'].map((name) => NatNetwork.create(name).subnet('10.8.0.1/24'));
    if (one === undefined || two === undefined) return;
    const own = { ownAddresses: [{ guest: '10.8.0.5', address: '198.51.100.82' }] };
    const forwarding = one.forwardPort({
      ...{ protocol: 'tcp', hostPort: 80, hostAddress: '198.51.100.83', to: { ip: '10.8.0.5' } },
    });
    await networks.ensure(forwarding.natAddress('198.51.100.81'), at('198.51.100.80', own));
    for (const taken of [80, 81, 82, 83].map((last) => `198.51.100.${last}`)) {
      const error = await caught(networks.plan(two, at(taken)));
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', network: 'two' });
      expect(String(error)).toContain(`${taken} outside: network "one" has it`);
    }
    const natted = await caught(networks.ensure(two.natAddress('198.51.100.80'), at('198.51.100.84')));
    expect(natted).toMatchObject({ code: 'INVALID_ARGUMENT' });
    await networks.plan(two, at('198.51.100.84'));
    await networks.plan(two, at('198.51.100.80', { vlan: 9 }));
    await networks.plan(two, at('198.51.100.80', { physicalNetwork: 'dmz' }));
    const each = await networks.ensureAll([one, two], {
      outside: ({ name }) => at(name === 'one' ? '198.51.100.80' : '198.51.100.85').outside,
    });
    expect(each.flatMap(({ error }) => error ?? [])).toEqual([]);
    await networks.ensureAbsent('one');
    await networks.ensureAbsent('two');
  });

  it('have an address outside for one of two that get it at the same moment by two programs', async () => {
    await using other = ovn({ northbound: servers.endpoints, outside: OUTSIDE });
    const at = (address: string, more: Partial<OvnOutside> = {}) => ({
      outside: { ...OUTSIDE, addresses: [`${address}/24`], gateways: [], ...more },
    });
    const [one, two] = [NatNetwork.create('one').subnet('10.8.0.1/24'), NatNetwork.create('two').subnet('10.8.0.1/24')];
    const forwarding = one.forwardPort({
      ...{ protocol: 'tcp', hostPort: 80, hostAddress: '198.51.100.90', to: { ip: '10.8.0.5' } },
    });
    const own = { ownAddresses: [{ guest: '10.8.0.5', address: '198.51.100.90' }] };
    const rivals: readonly (readonly [NatNetwork, ReturnType<typeof at>])[] = [
      [one, at('198.51.100.90')],
      [one.natAddress('198.51.100.90'), at('198.51.100.91')],
      [forwarding, at('198.51.100.91')],
      [one, at('198.51.100.91', own)],
    ];
    const ensureBoth = (first: (typeof rivals)[number], outside: ReturnType<typeof at>) =>
      Promise.allSettled([cloud.networks.ensure(...first), other.networks.ensure(two, outside)]);
    for (const rival of rivals) {
      const results = await ensureBoth(rival, at('198.51.100.90'));
      const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      expect(refused).toMatchObject([{ code: 'INVALID_ARGUMENT' }]);
      expect(String(refused[0])).toContain('198.51.100.90 outside');
      for (const name of ['one', 'two']) await cloud.networks.ensureAbsent(name);
    }
    const elsewhere = await ensureBoth([one, at('198.51.100.90')], at('198.51.100.90', { vlan: 9 }));
    expect(elsewhere.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    const moved = await ensureBoth([one, at('198.51.100.92')], at('198.51.100.92'));
    expect(moved.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    for (const name of ['one', 'two']) await cloud.networks.ensureAbsent(name);
  });

  it('with openings become others, and go again', async () => {
    const { networks, northbound } = cloud;
    const before = await contentsOf(northbound);
    const open = IsolatedNetwork.create('open').subnet('10.7.0.1/24').subnet('fd00:7::1/64');
    const nat = NatNetwork.create('open').natIpv6().subnet('10.7.0.1/24').subnet('fd00:7::1/64');
    const outside = { ...OUTSIDE, addresses: ['198.51.100.70/24', '2001:db8:ffff::70/64'] };
    const opened = (from: string) => ({ outside: { ...outside, openings: [{ from }] } });
    const own = { ...opened('192.0.2.0/24').outside, ownAddresses: [{ guest: '10.7.0.5', address: '198.51.100.71' }] };
    await networks.ensure(nat, { outside: own });
    const { changes } = await networks.ensure(nat, opened('2001:db8:7::/64'));
    expect(changes.find(({ row }) => row === 'open_ipv6')?.why).toContain('need a route to the network');
    await networks.ensure(nat, { outside: own });
    await networks.ensure(nat, { outside });
    await networks.ensure(nat, { outside: own });
    await networks.ensure(open);
    await networks.ensure(nat, { outside: own });
    await networks.port('open', { mac: '52:54:00:00:00:01' });
    await networks.ensureAbsent('open', { inUse: true });
    expect(await contentsOf(northbound)).toEqual(before);
  });

  it('leave rows of others alone, also those that others have put into them', async () => {
    const [, port] = await cloud.northbound.transact([
      {
        op: 'insert',
        table: 'Logical_Switch',
        row: { name: 'neutron-1', external_ids: { 'neutron:revision_number': '4' } },
      },
      { op: 'insert', table: 'Logical_Switch_Port', uuidName: 'mine', row: { name: 'by-hand' } },
      {
        ...{ op: 'mutate', table: 'Logical_Switch', where: [['name', '==', 'lab']] },
        mutations: [
          ['ports', 'insert', { named: 'mine' }],
          ['external_ids', 'insert', { note: 'mine' }],
        ],
      },
    ]);
    await cloud.networks.ensure(LAB.mtu(1300));
    const [main] = await cloud.northbound.select('Logical_Switch', { where: [['name', '==', 'lab']] });
    expect(main?.['ports']).toContain(port?.uuid);
    expect(Object.fromEntries(main?.['external_ids'] as Map<string, string>)).toMatchObject({ note: 'mine' });
    const foreign = IsolatedNetwork.create('neutron-1').subnet('172.30.9.1/24');
    expect(await caught(cloud.networks.ensure(foreign, { foreign: true }))).toMatchObject({ code: 'NETWORK_EXISTS' });
    expect(await caught(cloud.networks.ensureAbsent('lab'))).toMatchObject({ code: 'NETWORK_IN_USE' });
    expect((await cloud.networks.ensureAbsent('lab', { inUse: true })).changed).toBe(true);
    expect((await cloud.northbound.select('Logical_Switch')).map((row) => row['name'])).toEqual(['neutron-1']);
  });

  it.each([
    ['half a mark', {}],
    ['the mark of another format', { 'libvirt-network-row': 'switch', 'libvirt-network-format': '99' }],
  ])('are not made over a switch with %s', async (_, marks) => {
    const { networks, northbound } = cloud;
    const external_ids = { 'libvirt-network': 'other', ...marks };
    await northbound.transact([{ op: 'insert', table: 'Logical_Switch', row: { name: 'other', external_ids } }]);
    const other = IsolatedNetwork.create('other').subnet('10.7.0.1/24');
    expect(await caught(networks.ensure(other))).toMatchObject({ code: 'NETWORK_EXISTS' });
    expect(await caught(networks.ensureAbsent('other'))).toMatchObject({ code: 'NETWORK_EXISTS' });
    const where = [['name', '==', 'other']] as const;
    const [gone] = await northbound.transact([{ op: 'delete', table: 'Logical_Switch', where }]);
    expect(gone?.count).toBe(1);
  });

  it('are right when two programs make them at once', async () => {
    await using other = ovn({ northbound: servers.endpoints, outside: OUTSIDE });
    const results = await Promise.all([cloud, other, cloud, other].map(({ networks }) => networks.ensure(LAB)));
    expect(results.filter(({ changed }) => changed)).toHaveLength(1);
    expect(await cloud.northbound.select('Logical_Switch', { where: [['name', '==', 'lab']] })).toHaveLength(1);
  });

  it('have ports of guests, each once, which stay through every change', async () => {
    const { networks, northbound } = cloud;
    await networks.ensure(LAB);
    const reserved = await networks.port('lab', { mac: '52:54:00:00:00:01' });
    expect(await networks.port('lab', { mac: '52:54:00:00:00:01' })).toMatchObject({ id: reserved.id, changed: false });
    expect(reserved.nic.toXml()).toContain(`interfaceid='${reserved.id}'`);
    const [free, asked] = [
      await networks.port('lab', { mac: '52:54:00:00:00:0A' }),
      await networks.port('lab', { mac: '52:54:00:00:00:0b', ip: ['172.30.0.77', 'fd00:30::77'] }),
    ];
    const addresses = async () =>
      new Map((await northbound.select('Logical_Switch_Port')).map((row) => [row['name'], row['addresses']]));
    const expected = [
      [reserved.id, ['52:54:00:00:00:01 172.30.0.11 fd00:30::11']],
      [free.id, ['52:54:00:00:00:0a dynamic']],
      [asked.id, ['52:54:00:00:00:0b 172.30.0.77 fd00:30::77']],
    ] as const;
    expect([...(await addresses())]).toEqual(expect.arrayContaining([...expected]));
    expect((await networks.ensure(LAB)).changed).toBe(false);
    await networks.ensure(LAB.withoutReservation({ mac: '52:54:00:00:00:01' }).mtu(1280));
    // Nobody is renumbered.
    expect((await addresses()).get(reserved.id)).toEqual(['52:54:00:00:00:01 172.30.0.11 fd00:30::11']);
    expect(await caught(networks.port('lab', { mac: '52:54:00:00:00:0c', ip: '172.30.0.77' }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(await caught(networks.port('lab', { mac: '52:54:00:00:00:0c', ip: '10.0.0.1' }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(await caught(networks.port('nowhere', { mac: '52:54:00:00:00:0c' }))).toMatchObject({
      code: 'NETWORK_NOT_FOUND',
    });
    expect(await caught(networks.ensureAbsent('lab'))).toMatchObject({ code: 'NETWORK_IN_USE' });
    for (const mac of ['52:54:00:00:00:01', '52:54:00:00:00:0a', '52:54:00:00:00:0b'])
      expect((await networks.removePort('lab', mac)).changed).toBe(true);
    expect((await networks.removePort('lab', '52:54:00:00:00:01')).changed).toBe(false);
    expect((await networks.ensureAbsent('lab')).changed).toBe(true);
  });

  it('go from any to any other, and are then as if made at once', { timeout: runs(1_800_000, 120_000) }, async () => {
    const count = runs(500, 25);
    const random = announce('pairs of networks on OVN', count);
    const { networks, northbound } = cloud;
    await networks.ensureAbsent('lab', { inUse: true });
    const foreign = await contentsOf(northbound);
    for (let i = 0; i < count; i++) {
      const [current, desired] = [randomNetwork('pair', random), randomNetwork('pair', random)];
      await networks.ensure(current.network, { outside: current.outside });
      await networks.ensure(desired.network, { outside: desired.outside });
      const reached = await contentsOf(northbound);
      expect(await networks.ensure(desired.network, { outside: desired.outside })).toMatchObject({
        changed: false,
        changes: [],
      });
      await networks.ensureAbsent('pair');
      expect(await contentsOf(northbound)).toEqual(foreign);
      await networks.ensure(desired.network, { outside: desired.outside });
      expect(reached, desired.network.toXml()).toEqual(await contentsOf(northbound));
      if (random.chance(0.5)) await networks.ensureAbsent('pair');
    }
    await networks.ensureAbsent('pair');
    expect(await contentsOf(northbound)).toEqual(foreign);
  });
});
