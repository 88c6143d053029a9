import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Runner } from '../../src/host/index.js';
import { IsolatedNetwork } from '../../src/index.js';
import { type ChassisOptions, type ChassisReport, chassis, ovn, ovsdb } from '../../src/ovn/index.js';
import { lab, type Ovn } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { until } from './until.js';

needs('Open vSwitch and OVN');

const WANTED: ChassisOptions = { southbound: 'tcp:10.99.0.1:6642', ip: '10.99.0.2' };

describe('a host of OVN', () => {
  let hosts: Ovn;
  let host: Runner;
  beforeAll(() => {
    hosts = lab.ovn();
    host = hosts.runner('h2');
  });
  afterAll(() => hosts.stop());

  const run = async (file: string, ...args: readonly string[]): Promise<void> => {
    const { exitCode, stderr } = await host.exec({ file, args, env: {}, signal: AbortSignal.timeout(30_000) });
    expect(exitCode, stderr).toBe(0);
  };
  const carryOut = async ({ commands }: ChassisReport): Promise<void> => {
    for (const [file = '', ...args] of commands) await run(file, ...args);
  };
  const partsOf = ({ lacks }: ChassisReport) => lacks.map(({ part }) => part);
  const nothing = { ok: true, lacks: [], commands: [], unseen: [], chassis: 'chassis2', largestMtu: 1442 };

  it('lacks nothing once it is set up', async () => {
    expect(
      await until(
        () => chassis(host, WANTED),
        ({ ok }) => ok,
      ),
    ).toMatchObject(nothing);
  });

  it.each([
    ['name', 'system-id', { ...WANTED, name: 'chassis2' }],
    ['southbound', 'ovn-remote', WANTED],
    ['encapsulation', 'ovn-encap-type', WANTED],
    ['encapsulation-address', 'ovn-encap-ip', WANTED],
  ] as const)('that lacks its %s gets it by the planned command', async (part, key, wanted) => {
    hosts.vsctl('h2', 'remove', 'open', '.', 'external-ids', key);
    const report = await chassis(host, wanted);
    expect(partsOf(report)).toEqual([part]);
    await using database = ovsdb({ endpoints: hosts.openVswitch('h2'), database: 'Open_vSwitch' });
    const { lacks, commands } = await chassis(database, wanted);
    expect({ lacks, commands }).toEqual({ lacks: report.lacks, commands: report.commands });
    await carryOut(report);
    expect(
      await until(
        () => chassis(host, wanted),
        ({ ok }) => ok,
      ),
    ).toMatchObject(nothing);
  });

  it('that has other values gets the wanted ones, beside those of other programs', async () => {
    hosts.vsctl('h2', 'add-br', 'br-ex', '--', 'set', 'bridge', 'br-ex', 'datapath_type=netdev');
    hosts.vsctl('h2', 'set', 'open', '.', 'external-ids:ovn-bridge-mappings="storage:br-storage,lan:br-old"');
    const wanted = { ...WANTED, southbound: ['tcp:10.99.0.1:6642', 'tcp:10.99.0.9:6642'], bridges: { lan: 'br-ex' } };
    const report = await chassis(host, wanted);
    expect(report.lacks).toMatchObject([
      { part: 'southbound', found: 'tcp:10.99.0.1:6642', wanted: 'tcp:10.99.0.1:6642,tcp:10.99.0.9:6642' },
      { part: 'bridge-mapping', found: 'br-old', wanted: 'br-ex' },
    ]);
    await carryOut(report);
    expect(
      await until(
        () => chassis(host, wanted),
        ({ ok }) => ok,
      ),
    ).toMatchObject(nothing);
    expect(hosts.vsctl('h2', 'get', 'open', '.', 'external-ids:ovn-bridge-mappings')).toBe(
      '"storage:br-storage,lan:br-ex"',
    );
    hosts.vsctl('h2', 'set', 'open', '.', 'external-ids:ovn-remote=tcp:10.99.0.1:6642');
  });

  it('is never given bridges, addresses and an MTU of its own', async () => {
    hosts.vsctl('h2', 'set', 'interface', 'br-phy', 'mtu_request=1450');
    const report = await until(
      () => chassis(host, { ...WANTED, bridges: { dmz: 'br-dmz' } }),
      ({ largestMtu }) => largestMtu === 1392,
    );
    expect(report.lacks).toMatchObject([
      { part: 'bridge-mapping', wanted: 'br-dmz' },
      { part: 'mapped-bridge', wanted: 'br-dmz', hint: expect.stringContaining('add-br br-dmz') },
      { part: 'underlay-mtu', found: '1450', wanted: '1500', hint: expect.stringContaining('.mtu(1392)') },
    ]);
    expect(report.commands.flat().join(' ')).not.toMatch(/add-br|mtu/);
    hosts.vsctl('h2', 'set', 'interface', 'br-phy', 'mtu_request=1500');
    const other = await chassis(host, { ...WANTED, ip: '10.99.0.77' });
    expect(partsOf(other)).toEqual(['encapsulation-address', 'underlay-address']);
    expect((await chassis(host, { ...WANTED, encapsulation: 'vxlan' })).largestMtu).toBe(1450);
  });

  it('that has nothing is one of OVN after the planned commands, and its guests reach those of the others', async () => {
    await run('ovn-appctl', '-t', 'ovn-controller', 'exit');
    hosts.vsctl('h2', 'del-br', 'br-int');
    for (const key of ['system-id', 'ovn-remote', 'ovn-encap-type', 'ovn-encap-ip', 'ovn-bridge-mappings'])
      hosts.vsctl('h2', 'remove', 'open', '.', 'external-ids', key);
    const wanted = { ...WANTED, name: 'kvm2' };
    const report = await until(
      () => chassis(host, wanted),
      ({ lacks }) => lacks.some(({ part }) => part === 'controller'),
    );
    expect(partsOf(report)).toEqual([
      ...['name', 'southbound', 'encapsulation', 'encapsulation-address', 'integration-bridge', 'controller'],
    ]);
    expect(report.chassis).toBe('kvm2');
    await carryOut(report);
    expect(partsOf(await chassis(host, wanted))).toEqual(['controller']);
    await run('ovn-controller', 'unix:/run/ovn-lab/h2/db.sock', '--pidfile', '--log-file', '--detach');
    expect(
      (
        await until(
          () => chassis(host, wanted),
          ({ ok }) => ok,
        )
      ).ok,
    ).toBe(true);

    await using cloud = ovn({ northbound: hosts.northbound });
    await cloud.networks.ensure(
      IsolatedNetwork.create('lab').subnet('172.30.0.1/24', (s) => s.dhcp('172.30.0.10', '172.30.0.99')),
    );
    const guests = [];
    for (const [i, at] of (['h1', 'h2'] as const).entries()) {
      const mac = `52:54:00:00:00:0${i + 1}`;
      const { id } = await cloud.networks.port('lab', { mac });
      guests.push(hosts.guest(`g${i + 1}`, { host: at, port: id, mac }));
    }
    hosts.sync();
    expect(guests.map((guest) => guest.lease())).toEqual([
      '172.30.0.10/24 from 172.30.0.1',
      '172.30.0.11/24 from 172.30.0.1',
    ]);
    guests[0]?.sh('for n in $(seq 20); do busybox ping -c 1 -W 1 172.30.0.11 && exit; done; exit 1');
  });
});
