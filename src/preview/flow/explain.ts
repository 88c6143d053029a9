import { LibvirtError } from '../../errors/index.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { addressOf, type Family, parseAddress } from '../../schema/address.js';
import { servesDhcp } from '../network.js';
import type { PlannedForward } from '../port-forward/plan.js';
import { type End, keyOf, type Link, type NetworkModel, type Node, networkModelOf } from './network-model.js';
import { type Frame, type Hit, numberOf } from './rule-tables.js';
import { answerOf } from './services.js';
import type { Flow, FlowPacket, FlowStep, Topology, Verdict } from './topology.js';

const PACKET: OptionNames<FlowPacket> = { from: true, to: true, protocol: true, port: true, family: true, name: true };

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
export const explainFlow = (topology: Topology, packet: FlowPacket): Flow =>
  traceFlow(networkModelOf(topology), optionsOf(packet, PACKET, 'explainFlow'));

/** {@link explainFlow} for a topology that was put together before. */
export function traceFlow(model: NetworkModel, packet: FlowPacket): Flow {
  const asked = { ...packet, protocol: packet.protocol ?? 'icmp', family: packet.family ?? 'ipv4' };
  const trace = new PacketTrace(model, asked);
  const { verdict, reason, rule, sourceSeen } = trace.run();
  return {
    packet: asked,
    verdict,
    reason,
    ...(rule === undefined ? {} : { rule }),
    ...(sourceSeen === undefined ? {} : { sourceSeen }),
    steps: trace.steps,
  };
}

/** A way that ends, or goes on to somebody. */
type NextHop = { readonly end: End } | { readonly to: Node | 'host'; readonly link: Link };

const stop = (verdict: Verdict, reason: string, rule?: string): { readonly end: End } => ({
  end: { verdict, reason, rule },
});

/** Follows one packet and its answer. What changes on the way, the translated addresses, is kept here. */
class PacketTrace {
  readonly steps: FlowStep[] = [];
  readonly #model: NetworkModel;
  readonly #packet: Flow['packet'];
  readonly #family: Family;
  #way: FlowStep['way'] = 'there';
  #source = 0n;
  #destination = 0n;
  #port = 0;
  #sourceText = '';
  #forward: PlannedForward | undefined;
  /** Source before translation: answers go back to it. */
  #origin = 0n;

  constructor(model: NetworkModel, packet: Flow['packet']) {
    this.#model = model;
    this.#packet = packet;
    this.#family = packet.family;
    this.#port = packet.port ?? (packet.protocol === 'dns' ? 53 : packet.protocol === 'dhcp' ? 67 : 80);
  }

  run(): End {
    const { from, to, protocol } = this.#packet;
    if ([from, to].includes('outside') && this.#model.outside.length === 0)
      return this.#lost('no-route', 'the host is on no LAN: there is no outside');
    const receiver = this.#model.guests.get(to);
    const sender = from === 'host' ? 'host' : from === 'outside' ? this.#outsideFor(receiver) : this.#nodeOf(from);
    if (protocol === 'dhcp') return this.#dhcp(sender);
    const destination = this.#addressOf(sender);
    if (destination === undefined) return this.#lost('no-route', `the receiver has no ${NAMES[this.#family]} address`);
    this.#destination = destination;
    const there = sender === 'host' ? this.#fromHost() : this.#fromNode(sender);
    if ('end' in there) return this.#finish(there.end);
    const name = there.to === 'host' ? 'host' : there.to.name;
    this.#note(name, 'arrive', `arrives, from ${this.#sourceText}`);
    const sourceSeen = this.#sourceText;
    const answer =
      there.to === 'host' && protocol === 'dns' ? answerOf(this.#model, there.link, this.#packet.name) : undefined;
    if (answer !== undefined && answer.verdict !== 'delivered') return this.#finish({ ...answer, sourceSeen });
    const back = this.#back(there, sender);
    if ('end' in back) {
      return this.#finish({
        ...back.end,
        verdict: 'timeout',
        reason: `the answer does not come back: ${back.end.reason}`,
        sourceSeen,
      });
    }
    this.#note(from, 'arrive', 'the answer arrives');
    const reason = answer?.reason ?? `it arrives from ${sourceSeen}, and the answer comes back`;
    return { verdict: 'delivered', reason, sourceSeen };
  }

