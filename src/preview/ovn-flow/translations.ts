import { addressOf } from '../../schema/address.js';
import type { Conversation } from '../flow/conversation.js';
import type { FlowStep } from '../flow/topology.js';
import { isWithin, type LogicalRouter, type Nat, type Vip } from './logical.js';
import type { Note } from './note.js';

/** A switch or router that changes addresses. */
interface Place {
  readonly at: string;
  readonly kind: NonNullable<FlowStep['kind']>;
}

/** Changes addresses on the way there, and changes them back in the answer where it comes by the same place. */
export class Translations {
  readonly #packet: Conversation;
  readonly #note: Note;
  /** The receivers that were changed, by the names of the places. */
  readonly #receivers = new Map<string, { readonly vip: Vip; readonly port: number | undefined }>();
  /** The senders that were changed, by the names of the routers. */
  readonly #senders = new Map<string, { readonly external: bigint; readonly source: bigint }>();
  #isHairpin = false;

  constructor(packet: Conversation, note: Note) {
    this.#packet = packet;
    this.#note = note;
  }

  /** A load balancer puts the guest in the place of the receiver. */
  forward({ at, kind }: Place, vip: Vip): void {
    this.#receivers.set(at, { vip, port: this.#packet.destinationPort });
    this.#packet.destination = vip.target.value;
    this.#packet.destinationPort = vip.targetPort;
    this.#note(at, 'translate', `the receiver becomes ${vip.target.text} port ${vip.targetPort}: ${vip.text}`, kind);
  }

  /** The load balancer of a switch takes the place of a guest that reaches itself. */
  hairpin(network: string, { address, text }: Vip): void {
    this.#isHairpin = true;
    this.#become(address.value, address.text);
    this.#note(network, 'translate', `the source becomes ${address.text}: ${text}`, 'network');
  }

  /** True if the load balancer of a switch has led the packet back to its sender. */
  get isHairpin(): boolean {
    return this.#isHairpin;
  }

  /**
   * A packet leaves a router, which changes the sender on the way there, and in the answer what it changed before. A distributed router
   * does not know the answers to what it has not changed: it takes them for new packets.
   */
  leave(router: LogicalRouter): void {
    const isBack = this.#packet.way === 'back';
    if (isBack && (this.#receivers.has(router.name) || !router.isDistributed)) {
      this.undoAt({ at: router.name, kind: 'router' });
      return;
    }
    const nat = this.natFor(router, this.#packet.source, this.#packet.destination);
    if (nat === undefined) return;
    const { external, text } = nat;
    if (!isBack) this.#senders.set(router.name, { external: external.value, source: this.#packet.source });
    this.#become(external.value, external.text);
    this.#note(router.name, 'translate', `the source becomes ${external.text}: ${text}`, 'router');
  }

  /** Puts the sender that a router has changed in the place of the answer's receiver. */
  undoSource(router: string): void {
    const known = this.#senders.get(router);
    if (this.#packet.way === 'there' || known?.external !== this.#packet.destination) return;
    this.#packet.destination = known.source;
    const text = addressOf(this.#packet.family, known.source).text;
    this.#note(router, 'translate', `the answer's receiver becomes ${text} again`, 'router');
  }

  /** Puts the receiver that a place has changed in the place of the answer's sender. */
  undoAt({ at, kind }: Place): void {
    const known = this.#packet.way === 'back' ? this.#receivers.get(at) : undefined;
    if (known === undefined) return;
    this.#become(known.vip.address.value, known.vip.address.text);
    this.#note(at, 'translate', `the answer's source becomes ${known.vip.address.text} again`, kind);
  }

  #become(value: bigint, text: string): void {
    this.#packet.source = value;
    this.#packet.sourceText = text;
  }

  /** The translation of packets from a sender. */
  natFor({ nats }: LogicalRouter, source: bigint, destination: bigint): Nat | undefined {
    const { family } = this.#packet;
    const [sender, receiver] = [addressOf(family, source), addressOf(family, destination)];
    const nat = nats.find(({ logical }) => isWithin(sender, logical));
    return nat?.exempted.some((subnet) => isWithin(receiver, subnet)) === true ? undefined : nat;
  }
}
