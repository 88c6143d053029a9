import { servesTftp } from '../firewall/rules.js';
import type { FilterPacket } from '../firewall-model/packet.js';
import { servesDhcp } from '../network.js';
import { type HostPath, linkIsDown } from './host-path.js';
import type { End, Link, NetworkModel, Node } from './network-model.js';
import { FAMILY_NAMES, neighbourPacket, servicePacket } from './packets.js';
import type { Flow, FlowStep } from './topology.js';

interface Tracing {
  readonly packet: Flow['packet'];
  readonly host: HostPath;
  readonly note: (at: string, what: FlowStep['what'], text: string) => void;
}

/** A request that has arrived at the host. */
interface Request {
  readonly sender: Node | 'host';
  /** What dnsmasq says of a name. */
  readonly answer: End | undefined;
}

const UNKNOWN_ADDRESS = '0.0.0.0';

/** Follows what a network's dnsmasq gets and sends beside simple questions and answers. */
export class ServiceTrace {
  readonly #model: NetworkModel;
  readonly #tracing: Tracing;

  constructor(model: NetworkModel, tracing: Tracing) {
    this.#model = model;
    this.#tracing = tracing;
  }

  /** A guest asks everybody on its switch for an address, or for routers. */
  ask(what: 'dhcp' | 'ra', sender: Node | 'host'): End {
    const { note, packet } = this.#tracing;
    if (sender === 'host' || sender.name === 'outside')
      return { verdict: 'no-route', reason: `only guests ask for ${what === 'dhcp' ? 'an address' : 'routers'} here` };
    note(sender.name, 'send', `asks everybody on its switch for ${what === 'dhcp' ? 'an address' : 'routers'}`);
    if (sender.isLinkDown) return { verdict: 'timeout', reason: linkIsDown(sender) };
    const { network } = sender.link;
    if (network === undefined)
      return { verdict: 'timeout', reason: `libvirt serves no ${WORDS[what]} on ${sender.link.name}: the LAN has to` };
    return what === 'ra' ? this.#routers(sender) : packet.family === 'ipv4' ? this.#dhcp(sender) : this.#dhcp6(sender);
  }

  /** What happens after a question has arrived; nothing where the answer is all. */
  serve(protocol: Flow['packet']['protocol'], link: Link, { sender, answer }: Request): End | undefined {
    if (protocol === 'tftp' && sender !== 'host') return this.#tftp(link, sender);
    return answer?.asksOutside ? this.#upstream() : undefined;
  }

