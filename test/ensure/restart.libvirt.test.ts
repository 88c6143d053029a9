import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  connect,
  formatPlan,
  type Host,
  LibvirtError,
  NatNetwork,
  type NetworkPort,
  TransportError,
} from '../../src/index.js';
import { virsh } from '../../src/virsh/index.js';
import { type Daemon, PingingGuest, startDaemon, viewThrough } from '../lab/index.js';
import { FaultyTransport } from '../support/faults.js';
import { killedProgram } from '../support/killed-program.js';
import { needs } from '../support/needs.js';
import { ONE_WAY_EACH } from '../support/transports.js';

needs('daemon 11.3', 'daemon 9.0');

/** No guest waits for the spanning tree, which keeps each new port silent for four seconds. */
const noTree = { stp: false };
const lab = NatNetwork.create('lab')
  .bridge('virbr-lab', noTree)
  .subnet('10.60.0.1/24', (subnet) => subnet.dhcp('10.60.0.100', '10.60.0.199'));
const port: NetworkPort = {
  uuid: '5d744f21-ba4a-4d6e-bdb2-30a35ff3207d',
  owner: { name: 'web', uuid: '8cbd3f2a-0001-4000-8000-000000000001' },
  mac: { address: '52:54:00:00:00:07' },
};
const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (LibvirtError.is(error) ? error.code : String(error)),
  );

