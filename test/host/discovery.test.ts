import { describe, expect, it } from 'vitest';
import { connect } from '../../src/client/index.js';
import { discover } from '../../src/host/observe/discover.js';
import { nicChoices } from '../../src/host/observe/nic-choices.js';
import { observe } from '../../src/host/observe/observe.js';
import { backendFor, managerOf, ownersOf } from '../../src/host/observe/owners.js';
import { PROBES } from '../../src/host/observe/probes.js';
import { localRunner, type RecordingRunner, recordingRunner } from '../../src/host/runner/runner.js';
import { BridgedNetwork, IsolatedNetwork, NatNetwork } from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';
import { caught } from '../support/caught.js';

/** What `ip -j -d link` says of a device. */
const link = (ifname: string, more: object = {}) => ({
  ifname,
  flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
  mtu: 1500,
  link_type: 'ether',
  address: '52:54:00:00:00:01',
  ...more,
});
const kind = (info_kind: string, info_data: object = {}) => ({ linkinfo: { info_kind, info_data } });
const BRIDGE = kind('bridge', {
  forward_delay: 400,
  hello_time: 200,
  max_age: 2000,
  ageing_time: 30_000,
  stp_state: 1,
  priority: 4096,
  vlan_filtering: 0,
  mcast_snooping: 1,
});

const LINKS = [
  link('lo', { link_type: 'loopback', address: '00:00:00:00:00:00' }),
  link('eno1', { parentbus: 'pci', master: 'br0' }),
  link('eno2', { parentbus: 'pci', flags: ['UP'] }),
  link('eno3', { parentbus: 'pci' }),
  link('wlan0', { parentbus: 'pci' }),
  link('bond0', kind('bond')),
  link('bond0.20', { ...kind('vlan', { id: 20 }), link: 'bond0', master: 'br20' }),
  link('br0', { ...BRIDGE, ifalias: 'the LAN' }),
  link('br20', BRIDGE),
  link('virbr0', BRIDGE),
  link('lanbr', BRIDGE),
  link('virbr9', BRIDGE),
  link('docker0', { ...BRIDGE, flags: ['BROADCAST'] }),
  link('br-0123456789ab', BRIDGE),
  link('vnet3', { ...kind('tun', { type: 'tap' }), master: 'br0' }),
  link('macvtap0', { ...kind('macvtap'), link: 'eno3' }),
];
const ADDRESSES = [
  {
    ifname: 'br0',
    addr_info: [
      {},
      {
        family: 'inet',
        local: '10.77.0.10',
        prefixlen: 24,
        scope: 'global',
        dynamic: true,
        valid_life_time: 3000,
        preferred_life_time: 3000,
      },
      { family: 'inet6', local: 'fe80::1', prefixlen: 64, scope: 'link', valid_life_time: 4_294_967_295 },
    ],
  },
];
const ROUTES = [
  { dst: 'default', gateway: '10.77.0.1', dev: 'br0', protocol: 'dhcp', metric: 100, flags: [] },
  { dst: '10.1.0.0/16', via: { family: 'inet6', host: 'fe80::2' }, dev: 'br0', flags: ['onlink'], table: '77' },
  { dst: '10.2.0.0/16', nexthops: [{ gateway: '10.77.0.2', dev: 'br0', weight: 2, flags: [] }], flags: [] },
];

/** A host that answers probes with what is written here; all others fail, as where their tool is missing. */
function recorded(answers: { readonly [P in keyof typeof PROBES]?: string }, records = ''): RecordingRunner {
  return recordingRunner(({ args }) => {
    const mark = /echo "([0-9a-f]{18}) links/.exec(args[1] ?? '')?.[1];
    if (mark === undefined) return { exitCode: 0, stdout: records, stderr: '' };
    const known = {
      links: JSON.stringify(LINKS),
      addresses: JSON.stringify(ADDRESSES),
      routes4: JSON.stringify(ROUTES),
      ...answers,
    };
    const told = new Map<string, string>(Object.entries(known));
    const parts = Object.keys(PROBES).map(
      (name) => `${told.get(name) ?? ''}${mark} ${name} ${told.has(name) ? 0 : 127}\n`,
    );
    return { exitCode: 0, stdout: parts.join(''), stderr: '' };
  });
}

