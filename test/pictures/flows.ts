import type { Flow, FlowPacket, Topology } from 'libvirt-network/preview';
import { explainFlow } from 'libvirt-network/preview';
import type { Random } from '../support/random.js';
import { HOSTILE_NAMES } from './topologies.js';

const PROTOCOLS = ['icmp', 'tcp', 'udp', 'dns', 'dhcp', 'ra', 'tftp'] as const;

/** A packet between any two ends of a topology. */
export function randomFlow(random: Random, topology: Topology): Flow {
  const ends = ['host', 'outside', ...(topology.guests ?? []).map(({ name }) => name)];
  const packet: FlowPacket = {
    from: random.pick(ends),
    to: random.pick(ends),
    protocol: random.pick(PROTOCOLS),
    family: random.pick(['ipv4', 'ipv6']),
  };
  return explainFlow(topology, packet);
}

/** The same flow with hostile names, and a long rule. */
export function withHostileNames(random: Random, flow: Flow): Flow {
  const name = random.pick(HOSTILE_NAMES);
  const at = (place: string) => (place === 'host' || place === 'outside' ? place : `${name} ${place}`);
  return {
    ...flow,
    packet: { ...flow.packet, from: at(flow.packet.from), to: at(flow.packet.to) },
    rule: `-A LIBVIRT_FWI ${name} -j REJECT`,
    reason: `${name} ${flow.reason}`,
    steps: flow.steps.map((step) => ({ ...step, at: at(step.at), text: `${step.text} ${name}` })),
  };
}
