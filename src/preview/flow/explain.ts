import { LibvirtError } from '../../errors/index.js';
import { readable } from '../../options/options.js';
import type { OvnTopology } from '../../ovn-model/topology.js';
import { type Family, parseAddress } from '../../schema/address.js';
import { explainOvnFlow } from '../ovn-flow/explain-ovn-flow.js';
import { numberOf } from './addresses.js';
import { type Asked, askedOf, conversationOf, flowOf, isLoopback, lostOnTheWayBack, packetOf } from './asked.js';
import { apart, apartFromHost } from './attachment.js';
import type { Conversation } from './conversation.js';
import { HostPath, linkIsDown, type NextHop, stop } from './host-path.js';
import {
  type End,
  keyOf,
  type Link,
  type LostAt,
  type NetworkModel,
  type Node,
  networkModelOf,
} from './network-model.js';
import { FAMILY_NAMES } from './packets.js';
import { ServiceTrace } from './service-trace.js';
import { answerOf } from './services.js';
import type { Flow, FlowPacket, FlowStep, Topology, Verdict } from './topology.js';
import { vlanLack, vlanLackOfHost } from './vlans.js';

/**
 * Explains the way of a packet and of its answer through a host: switches, routing, libvirt's firewall rules,
 * translation, port forwards. Source: libvirt's firewall page; compared with real packets on libvirt 9.0 and 11.3.
 *
 * @param topology - the networks that run, in the order of their start, and what is around
 * @param packet - who sends what to whom
 * @throws {@link ValidationError} for a network that libvirt would not define
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for names that are not in the topology, or a network whose bridge
 *   has no name
 */
export function explainFlow(topology: Topology, packet: FlowPacket): Flow;
/**
 * Explains the way of a packet and of its answer through networks on OVN: logical switches and routers, tunnels between chassis, rules,
 * translation, port forwards. It asks the rows that the networks become; compared with OVN's own `ovn-trace` and with real packets.
 *
 * @param topology - the networks, and guests on their chassis
 * @param packet - who sends what to whom: guests, `outside` or the address of a machine outside; `router` as receiver is the router of
 *   the sender's network
 * @throws `OvnUnsupportedError` for a network that OVN cannot express, {@link ValidationError} for one that libvirt would not define
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for names that are not in the topology, for addresses that guests cannot have,
 *   and for a network that does not say how it reaches the outside
 */
export function explainFlow(topology: OvnTopology, packet: FlowPacket): Flow;
export function explainFlow(topology: Topology | OvnTopology, packet: FlowPacket): Flow {
  return isOnOvn(topology)
    ? explainOvnFlow(topology, packetOf(packet))
    : traceFlow(networkModelOf(topology), packetOf(packet));
}

/** Only topologies of OVN have chassis. */
const isOnOvn = (topology: Topology | OvnTopology): topology is OvnTopology =>
  readable('explainFlow', () => typeof topology === 'object' && topology !== null && 'chassis' in topology);

/** {@link explainFlow} for a topology that was put together before. */
export const traceFlow = (model: NetworkModel, packet: FlowPacket): Flow => traceToEnd(model, packet).flow;

/** A flow, and where a packet filter of the host has ended it. */
export interface TracedFlow {
  readonly flow: Flow;
  readonly lostAt: LostAt | undefined;
}

/** {@link traceFlow}, with the chain that has stopped the packet. */
export function traceToEnd(model: NetworkModel, packet: FlowPacket): TracedFlow {
  const asked = askedOf(packet);
  const trace = new PacketTrace(model, asked);
  const end = trace.run();
  return { flow: flowOf(asked, end, trace.steps), lostAt: end.lostAt };
}

/** Follows one packet and its answer. */
class PacketTrace {
  readonly steps: FlowStep[] = [];
  readonly #model: NetworkModel;
  readonly #packet: Asked;
  readonly #family: Family;
  readonly #state: Conversation;
  readonly #host: HostPath;

  constructor(model: NetworkModel, packet: Asked) {
    this.#model = model;
    this.#packet = packet;
    this.#family = packet.family;
    this.#state = conversationOf(packet);
    this.#host = new HostPath(model, this.#state, this.#note);
  }

