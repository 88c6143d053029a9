import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NatNetwork } from 'libvirt-network';
import { explainFlow, type FlowGuest, type FlowPacket, readHostFirewall, type Topology } from 'libvirt-network/preview';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkModelOf } from '../../src/preview/flow/network-model.js';
import { type Daemon, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { runOrThrow } from '../support/run.js';
import { difference } from './matrix.js';

needs('daemon 11.3', 'daemon 12.9', 'virsh');

const HOST_MAC = '52:54:00:aa:00:01';
const lab = NatNetwork.create('lab').bridge('virbr-lab', { stp: false }).mac(HOST_MAC).subnet('10.60.0.1/24');

/** Guests with a port of their own kind each; `filter` is the address that a network filter allows. */
const GUESTS: readonly (FlowGuest & { readonly filter?: string })[] = [
  { name: 'honest', addresses: ['10.60.0.11'], filter: '10.60.0.11' },
  { name: 'spoofer', addresses: ['10.60.0.12'], filter: '10.60.0.99' },
  { name: 'plain', addresses: ['10.60.0.13'] },
  { name: 'shut', addresses: ['10.60.0.14'], isolated: true },
  { name: 'shut2', addresses: ['10.60.0.15'], isolated: true },
  { name: 'off', addresses: ['10.60.0.16'], link: 'down' as const },
].map((guest, i) => ({ ...guest, network: 'lab', mac: `52:54:00:bb:00:0${i + 1}`, tap: `tap${i}` }));

describe.each([
  { release: '11.3', filters: 'ebtables' },
  { release: '12.9', filters: 'nftables' },
] as const)('ports of guests on libvirt $release, with filters in $filters', ({ release, filters }) => {
  let daemon: Daemon;
  let topology: Topology;
  beforeAll(() => {
    daemon = startDaemon(release);
    if (filters === 'nftables') {
      daemon.inside(`echo 'firewall_backend = "nftables"' >>/etc/libvirt/nwfilter.conf`);
      daemon.restartLibvirt();
    }
    daemon.useOwnNft();
    daemon.outside();
    daemon.listen();
    const file = write('lab.xml', lab.toXml({ libvirt: release }));
    daemon.ask(`net-define ${file}; net-start lab`);
    for (const guest of GUESTS) plug(guest);
    const nft = daemon.inside('nft -j list ruleset');
    const firewall = readHostFirewall({
      nft,
      iptablesSave: daemon.inside('iptables-save'),
      ...(filters === 'ebtables' ? { ebtablesSave: daemon.inside('ebtables-save') } : {}),
    });
    const guests = GUESTS.map(({ filter: _, ...guest }) => guest);
    topology = { backend: 'nftables', libvirt: release, networks: [lab], guests, firewall, outside: OUTSIDE };
  });
  afterAll(() => daemon.stop());

  const write = (name: string, text: string): string => {
    const file = join(daemon.dir, name);
    writeFileSync(file, text);
    return file;
  };

  /** Plugs a guest in by a device of the given name, and binds a filter to it as libvirt does for virtual machines. */
  function plug({
    name,
    addresses = [],
    mac = '',
    tap = '',
    isolated = false,
    filter,
    link,
  }: (typeof GUESTS)[number]): void {
    const before = ports();
    const guest = daemon.guest(name, {
      network: 'lab',
      mac,
      addresses: addresses.map((address) => `${address}/24`),
      gateway: '10.60.0.1',
      isolated,
    });
    const [port = ''] = ports().filter((one) => !before.includes(one));
    daemon.inside(`ip link set ${port} down; ip link set ${port} name ${tap}; ip link set ${tap} up`);
    guest.sh('ip route replace default via 10.60.0.1');
    if (filter !== undefined) bind(write(`${name}.xml`, bindingOf(name, tap, mac, filter)));
    if (link === 'down') daemon.inside(`ip link set ${tap} down`);
  }
  const bind = (file: string): string =>
    runOrThrow(daemon.virsh, ['-q', '-c', daemon.uriOf('qemu'), 'nwfilter-binding-create', file]);
  const ports = (): string[] => daemon.inside('ls /sys/class/net/virbr-lab/brif').split(/\s+/);

  const senders = [...GUESTS.map(({ name }) => name), 'host'];
  const packets: readonly FlowPacket[] = senders.flatMap((from) =>
    [...senders, 'outside'].flatMap((to) =>
      to === from ? [] : [{ from, to, protocol: 'icmp', family: 'ipv4' } as const],
    ),
  );

  const compare = async (from: string): Promise<string[]> => {
    const own = packets.filter((packet) => packet.from === from);
    const probes = await daemon.probes(
      from,
      own.map(({ to }) => `ping ${addressOf(to)}`),
    );
    const world = networkModelOf(topology);
    return own.flatMap((packet, i) => difference(world, packet, probes[i]) ?? []);
  };

  it('packets go where explainFlow says, past filters, isolation and links that are down', async () => {
    // Whoever asks the spoofer for its hardware address tells it his own, which it could not ask for itself.
    const first = await compare('spoofer');
    const others = senders.filter((name) => name !== 'spoofer');
    expect([...first, ...(await Promise.all(others.map(compare))).flat()]).toEqual([]);
  });

  it('rules about hardware addresses are unsure for a guest whose address is not known', () => {
    const guests = topology.guests?.map(({ mac: _, ...guest }) => guest) ?? [];
    const { verdict, rule } = explainFlow({ ...topology, guests }, { from: 'honest', to: 'host' });
    expect(verdict).toBe('depends');
    expect(rule).toContain('mac');
  });
});

const OUTSIDE = [{ device: 'ext0', host: ['198.51.100.1/24'], outside: ['198.51.100.2/24'] }];

function addressOf(name: string): string {
  if (name === 'host') return '10.60.0.1';
  return GUESTS.find((guest) => guest.name === name)?.addresses?.[0] ?? '198.51.100.2';
}

const bindingOf = (name: string, tap: string, mac: string, address: string): string =>
  `<filterbinding><owner><name>${name}</name><uuid>00000000-0000-4000-8000-${mac.replaceAll(':', '')}</uuid></owner><portdev name='${tap}'/>
<mac address='${mac}'/><filterref filter='clean-traffic'><parameter name='IP' value='${address}'/></filterref></filterbinding>`;
