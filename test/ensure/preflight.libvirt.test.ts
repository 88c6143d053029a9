import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  connect,
  type Host,
  IsolatedNetwork,
  NatNetwork,
  OpenNetwork,
  type PortForward,
  type VirtualNetwork,
} from '../../src/index.js';
import { type Daemon, RELEASES, startDaemon, viewThrough } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';
import { type Advertised, advertise, silence } from '../support/router-advertisement.js';
import { run } from '../support/run.js';
import { overSocket, overVirsh } from '../support/transports.js';

needs('daemon of every release');

const wanted = NatNetwork.create('wanted').bridge('virbr70').subnet('10.70.0.1/24');
const wanted6 = NatNetwork.create('wanted').bridge('virbr70').subnet('fd70::1/64');
const other = IsolatedNetwork.create('other').bridge('virbr71');
const UUID = '11111111-1111-4111-8111-111111111111';
const forward = (ip: string): PortForward => ({ protocol: 'tcp', hostPort: 8080, to: { ip } });
const MAC = '52:54:00:00:70:01';

/** A host, and what preflight says of a network there. */
interface Case {
  readonly what: string;
  /** Shell scripts that prepare the host, and that clean it. */
  readonly before?: string;
  readonly after?: string;
  readonly others?: readonly VirtualNetwork[];
  /** Whether the others run. Default: true. */
  readonly areStopped?: boolean;
  readonly network?: VirtualNetwork;
  /** Codes that are found. `!` marks one that libvirt refuses. */
  readonly found: string;
  /** The same on libvirt 12.9. */
  readonly found12?: string;
}

const device = (name: string, ...more: readonly string[]) => ({
  before: [
    `ip link add ${name} type veth peer name peer7`,
    'ip link set peer7 up',
    `ip link set ${name} up`,
    ...more,
  ].join(' && '),
  // Since 10.8 a start that fails deletes the device.
  after: 'ip link del peer7 2>/dev/null || :',
});

const router = (
  what: string,
  advertised: Omit<Advertised, 'device'> & { device?: string },
  rest: Partial<Case>,
): Case => {
  const full = { device: 'eth7', ...advertised };
  return { what, before: advertise(full), after: silence(full), network: wanted6, found: '', ...rest };
};