describe('what a host is like', () => {
  it('is read in one run that changes nothing', async () => {
    const runner = recorded({});
    const { devices } = await observe(runner);
    expect(runner.requests).toHaveLength(1);
    expect(devices.map(({ name, kind: is }) => `${name} ${is}`)).toEqual([
      'lo loopback',
      'eno1 physical',
      'eno2 physical',
      'eno3 physical',
      'wlan0 physical',
      'bond0 bond',
      'bond0.20 vlan',
      'br0 bridge',
      'br20 bridge',
      'virbr0 bridge',
      'lanbr bridge',
      'virbr9 bridge',
      'docker0 bridge',
      'br-0123456789ab bridge',
      'vnet3 tap',
      'macvtap0 macvtap',
    ]);
  });

  it('has times in seconds, addresses with their lifetimes, and routes with all their parts', async () => {
    const { devices, routes } = await observe(recorded({}));
    const br0 = devices.find(({ name }) => name === 'br0');
    expect(br0?.bridge).toMatchObject({
      stp: true,
      forwardDelay: 4,
      helloTime: 2,
      maxAge: 20,
      ageingTime: 300,
      priority: 4096,
    });
    expect(br0).toMatchObject({
      alias: 'the LAN',
      addresses: [{ address: '10.77.0.10', dynamic: true, validS: 3000 }, {}],
    });
    expect(br0?.addresses[1]).not.toHaveProperty('validS');
    expect(routes).toMatchObject([
      { to: 'default', gateway: '10.77.0.1', protocol: 'dhcp', metric: 100, onLink: false },
      { to: '10.1.0.0/16', gateway: 'fe80::2', table: '77', onLink: true, protocol: 'boot' },
      { to: '10.2.0.0/16', hops: [{ gateway: '10.77.0.2', device: 'br0', weight: 2 }] },
    ]);
  });

  it('knows over which device the caller came, wireless devices, and whether bridges are filtered', async () => {
    const seen = await observe(
      recorded({ peer: '[{"dst":"10.9.9.9","dev":"br0"}]', wireless: 'wlan0\n', netfilter: '1\n' }),
    );
    expect(seen).toMatchObject({ peerDevice: 'br0', bridgeNetfilter: true });
    expect(seen.devices.filter(({ wireless }) => wireless).map(({ name }) => name)).toEqual(['wlan0']);
  });

  it('cannot be told without an ip that prints JSON', async () => {
    const runner = recordingRunner(() => ({ exitCode: 0, stdout: '', stderr: '' }));
    expect(await caught(observe(runner))).toMatchObject({ code: 'TOOL_MISSING' });
    const absent = localRunner({ prefix: ['/nowhere/sudo'] });
    expect(await caught(observe(absent))).toMatchObject({ code: 'TOOL_MISSING' });
    const failing = recordingRunner(() => ({ exitCode: 1, stdout: '', stderr: 'sudo: a password is required\n' }));
    expect(String(await caught(observe(failing)))).toContain('a password is required');
  });

  it('of this machine can be read as well', async () => {
    expect((await observe(localRunner())).devices.map(({ name }) => name)).toContain('lo');
  });
});

describe('who manages a host', () => {
  const cases = {
    nobody: [{}, []],
    NetworkManager: [{ networkmanager: 'eno2:connected:Wired connection 1\nbr0:unmanaged:\n' }, ['networkmanager']],
    'NetworkManager that leaves it alone': [{ networkmanager: 'eno2:unmanaged:\n' }, []],
    'NetworkManager that only watches': [{ networkmanager: 'eno2:connected (externally):eno2\n' }, []],
    'systemd-networkd': [
      { networkd: '  2 eno2 ether routable configured\n  3 eno3 ether off unmanaged\n' },
      ['networkd'],
    ],
    'netplan, which writes for a daemon': [
      { netplan: '/etc/netplan/50-cloud-init.yaml\n', networkd: '2 eno2 ether routable configured\n' },
      ['netplan'],
    ],
    ifupdown: [{ ifupdown: 'lo\neno2\neno2\n' }, ['ifupdown']],
    'scripts of Red Hat': [{ ifcfg: 'eno2\nlo\n' }, ['ifcfg']],
    'NetworkManager that reads ifcfg files': [
      { ifcfg: 'eno2\n', networkmanager: 'eno2:connected:x\n' },
      ['networkmanager'],
    ],
    wicked: [{ wicked: 'eno2\n' }, ['wicked']],
    'two at once': [{ ifupdown: 'eno2\n', networkmanager: 'eno2:connected:x\n' }, ['networkmanager', 'ifupdown']],
  } as const;
  for (const [what, [answers, systems]] of Object.entries(cases)) {
    it(`is reported: ${what}`, async () => {
      const observation = await observe(recorded(answers));
      expect(ownersOf(observation, 'eno2').map(({ system }) => system)).toEqual(systems);
      expect(managerOf(observation).system).toBe(systems.length === 1 ? systems[0] : undefined);
      const backend = systems.length === 0 ? 'iproute2' : systems.length === 1 ? systems[0] : undefined;
      expect(backendFor(observation, ['eno2'])).toBe(backend);
    });
  }
});

