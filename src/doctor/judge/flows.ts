import { checkFirewall } from '../../preview/firewall-check/check.js';
import type { HostFirewall } from '../../preview/firewall-model/model.js';
import { explainFlow } from '../../preview/flow/explain.js';
import type { Flow, FlowGuest, FlowPacket, Topology } from '../../preview/flow/topology.js';
import type { HostKernel } from '../../preview/host-kernel/model.js';
import type { Family } from '../../schema/address.js';
import { compact } from '../../schema/values.js';
import type { NicEvidence } from '../evidence.js';
import type { LostNeed } from '../findings.js';
import { backendOf } from './backend.js';
import type { Facts, NetworkFacts } from './facts.js';
import { surroundingsOf } from './lans.js';

/** A need that the host's filters, settings or routes take, and what decides so. */
export interface Lost {
  readonly need: LostNeed;
  readonly family: Family;
  /** Why, in one sentence. */
  readonly reason: string;
  /** The rule, policy or setting, as the host prints it. */
  readonly rule: string | undefined;
  /** The hook at which it decides. */
  readonly hook: string | undefined;
}

/** The host as the model of packets takes it; nothing while filters, routes or settings are not known. */
export interface FlowModel {
  readonly topology: Topology & { readonly firewall: HostFirewall; readonly kernel: HostKernel };
  readonly surroundings: ReturnType<typeof surroundingsOf>;
}

/** Puts together what the model of packets needs. */
export function flowModelOf(facts: Facts): FlowModel | undefined {
  const { firewall, kernel, evidence, networks } = facts;
  if (firewall === undefined || kernel === undefined) return undefined;
  const surroundings = surroundingsOf(facts);
  return {
    surroundings,
    topology: {
      backend: backendOf(facts),
      ...(evidence.libvirt === undefined ? {} : { libvirt: evidence.libvirt }),
      networks: networks
        .filter(({ state, preview }) => state.active && preview !== undefined)
        .map(({ network }) => network),
      guests: [],
      outside: surroundings.outside,
      firewall,
      kernel,
    },
  };
}

/** Follows a packet for each need of the guests of a network. */
export function lostOf(model: FlowModel, { network }: NetworkFacts, nic?: NicEvidence): readonly Lost[] {
  const { backend, libvirt, outside, firewall, kernel } = model.topology;
  const guest = guestFor(nic);
  const { needs } = checkFirewall(network, firewall, compact({ backend, libvirt, outside, kernel, guest }));
  return needs.flatMap(({ state, need, family, reason, rule, hook }) =>
    state === 'fails' ? [{ need, family, reason, rule, hook }] : [],
  );
}

const guestFor = (nic: NicEvidence | undefined): Omit<FlowGuest, 'name' | 'network'> | undefined =>
  nic === undefined ? undefined : { mac: nic.mac, ...(nic.tap === undefined ? {} : { tap: nic.tap }) };

/** Follows packets between guests of one network, from the host to one, and to each place that the host's routes know. */
export function lostBeyond({ topology, surroundings }: FlowModel, facts: NetworkFacts): readonly Lost[] {
  const { network, preview } = facts;
  if (preview === undefined) return [];
  const guests = ['guest', 'peer'].map((name) => ({ name, network: network.name }));
  const all = { ...topology, guests };
  const ask = (need: LostNeed, packet: FlowPacket): Lost[] => lost(need, explainFlow(all, packet));
  const families = (['ipv4', 'ipv6'] as const).filter((family) =>
    preview.subnets.some(({ subnet }) => subnet.family === family),
  );
  return families.flatMap((family) => [
    ...ask('peers', { from: 'guest', to: 'peer', protocol: 'tcp', port: 443, family }),
    ...ask('host to guest', { from: 'host', to: 'guest', protocol: 'tcp', port: 22, family }),
    ...surroundings.targets
      .filter((target) => target.family === family)
      .flatMap(({ address }) => [
        ...(preview.mode === 'none'
          ? []
          : ask('far', { from: 'guest', to: address, protocol: 'tcp', port: 443, family })),
        ...ask('host out', { from: 'host', to: address, protocol: 'tcp', port: 443, family }),
      ]),
  ]);
}

function lost(need: LostNeed, { verdict, packet, reason, rule, hook }: Flow): Lost[] {
  if (verdict === 'delivered' || verdict === 'depends') return [];
  return [{ need, family: packet.family, reason, rule, hook }];
}