describe.each(ONE_WAY_EACH)('guests of a real daemon, libvirt $release over $way', ({ release, transportTo }) => {
  let daemon: Daemon;
  let host: Host;
  let guest: PingingGuest;
  const libvirt = `${release}.0`;
  const view = () => viewThrough(daemon.enter);
  beforeAll(() => {
    daemon = startDaemon(release);
    host = connect(transportTo(daemon));
    guest = new PingingGuest(daemon);
  });
  afterAll(async () => {
    await host.close();
    daemon.stop();
  });

  /** A running network with a guest that pings, of which libvirt knows. */
  let index = '';
  beforeEach(async () => {
    const { network } = await host.networks.ensure(lab, { running: true, libvirt });
    index = guest.plug('tap0', 'virbr-lab', '10.60.0.77/24', '10.60.0.1');
    daemon.inside('ip link set tap0 address fe:54:00:00:00:07');
    await network.createPort(port);
  });
  afterEach(async () => {
    guest.unplug('tap0');
    await host.networks.ensureAbsent('lab', { inUse: true });
  });

  const renamed = lab.bridge('virbr-new', noTree);

  it('are named by a plan that would take the network from them, which is not done unless it is allowed', async () => {
    for (const restart of ['never', 'if-unused'] as const) {
      const made = await host.networks.plan(renamed, { restart, view: view(), libvirt });
      expect(made.restartNeeded).toBe(true);
      expect(formatPlan(made)).toContain('- web 52:54:00:00:00:07 on tap0');
      expect((await host.networks.ensure(renamed, { restart, view: view(), libvirt })).restartNeeded).toBe(true);
    }
    expect(guest.look('tap0')).toMatchObject({ bridge: 'virbr-lab', index, lost: [] });
  });

  it('without a view they are known by their ports', async () => {
    const made = await host.networks.plan(renamed, { restart: 'if-unused', libvirt });
    expect(formatPlan(made)).toContain('- web 52:54:00:00:00:07');
    expect(await code(host.networks.ensure(lab, { running: false, libvirt }))).toBe('NETWORK_IN_USE');
    expect(await code(host.networks.ensureAbsent('lab'))).toBe('NETWORK_IN_USE');
  });

  it('are put into the new bridge after a restart, and have their ports again', async () => {
    const { changes, network } = await host.networks.ensure(renamed, { restart: 'always', view: view(), libvirt });
    expect(changes.map(({ action }) => action)).toEqual(['define', 'restart']);
    expect(guest.look('tap0')).toMatchObject({ bridge: 'virbr-new', index, address: '10.60.0.77/24' });
    expect(await network.ports()).toMatchObject([
      { uuid: port.uuid, owner: port.owner, plug: { bridge: 'virbr-new' } },
    ]);
    expect(daemon.ask('net-dumpxml', 'lab')).toContain("connections='1'");
  });

  it('have their links again when the restart fails, and nothing remains', async () => {
    daemon.inside('ip link add taken type bridge; ip address add 10.61.0.1/24 dev taken; ip link set taken up');
    const other = NatNetwork.create('lab').bridge('virbr-lab', noTree).subnet('10.61.0.1/24');
    await expect(host.networks.ensure(other, { restart: 'always', view: view(), libvirt })).rejects.toMatchObject({
      code: 'SUBNET_IN_USE',
      left: [],
    });
    daemon.inside('ip link del taken');
    expect(guest.look('tap0')).toMatchObject({ bridge: 'virbr-lab', index, address: '10.60.0.77/24' });
    const network = await host.networks.get('lab');
    expect(await network.ports()).toHaveLength(1);
    for (const inactive of [false, true])
      expect((await network.read({ inactive })).document.ips?.[0]?.address).toBe('10.60.0.1');
  });

  it('have their links again when the answer to the start is lost', async () => {
    const faulty = new FaultyTransport(transportTo(daemon));
    faulty.breakAt(3, 'lost after the effect'); // define, destroy, start
    await using other = connect(faulty);
    const { changed } = await other.networks.ensure(renamed, { restart: 'always', view: view(), libvirt });
    expect(changed).toBe(true);
    expect(guest.bridgeOf('tap0')).toBe('virbr-new');
  });

  it('have their links again when the program was killed after the stop, as soon as the next one runs', async () => {
    const { uri, virsh: path, enter } = daemon;
    const options = { restart: 'always', libvirt } as const;
    const orders = { uri, virsh: path, enter, desired: renamed.toXml(), options, at: 3, isAfter: true };
    expect(await killedProgram('ensure-process', JSON.stringify(orders))).toBe('SIGKILL'); // define, mark, destroy
    expect(daemon.inside('ls /sys/class/net/tap0')).not.toContain('master');
    const { changes, network } = await host.networks.ensure(renamed, { ...options, running: true, view: view() });
    expect(changes.map(({ action }) => action)).toEqual(['start', 'attach']);
    expect(guest.look('tap0')).toMatchObject({ bridge: 'virbr-new', index, address: '10.60.0.77/24' });
    expect(await network.ports()).toMatchObject([{ uuid: port.uuid, owner: port.owner }]);
    expect((await host.networks.plan(renamed, { ...options, running: true, view: view() })).steps).toEqual([]);
  });

  it('are named by the error when their links cannot be given back', async () => {
    const broken = {
      ...view(),
      attach: async () => {
        throw new TransportError('CONNECTION_FAILED', 'no way to the host');
      },
    };
    await expect(host.networks.ensure(renamed, { restart: 'always', view: broken, libvirt })).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      left: ['tap0 is not in the bridge of the network'],
    });
  });

  it('a device of the host that has the name of the bridge is not touched', async () => {
    daemon.inside('ip link add docker0 type bridge; ip address add 172.17.0.1/16 dev docker0; ip link set docker0 up');
    const foreign = NatNetwork.create('foreign').bridge('docker0').subnet('10.62.0.1/24');
    const ask = () => host.networks.ensure(foreign, { running: true, view: view(), libvirt });
    await expect(ask()).rejects.toMatchObject({ code: 'BRIDGE_EXISTS', left: [] });
    expect(await code(host.networks.ensure(lab.bridge('docker0'), { restart: 'always', view: view(), libvirt }))).toBe(
      'BRIDGE_EXISTS',
    );
    expect(daemon.inside('ip -4 -o address show dev docker0')).toContain('172.17.0.1/16');
    expect(daemon.ask('net-list', '--all', '--name')).not.toContain('foreign');
    const { conflicts, unseen } = await host.networks.preflight(foreign.subnet('172.17.9.1/24'), { view: view() });
    expect(conflicts.map(({ code, owner }) => `${code} ${owner.name} ${owner.program}`)).toEqual([
      'BRIDGE_EXISTS docker0 Docker',
      'SUBNET_IN_USE docker0 Docker',
    ]);
    expect(unseen).toEqual([]);
    // Without a view it is what the driver for interfaces tells.
    await using qemu = connect(virsh({ uri: daemon.uriOf('qemu'), path: daemon.virsh }));
    const told = await qemu.networks.preflight(foreign);
    expect(told.conflicts.map(({ code, owner }) => `${code} ${owner.name}`)).toEqual(['BRIDGE_EXISTS docker0']);
    expect(told.unseen).toEqual(['addresses and routes of the host', 'accept_ra of its devices']);
    expect((await host.networks.preflight(foreign)).unseen).toContain('devices of the host');
    daemon.inside('ip link del docker0');
  });

  it('the host is seen as it is: the network’s own bridge and its guests are in nobody’s way', async () => {
    expect((await host.networks.preflight(lab, { view: view() })).conflicts).toEqual([]);
    const { devices, routes } = await view().look();
    expect(devices.find(({ name }) => name === 'virbr-lab')).toMatchObject({
      kind: 'bridge',
      addresses: [{ address: '10.60.0.1', prefix: 24 }],
    });
    expect(devices.find(({ name }) => name === 'tap0')).toMatchObject({ kind: 'veth', master: 'virbr-lab' });
    expect(routes).toContainEqual(
      expect.objectContaining({ to: '10.60.0.0/24', device: 'virbr-lab', protocol: 'kernel' }),
    );
  });
});