describe('bridges and choices', () => {
  const found = async () => {
    const libvirt = connect(mockTransport());
    const nat = await libvirt.networks.define(NatNetwork.create('default').bridge('virbr0').subnet('192.168.122.1/24'));
    await nat.start();
    await libvirt.networks.define(IsolatedNetwork.create('quiet').bridge('lanbr'));
    const lan = await libvirt.networks.define(BridgedNetwork.create({ name: 'lan', bridge: 'br20' }));
    await lan.start();
    const gone = await libvirt.networks.define(BridgedNetwork.create({ name: 'gone', bridge: 'br99' }));
    await gone.start();
    return discover({ runner: recorded({ wireless: 'wlan0\n', openvswitch: 'ovs0\n' }, 'br0\n'), libvirt });
  };

  it('are identified by who made them, never by their names alone', async () => {
    const { bridges } = await found();
    expect(bridges.map(({ name, kind: is, network }) => [name, is, network])).toEqual([
      ['br0', 'ours', undefined],
      ['br20', 'host', undefined],
      ['virbr0', 'libvirt', 'default'],
      ['lanbr', 'libvirt', 'quiet'],
      ['virbr9', 'isolated', undefined],
      ['docker0', 'container', undefined],
      ['br-0123456789ab', 'container', undefined],
      ['ovs0', 'openvswitch', undefined],
    ]);
    expect(bridges[0]).toMatchObject({ uplinks: ['eno1'], guests: ['vnet3'], addresses: ['10.77.0.10/24'] });
    expect(bridges[1]).toMatchObject({ uplinks: ['bond0.20'], reason: 'bond0.20 leads to the outside' });
  });

  it('come in the usual groups, each with the reason why it cannot be had', async () => {
    const choices = nicChoices(await found());
    expect(choices.map(({ group, source, reason }) => [group, source, reason ?? 'available'])).toEqual([
      ['network', 'default', 'available'],
      ['network', 'gone', 'its bridge br99 is not on the host'],
      ['network', 'lan', 'available'],
      ['network', 'quiet', 'it is not started'],
      ['bridge', 'br0', 'available'],
      ['bridge', 'br20', 'available'],
      ['bridge', 'virbr9', 'available'],
      ['bridge', 'docker0', 'it is down; it belongs to a container engine'],
      ['bridge', 'br-0123456789ab', 'it belongs to a container engine'],
      ['bridge', 'ovs0', 'it is down'],
      ['direct', 'eno1', 'it is a port of br0: choose that bridge'],
      ['direct', 'eno2', 'it has no carrier'],
      ['direct', 'eno3', 'available'],
      ['direct', 'wlan0', 'it is wireless'],
      ['direct', 'bond0', 'available'],
      ['direct', 'bond0.20', 'it is a port of br20: choose that bridge'],
    ]);
    expect(choices.map(({ label }) => label)).toEqual(
      expect.arrayContaining([
        'Virtual network default: NAT',
        'Virtual network quiet: isolated',
        'Bridge br0 (uplink eno1, 10.77.0.10/24, up)',
        'Bridge virbr9 (no uplink, up)',
      ]),
    );
  });

  it('come with a NIC that is ready for a guest', async () => {
    const choices = nicChoices(await found(), { vlan: 20 });
    const nicOf = (group: string, source: string) =>
      choices.find((one) => one.group === group && one.source === source)?.nic.document;
    const model = { type: 'virtio' };
    const vlan = { tags: [{ id: 20 }] };
    expect(nicOf('network', 'lan')).toEqual({ type: 'network', source: { network: 'lan' }, vlan, model });
    expect(nicOf('bridge', 'br0')).toEqual({ type: 'bridge', source: { bridge: 'br0' }, vlan, model });
    expect(nicOf('bridge', 'ovs0')).toMatchObject({ virtualport: { type: 'openvswitch' } });
    expect(nicOf('direct', 'eno3')).toEqual({ type: 'direct', source: { dev: 'eno3', mode: 'bridge' }, model });
  });

  it('know what a tag and a session daemon need', async () => {
    const host = await found();
    const tagged = nicChoices(host, { vlan: 20 }).filter(({ group }) => group === 'bridge');
    expect(tagged.find(({ source }) => source === 'br0')?.reason).toMatch(/VLAN filtering is off.*tag 20/);
    expect(tagged.find(({ source }) => source === 'ovs0')?.reason).toBe('it is down');
    const session = nicChoices(host, { session: true });
    expect(session.filter(({ group, available }) => group !== 'network' && available)).toEqual([]);
  });
});