  /** A guest asks everybody on its switch for an address. */
  #dhcp(sender: Node | 'host'): End {
    if (sender === 'host' || sender.name === 'outside')
      return this.#lost('no-route', 'only guests ask for an address here');
    this.#note(sender.name, 'send', 'asks everybody on its switch for an address');
    const { network } = sender.link;
    if (network === undefined)
      return this.#lost('timeout', `libvirt serves no DHCP on ${sender.link.name}: the LAN has to`);
    const served = network.subnets.some((one) => one.subnet.family === this.#family && servesDhcp(one));
    const port = this.#family === 'ipv4' ? 67 : 547;
    const hit = this.#input({ inBy: sender.link.device, protocol: 'udp', port, source: 0n, destination: 0n });
    if (hit !== undefined) return this.#finish(hit.end);
    if (!served) return this.#lost('timeout', `dnsmasq serves no ${NAMES[this.#family]} DHCP on ${network.name}`);
    this.#note('host', 'service', "the network's dnsmasq offers an address");
    return { verdict: 'delivered', reason: `the dnsmasq of ${network.name} offers an address` };
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
    const links = [link, ...this.#model.links.filter(({ network }) => network === undefined)];
    const subnet = links.flatMap((one) => one?.subnets ?? []).find(({ family }) => family === this.#family);
    return subnet === undefined ? undefined : numberOf(subnet.gateway);
  }

  #fromHost(): NextHop {
    const translated = this.#translateDestination();
    if (this.#isLocal()) {
      this.#sourceAs(this.#destination);
      const link = this.#model.hostAddresses.get(keyOf(this.#family, this.#destination));
      if (link !== undefined) return { to: 'host', link };
    }
    const link = this.#route();
    if (link === undefined) return stop('no-route', 'the host has no route there');
    this.#sourceAs(translated ?? this.#hostAddress(link) ?? 0n);
    this.#note('host', 'send', `sends to ${this.#text(this.#destination)} by ${link.device}, from ${this.#sourceText}`);
    return this.#deliver(link);
  }

  #fromNode(sender: Node): NextHop {
    const own = sender.addresses.find(({ family }) => family === this.#family);
    if (own === undefined) return stop('no-route', `${sender.name} has no ${NAMES[this.#family]} address`);
    this.#sourceAs(own.value);
    return this.#leave(sender);
  }

  /** A node sends a packet, or an answer, to the destination. */
  #leave(sender: Node): NextHop {
    const target = this.#text(this.#destination);
    const local = sender.onLink.some((one) => one.family === this.#family && one.contains(this.#destination));
    if (!local && !sender.gateway[this.#family])
      return stop('no-route', `${sender.name} has no route to ${target}${whyNoRoute(sender)}`);
    this.#note(sender.name, 'send', `sends to ${target}${local ? '' : ' through its default route'}`);
    const atHost =
      this.#isLocal() && this.#model.hostAddresses.get(keyOf(this.#family, this.#destination)) === sender.link;
    if (local && !atHost) return this.#switched(sender);
    if (!local && sender.link.network === undefined && sender.name !== 'outside')
      return stop('timeout', `the router of ${sender.link.name} does not lead to ${target}, as far as is known`);
    if (sender.name !== 'outside') this.#note(sender.link.name, 'switch', 'the switch hands it to the host');
    return this.#host(sender.link);
  }

  /** Between two ports of one switch no rule of the host is asked. */
  #switched(sender: Node): NextHop {
    const receiver = this.#model.owners.get(keyOf(this.#family, this.#destination));
    const { name, portsIsolated } = sender.link;
    if (receiver?.link !== sender.link) return stop('timeout', `nobody on ${name} has the address`);
    if (portsIsolated) return stop('timeout', `${name} keeps its ports apart (<port isolated='yes'/>)`);
    this.#note(name, 'switch', `the switch hands it to ${receiver.name}`);
    return { to: receiver, link: sender.link };
  }

  /** The host gets a packet from a link: for itself, or to pass on. */
  #host(from: Link): NextHop {
    if (this.#way === 'there') this.#translateDestination();
    else this.#restore();
    if (this.#isLocal()) return this.#input({ ...this.#frame(), inBy: from.device }) ?? { to: 'host', link: from };
    if (!this.#model.forwarding[this.#family])
      return stop('timeout', `the host does not forward ${NAMES[this.#family]}: no network that runs needs it`);
    const out = this.#route();
    if (out === undefined) return stop('rejected', 'the host has no route there');
    this.#note('host', 'route', `routes it from ${from.device} to ${out.device}`);
    const frame = { ...this.#frame(), inBy: from.device, outBy: out.device };
    const refused = this.#filter(frame);
    if (refused !== undefined) return refused;
    if (this.#way === 'there') this.#translateSource(frame, out);
    return this.#deliver(out);
  }

  #filter(frame: Frame): { readonly end: End } | undefined {
    if (this.#forward !== undefined) {
      this.#note('host', 'firewall', "accepted by the rule of the port forward, which stands before libvirt's");
      return undefined;
    }
    const hit = this.#model.tables.ask('forward', frame);
    if (hit?.target.type === 'reject') {
      this.#note('host', 'firewall', `rejected: ${hit.text}`);
      return stop('rejected', `${whatRejects(hit)} rejects it`, hit.text);
    }
    if (hit !== undefined) this.#note('host', 'firewall', `accepted: ${hit.text}`);
    else if (this.#model.topology.forwardPolicy === 'drop')
      return stop('timeout', 'the policy of the forward chain drops it');
    else this.#note('host', 'firewall', 'no rule is about it: accepted');
    return undefined;
  }

  #input(frame: Partial<Frame>): { readonly end: End } | undefined {
    const whole = { ...this.#frame(), ...frame };
    const hit = this.#model.tables.ask('input', whole);
    if (hit !== undefined) this.#note('host', 'firewall', `accepted: ${hit.text}`);
    else if (this.#model.topology.hostInput === 'drop' && !whole.established)
      return stop('timeout', "the host's own firewall drops it");
    return undefined;
  }

  #deliver(link: Link): NextHop {
    const receiver = this.#model.owners.get(keyOf(this.#family, this.#destination));
    if (receiver?.link === link) {
      if (receiver.name !== 'outside') this.#note(link.name, 'switch', `the switch hands it to ${receiver.name}`);
      return { to: receiver, link };
    }
    return stop('timeout', `nobody at ${link.device} has the address ${this.#text(this.#destination)}`);
  }

  /** The link that the host sends by: the narrowest subnet, else the first LAN. */
  #route(): Link | undefined {
    const direct = this.#model.routes.find(this.#family, this.#destination);
    if (direct !== undefined) return direct;
    const lan = this.#model.outside[0]?.link;
    return lan?.subnets.some(({ family }) => family === this.#family) ? lan : undefined;
  }

  /** The answer goes the same way back, as connection tracking remembers it. */
  #back(there: { readonly to: Node | 'host'; readonly link: Link }, sender: Node | 'host'): NextHop {
    this.#way = 'back';
    const [asked, seen] = [this.#destination, this.#source];
    this.#destination = seen;
    this.#source = asked;
    if (there.to !== 'host') return this.#leave(there.to);
    if (sender === 'host') return { to: 'host', link: there.link };
    this.#note('host', 'send', `answers ${this.#text(seen)}`);
    return { to: sender, link: sender.link };
  }

  /** Undoes translations of the packet in its answer. */
  #restore(): void {
    if (this.#destination === this.#origin) return;
    this.#destination = this.#origin;
    this.#note('host', 'translate', `the answer's receiver becomes ${this.#text(this.#origin)} again`);
  }

  /** Port forwards. Gives the address that the host sends from, when the host itself asks. */
  #translateDestination(): bigint | undefined {
    const { protocol } = this.#packet;
    if (!this.#isLocal() || (protocol !== 'tcp' && protocol !== 'udp')) return undefined;
    const before = this.#destination;
    const found = this.#model.forwards.find(
      (one) => one.family === this.#family && one.protocol === protocol && this.#isAt(one),
    );
    if (found === undefined) return undefined;
    this.#forward = found;
    this.#destination = numberOf(found.guest);
    this.#port += found.guestPorts.start - found.hostPorts.start;
    this.#note('host', 'translate', `a port forward: the receiver becomes ${found.guest} port ${this.#port}`);
    return before;
  }

  #isAt({ hostAddress, hostPorts }: PlannedForward): boolean {
    const address = hostAddress === undefined || numberOf(hostAddress) === this.#destination;
    return address && hostPorts.start <= this.#port && this.#port <= hostPorts.end;
  }

  #translateSource(frame: Frame, out: Link): void {
    const subnet = out.subnets.find(({ family }) => family === this.#family);
    const hairpin = this.#forward !== undefined && frame.inBy === frame.outBy;
    const hit = hairpin ? undefined : this.#model.tables.ask('leave', frame);
    if (!hairpin && hit?.target.type !== 'masquerade' && hit?.target.type !== 'snat') return;
    if (hit?.target.type === 'snat') {
      const { start, end } = hit.target;
      this.#source = numberOf(start);
      this.#sourceText = start === end ? start : `${start}-${end}`;
    } else if (subnet !== undefined) {
      this.#source = numberOf(subnet.gateway);
      this.#sourceText = subnet.gateway;
    }
    const by = hit === undefined ? 'the port forward, so that the answer comes back through the host' : hit.text;
    this.#note('host', 'translate', `the source becomes ${this.#sourceText}: ${by}`);
  }

  #sourceAs(value: bigint): void {
    this.#source = value;
    this.#origin = value;
    this.#sourceText = this.#text(value);
  }

  readonly #isLocal = (): boolean => this.#model.hostAddresses.has(keyOf(this.#family, this.#destination));

  #frame(): Frame {
    const { protocol } = this.#packet;
    return {
      family: this.#family,
      source: this.#source,
      destination: this.#destination,
      protocol: protocol === 'tcp' ? 'tcp' : protocol === 'icmp' ? 'icmp' : 'udp',
      port: this.#port,
      inBy: '',
      outBy: '',
      established: this.#way === 'back',
    };
  }

  #text(value: bigint): string {
    const texts = this.#model.texts[this.#family];
    const text = texts.get(value) ?? addressOf(this.#family, value).text;
    texts.set(value, text);
    return text;
  }

  #note(at: string, what: FlowStep['what'], text: string): void {
    this.steps.push({ way: this.#way, at, what, text });
  }

  #lost(verdict: Verdict, reason: string): End {
    return this.#finish({ verdict, reason });
  }

  #finish(end: End): End {
    this.#note(this.#packet.from, 'lost', end.reason);
    return end;
  }
}

const NAMES: Readonly<Record<Family, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' };

const whyNoRoute = ({ link }: Node): string =>
  link.network?.mode === 'none' ? ': an isolated network gives its guests no default route' : '';

const whatRejects = ({ text }: Hit): string => `libvirt's rule '${text}'`;
