import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NatNetwork } from 'libvirt-network';
import { installPortForwards, localRunner } from 'libvirt-network/host';
import {
  explainFlow,
  type FirewallOptions,
  type FlowPacket,
  portForwardHook,
  type Topology,
} from 'libvirt-network/preview';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkModelOf } from '../../src/preview/flow/network-model.js';
import { type Daemon, type Guest, startDaemon } from '../lab/index.js';
import { NETPROBE } from '../lab/tools.js';
import { needs } from '../support/needs.js';
import { difference } from './matrix.js';

needs('daemon 11.3', 'daemon 9.0');

const lab = NatNetwork.create('lab')
  .bridge('br-lab', { stp: false })
  .subnet('192.168.150.1/24', (subnet) => subnet.dhcp('192.168.150.100', '192.168.150.199'))
  .subnet('fd00:150::1/64')
  .natIpv6()
  .forwardPort({ protocol: 'tcp', hostPort: 8080, to: { ip: '192.168.150.10', port: 7777 } })
  .forwardPort({ protocol: 'udp', hostPort: 8081, to: { ip: '192.168.150.10', port: 7777 } })
  .forwardPort({ protocol: 'tcp', hostPort: { start: 9000, end: 9003 }, to: { ip: '192.168.150.10', port: 7776 } })
  .forwardPort({ protocol: 'tcp', hostPort: 7777, hostAddress: '198.51.100.9', to: { ip: '192.168.150.10' } })
  .forwardPort({ protocol: 'tcp', hostPort: 8080, to: { ip: 'fd00:150::10', port: 7777 } });

const other = NatNetwork.create('other').bridge('br-other', { stp: false }).subnet('192.168.151.1/24');

const V4 = '198.51.100.1';
const V6 = '2001:db8:ffff::1';

/** Who asks, what, by which words of the library. */
const PROBES = [
  { from: 'outside', kind: 'tcp', to: V4, port: 8080 },
  { from: 'outside', kind: 'udp', to: V4, port: 8081 },
  { from: 'outside', kind: 'tcp', to: V4, port: 9001 },
  { from: 'outside', kind: 'tcp', to: '198.51.100.9', port: 7777 },
  { from: 'outside', kind: 'tcp', to: V6, port: 8080 },
  { from: 'host', kind: 'tcp', to: V4, port: 8080 },
  { from: 'host', kind: 'udp', to: V4, port: 8081 },
  { from: 'host', kind: 'tcp', to: V6, port: 8080 },
  // From the same network, the target itself included, and from another.
  { from: 'mate', kind: 'tcp', to: V4, port: 8080 },
  { from: 'mate', kind: 'tcp', to: '192.168.150.1', port: 8080 },
  { from: 'mate', kind: 'udp', to: V4, port: 8081 },
  { from: 'mate', kind: 'tcp', to: V6, port: 8080 },
  { from: 'web', kind: 'tcp', to: V4, port: 8080 },
  { from: 'stranger', kind: 'tcp', to: V4, port: 8080 },
  // Not forwarded: the guest stays out of reach.
  { from: 'outside', kind: 'tcp', to: '192.168.150.10', port: 7777 },
  { from: 'stranger', kind: 'tcp', to: '192.168.150.10', port: 7777 },
] as const;

