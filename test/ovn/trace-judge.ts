import { NatNetwork } from '../../src/index.js';
import { Subnet } from '../../src/model/subnet.js';
import type { FlowPacket } from '../../src/preview/index.js';
import { parseAddress } from '../../src/schema/address.js';
import type { Ovn } from '../lab/index.js';
import type { RandomTopology } from './random-topology.js';
import { readTrace, type TraceResult } from './read-trace.js';

/** A packet: who sends what to which address. */
export interface Question extends FlowPacket {
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  readonly family: 'ipv4' | 'ipv6';
  readonly port: number;
}

/** What becomes of a packet, in the words of `explainFlow`. */
export interface Judgement {
  readonly verdict: string;
  readonly source?: string | undefined;
}

type Guest = RandomTopology['guests'][number];

/** What the judge knows of OVN beside the topology. */
export interface Facts {
  /** Names of the guests' ports. */
  readonly ports: ReadonlyMap<string, string>;
  /** Hardware addresses of routers' ports. */
  readonly macs: ReadonlyMap<string, string>;
}

/** Hardware addresses of the machines outside, by their place in the topology. */
export const macOutside = (index: number): string => `52:54:00:ff:ff:0${index + 1}`;

interface Step {
  readonly packet: string;
  readonly tracking: 'new' | 'est,rpl';
}

/** Follows packets by what `ovn-trace` says of each switch and router, one network after the other. */
type Following = Generator<Step, Judgement, TraceResult>;

/** Asks for many packets at a time: each round has the next step of all that are on their way. */
export function judgeAll(hosts: Ovn, followings: readonly Following[]): readonly Judgement[] {
  const results: Judgement[] = followings.map(() => ({ verdict: 'nothing' }));
  let answers: readonly (TraceResult | undefined)[] = followings.map(() => undefined);
  for (let waiting = [...followings.entries()]; waiting.length > 0; ) {
    const steps: Step[] = [];
    const next: typeof waiting = [];
    for (const [k, [i, following]] of waiting.entries()) {
      const answer = answers[k];
      const { done, value } = answer === undefined ? following.next() : following.next(answer);
      if (done === true) results[i] = value;
      else {
        steps.push(value);
        next.push([i, following]);
      }
    }
    answers = askAll(hosts, steps).map(readTrace);
    waiting = next;
  }
  return results;
}

function askAll(hosts: Ovn, steps: readonly Step[]): readonly string[] {
  const answers: string[] = [];
  for (const tracking of ['new', 'est,rpl'] as const) {
    const own = steps.flatMap((step, i) => (step.tracking === tracking ? [i] : []));
    if (own.length === 0) continue;
    const printed = hosts.traces(
      own.map((i) => steps[i]?.packet ?? ''),
      tracking,
    );
    for (const [k, i] of own.entries()) answers[i] = printed[k] ?? '';
  }
  return answers;
}

/** Judges packets of one topology. */
export class TraceJudge {
  readonly #topology: RandomTopology;
  readonly #facts: Facts;

  constructor(topology: RandomTopology, facts: Facts) {
    this.#topology = topology;
    this.#facts = facts;
  }

  /** Follows a packet to its receiver, and its answer back. */
  *follow(question: Question): Following {
    const { from, to, family } = question;
    const sender = this.#guest(from);
    const [own, target] = [this.#own(from, family), to];
    if (own === undefined) return { verdict: 'no-route' };
    const walk = { question, source: own, target, translations: [] as Translation[], tracking: 'new' as const };
    const there = sender === undefined ? yield* this.#fromOutside(walk) : yield* this.#fromGuest(sender, walk);
    if (there.verdict !== 'reached') return { verdict: there.verdict };
    const { source } = there;
    const isBack = yield* this.#answer(walk, there);
    return isBack ? { verdict: 'delivered', source } : { verdict: 'timeout', source };
  }

  #guest(name: string): Guest | undefined {
    return this.#topology.guests.find((guest) => guest.name === name);
  }

