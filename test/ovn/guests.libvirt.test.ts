import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { connect, type Host } from 'libvirt-network';
import { type Ovn as Cloud, ovn } from 'libvirt-network/ovn';
import { virsh } from 'libvirt-network/virsh';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeQuiet, makeWeb, plugIn, unplug } from '../../docs/examples/guests-across-hosts.js';
import { type Daemon, LibvirtHosts, type Vm } from '../lab/index.js';
import { domainXml } from '../lab/vm/domain-xml.js';
import { needs } from '../support/needs.js';
import { runs } from '../support/random.js';

needs('daemon of every release', 'virtual machines', 'Open vSwitch and OVN');

const GUIDE = readFileSync(new URL('../../docs/networks-across-hosts.md', import.meta.url), 'utf8');

/** The commands of the guide for a host, as they are written there, in their order. */
const commandsFor = (host: string): readonly string[] =>
  [...GUIDE.matchAll(/<!-- lab: ([\w, ]+) -->\n```sh\n([\s\S]*?)```/g)].flatMap(([, hosts = '', commands = '']) =>
    hosts.split(', ').includes(host) ? [commands] : [],
  );

const MACS = ['52:54:00:00:00:01', '52:54:00:00:00:02'] as const;
const EXTRA = '52:54:00:00:00:03';

/** The NIC that the guide gives to the LAN, and the router of the LAN at the other end of its cable. */
const LAN = `set -e
  ip netns add lan
  ip link add enp2s0 type veth peer name lan0 netns lan
  ip link set enp2s0 up
  ip -n lan link set lan0 up
  ip -n lan address add 198.51.100.1/24 dev lan0`;

/** What OVN says of a guest's port: the chassis that has it, and whether its packets are let through. */
interface Binding {
  readonly chassis: string;
  readonly isUp: boolean;
}

class TwoHosts {
  readonly hosts: LibvirtHosts;
  readonly cloud: Cloud;
  readonly libvirt: readonly [Host, Host];

  constructor(release: '9.0' | '12.9') {
    this.hosts = LibvirtHosts.start(release);
    const libvirtOf = (daemon: Daemon) => connect(virsh({ uri: daemon.uriOf('qemu'), path: daemon.virsh }));
    this.daemons[0].inside(LAN);
    this.daemons.forEach((daemon, i) => {
      for (const commands of commandsFor(`kvm${i + 1}`)) daemon.inside(`set -e\n${commands}`);
    });
    // The lab has no module of the kernel for Open vSwitch, and a bridge is one of the kernel where nothing says otherwise.
    this.daemons[0].inside('ovs-vsctl --timeout=30 set Bridge br-ex datapath_type=netdev');
    this.cloud = ovn({ northbound: this.hosts.northbound });
    this.libvirt = [libvirtOf(this.daemons[0]), libvirtOf(this.daemons[1])];
  }

  get daemons(): readonly [Daemon, Daemon] {
    return this.hosts.daemons;
  }

  /** Waits until the port of a guest is up, or is not. */
  async untilUp(mac: string, isUp: boolean): Promise<void> {
    await using replica = await this.cloud.northbound.replica({
      Logical_Switch_Port: { columns: ['addresses', 'up'] },
    });
    const find = () =>
      [...replica.rows('Logical_Switch_Port').values()].find(
        ({ addresses, up }) => String(addresses).startsWith(mac) && (up === true) === isUp,
      );
    await replica.until(find, { timeoutMs: 60_000 });
  }

  async binding(mac: string): Promise<Binding> {
    const ports = await this.cloud.northbound.select('Logical_Switch_Port', { columns: ['name', 'addresses', 'up'] });
    const port = ports.find(({ addresses }) => String(addresses).startsWith(mac));
    const found = this.daemons[0].inside(
      `chassis=$(ovn-sbctl --bare --columns=chassis find Port_Binding logical_port=${port?.['name']})
      [ -z "$chassis" ] || ovn-sbctl --bare --columns=name list Chassis "$chassis"`,
    );
    return { chassis: found, isUp: port?.['up'] === true };
  }

  async stop(): Promise<void> {
    await this.cloud.close();
    for (const host of this.libvirt) await host.close();
    this.hosts.stop();
  }
}

/** Starts a guest whose processor stands still: enough for everything that libvirt, Open vSwitch and OVN do. */
function startPaused(daemon: Daemon, name: string, nic: { toXml(): string }): void {
  const file = join(daemon.dir, 'lib/vm', `${name}.xml`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, domainXml(name, { nic }));
  daemon.ask('-c', daemon.uriOf('qemu'), 'create', '--paused', file);
}

