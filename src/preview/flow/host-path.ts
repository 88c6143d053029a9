import { addressOf, type Family } from '../../schema/address.js';
import type { HostHook } from '../firewall-model/model.js';
import type { FilterPacket } from '../firewall-model/packet.js';
import type { Translation } from '../firewall-model/packet-filter.js';
import { echoLack, filtersBridges } from '../host-kernel/model.js';
import { numberOf } from './addresses.js';
import { apartFromHost } from './attachment.js';
import type { Conversation } from './conversation.js';
import { HostHooks, type Passage } from './host-hooks.js';
import { HostRoutes, type Unrouted, type WayOut } from './host-routes.js';
import { type End, keyOf, type Link, type NetworkModel, type Node } from './network-model.js';
import { FAMILY_NAMES, type Neighbour, neighbourPackets, typeOfAddress } from './packets.js';
import type { FlowStep, Verdict } from './topology.js';
import { vlanLackOfHost } from './vlans.js';

/** A way that ends, or goes on to somebody. */
export type NextHop = { readonly end: End } | { readonly to: Node | 'host'; readonly link: Link };

export const stop = (verdict: Verdict, reason: string, rule?: string): { readonly end: End } => ({
  end: { verdict, reason, rule },
});

type Note = (at: string, what: FlowStep['what'], text: string) => void;

/** Where a packet comes into the host, or leaves it. */
interface Port {
  readonly link: Link;
  /** The tap of the guest at the other end, if it is a guest and known. */
  readonly node: Node | undefined;
}

/** Leads a packet through the host: its hooks, its routes, and what connection tracking does. */
export class HostPath {
  readonly #model: NetworkModel;
  readonly #packet: Conversation;
  readonly #hooks: HostHooks;
  readonly #routes: HostRoutes;
  readonly #note: Note;
  /** Pairs of a link and a side that know each other's hardware address. */
  readonly #acquainted = new Set<string>();

