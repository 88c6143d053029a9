import { describe, expect, it } from 'vitest';
import { ValidationError } from '../../src/errors/index.js';
import type { Observation } from '../../src/host/observe/observe.js';
import { bridgeDifferences, type ExpectedBridge } from '../../src/host/plan/expected.js';
import { type PlanInput, planRendering } from '../../src/host/plan/plan.js';
import { recordingRunner } from '../../src/host/runner/runner.js';
import { applyRendering } from '../../src/host/transaction/apply.js';
import { DEFAULT_PATHS } from '../../src/host/transaction/host-change.js';
import type { BackendName, Rendering } from '../../src/host-bridge/render/rendering.js';
import type { BondSettings, HostDevice } from '../../src/host-facts/devices.js';
import { caught } from '../support/caught.js';
import { EXPECTED, IFCFG, IPROUTE2 } from '../support/renderings.js';

const device = (name: string, more: Partial<HostDevice> = {}): HostDevice => ({
  name,
  kind: 'physical',
  mac: '52:54:00:77:00:01',
  mtu: 1500,
  up: true,
  carrier: true,
  wireless: false,
  addresses: [],
  ...more,
});
const BRIDGE = {
  stp: false,
  forwardDelay: 0,
  helloTime: 2,
  maxAge: 20,
  ageingTime: 300,
  priority: 32_768,
  vlanFiltering: false,
  multicastSnooping: true,
};
const bridge = (name: string): HostDevice => device(name, { kind: 'bridge', bridge: BRIDGE });

const HOST: Observation = {
  label: 'box',
  devices: [device('lo', { kind: 'loopback' }), device('eno1')],
  routes: [],
  tools: ['ip', 'setsid', 'ping', 'ifup', 'nmcli', 'networkctl', 'netplan', 'virsh'],
  systemd: false,
  systems: { netplan: [], ifupdown: [], ifcfg: [], wicked: [] },
  openvswitch: [],
  bridgeNetfilter: false,
};

/** The host with a bond in place of its card, and a VLAN of it. */
const withBond = (bond: BondSettings): Observation => ({
  ...HOST,
  devices: [
    device('eno1', { kind: 'bond', bond }),
    device('bond0', { kind: 'bond', bond }),
    device('bond0.5', { kind: 'vlan', parent: 'bond0' }),
  ],
});

const plan = (more: Partial<PlanInput> = {}) =>
  planRendering({
    before: HOST,
    files: {},
    rendering: IPROUTE2,
    expected: EXPECTED,
    force: false,
    paths: DEFAULT_PATHS,
    id: '0123456789ab',
    ...more,
  });

const issuesOf = (more: Partial<PlanInput>): readonly string[] => {
  try {
    plan(more);
    return [];
  } catch (error) {
    if (error instanceof ValidationError) return error.issues.map(({ code, path }) => `${code} ${path}`);
    throw error;
  }
};
const withDevices = (...devices: readonly HostDevice[]): Observation => ({
  ...HOST,
  devices: [...HOST.devices.filter(({ name }) => !devices.some((other) => other.name === name)), ...devices],
});
const expecting = (more: Partial<ExpectedBridge>): ExpectedBridge => ({ ...EXPECTED, ...more });