describe('guests of libvirt whose processors stand still, on two hosts that were set up as the guide says', () => {
  let two: TwoHosts;
  beforeAll(() => {
    two = new TwoHosts('9.0');
  });
  afterAll(() => two.stop());

  it('are bound to their hosts while they are plugged in, and not afterwards', async () => {
    const { cloud, libvirt, daemons } = two;
    await makeQuiet(cloud, libvirt);
    expect(daemons.map((daemon) => daemon.ask('net-list', '--name', '--autostart').trim())).toEqual(['ovn', 'ovn']);
    for (const [i, mac] of MACS.entries())
      startPaused(daemons[i] ?? daemons[0], `g${i + 1}`, (await cloud.networks.port('quiet', { mac })).nic);
    for (const mac of MACS) await two.untilUp(mac, true);
    expect(await Promise.all(MACS.map((mac) => two.binding(mac)))).toEqual([
      { chassis: 'kvm1', isUp: true },
      { chassis: 'kvm2', isUp: true },
    ]);
    await plugIn(cloud, libvirt[1], 'g2', EXTRA);
    await two.untilUp(EXTRA, true);
    expect(await two.binding(EXTRA)).toEqual({ chassis: 'kvm2', isUp: true });
    daemons[1].ask('-c', daemons[1].uriOf('qemu'), 'destroy', 'g2');
    for (const mac of [MACS[1], EXTRA]) {
      await two.untilUp(mac, false);
      expect(await two.binding(mac)).toMatchObject({ isUp: false });
    }
    expect(await two.binding(MACS[0])).toEqual({ chassis: 'kvm1', isUp: true });
    expect(daemons[1].inside('ovs-vsctl list-ports br-int | grep vnet || true')).toBe('');
  });
});

describe('the LAN bridge of the guide', () => {
  let two: TwoHosts;
  beforeAll(() => {
    two = new TwoHosts('9.0');
  });
  afterAll(() => two.stop());

  it('connects the router of a network with NAT to the LAN', async () => {
    const [kvm1] = two.daemons;
    expect(kvm1.inside('ovs-vsctl port-to-br enp2s0')).toBe('br-ex');
    await makeWeb(two.cloud);
    kvm1.inside('ovn-nbctl --timeout=30 --wait=hv sync');
    const ping = `ip netns exec lan chroot ${kvm1.root}/run/sandbox/ovn busybox ping -c 3 -w 30 198.51.100.10`;
    expect(kvm1.inside(ping)).toMatch(/ 0% packet loss/);
  });
});

/** Every release under SOAK=1: emulated processors take their time. */
for (const release of (['9.0', '12.9'] as const).slice(0, runs(2, 0))) {
  describe(`virtual machines of libvirt ${release} on two hosts`, () => {
    let two: TwoHosts;
    let vms: readonly Vm[] = [];
    beforeAll(async () => {
      two = new TwoHosts(release);
      await makeQuiet(two.cloud, two.libvirt);
      const starts = MACS.map(async (mac, i) => {
        const { nic } = await two.cloud.networks.port('quiet', { mac });
        return (two.daemons[i] ?? two.daemons[0]).vm(`g${i + 1}`, { nic });
      });
      vms = await Promise.all(starts);
    }, 400_000);
    afterAll(() => two.stop());

    it('take leases of OVN and reach each other over Geneve', async () => {
      const leases = await Promise.all(vms.map((vm) => vm.lease()));
      expect(leases.map(({ address }) => address).sort()).toEqual(['172.30.0.100', '172.30.0.101']);
      expect(await vms[0]?.exec(`ping -c 3 -w 30 ${leases[1]?.address}`)).toMatch(/ 0% packet loss/);
      expect(two.daemons[0].inside('ovs-vsctl --bare --columns=type find Interface options:key=flow')).toBe('geneve');
      expect(await vms[0]?.exec(`ping -c 1 -w 30 -s 1414 ${leases[1]?.address}`)).toMatch(/ 0% packet loss/);
    });

    it('get a second NIC while they run, with a lease, and lose it again', async () => {
      const [, vm] = vms;
      await plugIn(two.cloud, two.libvirt[1], 'g2', EXTRA);
      await two.untilUp(EXTRA, true);
      const lease = await vm?.lease('eth1');
      expect(lease?.address).toBe('172.30.0.102');
      await unplug(two.cloud, two.libvirt[1], 'g2', EXTRA);
      expect(await vm?.exec('ls /sys/class/net')).not.toContain('eth1');
      expect((await two.cloud.networks.removePort('quiet', EXTRA)).changed).toBe(false);
    });

    it('are unbound when their power is cut, and bound again on the other host with their address', async () => {
      vms[1]?.destroy();
      await two.untilUp(MACS[1], false);
      const { nic, changed } = await two.cloud.networks.port('quiet', { mac: MACS[1] });
      expect(changed).toBe(false);
      const moved = await two.daemons[0].vm('g2', { nic });
      await two.untilUp(MACS[1], true);
      expect(await two.binding(MACS[1])).toEqual({ chassis: 'kvm1', isUp: true });
      const address = (await moved.lease()).address;
      expect(['172.30.0.100', '172.30.0.101']).toContain(address);
      expect(await vms[0]?.exec(`ping -c 3 -w 30 ${address}`)).toMatch(/ 0% packet loss/);
    }, 200_000);
  });
}
