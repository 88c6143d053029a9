import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, IsolatedNetwork, type NetworkEvent } from '../../src/index.js';
import { type Ovn as Cloud, type NetworksAnywhere, type OvnNetworkEvent, ovn } from '../../src/ovn/index.js';
import { mockTransport } from '../../src/testing/index.js';
import { lab, type Ovn, OvsdbServers } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { listen } from './listen.js';
import { until } from './until.js';

needs('Open vSwitch and OVN');

const LAB = IsolatedNetwork.create('lab').subnet('172.30.0.1/24', (s) =>
  s.dhcp('172.30.0.100', '172.30.0.199').host({ mac: '52:54:00:00:00:01', ip: '172.30.0.11', name: 'db' }),
);

const told = ({ type, network, port }: OvnNetworkEvent): string =>
  [type, network, ...(port === undefined ? [] : [port.mac])].join(' ');

describe('events of networks on OVN', () => {
  let servers: OvsdbServers;
  let cloud: Cloud;
  beforeAll(() => {
    servers = OvsdbServers.start();
  });
  beforeEach(() => {
    cloud = ovn({ northbound: servers.endpoints });
    return () => cloud.close();
  });
  afterAll(() => servers.stop());

  it('are those that libvirt reports of the same changes', async () => {
    const stop = new AbortController();
    const change = async (networks: NetworksAnywhere) => {
      await networks.ensure(LAB, { running: true });
      await networks.ensure(LAB, { running: true });
      await networks.ensure(LAB.domain('lab.test'));
      await networks.ensureAbsent('lab');
    };
    const host = connect(mockTransport());
    const of = (e: Pick<NetworkEvent, 'network'> & { readonly type: string }) => `${e.type} ${e.network}`;
    const there = await listen((onListening) => host.networks.events({ signal: stop.signal, onListening }));
    const here = await listen((onListening) => cloud.networks.events({ signal: stop.signal, onListening }));
    await change(host.networks);
    await change(cloud.networks);
    await until(
      async () => here.events.length,
      (length) => length >= there.events.length,
    );
    expect(here.events.map(of).sort()).toEqual(there.events.map(of).sort());
    stop.abort(new Error('enough'));
    expect(await here.ended).toMatchObject({ message: 'enough' });
  });

  it('tell of ports after their network and before its end, and of rows of others nothing', async () => {
    const { events, ended } = await listen((onListening) => cloud.networks.events({ onListening }));
    await using other = ovn({ northbound: servers.endpoints });
    await other.northbound.transact([{ op: 'insert', table: 'Logical_Switch', row: { name: 'foreign' } }]);
    await other.networks.ensure(LAB);
    const { id } = await other.networks.port('lab', { mac: '52:54:00:00:00:01' });
    const where = [['name', '==', id]] as const;
    await other.northbound.transact([{ op: 'update', table: 'Logical_Switch_Port', where, row: { up: true } }]);
    await other.networks.ensureAbsent('lab', { inUse: true });
    await until(
      async () => events.map(told),
      (all) => all.includes('undefined lab'),
    );
    expect(events.map(told)).toEqual([
      ...['defined lab', 'started lab', 'port-added lab 52:54:00:00:00:01', 'port-up lab 52:54:00:00:00:01'],
      ...['port-down lab 52:54:00:00:00:01', 'port-removed lab 52:54:00:00:00:01', 'stopped lab', 'undefined lab'],
    ]);
    await cloud.close();
    expect(await ended).toMatchObject({ code: 'CLOSED' });
    await other.northbound.transact([{ op: 'delete', table: 'Logical_Switch', where: [['name', '==', 'foreign']] }]);
  });

  it('go on after a loss with a gap where that is wanted, and end with an error where not', async () => {
    const [going, ending] = await Promise.all(
      [true, false].map((reconnect) => listen((onListening) => cloud.networks.events({ reconnect, onListening }))),
    );
    servers.kill(1);
    expect(await ending?.ended).toMatchObject({ code: 'CONNECTION_FAILED', operation: 'ovsdb.watch' });
    servers.begin(1);
    await until(
      async () => going?.count(),
      (count) => count === 2,
    );
    await cloud.networks.ensure(LAB);
    await until(
      async () => going?.events.map(told) ?? [],
      (all) => all.includes('started lab'),
    );
    expect(going?.events.map(told)).toEqual(['gap ', 'defined lab', 'started lab']);
    await cloud.networks.ensureAbsent('lab');
    const absent = ovn({ northbound: 'unix:/nowhere' });
    expect(await (await listen(() => absent.networks.events())).ended).toMatchObject({ code: 'SOCKET_MISSING' });
  });
});

describe('ports of guests on two hosts', () => {
  let hosts: Ovn;
  let cloud: Cloud;
  beforeAll(() => {
    hosts = lab.ovn();
    cloud = ovn({ northbound: hosts.northbound, southbound: hosts.southbound });
  });
  afterAll(async () => {
    await cloud.close();
    hosts.stop();
  });

  it('are seen with their addresses, their chassis, and whether they are up', async () => {
    expect(await caught(cloud.networks.ports('lab'))).toMatchObject({ code: 'NETWORK_NOT_FOUND' });
    await cloud.networks.ensure(LAB);
    expect(await cloud.networks.ports('lab')).toEqual([]);
    const { events } = await listen((onListening) => cloud.networks.events({ onListening }));
    const macs = ['52:54:00:00:00:01', '52:54:00:00:00:02', '52:54:00:00:00:03'];
    const ids = await Promise.all(macs.map(async (mac) => (await cloud.networks.port('lab', { mac })).id));
    const guests = [0, 1].map((i) =>
      hosts.guest(`g${i + 1}`, { host: i === 0 ? 'h1' : 'h2', port: ids[i] ?? '', mac: macs[i] ?? '' }),
    );
    hosts.sync();
    const leases = guests.map((guest) => guest.lease().replace(/\/24 from .*/, ''));
    const seen = await cloud.networks.ports('lab');
    expect(seen).toMatchObject([
      { id: ids[0], addresses: [leases[0]], isDynamic: false, hostname: 'db', up: true, chassis: 'chassis1' },
      { id: ids[1], addresses: [leases[1]], isDynamic: true, up: true, chassis: 'chassis2' },
      { id: ids[2], isDynamic: true, up: false, chassis: undefined },
    ]);
    expect(leases).toEqual(['172.30.0.11', expect.stringMatching(/^172\.30\.0\.10[01]$/)]);
    hosts.vsctl('h2', 'del-port', 'v-g2');
    await until(
      async () => events.map(told),
      (all) => all.includes(`port-down lab ${macs[1]}`),
    );
    expect((await cloud.networks.ports('lab'))[1]).toMatchObject({ up: false, chassis: undefined });
    await using north = ovn({ northbound: hosts.northbound });
    expect((await north.networks.ports('lab'))[0]).toMatchObject({ up: true, chassis: undefined });
  });
});
