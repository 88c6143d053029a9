import type { GuestNode } from '../../ovn-model/topology-guests.js';
import { type Address, addressOf } from '../../schema/address.js';
import type { Conversation } from '../flow/conversation.js';
import type { End } from '../flow/network-model.js';
import { isWithin, type LogicalNetwork, type LogicalRoute, type LogicalRouter, type Vip } from './logical.js';
import type { Note } from './note.js';
import { isSameSegment, type OutsideNode } from './outside-nodes.js';
import { hasDefaultRoute, isAddressOf, isOfRouter, isPublicOf, whyNoRoute, whyNoWayOut } from './routers.js';
import { type AclPoint, judge } from './rules.js';
import { isSame } from './same.js';
import { Translations } from './translations.js';
import { Tunnels } from './tunnels.js';
import { guestWith, type OvnWorld } from './world.js';

/** Who gets a packet: a guest, a machine outside, or the router of a network itself. */
export type Receiver =
  | { readonly guest: GuestNode }
  | { readonly machine: OutsideNode }
  | { readonly router: LogicalNetwork };

/** The receiver, or how the way ends before it. */
export type Reached = { readonly to: Receiver } | { readonly end: End };

/** Who hears of the way of a packet. */
export interface Watching {
  readonly note: Note;
  /** What OVN itself answers a guest, on the switch. */
  readonly answers: (guest: GuestNode) => End | undefined;
}

/** Ends a way. */
export const stop = (verdict: End['verdict'], reason: string, rule?: string): { readonly end: End } => ({
  end: { verdict, reason, rule },
});

/** Routers that a packet passes at most: its hop limit ends it. */
const MOST_HOPS = 64;

/** Leads a packet, and then its answer, through switches, routers and tunnels of OVN. */
export class OvnPath {
  readonly #world: OvnWorld;
  readonly #packet: Conversation;
  readonly #note: Note;
  readonly #answers: Watching['answers'];
  readonly #translations: Translations;
  readonly #tunnels: Tunnels;
  #hops = 0;
  /** The router by which the packet came in from outside. */
  #cameBy: LogicalRouter | undefined;

  constructor(world: OvnWorld, packet: Conversation, { note, answers }: Watching) {
    this.#world = world;
    this.#packet = packet;
    this.#note = note;
    this.#answers = answers;
    this.#translations = new Translations(packet, note);
    this.#tunnels = new Tunnels(world, note);
  }