describe('what speaks against a bridge is reported before anything is done', () => {
  const cases: Readonly<Record<string, readonly [Partial<PlanInput>, readonly string[]]>> = {
    nothing: [{}, []],
    'a port that is not there': [{ expected: expecting({ ports: ['eno7'] }) }, ['HOST_PORT_MISSING ports[0]']],
    'a wireless port': [{ before: withDevices(device('eno1', { wireless: true })) }, ['HOST_PORT_WIRELESS ports[0]']],
    'a port of another bridge, which Linux would steal': [
      { before: withDevices(device('eno1', { master: 'br7' }), bridge('br7')) },
      ['HOST_PORT_IN_USE ports[0]'],
    ],
    'a port of a bond': [
      { before: withDevices(device('eno1', { master: 'bond0' }), device('bond0', { kind: 'bond' })) },
      ['HOST_PORT_IN_USE ports[0]'],
    ],
    'a port that carries macvtap': [
      { before: withDevices(device('macvtap0', { kind: 'macvtap', parent: 'eno1' })) },
      ['HOST_PORT_IN_USE ports[0]'],
    ],
    'the loopback device': [{ expected: expecting({ ports: ['lo'] }) }, ['HOST_PORT_KIND ports[0]']],
    'a bridge as a port': [
      { before: withDevices(bridge('br7')), expected: expecting({ ports: ['br7'] }) },
      ['HOST_PORT_KIND ports[0]'],
    ],
    'a name that another device has': [{ before: withDevices(device('br0')) }, ['HOST_NAME_TAKEN name']],
    'a bridge that has other ports already': [
      { before: withDevices(bridge('br0'), device('eno2', { master: 'br0' })) },
      ['HOST_BRIDGE_EXISTS name'],
    ],
    'an address that is none': [
      { expected: expecting({ addresses: ['10.0.0.1', '10.0.0.1/24', '$(id)/8', '10.0.0.1/33'] }) },
      [0, 2, 3].map((i) => `HOST_ADDRESS_INVALID addresses[${i}]`),
    ],
    'two owners': [
      { before: { ...HOST, systems: { ...HOST.systems, ifupdown: ['eno1'], networkmanager: { eno1: 'connected' } } } },
      ['HOST_TWO_OWNERS ports[0]'],
    ],
    'another owner': [
      { before: { ...HOST, systems: { ...HOST.systems, ifupdown: ['eno1'] } }, rendering: IFCFG },
      ['HOST_BACKEND_OTHER backend'],
    ],
    'a backend whose program is not there': [
      { before: { ...HOST, tools: ['setsid'] }, rendering: { ...IFCFG, backend: 'wicked' } },
      ['HOST_BACKEND_ABSENT backend'],
    ],
    'a host that cannot protect itself': [{ before: { ...HOST, tools: ['ip'] } }, ['HOST_UNPROTECTED ']],
    'files that are somebody else’s': [
      { rendering: IFCFG, files: { '/etc/sysconfig/network-scripts/ifcfg-eno1': { ...fileAt('x'), content: 'mine' } } },
      ['HOST_FILE_EXISTS files[1]'],
    ],
    'paths that lead elsewhere': [
      {
        rendering: {
          ...IPROUTE2,
          files: ['etc/x', '/etc/../x', '/etc/a\nb', '/etc/', '/etc/ok'].map(fileAt),
        },
      },
      ['files[0]', 'files[1]', 'files[2]', 'files[3]'].map((path) => `HOST_FILE_INVALID ${path}`),
    ],
    'all at once': [
      { before: { ...HOST, tools: [] }, expected: expecting({ ports: ['eno7', 'lo'], addresses: ['x'] }) },
      [
        'HOST_PORT_MISSING ports[0]',
        'HOST_PORT_KIND ports[1]',
        'HOST_ADDRESS_INVALID addresses[0]',
        'HOST_BACKEND_ABSENT backend',
        'HOST_UNPROTECTED ',
      ],
    ],
  };
  for (const [what, [more, issues]] of Object.entries(cases)) {
    it(what, () => expect(issuesOf(more)).toEqual(issues));
  }

  it('by applying, which then runs nothing but looks', async () => {
    const runner = recordingRunner(() => ({ exitCode: 0, stdout: '', stderr: '' }));
    expect(await caught(applyRendering(IPROUTE2, EXPECTED, { runner, timeoutMs: 10 }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(runner.requests).toEqual([]);
  });
});

function fileAt(path: string) {
  return { path, mode: 0o644, owner: 'root:root', content: '' };
}

describe('what may surprise is a warning', () => {
  const codes = (more: Partial<PlanInput>): readonly string[] => plan(more).warnings.map(({ code }) => code);
  const cases: Readonly<Record<string, readonly [Partial<PlanInput>, string]>> = {
    'the caller’s own connection goes over the port': [
      { before: { ...HOST, peerDevice: 'eno1' } },
      'HOST_MANAGEMENT_ROUTE',
    ],
    'another MAC address': [{ expected: expecting({ mac: '52:54:00:99:99:99' }) }, 'HOST_MAC_CHANGES'],
    STP: [{ expected: expecting({ stp: true, forwardDelay: 15 }) }, 'HOST_STP_DELAY'],
    'iptables on bridges': [{ before: { ...HOST, bridgeNetfilter: true } }, 'HOST_BRIDGE_NETFILTER'],
    'a gateway that cannot be asked': [{ before: { ...HOST, tools: ['ip', 'setsid'] } }, 'HOST_NO_PROBE'],
    'a bridge until the next restart': [{}, 'HOST_NOT_PERSISTENT'],
    'a bond of the host that gives frames back to the bridge': [
      { before: withBond({ mode: 'balance-rr', monitorInterval: 0.1 }) },
      'HB_BOND_MODE',
    ],
    'a VLAN of a bond of the host that changes MAC addresses': [
      { before: withBond({ mode: 'balance-alb', monitorInterval: 0.1 }), expected: expecting({ ports: ['bond0.5'] }) },
      'HB_BOND_MODE',
    ],
    'a new VLAN of such a bond': [
      {
        before: withBond({ mode: 'broadcast', monitorInterval: 0.1 }),
        expected: expecting({ ports: ['bond0.6'], made: { 'bond0.6': ['bond0'] } }),
      },
      'HB_BOND_MODE',
    ],
    'a bond of the host that does not look at its links': [
      { before: withBond({ mode: 'active-backup', monitorInterval: 0 }) },
      'HB_BOND_MONITOR',
    ],
    'a leased address': [{ rendering: IFCFG, expected: expecting({ dynamic: ['ipv4'] }) }, 'HOST_LEASE'],
    'a backend that cannot be tried': [{ rendering: { ...IPROUTE2, backend: 'nmcli' } }, 'HOST_TRIAL_PERSISTS'],
    'what the rendering says itself': [
      {
        rendering: {
          ...IFCFG,
          warnings: [{ code: 'OWN', severity: 'warning', phase: 'never', path: '', message: 'x' }],
        },
      },
      'OWN',
    ],
  };
  for (const [what, [more, code]] of Object.entries(cases)) {
    it(what, () => {
      expect(codes(more)).toContain(code);
      expect(codes({ rendering: IFCFG })).not.toContain(code);
    });
  }
});

describe('a plan', () => {
  const file = (path: string) => ({ path, mode: 0o600, owner: 'root:root', content: 'x' });
  const rendering = (backend: BackendName, path: string, command: readonly string[]): Rendering => ({
    backend,
    files: [file(path)],
    apply: [command],
    revert: [],
    warnings: [],
  });

  it('tries files below /run where they have a twin, and names them there', () => {
    const path = '/etc/NetworkManager/system-connections/br0.nmconnection';
    const { change } = plan({ rendering: rendering('networkmanager', path, ['nmcli', 'connection', 'load', path]) });
    const twin = '/run/NetworkManager/system-connections/br0.nmconnection';
    expect(change.trialFiles.map((trial) => trial.path)).toEqual([twin]);
    expect(change.apply).toEqual([['nmcli', 'connection', 'load', twin]]);
    expect(change.write.map((written) => written.file.path)).toEqual([path, '/var/lib/libvirt-network/br0.json']);
    const netplan = plan({ rendering: rendering('netplan', '/etc/netplan/90-br0.yaml', ['netplan', 'apply']) });
    expect(netplan.change.trialFiles.map((trial) => trial.path)).toEqual(['/run/netplan/90-br0.yaml']);
  });

  it('tries a file without a twin in the folder of the transaction', () => {
    const path = '/etc/nmstate/br0.yml';
    const tools = [...HOST.tools, 'nmstatectl'];
    const { change } = plan({
      before: { ...HOST, tools },
      rendering: rendering('nmstate', path, ['nmstatectl', 'apply', path]),
    });
    expect(change.apply).toEqual([['nmstatectl', 'apply', '/run/libvirt-network/tx-0123456789ab/trial-0']]);
  });

  it('moves the connection with ip where a file would count at once, or would hide its twin', () => {
    const path = '/etc/systemd/network/05-br0.netdev';
    const shadowed = rendering('networkd', path, ['networkctl', 'reload']);
    const { change } = plan({ rendering: shadowed, files: { [path]: file(path) } });
    expect(change.trialFiles).toEqual([]);
    expect(change.apply[0]).toEqual([
      'ip',
      'link',
      'add',
      'name',
      'br0',
      'type',
      'bridge',
      ...'stp_state 0 forward_delay 0'.split(' '),
    ]);
    expect(change.afterwards).toEqual([['networkctl', 'reload']]);
    expect(plan({ rendering: IFCFG }).change.trialFiles).toEqual([]);
  });

  it('takes commands for the trial from the caller', () => {
    expect(plan({ rendering: IFCFG, trial: [['true']] }).steps).toEqual([['true']]);
    expect(plan({ rendering: IFCFG, trial: [['true']] }).change.trialFiles).toEqual([]);
  });

  it('is pure: the same host and wishes give the same plan', () => {
    expect(plan({ rendering: IFCFG })).toEqual(plan({ rendering: IFCFG }));
    const other = { ...HOST, devices: [...HOST.devices, device('eno2')] };
    expect(plan({ before: other }).fingerprint).not.toBe(plan().fingerprint);
  });

  it('gives STP the time that it needs', () => {
    expect(plan().timeoutMs).toBe(60_000);
    expect(plan({ expected: expecting({ stp: true, forwardDelay: 15 }) }).timeoutMs).toBe(97_000);
    expect(plan({ timeoutMs: 5000 }).timeoutMs).toBe(5000);
  });
});

describe('what is not up to date', () => {
  const address = {
    family: 'ipv4',
    address: '10.77.0.10',
    prefix: 24,
    scope: 'global',
    dynamic: false,
    noPrefixRoute: false,
  } as const;
  const route = {
    family: 'ipv4',
    to: 'default',
    type: 'unicast',
    device: 'br0',
    gateway: '10.77.0.1',
    protocol: 'static',
    onLink: false,
    hops: [],
  } as const;
  const expected = expecting({ addresses: ['10.77.0.10/24'], gateways: ['10.77.0.1'] });
  const good: Observation = {
    ...withDevices(device('eno1', { master: 'br0' }), { ...bridge('br0'), addresses: [address] }),
    routes: [route],
  };
  const but = (name: string, more: Partial<HostDevice>): Observation => ({
    ...good,
    devices: good.devices.map((one) => (one.name === name ? { ...one, ...more } : one)),
  });

  const cases: Readonly<Record<string, readonly [Observation, Partial<ExpectedBridge>, string]>> = {
    'no bridge': [HOST, {}, 'there is no bridge br0'],
    'a bridge that is down': [but('br0', { up: false }), {}, 'br0 is down'],
    'another MAC address': [
      but('br0', { mac: '52:54:00:00:00:09' }),
      {},
      'br0 has the MAC address 52:54:00:00:00:09, not 52:54:00:77:00:01',
    ],
    'another MTU': [good, { mtu: 9000 }, 'br0 has the MTU 1500, not 9000'],
    STP: [good, { stp: true }, 'br0 has STP off, not on'],
    'a port that is gone': [good, { ports: ['eno1', 'eno7'] }, 'there is no device eno7'],
    'a port elsewhere': [but('eno1', { master: 'br9' }), {}, 'eno1 is not a port of br0'],
    'a port that is down': [but('eno1', { up: false }), {}, 'eno1 is down'],
    'a port with an address': [but('eno1', { addresses: [address] }), {}, 'eno1 still has the address 10.77.0.10'],
    'a default route over a port': [
      { ...good, routes: [route, { ...route, device: 'eno1', metric: 5 }] },
      {},
      'a default route still leads over eno1',
    ],
    'another prefix': [good, { addresses: ['10.77.0.10/16'] }, 'br0 does not have the address 10.77.0.10/16'],
    'no lease': [good, { dynamic: ['ipv6'] }, 'br0 has no IPv6 address'],
    'no route': [{ ...good, routes: [] }, {}, 'no default route leads over br0 to 10.77.0.1'],
    'a route in another table': [
      { ...good, routes: [{ ...route, table: '77' }] },
      {},
      'no default route leads over br0 to 10.77.0.1',
    ],
  };
  it('is nothing when all is well', () => expect(bridgeDifferences(good, expected)).toEqual([]));
  for (const [what, [now, more, line]] of Object.entries(cases)) {
    it(what, () => expect(bridgeDifferences(now, { ...expected, ...more })).toEqual([line]));
  }
});
