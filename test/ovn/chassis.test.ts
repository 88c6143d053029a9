import { describe, expect, it } from 'vitest';
import { recordingRunner } from '../../src/host/index.js';
import { type ChassisOptions, chassis, ovsdb, renderChassis } from '../../src/ovn/index.js';
import { caught, thrown } from '../support/caught.js';

const WANTED: ChassisOptions = { southbound: 'ssl:10.0.0.1:6642, ssl:10.0.0.2:6642', ip: '10.9.0.2' };

/** A host that prints these parts. */
const printing = (parts: Readonly<Record<string, string>>) => {
  const stdout = Object.entries({ host: 'kvm2\n', links: '[]', addresses: '[]', ...parts })
    .map(([name, text]) => `\u001e${name}\n${text}`)
    .join('');
  return recordingRunner(() => ({ exitCode: 0, stdout, stderr: '' }));
};

const settings = (pairs: Readonly<Record<string, string>>): string =>
  JSON.stringify({ headings: ['external_ids'], data: [[['map', Object.entries(pairs)]]] });

const device = (mtu: number) => ({
  links: JSON.stringify([{ ifname: 'eth1', mtu, flags: ['UP'] }]),
  addresses: JSON.stringify([
    { ifname: 'eth1', addr_info: [{ family: 'inet', local: '10.9.0.2', prefixlen: 24, scope: 'global' }] },
  ]),
});

const BARE = {
  ...device(1500),
  settings: settings({}),
  bridges: '{"data":[],"headings":["name"]}',
  controller: 'not connected\n',
};