  /** A guest sends the packet, or its answer. */
  fromGuest(guest: GuestNode): Reached {
    if (!guest.isPlugged) return stop('timeout', notPluggedIn(guest));
    const network = this.#networkOf(guest);
    if (this.#packet.way === 'back' && this.#translations.isHairpin) return this.#backFromItself(guest);
    const target = this.#destination;
    const isLocal = this.#isOnLink(guest, network);
    if (!isLocal && !hasDefaultRoute(network, this.#packet.family))
      return stop(
        'no-route',
        `${guest.name} has no route to ${target.text}${whyNoRoute(network, this.#packet.family)}`,
      );
    this.#note(guest.name, 'send', `sends to ${target.text}${isLocal ? '' : ' through its default route'}`);
    this.#tunnels.begin(guest.chassis);
    const isForRouter = !isLocal || isOfRouter(network, target);
    const neighbour = isForRouter ? undefined : guestWith(this.#world, network, target);
    // Nobody answers for the hardware address, so that no packet leaves.
    if (!isForRouter && neighbour === undefined)
      return stop('rejected', `nobody on ${network.name} has the address ${target.text}`);
    return this.#enter(guest, network, neighbour);
  }

  /** A packet of a guest comes into its switch, for a neighbour or the router. */
  #enter(guest: GuestNode, network: LogicalNetwork, neighbour: GuestNode | undefined): Reached {
    const point: AclPoint = { direction: 'from-lport', inport: guest.name, etherSource: guest.mac };
    const end = this.#asks(network, point) ?? (this.#packet.way === 'there' ? this.#answers(guest) : undefined);
    if (end !== undefined) return { end };
    if (neighbour !== undefined) return this.#deliver(network, neighbour, guest.mac);
    const vip = this.#vipIn(network.inner.vips);
    if (vip !== undefined) this.#translations.forward({ at: network.name, kind: 'network' }, vip);
    if (vip !== undefined && guestWith(this.#world, network, this.#destination) === guest)
      return this.#toItself(guest, vip);
    if (network.router === undefined) return stop('timeout', `${network.name} has no router`);
    this.#note(network.name, 'switch', 'the switch hands it to the router', 'network');
    return this.#atRouter(network, network.router, 'inside');
  }

  /** A machine outside sends the packet, or its answer. */
  fromMachine(machine: OutsideNode): Reached {
    const target = this.#destination;
    const isLocal = machine.addresses.some((own) => isWithin(target, own));
    this.#tunnels.begin(undefined);
    this.#note('outside', 'send', `sends to ${target.text}`);
    return isLocal ? this.#onLan(machine.segment, target, 'rejected') : this.#beyond(machine, false);
  }

  /** A router answers by itself. */
  fromRouter(network: LogicalNetwork): Reached {
    const { router } = network;
    if (router === undefined) return stop('timeout', `${network.name} has no router`);
    this.#note(router.name, 'send', `answers ${this.#destination.text}`, 'router');
    return this.#route(network, router, undefined);
  }

  get #destination(): Address {
    return addressOf(this.#packet.family, this.#packet.destination);
  }

  #networkOf({ name, network }: GuestNode): LogicalNetwork {
    const found = this.#world.networks.get(network);
    if (found !== undefined) return found;
    throw new Error(`guest ${name} is on no network`); // the world has only guests of its networks
  }

  /** A guest asks for hardware addresses itself in the subnet of its own address, and in all IPv6 subnets: the router advertises them. */
  #isOnLink(guest: GuestNode, { subnets }: LogicalNetwork): boolean {
    const { family } = this.#packet;
    const own = guest.addresses.find((address) => address.family === family);
    if (own === undefined) return false;
    return subnets.some(
      (subnet) => isWithin(this.#destination, subnet) && (family === 'ipv6' || isWithin(own, subnet)),
    );
  }

  /** A load balancer of the switch that leads to the sender itself: it takes the place of the sender. */
  #toItself(guest: GuestNode, vip: Vip): Reached {
    this.#translations.hairpin(guest.network, vip);
    return { to: { guest } };
  }

  #backFromItself(guest: GuestNode): Reached {
    this.#translations.undoAt({ at: guest.network, kind: 'network' });
    return { to: { guest } };
  }

  /** The last hop of a switch. */
  #deliver(network: LogicalNetwork, guest: GuestNode, etherSource: string): Reached {
    const end = this.#asks(network, { direction: 'to-lport', outport: guest.name, etherSource });
    if (end !== undefined) return { end: this.#heardOf(end, network) };
    if (!guest.isPlugged) return stop('timeout', notPluggedIn(guest));
    this.#note(network.name, 'switch', `the switch hands it to ${guest.name}`, 'network');
    this.#tunnels.goTo(guest.chassis);
    this.#translations.undoAt({ at: network.name, kind: 'network' });
    return { to: { guest } };
  }

  /** Asks the rules of the guests' switch. Answers to what is tracked pass without a rule. */
  #asks(network: LogicalNetwork, point: AclPoint): End | undefined {
    if (this.#packet.way === 'back' && network.inner.isStateful) return undefined;
    return judge(this.#packet, { logicalSwitch: network.inner, groups: network.groups }, point, this.#note);
  }

  /**
   * The sender hears of it only where the router has a way back. A distributed router takes the reset of a connection for a new packet,
   * and translates it: who began does not know it.
   */
  #heardOf(end: End, { router }: LogicalNetwork): End {
    const { family, protocol, source, destination } = this.#packet;
    if (end.verdict !== 'rejected' || router === undefined || this.#cameBy !== router) return end;
    const lost = (why: string): End => ({ ...end, verdict: 'timeout', reason: `${end.reason}, but ${why}` });
    const sender = addressOf(family, source);
    if (!router.routes.some(({ to }) => isWithin(sender, to)))
      return lost('the router has no route back to the sender');
    const isNew = protocol === 'tcp' && router.isDistributed;
    if (!isNew || this.#translations.natFor(router, destination, source) === undefined) return end;
    return lost('the router translates what the sender would hear of it');
  }

  #vipIn(vips: readonly Vip[]): Vip | undefined {
    const { way, protocol, destinationPort } = this.#packet;
    if (way === 'back') return undefined;
    return vips.find(
      (vip) => vip.protocol === protocol && vip.port === destinationPort && isSame(vip.address, this.#destination),
    );
  }

  #atRouter(network: LogicalNetwork, router: LogicalRouter, by: LogicalRoute['by']): Reached {
    this.#hops += 1;
    if (this.#hops > MOST_HOPS) return stop('timeout', IN_CIRCLES);
    this.#cameBy = by === 'outside' ? router : undefined;
    if (!router.isDistributed) {
      const end = this.#toGateway(network, router);
      if (end !== undefined) return { end };
    }
    this.#translations.undoSource(router.name);
    const vip = this.#vipIn(router.isDistributed && by === 'inside' ? [] : router.vips);
    if (vip !== undefined) this.#translations.forward({ at: router.name, kind: 'router' }, vip);
    if (isAddressOf(router, this.#destination)) return this.#toRouterItself(network, router);
    return this.#route(network, router, by);
  }

  /** Brings the packet to the chassis by which the router leads outside. */
  #toGateway(network: LogicalNetwork, { chassis }: LogicalRouter): End | undefined {
    const active = chassis.find((name) => this.#world.chassis.has(name));
    if (active === undefined)
      return {
        verdict: 'timeout',
        reason: `nothing connects ${network.name}: chassis ${chassis.join(', ')} is not in the topology`,
      };
    this.#tunnels.goTo(active);
    return undefined;
  }

  /** A router answers echo requests. Of others it says that it does not take them only where it does not lead outside. */
  #toRouterItself(network: LogicalNetwork, router: LogicalRouter): Reached {
    if (this.#packet.way === 'back') return stop('timeout', `${router.name} has not asked for it`);
    if (this.#packet.protocol === 'icmp') return { to: { router: network } };
    const reason = `${router.name} itself has the address ${this.#destination.text}, and takes nothing but echo requests`;
    return stop(router.outside === undefined ? 'rejected' : 'timeout', reason);
  }

  #route(network: LogicalNetwork, router: LogicalRouter, from: LogicalRoute['by'] | undefined): Reached {
    const target = this.#destination;
    const way = router.routes.find(({ to }) => isWithin(target, to));
    if (way === undefined)
      return stop('timeout', `${router.name} has no route to ${target.text}${whyNoWayOut(network)}`);
    const names = { inside: network.name, outside: network.outer?.segment.physicalNetwork ?? '' };
    if (from !== undefined)
      this.#note(
        router.name,
        'route',
        `routes it${this.#tunnels.onHost} from ${names[from]} to ${names[way.by]}`,
        'router',
      );
    if (way.by === 'outside' && router.isDistributed) {
      const end = this.#toGateway(network, router);
      if (end !== undefined) return { end };
    }
    // What a router says itself is not translated.
    if (from !== undefined && (way.by === 'outside' || !router.isDistributed)) this.#translations.leave(router);
    return way.by === 'outside' ? this.#toLan(network, way) : this.#toGuests(network, router, way);
  }

  #toGuests(network: LogicalNetwork, router: LogicalRouter, { hop }: LogicalRoute): Reached {
    const target = hop ?? this.#destination;
    const guest = guestWith(this.#world, network, target);
    if (guest === undefined) return stop('timeout', `nobody on ${network.name} has the address ${target.text}`);
    const reached = this.#deliver(network, guest, router.inside.mac);
    if ('end' in reached || hop === undefined) return reached;
    const reason = `it depends on ${guest.name}, the next hop of the route to ${this.#destination.text}`;
    return stop('depends', `${reason}: whether it passes packets on is not known`);
  }

  #toLan(network: LogicalNetwork, { hop }: LogicalRoute): Reached {
    const { outer } = network;
    if (outer === undefined) return stop('timeout', `${network.name} does not lead outside`);
    return this.#onLan(outer.segment, hop ?? this.#destination, 'timeout');
  }

  /** Somebody on a LAN takes the packet, who may have to pass it on. */
  #onLan(segment: OutsideNode['segment'], hop: Address, missing: End['verdict']): Reached {
    const machine = this.#world.outside.find((one) => isSameSegment(one.segment, segment) && hasAddress(one, hop));
    if (machine !== undefined)
      return hasAddress(machine, this.#destination) ? { to: { machine } } : this.#beyond(machine, true);
    const network = [...this.#world.networks.values()].find(
      ({ outer, router }) => outer !== undefined && isSameSegment(outer.segment, segment) && isPublicOf(router, hop),
    );
    if (network !== undefined) return this.#fromLan(network);
    if (!isSame(hop, this.#destination)) return this.#beyond(undefined, true);
    return stop(missing, `nobody on ${segment.physicalNetwork} has the address ${hop.text}`);
  }

  /** What is outside finds machines and public addresses; guests only by routes to their networks. */
  #beyond(by: OutsideNode | undefined, isPassedOn: boolean): Reached {
    this.#hops += 1;
    if (this.#hops > MOST_HOPS) return stop('timeout', IN_CIRCLES);
    const target = this.#destination;
    const [machine, network] = [this.#world.outside.find((one) => hasAddress(one, target)), this.#networkFor(target)];
    const pass = (): void => {
      if (isPassedOn) this.#note('outside', 'route', `the next hop passes it on to ${target.text}`);
    };
    if (machine !== undefined) {
      pass();
      return { to: { machine } };
    }
    if (network === undefined)
      return stop('timeout', `nobody outside has the address ${target.text}, as far as is known`);
    if (!isPublicOf(network.router, target) && by?.routes?.includes(network.name) === false)
      return stop('timeout', `outside there is no route to ${target.text}, by the router of ${network.name}`);
    pass();
    return this.#fromLan(network);
  }

  /** The network whose router has an address outside, or whose guests may have it. */
  #networkFor(target: Address): LogicalNetwork | undefined {
    const networks = [...this.#world.networks.values()].filter(({ outer }) => outer !== undefined);
    const isInside = ({ router }: LogicalNetwork) =>
      router?.inside.networks.some((subnet) => isWithin(target, subnet)) === true;
    return networks.find(({ router }) => isPublicOf(router, target)) ?? networks.find(isInside);
  }

  /** A packet comes in from the LAN, on the chassis that connects the network. */
  #fromLan(network: LogicalNetwork): Reached {
    const { outer, router } = network;
    if (outer === undefined || router === undefined) return stop('timeout', `${network.name} does not lead outside`);
    const active = router.chassis.find((name) => this.#world.chassis.has(name));
    this.#tunnels.begin(active);
    if (active === undefined) return { end: this.#toGateway(network, router) ?? NOWHERE };
    const point: AclPoint = { direction: 'from-lport', inport: outer.port, etherSource: '' };
    const end = judge(this.#packet, { logicalSwitch: outer, groups: network.groups }, point, this.#note);
    return end === undefined ? this.#atRouter(network, router, 'outside') : { end };
  }
}

const IN_CIRCLES = 'it goes in circles between routers until its hop limit ends it';

const NOWHERE: End = { verdict: 'timeout', reason: 'it does not lead outside' };

export const notPluggedIn = ({ name }: GuestNode): string => `${name} is not plugged in on any chassis`;

const hasAddress = ({ addresses }: OutsideNode, wanted: Address): boolean =>
  addresses.some(({ address }) => isSame(address, wanted));
