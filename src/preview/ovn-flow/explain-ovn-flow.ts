import type { OvnTopology } from '../../ovn-model/topology.js';
import type { GuestNode } from '../../ovn-model/topology-guests.js';
import { type Asked, askedOf, conversationOf, flowOf, isLoopback, lostOnTheWayBack } from '../flow/asked.js';
import type { Conversation } from '../flow/conversation.js';
import type { End } from '../flow/network-model.js';
import { FAMILY_NAMES } from '../flow/packets.js';
import type { Flow, FlowPacket, FlowStep } from '../flow/topology.js';
import { receiverAddress, type Sender, senderOf } from './ends.js';
import type { Note } from './note.js';
import { OvnPath, type Reached, type Receiver } from './path.js';
import { isSame } from './same.js';
import { Services } from './services.js';
import { type OvnWorld, ovnWorldOf } from './world.js';

/** Explains the way of a packet and of its answer through networks on OVN. */
export function explainOvnFlow(topology: OvnTopology, packet: FlowPacket): Flow {
  const asked = askedOf(packet);
  const trace = new OvnTrace(ovnWorldOf(topology), asked);
  const end = trace.run();
  return flowOf(asked, end, trace.steps);
}

/** Follows one packet and its answer. */
class OvnTrace {
  readonly steps: FlowStep[] = [];
  readonly #world: OvnWorld;
  readonly #asked: Asked;
  readonly #packet: Conversation;
  readonly #path: OvnPath;
  readonly #services: Services;

  constructor(world: OvnWorld, asked: Asked) {
    this.#world = world;
    this.#asked = asked;
    this.#packet = conversationOf(asked);
    this.#services = new Services(world, this.#note);
    const answers = (guest: GuestNode) => this.#services.lookUp(guest, asked);
    this.#path = new OvnPath(world, this.#packet, { note: this.#note, answers });
  }

  run(): End {
    const end = this.#ask();
    if (end.verdict !== 'delivered') this.#note(this.#asked.from, 'lost', end.reason);
    return end;
  }

  #ask(): End {
    const { from, to, protocol, family } = this.#asked;
    const sender = senderOf(this.#world, this.#asked);
    if (sender === undefined || (to === 'outside' && this.#world.outside.length === 0))
      return { verdict: 'no-route', reason: 'there is no machine outside, and no network names a next hop' };
    if (protocol === 'dhcp' || protocol === 'ra') return this.#services.ask(sender, this.#asked);
    const receiver = receiverAddress(this.#world, sender, this.#asked);
    if (receiver === undefined)
      return { verdict: 'no-route', reason: `the receiver has no ${FAMILY_NAMES[family]} address` };
    const own = addressesOf(sender).find((address) => address.family === family);
    if (own === undefined) return { verdict: 'no-route', reason: `${from} has no ${FAMILY_NAMES[family]} address` };
    if (isLoopback(family, receiver.value) || isSame(own, receiver))
      return { verdict: 'delivered', reason: `${receiver.text} is ${from} itself: nothing leaves it` };
    this.#packet.destination = receiver.value;
    this.#packet.asked = receiver.value;
    this.#packet.source = own.value;
    this.#packet.origin = own.value;
    this.#packet.sourceText = own.text;
    return this.#converse(sender);
  }

  #converse(sender: Sender): End {
    const there = this.#send(sender);
    if ('end' in there) return there.end;
    const sourceSeen = this.#packet.sourceText;
    this.#note(nameOf(there.to), 'arrive', `arrives, from ${sourceSeen}`, kindOf(there.to));
    const wanted = this.#world.guests.get(this.#asked.to);
    if (wanted !== undefined && !('guest' in there.to && there.to.guest === wanted))
      return { verdict: 'timeout', reason: `it goes to ${nameOf(there.to)}, which has the address too`, sourceSeen };
    this.#packet.turn();
    const back = this.#lostAnswer(there.to, sender);
    if (back !== undefined) return { ...lostOnTheWayBack(back), sourceSeen };
    this.#note(this.#asked.from, 'arrive', 'the answer arrives');
    return { verdict: 'delivered', reason: `it arrives from ${sourceSeen}, and the answer comes back`, sourceSeen };
  }

  #send(from: Sender | Receiver): Reached {
    if ('guest' in from) return this.#path.fromGuest(from.guest);
    return 'machine' in from ? this.#path.fromMachine(from.machine) : this.#path.fromRouter(from.router);
  }

  /** Why the sender does not hear the answer: it is lost, or comes from another address than the sender has asked. */
  #lostAnswer(receiver: Receiver, sender: Sender): End | undefined {
    const back = this.#send(receiver);
    if ('end' in back) return back.end;
    const isSender =
      'guest' in sender
        ? 'guest' in back.to && back.to.guest === sender.guest
        : 'machine' in back.to && back.to.machine === sender.machine;
    if (!isSender) return { verdict: 'timeout', reason: `it goes to ${nameOf(back.to)}` };
    if (this.#packet.source === this.#packet.asked) return undefined;
    return { verdict: 'timeout', reason: `it comes from ${this.#packet.sourceText}, which was not asked` };
  }

  readonly #note: Note = (at, what, text, kind) => {
    this.steps.push({ way: this.#packet.way, at, what, ...(kind === undefined ? {} : { kind }), text });
  };
}

const addressesOf = (sender: Sender) =>
  'guest' in sender ? sender.guest.addresses : sender.machine.addresses.map(({ address }) => address);

const nameOf = (receiver: Receiver): string =>
  'guest' in receiver
    ? receiver.guest.name
    : 'machine' in receiver
      ? 'outside'
      : (receiver.router.router?.name ?? receiver.router.name);

const kindOf = (receiver: Receiver): FlowStep['kind'] => ('router' in receiver ? 'router' : undefined);