  #own(name: string, family: string): string | undefined {
    const texts = this.#guest(name)?.addresses ?? [name];
    return texts.find((text) => parseAddress(text)?.family === family);
  }

  /** A guest sends to its neighbour, else to its router, if it knows one. */
  *#fromGuest(guest: Guest, walk: Walk): Generator<Step, Reached, TraceResult> {
    const network = this.#networkOf(guest.network);
    const isV6 = walk.question.family === 'ipv6';
    // The router advertises all IPv6 subnets to every guest.
    const isNear = this.#subnetsOf(network).some(
      (subnet) => holds(subnet, walk.target) && (subnet.family === 'ipv6' || holds(subnet, walk.source)),
    );
    const gateway = this.#facts.macs.get(`lvn-${guest.network}-inside`);
    const isGateway = this.#subnetsOf(network).some((subnet) => subnet.gateway === walk.target);
    if (!isNear && !isV6 && network.outside === undefined) return { verdict: 'no-route' };
    const neighbour = isNear
      ? this.#topology.guests.find((one) => one.network === guest.network && one.addresses.includes(walk.target))
      : undefined;
    const mac = isNear && !isGateway ? neighbour?.mac : gateway;
    if (mac === undefined) return { verdict: 'rejected' };
    const port = this.#facts.ports.get(guest.name) ?? '';
    const seen = yield this.#step(walk, { inport: port, from: guest.mac, to: mac });
    return yield* this.#after(seen, walk, network);
  }

  *#fromOutside(walk: Walk): Generator<Step, Reached, TraceResult> {
    const near = this.#topology.outside.flatMap(({ addresses }) => addresses).map((cidr) => Subnet.parse(cidr));
    const own = near.find((subnet) => subnet.gateway === walk.source);
    const isNobodys = this.#ownerOutside(walk.target) === undefined && this.#networkBehind(walk.target) === undefined;
    if (own !== undefined && holds(own, walk.target) && isNobodys) return { verdict: 'rejected' };
    return yield* this.#beyond(walk);
  }

  /** What is outside finds every machine and router, and guests by routes. */
  *#beyond(walk: Walk): Generator<Step, Reached, TraceResult> {
    const owner = this.#ownerOutside(walk.target) ?? this.#networkBehind(walk.target);
    if (owner === undefined) return { verdict: 'timeout' };
    if (typeof owner === 'number') return { verdict: 'reached', at: `outside ${owner}`, source: walk.source };
    return yield* this.#fromLan(owner, walk);
  }

  *#fromLan(network: Net, walk: Walk): Generator<Step, Reached, TraceResult> {
    const translated = walk.translations.find(({ by, external }) => by === network && external === walk.target);
    const { name } = network.network;
    if (walk.tracking === 'est,rpl' && translated !== undefined) {
      // ovn-trace knows no connections: the answer goes on behind the translation.
      const ether = {
        inport: `lvn-${name}-outside`,
        from: macOutside(0),
        to: this.#facts.macs.get(`lvn-${name}-outside`) ?? '',
      };
      const seen = yield this.#step({ ...walk, target: translated.source }, ether);
      return yield* this.#after(seen, { ...walk, target: translated.source }, network);
    }
    const ether = {
      inport: `lvn-${name}-physical`,
      from: macOutside(0),
      to: this.#facts.macs.get(`lvn-${name}-outside`) ?? '',
    };
    return yield* this.#after(yield this.#step(walk, ether), walk, network);
  }

  *#after(seen: TraceResult, walk: Walk, network: Net): Generator<Step, Reached, TraceResult> {
    if (seen.isAnswered) return { verdict: 'reached', at: `router ${network.network.name}`, source: walk.source };
    if (seen.port === undefined) return { verdict: isHeardOf(seen, walk, network) ? 'rejected' : 'timeout' };
    const source = seen.source ?? walk.source;
    if (seen.source !== undefined && walk.tracking === 'new')
      walk.translations.push({ by: network, external: seen.source, source: walk.source });
    const guest = this.#topology.guests.find((one) => this.#facts.ports.get(one.name) === seen.port);
    if (guest !== undefined)
      return isOnTheWay(walk.target) ? { verdict: 'depends' } : { verdict: 'reached', at: guest.name, source };
    const machine = this.#topology.outside.findIndex((_, i) => macOutside(i) === seen.etherDestination);
    const on = { ...walk, source };
    if (machine >= 0) return yield* this.#beyond(on);
    const other = this.#topology.networks.find(
      (one) => this.#facts.macs.get(`lvn-${one.network.name}-outside`) === seen.etherDestination,
    );
    return other === undefined ? { verdict: 'timeout' } : yield* this.#fromLan(other, on);
  }

  /** The receiver answers what it saw. */
  *#answer(walk: Walk, there: Extract<Reached, { verdict: 'reached' }>): Generator<Step, boolean, TraceResult> {
    const { question } = walk;
    const receiver = this.#guest(there.at);
    const back: Walk = {
      ...walk,
      source: receiver === undefined ? question.to : (this.#own(receiver.name, question.family) ?? ''),
      target: there.source,
      tracking: 'est,rpl',
    };
    if (there.at.startsWith('router '))
      return yield* this.#routerAnswers({ ...walk, source: there.source }, there.at.slice(7));
    if (receiver !== undefined && (yield* this.#isNewToRouter(back, receiver))) return false;
    const again = receiver === undefined ? yield* this.#beyond(back) : yield* this.#fromGuest(receiver, back);
    if (again.verdict !== 'reached') return this.#isOwnTranslation(walk, receiver);
    return (
      again.at === question.from ||
      (this.#guest(question.from) === undefined && again.at === this.#nameOutside(question.from))
    );
  }

  /**
   * A distributed router knows only the connections that it has translated: it translates the answer of a guest that was asked by its
   * own address as if the guest began, which ovn-trace says where it takes the packet for a new one. Packets show the same.
   */
  *#isNewToRouter(back: Walk, receiver: Guest): Generator<Step, boolean, TraceResult> {
    const { question } = back;
    const network = this.#networkOf(receiver.network);
    const isNear = this.#guest(question.from)?.network === receiver.network;
    const isDistributed = Array.isArray(network.outside?.chassis);
    if (isNear || !isDistributed || back.source !== question.to) return false;
    const to = this.#facts.macs.get(`lvn-${receiver.network}-inside`) ?? '';
    const asked = this.#step(back, { inport: this.#facts.ports.get(receiver.name) ?? '', from: receiver.mac, to });
    const seen = yield { ...asked, tracking: 'new' };
    return seen.source !== undefined && seen.source !== back.source;
  }

  /** Where a router has changed the sender, and the receiver is behind it too, ovn-trace cannot tell the way back. */
  #isOwnTranslation({ translations }: Walk, receiver: Guest | undefined): boolean {
    return translations.some(({ by }) => by.network.name === receiver?.network);
  }

  *#routerAnswers(walk: Walk, name: string): Generator<Step, boolean, TraceResult> {
    const last = { ...walk, tracking: 'est,rpl' as const };
    const sender = this.#guest(walk.question.from);
    if (sender?.network === name) {
      const again = yield* this.#fromGuestRaw(sender, last);
      return again.port === this.#facts.ports.get(sender.name);
    }
    const to = this.#facts.macs.get(`lvn-${name}-outside`) ?? '';
    const asked = this.#step({ ...walk, tracking: 'new' }, { inport: `lvn-${name}-physical`, from: macOutside(0), to });
    const again = yield { ...asked, tracking: 'est,rpl' };
    return again.port !== undefined;
  }

  *#fromGuestRaw(guest: Guest, walk: Walk): Generator<Step, TraceResult, TraceResult> {
    const to = this.#facts.macs.get(`lvn-${guest.network}-inside`) ?? '';
    const asked = this.#step(
      { ...walk, tracking: 'new' },
      { inport: this.#facts.ports.get(guest.name) ?? '', from: guest.mac, to },
    );
    return yield { ...asked, tracking: 'est,rpl' };
  }

  #nameOutside(address: string): string {
    return `outside ${this.#ownerOutside(address)}`;
  }

  /** The machine outside with an address. */
  #ownerOutside(address: string): number | undefined {
    const index = this.#topology.outside.findIndex(({ addresses }) =>
      addresses.some((cidr) => Subnet.parse(cidr).gateway === address),
    );
    return index < 0 ? undefined : index;
  }

  #networkBehind(address: string): Net | undefined {
    const outer = this.#topology.networks.filter(({ outside }) => outside !== undefined);
    return (
      outer.find((net) => publicsOf(net).includes(address)) ??
      outer.find((net) => this.#subnetsOf(net).some((subnet) => holds(subnet, address)))
    );
  }

  #networkOf(name: string): Net {
    const found = this.#topology.networks.find(({ network }) => network.name === name);
    if (found === undefined) throw new Error(`no network ${name}`);
    return found;
  }

  #subnetsOf({ network }: Net): readonly Subnet[] {
    return (network.document.ips ?? []).flatMap((ip) => Subnet.of(ip) ?? []);
  }

  #step({ question, source, target, tracking }: Walk, { inport, from, to }: Ether): Step {
    const ip = question.family === 'ipv4' ? 'ip4' : 'ip6';
    const isBack = tracking === 'est,rpl';
    const [own, other] = isBack ? [question.port, 40_000] : [40_000, question.port];
    const echo = question.family === 'ipv4' ? ['icmp4', isBack ? 0 : 8] : ['icmp6', isBack ? 129 : 128];
    const kind =
      question.protocol === 'icmp'
        ? `${echo[0]}.type == ${echo[1]} && ${echo[0]}.code == 0`
        : `${question.protocol}.src == ${own} && ${question.protocol}.dst == ${other}`;
    const packet = `inport == "${inport}" && eth.src == ${from} && eth.dst == ${to} && ${ip}.src == ${source} && ${ip}.dst == ${target} && ip.ttl == 64 && ${kind}`;
    return { packet, tracking };
  }
}