  constructor(model: NetworkModel, packet: Conversation, note: Note) {
    this.#model = model;
    this.#packet = packet;
    this.#note = note;
    this.#routes = new HostRoutes(model);
    this.#hooks = new HostHooks(
      model.filter,
      (what, text) => note('host', what, text),
      (rejected) => this.#routes.hasReversePath(rejected.inBy ?? '', rejected) !== false,
    );
  }

  /** The host gets a packet from a link: for itself, or to pass on. */
  receive(port: Port): NextHop {
    const { link } = port;
    if (this.#model.taken.has(link)) return lostCard(link);
    const early = this.acquaint(port, 'node') ?? this.frameIn(port) ?? this.#prerouting(link.device);
    if (early !== undefined) return { end: early };
    if (this.isLocal()) {
      const end = this.#reversePath(link, 'lo') ?? this.#input(link.device);
      return end === undefined ? { to: 'host', link } : { end };
    }
    const lack = this.#model.forwardingLack(this.#packet.family, link.device);
    if (lack !== undefined)
      return stop('timeout', `the host does not forward ${this.#familyName}: ${lack.reason}`, lack.rule);
    const out = this.route(link.device);
    if ('end' in out) return out;
    this.#note('host', 'route', `routes it from ${link.device} to ${out.link.device}`);
    const end = this.#reversePath(link, out.link.device) ?? this.#forward(link.device, out.link.device);
    return end === undefined ? this.#leave(out, link.device) : { end };
  }

  /** The host sends a packet of its own. */
  send(): NextHop {
    if (this.isLocal()) {
      const translated = this.#output('lo');
      if (translated !== undefined) return { end: translated };
      if (this.isLocal()) return this.#loopback();
    }
    const out = this.route('lo');
    if ('end' in out) return out;
    this.#note(
      'host',
      'send',
      `${this.#packet.way === 'there' ? 'sends to' : 'answers'} ${this.text(this.#packet.destination)} by ${out.link.device}, from ${this.#packet.sourceText}`,
    );
    const end = this.#packet.dnat && this.#packet.way === 'there' ? undefined : this.#output(out.link.device);
    return end === undefined ? this.#leave(out, '') : { end };
  }

  /** The link that the host sends by. */
  route(inBy: string): WayOut | { readonly end: End } {
    const routed = this.#routes.choose(this.#packet, inBy);
    return 'link' in routed ? routed : { end: this.#unrouted(routed, inBy) };
  }

  /** Tells whether the packet is for the host itself. */
  readonly isLocal = (): boolean =>
    this.#model.hostAddresses.has(keyOf(this.#packet.family, this.#packet.destination)) ||
    typeOfAddress(this.#model, this.#packet.family, this.#packet.destination) === 'local';

  /** Asks the filters of frames that come in from a port of a switch, and of the device itself. */
  frameIn({ link, node }: Port, given?: FilterPacket): End | undefined {
    if (!this.#hooks.filtersFrames) return undefined;
    const packet = given ?? {
      ...this.packetAt(link.device, ''),
      etherSource: node?.mac,
      etherDestination: macOf(link),
    };
    const tap = node === undefined || link.network === undefined ? link.device : node.tap;
    const { end } = this.#hooks.frameIn(packet, { tap, link: link.device });
    return (
      end ?? (isBridge(link) ? this.#hooks.bridge(['prerouting', 'input'], { ...packet, inBy: tap }).end : undefined)
    );
  }

  /** Asks the filters of frames that go out to a port of a switch. */
  frameOut({ link, node }: Port, given?: FilterPacket): End | undefined {
    if (!isBridge(link) || !this.#hooks.filtersFrames) return undefined;
    const packet = given ?? {
      ...this.packetAt('', link.device),
      etherSource: macOf(link),
      etherDestination: node?.mac,
    };
    return this.#hooks.bridge(['output', 'postrouting'], { ...packet, outBy: node?.tap }).end;
  }

  /** Asks the filters of frames between two ports of one switch. */
  switched(link: Link, from: Node, to: Node): End | undefined {
    const packet = { ...this.packetAt(link.device, link.device), etherSource: from.mac, etherDestination: to.mac };
    const frame = { ...packet, inBy: from.tap, outBy: to.tap };
    const strangers = this.#strangers(link, from, to);
    if (strangers !== undefined) return strangers;
    const early =
      this.#hooks.frameIn(packet, { tap: from.tap, link: '' }).end ?? this.#hooks.bridge(['prerouting'], frame).end;
    if (early !== undefined) return early;
    if (filtersBridges(this.#model.kernel, this.#packet.family, link.device)) {
      for (const hook of ['prerouting', 'forward', 'postrouting'] as const) {
        const outBy = hook === 'prerouting' ? '' : link.device;
        const { end } = this.#hooks.ask(hook, { ...packet, outBy, inBy: hook === 'postrouting' ? '' : link.device });
        if (end !== undefined) return end;
      }
    }
    return this.#hooks.bridge(['forward', 'postrouting'], frame).end;
  }

  /** Two guests find each other by frames that the switch may filter too; who asks says after three seconds that it cannot. */
  #strangers({ device }: Link, from: Node, to: Node): End | undefined {
    const { family } = this.#packet;
    const [node, other] = [neighbourOf(from, family), neighbourOf(to, family)];
    const { incoming, outgoing } = neighbourPackets(family, device, { asker: 'node', node, other });
    for (const frame of [
      { ...incoming, inBy: from.tap, outBy: to.tap },
      { ...outgoing, inBy: to.tap, outBy: from.tap },
    ]) {
      const { end } = this.#hooks.bridge(['prerouting', 'forward', 'postrouting'], frame);
      if (end !== undefined)
        return {
          ...end,
          verdict: end.verdict === 'depends' ? 'depends' : 'rejected',
          reason: `neighbours do not find each other: ${end.reason}`,
        };
    }
    return undefined;
  }

  /** Asks the hook of packets to the host, or from it, about a packet of a service. */
  service(hook: 'input' | 'output', port: Port, changes: Partial<FilterPacket>): End | undefined {
    const { link, node } = port;
    const { device } = link;
    const frame =
      hook === 'input' ? { etherSource: node?.mac } : { etherSource: macOf(link), etherDestination: node?.mac };
    const usual = { ...this.packetAt(hook === 'input' ? device : '', hook === 'output' ? device : ''), ...frame };
    const changed = { ...usual, ...changes };
    const packet = { ...changed, hasReversePath: () => this.#routes.hasReversePath(device, changed) };
    if (hook === 'input')
      return (
        this.frameIn(port, packet) ?? this.#hooks.ask('prerouting', packet).end ?? this.#hooks.ask('input', packet).end
      );
    return (
      this.#hooks.ask('output', packet).end ?? this.#hooks.ask('postrouting', packet).end ?? this.frameOut(port, packet)
    );
  }

  /**
   * Lets two neighbours find each other's hardware address, which filters of the host may prevent.
   *
   * @param asker - the side that has something to send, and that says after three seconds that it cannot
   */
  acquaint(port: Port, asker: 'host' | 'node', inBy = ''): End | undefined {
    const { family } = this.#packet;
    const { link, node } = port;
    if (node === undefined) return undefined;
    if (family === 'ipv4' && !this.#hooks.filtersArp && !this.#hooks.filtersFrames) return undefined;
    const key = `${link.device} ${node.name}`;
    if (this.#acquainted.has(key)) return undefined;
    this.#acquainted.add(key);
    const [own, other] = [neighbourOf(node, family), { mac: macOf(link), address: gatewayOf(link, family) }];
    const { incoming, outgoing } = neighbourPackets(family, link.device, { asker, node: own, other });
    const end =
      family === 'ipv4'
        ? (this.frameIn(port, incoming) ?? this.#hooks.arp(incoming, outgoing) ?? this.frameOut(port, outgoing))
        : (this.service('input', port, incoming) ?? this.service('output', port, outgoing));
    if (end === undefined) return undefined;
    const reason = `neighbours do not find each other: ${end.reason}`;
    if (end.verdict === 'depends') return { ...end, reason };
    return { ...end, ...(asker === 'node' ? { verdict: 'rejected', reason } : this.#unreachable(link, inBy, reason)) };
  }

  text(value: bigint): string {
    const texts = this.#model.texts[this.#packet.family];
    const text = texts.get(value) ?? addressOf(this.#packet.family, value).text;
    texts.set(value, text);
    return text;
  }

  packetAt(inBy: string, outBy: string): FilterPacket {
    const { family, protocol, source, destination, sourcePort, destinationPort, state, dnat, snat, mark, icmpType } =
      this.#packet;
    return {
      family,
      source,
      destination,
      protocol: protocol === 'icmp' && family === 'ipv6' ? 'icmpv6' : protocol,
      sourcePort,
      destinationPort,
      icmpType,
      inBy,
      outBy,
      state,
      dnat,
      snat,
      mark,
      hopLimit: undefined,
      typeOf: (address) => typeOfAddress(this.#model, family, address),
      hasReversePath: () => this.#routes.hasReversePath(inBy, this.#packet),
    };
  }

  get #familyName(): string {
    return FAMILY_NAMES[this.#packet.family];
  }

  /** Who sends without a route knows it at once; who sends through the host hears of it, or not. */
  #unrouted({ type, reason, rule }: Unrouted, inBy: string): End {
    if (type === 'depends') return { verdict: 'depends', reason, rule };
    if (type === 'silent') return { verdict: 'timeout', reason, rule };
    if (inBy !== 'lo') return { ...this.#hooks.refused(this.packetAt(inBy, ''), reason), rule };
    return { verdict: type === 'no-route' ? 'no-route' : 'rejected', reason, rule };
  }

  /** What comes into the host is translated first: the receiver of a port forward, and back the receiver of an answer. */
  #prerouting(inBy: string): End | undefined {
    const own = this.#packet;
    const isTrackedAnswer = own.way === 'back' && own.tracked;
    if (!this.#model.filter.hasHook('prerouting', own.family)) {
      if (isTrackedAnswer) this.#restore(own);
      return undefined;
    }
    const packet = this.packetAt(inBy, '');
    const tracking = isTrackedAnswer ? { tracking: { priority: -101, apply: this.#restore } } : {};
    const passage = this.#hooks.ask('prerouting', packet, tracking);
    if (passage.end !== undefined) return passage.end;
    return this.#remember(packet, passage) ?? this.#lostTranslation(packet);
  }

  /** An answer that is not tracked keeps the addresses that the receiver saw. */
  #lostTranslation({ state }: FilterPacket): End | undefined {
    const { way, dnat, snat } = this.#packet;
    if (way === 'there' || state !== 'untracked' || !(dnat || snat)) return undefined;
    return {
      verdict: 'timeout',
      reason: 'a rule exempts it from connection tracking, so its addresses are not translated back',
    };
  }

  /** Asks a hook, if anybody is there. */
  #pass(hook: HostHook, inBy: string, outBy: string): Passage {
    return this.#model.filter.hasHook(hook, this.#packet.family)
      ? this.#hooks.ask(hook, this.packetAt(inBy, outBy))
      : NOTHING_THERE;
  }

  #input(inBy: string): End | undefined {
    const { family, protocol, way } = this.#packet;
    const { end, accepted } = this.#pass('input', inBy, '');
    if (end !== undefined) return end;
    if (accepted !== undefined) this.#note('host', 'firewall', `accepted: ${accepted.text}`);
    const rule = protocol === 'icmp' && way === 'there' ? echoLack(this.#model.kernel, family) : undefined;
    if (rule !== undefined)
      return { verdict: 'timeout', reason: `the host is set not to answer echo requests: ${rule}`, rule };
    return undefined;
  }

  #forward(inBy: string, outBy: string): End | undefined {
    const { end, accepted } = this.#pass('forward', inBy, outBy);
    if (end !== undefined) return end;
    this.#note(
      'host',
      'firewall',
      accepted === undefined ? 'no rule is about it: accepted' : `accepted: ${accepted.text}`,
    );
    return undefined;
  }

  #output(outBy: string): End | undefined {
    if (!this.#model.filter.hasHook('output', this.#packet.family)) return undefined;
    const packet = this.packetAt('', outBy);
    const passage = this.#hooks.ask('output', packet);
    return passage.end ?? this.#remember(packet, passage);
  }

  #loopback(): NextHop {
    const { family, destination } = this.#packet;
    const [fallback] = this.#model.links;
    const link = this.#model.hostAddresses.get(keyOf(family, destination)) ?? fallback;
    if (link === undefined) return stop('no-route', 'the host has no address');
    const end =
      this.#hooks.ask('postrouting', this.packetAt('', 'lo')).end ??
      this.#hooks.ask('prerouting', { ...this.packetAt('lo', ''), state: 'established' }).end ??
      this.#input('lo');
    return end === undefined ? { to: 'host', link } : { end };
  }

  /** The last hooks of a packet that leaves, and its way to the receiver. */
  #leave(out: WayOut, inBy: string): NextHop {
    const { link } = out;
    if (this.#model.taken.has(link)) return lostCard(link);
    const passage = this.#pass('postrouting', inBy, link.device);
    if (passage.end !== undefined) return { end: passage.end };
    if (passage.translation !== undefined && this.#packet.way === 'there')
      this.#translateSource(passage.translation, link);
    return this.#deliver(out, inBy);
  }

  #deliver({ link, onLink }: WayOut, inBy: string): NextHop {
    const { family, destination } = this.#packet;
    const receiver = this.#model.owners.get(keyOf(family, destination));
    if (receiver?.link !== link) {
      const reason = `nobody at ${link.device} has the address ${this.text(destination)}`;
      return onLink ? { end: this.#unreachable(link, inBy, reason) } : stop('timeout', reason);
    }
    if (receiver.isLinkDown) return { end: this.#unreachable(link, inBy, linkIsDown(receiver)) };
    const tagged = vlanLackOfHost(receiver);
    if (tagged?.verdict === 'depends') return stop('depends', tagged.reason);
    if (tagged !== undefined) return { end: this.#unreachable(link, inBy, tagged.reason) };
    const port = { link, node: receiver };
    const lonely = apartFromHost(receiver.attachment, link.reflects);
    if (lonely !== undefined)
      return receiver.attachment === 'hostdev'
        ? stop('depends', lonely)
        : { end: this.#unreachable(link, inBy, lonely) };
    const end = this.acquaint(port, 'host', inBy) ?? this.frameOut(port);
    if (end !== undefined) return { end };
    if (receiver.name !== 'outside') this.#note(link.name, 'switch', `the switch hands it to ${receiver.name}`);
    return { to: receiver, link };
  }

  /** The sender hears after three seconds that the host does not find the receiver, unless filters drop that message. */
  #unreachable(link: Link, inBy: string, reason: string): End {
    return this.#hooks.refused({ ...this.packetAt(inBy, link.device), source: this.#packet.origin }, reason);
  }

  /** Keeps what rules did to the packet. */
  #remember(packet: FilterPacket, { translation }: Passage): End | undefined {
    const own = this.#packet;
    own.mark = packet.mark;
    if (own.way === 'there' && packet.state === 'untracked') own.tracked = false;
    if (translation === undefined) return undefined;
    const { target } = translation;
    own.dnat = true;
    own.asked = own.destination;
    own.destination = target.type === 'redirect' ? own.destination : packet.destination;
    own.destinationPort = packet.destinationPort;
    this.#note(
      'host',
      'translate',
      `the receiver becomes ${this.text(own.destination)} port ${own.destinationPort}: ${translation.by.text}`,
    );
    return undefined;
  }

  /** Undoes translations of the packet in its answer. */
  readonly #restore = (packet: Pick<FilterPacket, 'state' | 'destination'>): void => {
    const own = this.#packet;
    if (packet.state === 'untracked' || own.destination === own.origin) return;
    own.destination = own.origin;
    packet.destination = own.origin;
    this.#note('host', 'translate', `the answer's receiver becomes ${this.text(own.origin)} again`);
  };

  #translateSource({ target, by }: Translation, out: Link): void {
    const own = this.#packet;
    own.snat = true;
    if (target.type === 'masquerade') {
      const subnet = out.subnets.find(({ family }) => family === own.family);
      if (subnet === undefined) return;
      [own.source, own.sourceText] = [numberOf(subnet.gateway), subnet.gateway];
    } else if (target.type === 'snat' && target.start !== undefined) {
      const { start, end = start } = target;
      [own.source, own.sourceText] = [numberOf(start), start === end ? start : `${start}-${end}`];
    }
    this.#note('host', 'translate', `the source becomes ${own.sourceText}: ${by.text}`);
  }

  #reversePath(link: Link, outBy: string): End | undefined {
    const lack = this.#routes.reversePathLack(this.#packet, link, outBy);
    if (lack === undefined) return undefined;
    const { rule, way } = lack;
    this.#note('host', 'route', `dropped: ${rule}`);
    const sender = this.text(this.#packet.source);
    return { verdict: 'timeout', reason: `rp_filter drops it: the host would answer ${sender} ${way}`, rule };
  }
}

const NOTHING_THERE: Passage = {};

const neighbourOf = ({ mac, addresses }: Node, family: Family): Neighbour => ({
  mac,
  address: addresses.find((one) => one.family === family)?.value,
});

/** The hardware address of the host on a link, where the network's definition says it. */
const macOf = ({ network }: Link): string | undefined => network?.document.mac?.address;

function gatewayOf({ subnets }: Link, family: Family): bigint | undefined {
  const gateway = subnets.find((one) => one.family === family)?.gateway;
  return gateway === undefined ? undefined : numberOf(gateway);
}

export const linkIsDown = ({ name }: Node): string => `the link of ${name} is down`;

const lostCard = ({ device }: Link): { readonly end: End } =>
  stop('rejected', `a guest has taken ${device} from the host (passthrough)`);

/** Tells whether a link is a bridge of libvirt: the host's NICs are none. */
const isBridge = ({ network }: Link): boolean => network !== undefined;
