import { BridgedNetwork, DirectNetwork } from 'libvirt-network';
import { explainFlow, type FlowPacket, type Topology } from 'libvirt-network/preview';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Daemon, startDaemon } from '../lab/index.js';
import { readProbes } from '../lab/probe.js';
import { NETPROBE } from '../lab/tools.js';
import { needs } from '../support/needs.js';

needs('daemon 9.0', 'virsh');

const ADDRESSES = { host: '203.0.113.9', outside: '203.0.113.1', a: '203.0.113.11', b: '203.0.113.12' } as const;
type End = keyof typeof ADDRESSES;

/** A NIC, the switch at the other end of its cable with a machine on it, and guests on macvlan devices, as macvtap has them. */
const made = (mode: string, hairpin: boolean, guests: readonly End[]): string => `set -e
ip netns add outside
ip link add lan0 type veth peer name port0 netns outside
ip -n outside link add switch0 type bridge stp_state 0
ip -n outside link set port0 master switch0 up
ip -n outside link set port0 type bridge_slave hairpin ${hairpin ? 'on' : 'off'}
ip -n outside addr add ${ADDRESSES.outside}/24 dev switch0
ip -n outside link set switch0 up
ip addr add ${ADDRESSES.host}/24 dev lan0
ip link set lan0 up
${guests
  .map(
    (guest) => `ip netns add ${guest}
ip link add link lan0 name card-${guest} type macvlan mode ${mode}
ip link set card-${guest} netns ${guest} name eth0
ip -n ${guest} addr add ${ADDRESSES[guest]}/24 dev eth0
ip -n ${guest} link set eth0 up`,
  )
  .join('\n')}`;

const othersOf = (from: End, ends: readonly End[]): End[] => ends.filter((to) => to !== from);
const pairsOf = (ends: readonly End[]) => ends.flatMap((from) => othersOf(from, ends).map((to) => [from, to] as const));

const removed =
  'for name in $(ip netns list | cut -d" " -f1); do ip netns del $name; done; ip link del lan0 2>/dev/null || true';

describe('guests on macvtap', () => {
  let daemon: Daemon;
  beforeAll(() => {
    daemon = startDaemon('9.0');
  });
  afterAll(() => daemon.stop());

  /** Everybody pings all others at once. @returns who reaches whom */
  const reached = (ends: readonly End[]): string[] => {
    const questions = ends.map((from) => {
      const pings = othersOf(from, ends).map((to) => `ping ${ADDRESSES[to]} --timeout 1`);
      const enter = from === 'host' ? '' : `ip netns exec ${from}`;
      return `printf '${pings.join('\\n')}\\n' | ${enter} ${NETPROBE} batch >/run/answers-${from} &`;
    });
    const answers = ends.map((from) => `cat /run/answers-${from}`);
    const stdout = daemon.inside([...questions, 'wait', ...answers].join('\n'));
    const probes = readProbes({ stdout, stderr: '' });
    return pairsOf(ends).map(([from, to], i) => `${from} > ${to}: ${probes[i]?.ok}`);
  };

  const cases = (['bridge', 'private', 'vepa', 'passthru'] as const).flatMap((mode) =>
    [false, true].map((hairpin) => ({ mode, hairpin })),
  );

  it.each(cases)('reach whom explainFlow says: $mode, hairpin $hairpin', ({ mode, hairpin }) => {
    const guests: readonly End[] = mode === 'passthru' ? ['a'] : ['a', 'b'];
    const topology: Topology = {
      backend: 'iptables',
      networks: [
        DirectNetwork.create({ name: 'lan', mode: mode === 'passthru' ? 'passthrough' : mode, devices: ['lan0'] }),
      ],
      guests: guests.map((name) => ({ name, network: 'lan', addresses: [`${ADDRESSES[name]}/24`] })),
      outside: [{ device: 'lan0', host: [`${ADDRESSES.host}/24`], outside: [`${ADDRESSES.outside}/24`], hairpin }],
    };
    daemon.inside(made(mode, hairpin, guests));
    try {
      const ends: readonly End[] = ['host', 'outside', ...guests];
      const told = pairsOf(ends).map(
        ([from, to]) => `${from} > ${to}: ${explainFlow(topology, { from, to }).verdict === 'delivered'}`,
      );
      expect(reached(ends)).toEqual(told);
    } finally {
      daemon.inside(removed);
    }
  });

  it('with tags or a virtual port are refused, as switches decide there', () => {
    const tagged = BridgedNetwork.create({ name: 'lan', bridge: 'br0' }).vlan(5);
    const packet: FlowPacket = { from: 'host', to: 'outside' };
    expect(() => explainFlow({ backend: 'iptables', networks: [tagged] }, packet)).toThrow(/VLAN tags/);
  });
});