type Net = RandomTopology['networks'][number];

interface Translation {
  readonly by: Net;
  readonly external: string;
  readonly source: string;
}

interface Walk {
  readonly question: Question;
  readonly source: string;
  readonly target: string;
  readonly translations: Translation[];
  readonly tracking: Step['tracking'];
}

interface Ether {
  readonly inport: string;
  readonly from: string;
  readonly to: string;
}

type Reached =
  | { readonly verdict: 'reached'; readonly at: string; readonly source: string }
  | { readonly verdict: 'rejected' | 'timeout' | 'no-route' | 'depends' };

const holds = (subnet: Subnet, address: string): boolean =>
  (parseAddress(address)?.family ?? '') === subnet.family && subnet.contains(address);

/** The guest that gets packets for this subnet is a next hop. */
const isOnTheWay = (target: string): boolean => target.startsWith('10.77.');

/**
 * An error goes back to the sender. What `ovn-trace` cannot know, and `ways.libvirt.test.ts` sees of packets: a gateway router translates
 * it back where it has translated the packet, and no other; a distributed one takes resets of TCP for new packets.
 */
function isHeardOf(seen: TraceResult, { question }: Walk, { network, outside }: Net): boolean {
  if (question.from.startsWith(network.name)) return seen.isError;
  const isLost = seen.isErrorTranslated && question.protocol === 'tcp' && Array.isArray(outside?.chassis);
  return seen.isRejected && !isLost;
}

/** The addresses outside that a network's router answers for. */
export function publicsOf({ network, outside }: Net): readonly string[] {
  const own = (outside?.addresses ?? []).map((cidr) => cidr.replace(/\/.*/, ''));
  const nat = network instanceof NatNetwork ? network.document.forward?.nat?.address?.start : undefined;
  const single = (outside?.ownAddresses ?? []).map(({ address }) => address);
  return [...own, ...(nat === undefined ? [] : [nat]), ...single];
}