describe.each(['9.0', '11.3'] as const)('port forwards with libvirt %s', (release) => {
  const options: FirewallOptions = { libvirt: release, backend: release === '9.0' ? 'iptables' : 'nftables' };
  const topology: Topology = {
    ...options,
    networks: [lab, other],
    guests: [
      { name: 'web', network: 'lab', addresses: ['192.168.150.10', 'fd00:150::10'] },
      { name: 'mate', network: 'lab', addresses: ['192.168.150.11', 'fd00:150::11'] },
      { name: 'stranger', network: 'other', addresses: ['192.168.151.10'] },
    ],
    outside: [
      {
        device: 'ext0',
        host: [`${V4}/24`, `${V6}/64`, '198.51.100.9/32'],
        outside: ['198.51.100.2/24', '2001:db8:ffff::2/64'],
      },
    ],
  };

  let daemon: Daemon;
  /** Rules in a form that says nothing of counters and of empty chains, which iptables leaves behind. */
  const rulesOnHost = (): string[] =>
    options.backend === 'iptables'
      ? (daemon.inside('iptables-save; ip6tables-save').match(/^-A .*$/gm) ?? [])
      : daemon.inside('nft -s list ruleset').split('\n');

  const guest = (name: string, network: string, address: string): Guest => {
    const gateway = address.replace(/\d+$/, '1');
    return daemon.guest(name, { network, addresses: [`${address}/24`], gateway, port: true });
  };
  const withIpv6 = (plugged: Guest, address: string): Guest => {
    plugged.sh(`ip -6 addr add ${address}/64 dev eth0 nodad; ip -6 route replace default via fd00:150::1`);
    return plugged;
  };

  let plugged: readonly Guest[] = [];
  const plugLabGuests = (): void => {
    plugged = [
      withIpv6(guest('web', 'lab', '192.168.150.10'), 'fd00:150::10'),
      withIpv6(guest('mate', 'lab', '192.168.150.11'), 'fd00:150::11'),
    ];
    daemon.awaitAddresses();
  };

  const world = networkModelOf(topology);

  /** Every probe, as predicted and as measured: all senders at once, each with all of its packets. */
  const differences = async (): Promise<string[]> => {
    const senders = [...new Set(PROBES.map(({ from }) => from))];
    return (await Promise.all(senders.map(differencesFrom))).flat();
  };
  const differencesFrom = async (sender: string): Promise<string[]> => {
    const own = PROBES.filter(({ from }) => from === sender);
    const probes = await daemon.probes(
      sender,
      own.map(({ kind, to, port }) => `${kind} ${to} ${port}`),
    );
    return own.flatMap(({ from, kind, to, port }, i) => {
      const family = to.includes(':') ? 'ipv6' : 'ipv4';
      return difference(world, { from, to, protocol: kind, family, port }, probes[i]) ?? [];
    });
  };

  let before: string[] = [];
  beforeAll(() => {
    daemon = startDaemon(release);
    daemon.useOwnNft();
    daemon.outside();
    daemon.inside('ip addr add 198.51.100.9/32 dev ext0');
    // Once before the hook is there: what libvirt makes by itself.
    for (const network of [lab, other]) {
      const path = join(daemon.dir, `${network.name}.xml`);
      writeFileSync(path, network.toXml({ libvirt: release }));
      daemon.ask('net-define', path);
      daemon.ask('net-start', network.name);
    }
    daemon.ask('net-destroy', 'lab');
    before = rulesOnHost();
    daemon.installHook(portForwardHook(lab, options).file);
    daemon.ask('net-start', 'lab');
    guest('stranger', 'other', '192.168.151.10');
    plugLabGuests();
  });
  afterAll(() => daemon.stop());

  it('are delivered from outside, from the host and from guests, and nothing else is', async () => {
    expect(await differences()).toEqual([]);
    expect(explainFlow(topology, { from: 'outside', to: 'host', protocol: 'tcp', port: 8080 }).verdict).toBe(
      'delivered',
    );
  });

  it('of one port lead to the network whose rules were made last, which installing names', async () => {
    const to = (network: NatNetwork, ip: string) =>
      network.forwardPort({ protocol: 'tcp', hostPort: 8090, to: { ip, port: 7001 } });
    const [first, second] = [to(lab, '192.168.150.10'), to(other, '192.168.151.10')];
    const install = (network: NatNetwork) =>
      installPortForwards(network, { ...options, runner: localRunner({ prefix: daemon.enter }) });
    const packet: FlowPacket = { from: 'outside', to: 'host', protocol: 'tcp', port: 8090 };
    const receiver = (...networks: NatNetwork[]) =>
      explainFlow({ ...topology, networks }, packet).steps.findLast(
        ({ way, what }) => way === 'there' && what === 'switch',
      )?.text;
    // Nobody listens at the guest of the first.
    daemon.guestShell('stranger', `${NETPROBE} serve --port 7001 >/dev/null 2>&1 </dev/null &`);
    expect((await install(first)).conflicts).toEqual([]);
    expect(daemon.probe('outside', 'tcp', V4, '8090')).toMatchObject({ error: 'ECONNREFUSED' });
    const { conflicts, command } = await install(second);
    expect(conflicts.map(({ message }) => message)).toEqual([
      'tcp 8090 is forwarded to 192.168.150.10 by network "lab"',
    ]);
    expect(daemon.probe('outside', 'tcp', V4, '8090')).toMatchObject({ ok: true });
    expect(receiver(first, second)).toBe('the switch hands it to stranger');
    daemon.inside(`${portForwardHook(first, options).apply.join(' ')} </dev/null`);
    expect(daemon.probe('outside', 'tcp', V4, '8090')).toMatchObject({ error: 'ECONNREFUSED' });
    expect(receiver(second, first)).toBe('the switch hands it to web');
    daemon.inside(`${command.join(' ').replace('reload', 'stopped')} </dev/null; rm ${command[0]}`);
    await install(lab);
  });

  it('work after a restart of the daemon', async () => {
    daemon.restartLibvirt();
    expect(await differences()).toEqual([]);
  });

  it('work after a restart of the network', async () => {
    for (const one of plugged) one.remove();
    daemon.ask('net-destroy', 'lab');
    daemon.ask('net-start', 'lab');
    plugLabGuests();
    expect(await differences()).toEqual([]);
  });

  it("work after libvirt's rules are flushed and made again", async () => {
    daemon.inside(
      options.backend === 'iptables'
        ? 'for c in INP OUT FWO FWI FWX; do iptables -F LIBVIRT_$c; ip6tables -F LIBVIRT_$c; done; iptables -t nat -F LIBVIRT_PRT; ip6tables -t nat -F LIBVIRT_PRT'
        : 'for f in ip ip6; do for c in output input cross nat; do nft flush chain $f libvirt_network guest_$c; done; done',
    );
    daemon.restartLibvirt();
    expect(await differences()).toEqual([]);
  });

  it('are gone without a trace when the network stops', () => {
    for (const one of plugged) one.remove();
    daemon.ask('net-destroy', 'lab');
    expect(rulesOnHost()).toEqual(before);
  });

  it('work after the whole firewall is flushed, once libvirt and a guest are back', async () => {
    daemon.ask('net-start', 'lab');
    daemon.inside('nft flush ruleset');
    daemon.restartLibvirt();
    plugLabGuests();
    expect(await differences()).toEqual([]);
  });
});