  #dhcp(guest: Node): End {
    const [gateway, address = '255.255.255.255'] = [this.#gateway(guest.link), addressOf(guest, 'ipv4')];
    return this.#exchange(guest, {
      request: servicePacket(UNKNOWN_ADDRESS, '255.255.255.255', [68, 67]),
      answer: servicePacket(gateway, address, [67, 68]),
      served: this.#serves(guest.link, 'ipv4'),
    });
  }

  /** The host knows the guest's hardware address from its router solicitation. */
  #dhcp6(guest: Node): End {
    return this.#exchange(guest, {
      request: servicePacket('fe80::2', 'ff02::1:2', [546, 547]),
      answer: servicePacket('fe80::1', 'fe80::2', [547, 546]),
      served: this.#serves(guest.link, 'ipv6'),
    });
  }

  #exchange(guest: Node, { request, answer, served }: Exchange): End {
    const { host, note, packet } = this.#tracing;
    const port = { link: guest.link, node: guest };
    const end = host.service('input', port, request);
    if (end !== undefined) return end;
    const network = guest.link.name;
    if (!served)
      return { verdict: 'timeout', reason: `dnsmasq serves no ${FAMILY_NAMES[packet.family]} DHCP on ${network}` };
    note('host', 'service', "the network's dnsmasq offers an address");
    const lost = host.service('output', port, answer);
    return lost === undefined
      ? { verdict: 'delivered', reason: `the dnsmasq of ${network} offers an address` }
      : {
          ...lost,
          verdict: lost.verdict === 'depends' ? 'depends' : 'timeout',
          reason: `the offer is lost: ${lost.reason}`,
        };
  }

  #routers(guest: Node): End {
    const { host, note } = this.#tracing;
    const port = { link: guest.link, node: guest };
    const { link } = guest;
    const solicitation = neighbourPacket('ipv6', { inBy: link.device, outBy: '', icmpType: 'nd-router-solicit' });
    const end = host.service('input', port, solicitation);
    if (end !== undefined) return end;
    if (!link.subnets.some(({ family }) => family === 'ipv6'))
      return { verdict: 'timeout', reason: `dnsmasq advertises no router on ${link.name}` };
    note('host', 'service', "the network's dnsmasq advertises the host as router");
    const advertisement = neighbourPacket('ipv6', { inBy: '', outBy: link.device, icmpType: 'nd-router-advert' });
    return (
      host.service('output', port, advertisement) ?? {
        verdict: 'delivered',
        reason: `the dnsmasq of ${link.name} advertises a router`,
      }
    );
  }

  /** A file comes from another port than the one that was asked: the firewall takes it for something new. */
  #tftp(link: Link, guest: Node): End | undefined {
    const { host, packet } = this.#tracing;
    if (link.network === undefined || !servesTftp(link.network))
      return { verdict: 'rejected', reason: `no TFTP server listens on ${link.name}` };
    const port = { link, node: guest };
    const [own, other] = [this.#gateway(link), addressOf(guest, packet.family) ?? ''];
    const data = servicePacket(own, other, [undefined, undefined]);
    const confirmation: Partial<FilterPacket> = {
      ...servicePacket(other, own, [undefined, undefined]),
      state: 'established',
    };
    const end = host.service('output', port, data) ?? host.service('input', port, confirmation);
    return end === undefined ? undefined : { ...end, verdict: end.verdict === 'depends' ? 'depends' : 'timeout' };
  }

  /** dnsmasq asks a server outside, by the host's first LAN. */
  #upstream(): End | undefined {
    const { host } = this.#tracing;
    const [outside] = this.#model.outside;
    const server = outside?.addresses[0];
    if (outside === undefined || server === undefined) return undefined;
    const port = { link: outside.link, node: outside };
    const { family } = server;
    const own = outside.link.subnets.find((one) => one.family === family)?.gateway ?? UNKNOWN_ADDRESS;
    const question = { ...servicePacket(own, server.text, [undefined, 53]), family };
    const answer: Partial<FilterPacket> = {
      ...servicePacket(server.text, own, [53, undefined]),
      family,
      state: 'established',
    };
    // A question that cannot leave fails at once, and dnsmasq says so; for an answer it waits.
    const unsent = host.service('output', port, question);
    const lost = unsent ?? host.service('input', port, answer);
    if (lost === undefined) return undefined;
    const verdict = lost.verdict === 'depends' ? 'depends' : unsent === undefined ? 'timeout' : 'refused';
    return { ...lost, verdict, reason: `dnsmasq cannot ask outside: ${lost.reason}` };
  }

  #serves({ network }: Link, family: 'ipv4' | 'ipv6'): boolean {
    return network?.subnets.some((one) => one.subnet.family === family && servesDhcp(one)) ?? false;
  }

  #gateway({ subnets }: Link): string {
    return subnets.find(({ family }) => family === this.#tracing.packet.family)?.gateway ?? UNKNOWN_ADDRESS;
  }
}

interface Exchange {
  readonly request: Partial<FilterPacket>;
  readonly answer: Partial<FilterPacket>;
  readonly served: boolean;
}

const WORDS = { dhcp: 'DHCP', ra: 'router' } as const;

const addressOf = ({ addresses }: Node, family: 'ipv4' | 'ipv6'): string | undefined =>
  addresses.find((one) => one.family === family)?.text;