  run(): End {
    const { from, to, protocol } = this.#packet;
    if ([from, to].includes('outside') && this.#model.outside.length === 0)
      return this.#lost('no-route', 'the host is on no LAN: there is no outside');
    const receiver = this.#model.guests.get(to);
    const sender = from === 'host' ? 'host' : from === 'outside' ? this.#outsideFor(receiver) : this.#nodeOf(from);
    if (protocol === 'dhcp' || protocol === 'ra') return this.#finish(this.#services().ask(protocol, sender));
    const destination = this.#addressOf(sender);
    if (destination === undefined)
      return this.#lost('no-route', `the receiver has no ${FAMILY_NAMES[this.#family]} address`);
    this.#state.destination = destination;
    this.#state.asked = destination;
    return this.#finish(this.#converse(sender));
  }

  #converse(sender: Node | 'host'): End {
    const { from, protocol } = this.#packet;
    if (sender !== 'host' && isLoopback(this.#family, this.#state.destination))
      return {
        verdict: 'delivered',
        reason: `${this.#host.text(this.#state.destination)} is ${from} itself: nothing leaves it`,
      };
    const there = sender === 'host' ? this.#fromHost() : this.#fromNode(sender);
    if ('end' in there) return there.end;
    const name = there.to === 'host' ? 'host' : there.to.name;
    this.#note(name, 'arrive', `arrives, from ${this.#state.sourceText}`);
    const sourceSeen = this.#state.sourceText;
    const named = there.to === 'host' && protocol.startsWith('dns');
    const answer = named ? answerOf(this.#model, there.link, this.#packet.name) : undefined;
    if (answer !== undefined && answer.verdict !== 'delivered') return { ...answer, sourceSeen };
    const served = there.to === 'host' ? this.#services().serve(protocol, there.link, { sender, answer }) : undefined;
    if (served !== undefined && served.verdict !== 'refused') return { ...served, sourceSeen };
    const back = this.#back(there, sender);
    if ('end' in back) return { ...lostOnTheWayBack(back.end), sourceSeen };
    if (served !== undefined) return { ...served, sourceSeen };
    this.#note(from, 'arrive', 'the answer arrives');
    const reason = answer?.reason ?? `it arrives from ${sourceSeen}, and the answer comes back`;
    return { verdict: 'delivered', reason, sourceSeen };
  }

  #services(): ServiceTrace {
    return new ServiceTrace(this.#model, { packet: this.#packet, host: this.#host, note: this.#note });
  }

  #nodeOf(name: string): Node {
    if (name === 'outside') {
      const [first] = this.#model.outside;
      if (first !== undefined) return first;
    }
    const node = this.#model.guests.get(name);
    if (node !== undefined) return node;
    throw new LibvirtError('INVALID_ARGUMENT', `there is no '${name}' in the topology`, {
      hint: "packets go from and to 'host', 'outside' and the guests by their names",
    });
  }

  /** The address that the packet is for; the sender's idea of it. */
  #addressOf(sender: Node | 'host'): bigint | undefined {
    const { to } = this.#packet;
    if (to === 'host') return this.#hostAddress(sender === 'host' ? undefined : sender.link);
    // Names first: finding out that a text is not an address is slow.
    const given = this.#model.guests.has(to) || to === 'outside' ? undefined : parseAddress(to);
    if (given !== undefined) return given.family === this.#family ? given.value : undefined;
    const receiver = this.#nodeOf(to);
    const node = receiver.name === 'outside' ? this.#outsideFor(sender === 'host' ? undefined : sender) : receiver;
    return node.addresses.find(({ family }) => family === this.#family)?.value;
  }

  /** Guests of a LAN know the machine outside by its address there. */
  #outsideFor(guest: Node | undefined): Node {
    return this.#model.outside.find(({ link }) => link === guest?.link) ?? this.#nodeOf('outside');
  }

  #hostAddress(link: Link | undefined): bigint | undefined {
    const links = link === undefined ? this.#model.lans : [link, ...this.#model.lans];
    for (const { subnets } of links) {
      const subnet = subnets.find(({ family }) => family === this.#family);
      if (subnet !== undefined) return numberOf(subnet.gateway);
    }
    return undefined;
  }

  #fromHost(): NextHop {
    if (this.#host.isLocal()) this.#sourceAs(this.#state.destination);
    else {
      const out = this.#host.route('lo');
      if ('end' in out) return out;
      this.#sourceAs(this.#hostAddress(out.link) ?? 0n);
    }
    return this.#host.send();
  }

  #fromNode(sender: Node): NextHop {
    if (sender.isLinkDown) return stop('rejected', linkIsDown(sender));
    const own = sender.addresses.find(({ family }) => family === this.#family);
    if (own === undefined) return stop('no-route', `${sender.name} has no ${FAMILY_NAMES[this.#family]} address`);
    this.#sourceAs(own.value);
    return this.#leave(sender);
  }

  /** A node sends a packet, or an answer, to the destination. */
  #leave(sender: Node): NextHop {
    const { destination } = this.#state;
    const target = this.#host.text(destination);
    const local = sender.onLink.some((one) => one.family === this.#family && one.contains(destination));
    if (!local && !sender.gateway[this.#family])
      return stop('no-route', `${sender.name} has no route to ${target}${whyNoRoute(sender)}`);
    this.#note(sender.name, 'send', `sends to ${target}${local ? '' : ' through its default route'}`);
    const atHost = this.#model.hostAddresses.get(keyOf(this.#family, destination)) === sender.link;
    const lonely = atHost ? apartFromHost(sender.attachment, sender.link.reflects) : undefined;
    if (lonely !== undefined) return stop(sender.attachment === 'hostdev' ? 'depends' : 'rejected', lonely);
    if (local && !atHost) return this.#switched(sender);
    const tagged = vlanLackOfHost(sender);
    if (tagged !== undefined) return stop(tagged.verdict, tagged.reason);
    if (!local && sender.link.network === undefined && sender.name !== 'outside')
      return stop('timeout', `the router of ${sender.link.name} does not lead to ${target}, as far as is known`);
    if (sender.name !== 'outside') this.#note(sender.link.name, 'switch', 'the switch hands it to the host');
    return this.#host.receive({ link: sender.link, node: sender });
  }

  /** Between two ports of one switch only filters of bridges are asked. A sender that does not find its neighbour says so. */
  #switched(sender: Node): NextHop {
    const { link } = sender;
    const receiver = this.#model.owners.get(keyOf(this.#family, this.#state.destination));
    const { name } = link;
    if (receiver?.link !== link) return stop('rejected', `nobody on ${name} has the address`);
    if (receiver.isLinkDown) return stop('rejected', linkIsDown(receiver));
    const tagged = vlanLack(sender, receiver);
    if (tagged !== undefined) return stop(tagged.verdict, tagged.reason);
    const reason = apart(sender.attachment, receiver.attachment, link.reflects);
    if (reason !== undefined) return stop(unknownCard(sender, receiver) ? 'depends' : 'rejected', reason);
    if (sender.isIsolated && receiver.isIsolated)
      return stop('rejected', `${name} keeps isolated ports apart (<port isolated='yes'/>)`);
    const end = this.#host.switched(link, sender, receiver);
    if (end !== undefined) return { end };
    this.#note(name, 'switch', `the switch hands it to ${receiver.name}`);
    return { to: receiver, link };
  }

  /** The answer goes the same way back, as connection tracking remembers it. */
  #back(there: { readonly to: Node | 'host'; readonly link: Link }, sender: Node | 'host'): NextHop {
    this.#state.turn();
    if (there.to !== 'host') return this.#leave(there.to);
    this.#state.sourceText = this.#host.text(this.#state.source);
    return sender === 'host' ? { to: 'host', link: there.link } : this.#host.send();
  }

  #sourceAs(value: bigint): void {
    this.#state.source = value;
    this.#state.origin = value;
    this.#state.sourceText = this.#host.text(value);
  }

  readonly #note = (at: string, what: FlowStep['what'], text: string): void => {
    this.steps.push({ way: this.#state.way, at, what, text });
  };

  /** The rules of a filter are in the host's firewall. */
  #unknownFilter(): End | undefined {
    const { from, to } = this.#packet;
    const node = [from, to].map((name) => this.#model.guests.get(name)).find((one) => one?.unknownFilter !== undefined);
    return (
      node && {
        verdict: 'depends',
        reason: `it depends on the filter ${node.unknownFilter} of ${node.name}: pass the host's firewall, which has its rules`,
      }
    );
  }

  #lost(verdict: Verdict, reason: string): End {
    return this.#finish({ verdict, reason });
  }

  #finish(found: End): End {
    const end = found.verdict === 'delivered' ? (this.#unknownFilter() ?? found) : found;
    if (end.verdict !== 'delivered') this.#note(this.#packet.from, 'lost', end.reason);
    return end;
  }
}

/** Between functions of one card the card decides. */
const unknownCard = (a: Node, b: Node): boolean => a.attachment === 'hostdev' && b.attachment === 'hostdev';

const whyNoRoute = ({ link }: Node): string =>
  link.network?.mode === 'none' ? ': an isolated network gives its guests no default route' : '';