const CASES: readonly Case[] = [
  { what: 'nothing of the kind', found: '' },
  {
    what: 'an address in the same subnet',
    ...device('eth7', 'ip addr add 10.70.0.9/24 dev eth7'),
    found: 'SUBNET_IN_USE!',
  },
  {
    what: 'an address in a larger subnet',
    ...device('eth7', 'ip addr add 10.70.0.9/16 dev eth7'),
    found: 'SUBNET_IN_USE',
  },
  {
    what: 'an address in a smaller subnet',
    ...device('eth7', 'ip addr add 10.70.0.9/28 dev eth7'),
    found: 'SUBNET_IN_USE',
  },
  {
    what: 'an address without a route to its subnet',
    ...device('eth7', 'ip addr add 10.70.0.9/24 dev eth7 noprefixroute'),
    found: 'SUBNET_IN_USE',
  },
  { what: 'a route to the subnet', ...device('eth7', 'ip route add 10.70.0.0/24 dev eth7'), found: 'SUBNET_IN_USE!' },
  { what: 'a route to more', ...device('eth7', 'ip route add 10.70.0.0/15 dev eth7'), found: 'SUBNET_IN_USE' },
  {
    what: 'a route of another table',
    ...device('eth7', 'ip route add 10.70.0.0/24 dev eth7 table 77'),
    found: 'SUBNET_IN_USE',
  },
  {
    what: 'an address in the same IPv6 subnet',
    ...device('eth7', 'ip addr add fd70::9/64 dev eth7 nodad'),
    network: wanted6,
    found: 'SUBNET_IN_USE',
  },
  { what: 'a running network with the subnet', others: [other.subnet('10.70.0.7/24')], found: 'SUBNET_IN_USE!' },
  {
    what: 'a stopped network with the subnet',
    others: [other.subnet('10.70.0.7/24')],
    areStopped: true,
    found: 'SUBNET_IN_USE',
  },
  { what: 'a running network with a larger subnet', others: [other.subnet('10.70.0.7/16')], found: 'SUBNET_IN_USE' },
  {
    what: 'a stopped network with the bridge',
    others: [other.bridge('virbr70')],
    areStopped: true,
    found: 'BRIDGE_IN_USE!',
  },
  { what: 'a network with another bridge', others: [other], found: '' },
  { what: 'a device with the name of the bridge', ...device('virbr70'), found: 'BRIDGE_EXISTS!' },
  { what: 'a device with another name', ...device('virbr72'), found: '' },
  {
    what: 'the uuid of another network',
    others: [other.withUuid(UUID)],
    network: wanted.withUuid(UUID),
    found: 'NETWORK_EXISTS!',
  },
  { what: 'another uuid', others: [other], network: wanted.withUuid(UUID), found: '' },
  {
    what: 'the name of another uuid',
    others: [NatNetwork.create('wanted').bridge('virbr70').subnet('10.70.0.1/24')],
    areStopped: true,
    network: wanted.withUuid(UUID),
    found: 'NETWORK_EXISTS!',
  },
  {
    what: 'the MAC address of another network',
    others: [other.mac(MAC)],
    network: wanted.mac(MAC),
    found: 'MAC_IN_USE',
  },
  {
    what: 'the MAC address of a device',
    ...device('eth7', `ip link set eth7 address ${MAC}`),
    network: wanted.mac(MAC),
    found: 'MAC_IN_USE',
  },
  {
    what: 'a port of the host that another network forwards',
    others: [NatNetwork.create('other').bridge('virbr71').subnet('10.71.0.1/24').forwardPort(forward('10.71.0.9'))],
    network: wanted.forwardPort(forward('10.70.0.9')),
    found: 'PORT_IN_USE',
  },
  router('a default router', { lifetime: 1800, acceptRa: 1 }, { found: 'ACCEPT_RA!' }),
  router('a router that is not a default one', { lifetime: 0, acceptRa: 1 }, { found: 'ACCEPT_RA!' }),
  router('a router that is heard while forwarding', { lifetime: 1800, acceptRa: 2 }, { found: '' }),
  router('a router that is heard by the setting for all', { lifetime: 1800, acceptRa: 0 }, { found: 'ACCEPT_RA!' }),
  router('a router that is no longer heard', { lifetime: 1800, acceptRa: 0, ofAll: 0 }, { found: '' }),
  router(
    'a device whose name libvirt cuts off',
    { lifetime: 1800, acceptRa: 1, device: 'enp0s31f6' },
    { found: 'ACCEPT_RA' },
  ),
  router('a router, for IPv4', { lifetime: 1800, acceptRa: 1 }, { network: wanted }),
  router(
    'a router, for an isolated network',
    { lifetime: 1800, acceptRa: 1 },
    { network: IsolatedNetwork.create('wanted').bridge('virbr70').subnet('fd70::1/64') },
  ),
  router(
    'a router, for an open network',
    { lifetime: 1800, acceptRa: 1 },
    { network: OpenNetwork.create('wanted').bridge('virbr70').subnet('fd70::1/64'), found: 'ACCEPT_RA!', found12: '' },
  ),
  {
    what: 'routes that a program made of what a router said',
    ...device(
      'eth7',
      'echo 1 >/proc/sys/net/ipv6/conf/eth7/accept_ra',
      'ip -6 route add 2001:db8:7::/64 dev eth7 proto ra',
    ),
    network: wanted6,
    found: '',
  },
];

describe.each(RELEASES)('preflight foresees what libvirt %s does on a host with', (release) => {
  let daemon: Daemon;
  let host: Host;
  let folder: string;
  const libvirt = `${release}.0`;
  beforeAll(() => {
    daemon = startDaemon(release);
    // The way to the daemon does not matter here.
    host = connect(release === '9.0' ? overVirsh(daemon) : overSocket(daemon));
    folder = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
  });
  afterAll(async () => {
    await host.close();
    daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Defines and starts a network with virsh alone. @returns whether libvirt refuses */
  function isRefused(network: VirtualNetwork): boolean {
    const path = join(folder, 'wanted.xml');
    writeFileSync(path, network.toXml({ libvirt }));
    const { stderr } = run(daemon.virsh, ['-q', '-c', daemon.uri, `net-define ${path}; net-start ${network.name}`]);
    return stderr !== '';
  }

  async function removeNetworks(): Promise<void> {
    for (const { name } of await host.networks.states()) await host.networks.ensureAbsent(name, { inUse: true });
  }

  it.each(thinned(`preflight on ${release}`, CASES, 6))(
    '$what',
    async ({ before, after, others = [], areStopped = false, network = wanted, ...expected }) => {
      const found = release === '12.9' ? (expected.found12 ?? expected.found) : expected.found;
      try {
        for (const one of others) {
          const handle = await host.networks.define(one, { libvirt });
          if (!areStopped) await handle.start();
        }
        if (before !== undefined) daemon.inside(before);
        const { conflicts, unseen } = await host.networks.preflight(network, {
          view: viewThrough(daemon.enter),
          libvirt,
        });
        expect(unseen).toEqual([]);
        expect([...new Set(conflicts.map(({ code, refused }) => `${code}${refused ? '!' : ''}`))].join(' ')).toBe(
          found,
        );
        expect(isRefused(network)).toBe(found.endsWith('!'));
      } finally {
        await removeNetworks();
        if (after !== undefined) daemon.inside(after);
      }
    },
  );
});
