import { checkFirewall } from '../../preview/firewall-check/check.js';
import type { HostFirewall } from '../../preview/firewall-model/model.js';
import { explainFlow } from '../../preview/flow/explain.js';
import type { Flow, FlowGuest, FlowPacket, Topology } from '../../preview/flow/topology.js';
import type { HostKernel } from '../../preview/host-kernel/model.js';
import type { Family } from '../../schema/address.js';
import { compact } from '../../schema/values.js';
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
export function lostOf(model: FlowModel, { network }: NetworkFacts, guest?: FollowedGuest): readonly Lost[] {
  const { backend, libvirt, outside, firewall, kernel } = model.topology;
  const { needs } = checkFirewall(network, firewall, compact({ backend, libvirt, outside, kernel, guest }));
  return needs.flatMap(({ state, need, family, reason, rule, hook }) =>
    state === 'fails' ? [{ need, family, reason, rule, hook }] : [],
  );
}

/** A guest whose NIC and addresses are known. */
export type FollowedGuest = Omit<FlowGuest, 'name' | 'network'>;

/** Tells whether filters of the host look at frames, so that it matters by which device a guest is plugged in. */
export const filtersFrames = ({ topology: { firewall } }: FlowModel): boolean =>
  firewall.chains.some(
    ({ family, base, rules }) =>
      /^(?:arp|bridge|netdev)$/.test(family) && (rules.length > 0 || base?.policy === 'drop'),
  );

/** The same host without the rules that exempt packets from connection tracking. */
export function withTracking(model: FlowModel): FlowModel | undefined {
  const { firewall } = model.topology;
  const tracked = firewall.chains.map((chain) => ({
    ...chain,
    rules: chain.rules.filter(({ target }) => target.type !== 'notrack'),
  }));
  if (tracked.every(({ rules }, i) => rules.length === firewall.chains[i]?.rules.length)) return undefined;
  return { ...model, topology: { ...model.topology, firewall: { ...firewall, chains: tracked } } };
}

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

/** Everything that guests of a network lose. What only rules against connection tracking take is so marked. */
export function allLost(model: FlowModel, on: NetworkFacts): readonly Lost[] {
  const found = [...lostOf(model, on), ...lostBeyond(model, on)];
  const tracked = withTracking(model);
  if (tracked === undefined) return found;
  const remaining = new Set([...lostOf(tracked, on), ...lostBeyond(tracked, on)].map(keyOf));
  return found.map((one) => (remaining.has(keyOf(one)) ? one : { ...one, rule: UNTRACKED }));
}

const keyOf = ({ need, family }: Lost): string => `${need} ${family}`;

/** Stands for the rules that exempt packets from connection tracking. */
export const UNTRACKED = 'notrack';