describe('what a host lacks for OVN', () => {
  it('is printed with the commands for a shell, whose values stand in quotes', async () => {
    const host = printing(BARE);
    expect(renderChassis(await chassis(host, { ...WANTED, bridges: { lan: 'br-ex' } })).split('\n')).toEqual([
      'a recorded host (chassis kvm2): lacks 7 things',
      '  name: the chassis has another name or none (needs kvm2)',
      '  southbound: the controller has another southbound database or none (needs ssl:10.0.0.1:6642,ssl:10.0.0.2:6642)',
      '  encapsulation: tunnels are of another kind or none (needs geneve)',
      '  encapsulation-address: tunnels end at another address or none (needs 10.9.0.2)',
      '  bridge-mapping: the physical network "lan" leads to no bridge (needs br-ex)',
      '  integration-bridge: there is no bridge br-int (needs br-int)',
      '  mapped-bridge: Open vSwitch has no bridge "br-ex" for a physical network (needs br-ex)',
      expect.stringContaining('    make it, with the NIC of that network: ovs-vsctl add-br br-ex'),
      '  as root on the host:',
      '    ovs-vsctl -- --may-exist add-br br-int -- set Bridge br-int fail-mode=secure other-config:disable-in-band=true',
      `    ovs-vsctl set Open_vSwitch . 'external-ids:system-id="kvm2"' 'external-ids:ovn-remote="ssl:10.0.0.1:6642,ssl:10.0.0.2:6642"' ${[
        ...[`'external-ids:ovn-encap-type="geneve"'`, `'external-ids:ovn-encap-ip="10.9.0.2"'`],
        `'external-ids:ovn-bridge-mappings="lan:br-ex"'`,
      ].join(' ')}`,
    ]);
    expect(host.requests).toHaveLength(1);
  });

  it('is Open vSwitch alone where that does not run', async () => {
    for (const [part, what] of [
      ['absent', /not installed/],
      ['stopped', /does not answer/],
    ] as const) {
      const report = await chassis(printing({ [part]: '' }), WANTED);
      expect(report).toMatchObject({
        ok: false,
        commands: [],
        lacks: [{ part: 'open-vswitch', what: expect.stringMatching(what) }],
      });
    }
  });

  it('is room in the underlay: 58 bytes for Geneve, 50 for VXLAN, 20 more over IPv6', async () => {
    const mtus = async (options: Partial<ChassisOptions>) =>
      (await chassis(printing(BARE), { ...WANTED, ...options })).largestMtu;
    expect(await mtus({})).toBe(1442);
    expect(await mtus({ encapsulation: 'vxlan' })).toBe(1450);
    const six = BARE.addresses.replace('"inet"', '"inet6"').replace('10.9.0.2', 'fd00::2');
    const over6 = (options: Partial<ChassisOptions>) =>
      chassis(printing({ ...BARE, addresses: six }), { ...WANTED, ip: 'fd00:0::2', ...options });
    expect((await over6({})).largestMtu).toBe(1422);
    expect((await over6({ encapsulation: 'vxlan' })).largestMtu).toBe(1430);
    const jumbo = { ...WANTED, mtu: 1500 };
    const parts = async (mtu: number) =>
      (await chassis(printing({ ...BARE, ...device(mtu) }), jumbo)).lacks.map(({ part }) => part);
    expect(await parts(1557)).toContain('underlay-mtu');
    expect(await parts(1558)).not.toContain('underlay-mtu');
  });

  it('is a connection only where nothing else keeps the controller from it', async () => {
    const set = {
      ...{ 'system-id': 'kvm2', 'ovn-remote': 'ssl:10.0.0.2:6642,ssl:10.0.0.1:6642' },
      ...{ 'ovn-encap-type': 'vxlan,geneve', 'ovn-encap-ip': '10.9.0.2' },
    };
    const bridges = '{"data":[["br-int"]],"headings":["name"]}';
    const report = await chassis(printing({ ...BARE, settings: settings(set), bridges }), WANTED);
    expect(report.lacks.map(({ part }) => part)).toEqual(['connection']);
    expect(report.commands).toEqual([]);
  });

  it('is the bridge that guests are plugged into, with the datapath that the controller asks for', async () => {
    const facts = { ...BARE, settings: settings({ 'ovn-bridge': 'br-ovn', 'ovn-bridge-datapath-type': 'netdev' }) };
    const { lacks, commands } = await chassis(printing(facts), WANTED);
    expect(lacks.filter(({ part }) => part === 'integration-bridge')).toMatchObject([
      { wanted: 'br-int' },
      { found: 'br-ovn', wanted: 'br-int' },
    ]);
    expect(commands[0]).toContain('datapath-type="netdev"');
    expect(commands[1]).toContain('external-ids:ovn-bridge="br-int"');
  });

  it('is not asked for with values that cannot be', async () => {
    const host = printing(BARE);
    for (const wrong of [
      ...[{ ip: 'kvm2' }, { ip: '' }, { southbound: [] }, { southbound: 'kvm1' }, { encapsulation: 'gre' }, { mtu: 0 }],
      ...[
        { name: '' },
        { name: 'a,b' },
        { bridges: { 'a:b': 'br-ex' } },
        { bridges: { lan: '' } },
        { bridges: ['br-ex'] },
      ],
      ...[
        { bridge: 'br-ex' },
        { bridges: { lan: 'br-int' } },
        { bridges: { lan: '-x' } },
        { bridges: { lan: 'b'.repeat(16) } },
      ],
      ...[{ ip: '127.0.0.1' }, { ip: '0.0.0.0' }, { ip: '224.0.0.1' }, { ip: 'fe80::1' }, { ip: '::1' }, { mtu: 67 }],
      ...[{ mtu: 65_536 }, { southbound: 'tcp:$(id):6642' }, { southbound: '' }, { signal: 5 }],
    ])
      expect(
        await caught(chassis(host, { ...WANTED, ...JSON.parse(JSON.stringify(wrong)) })),
        JSON.stringify(wrong),
      ).toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
    expect(
      await caught(chassis(host, { ...WANTED, bridges: JSON.parse('{}', () => new Map([['lan', 'br-ex']])) })),
    ).toMatchObject({ code: 'INVALID_ARGUMENT' });
    for (const wrong of ['null', '{}', '{ "lacks": [null] }'])
      expect(thrown(() => renderChassis(JSON.parse(wrong)))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await caught(chassis(JSON.parse('{}'), WANTED))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    await using northbound = ovsdb({ endpoints: 'unix:/nowhere' });
    expect(await caught(chassis(northbound, WANTED))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(host.requests).toEqual([]);
  });

  it('is not guessed from output that cannot be read', async () => {
    const error = await caught(chassis(printing({ ...BARE, settings: 'ovs-vsctl: unknown option' }), WANTED));
    expect(error).toMatchObject({ code: 'UNEXPECTED_REPLY' });
  });
});
