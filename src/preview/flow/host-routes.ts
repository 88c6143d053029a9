import type { FilterPacket } from '../firewall-model/packet.js';
import { marksReversePath, reversePathFilter } from '../host-kernel/model.js';
import type { Conversation } from './conversation.js';
import type { Link, NetworkModel } from './network-model.js';

/** A link that packets leave by. `onLink`: the receiver itself is there, not a router that leads to it. */
export interface WayOut {
  readonly link: Link;
  readonly onLink: boolean;
}

/** Where the host's routes lead: to a link, or nowhere. */
export type Routed = WayOut | Unrouted;

/** Why a packet goes nowhere: `silent` where nobody hears of it. */
export interface Unrouted {
  readonly type: 'no-route' | 'refused' | 'silent' | 'depends';
  readonly reason: string;
  /** The route or rule that says so, as the host prints it. */
  readonly rule?: string;
}

/** What a rule asks the routes about a packet. */
type ReverseQuestion = Pick<FilterPacket, 'family' | 'source' | 'mark'>;

/** The routes of a host, and its looks for the way back to senders. */
export class HostRoutes {
  readonly #model: NetworkModel;

  constructor(model: NetworkModel) {
    this.#model = model;
  }

  /** The link that the host sends a packet by. */
  choose({ family, source, destination, mark }: Conversation, inBy: string): Routed {
    const { routing, routes, outside } = this.#model;
    if (routing === undefined) {
      const lan = outside[0]?.link;
      const way = lan?.subnets.some((one) => one.family === family) ? lan : undefined;
      const own = routes.find(family, destination);
      const link = own ?? way;
      return link === undefined ? NO_ROUTE : { link, onLink: own !== undefined };
    }
    const choice = routing.choose({ family, source, destination, inBy, mark });
    if (choice === undefined) return NO_ROUTE;
    if (choice.type === 'unicast') return this.#wayOut(choice);
    const { type, text } = choice;
    if (type === 'unknown') return { type: 'depends', reason: `it depends on the host's routes: ${text}` };
    return { type: /blackhole/.test(text) ? 'silent' : 'refused', reason: text, rule: text };
  }

  #wayOut({ device, onLink }: Omit<WayOut, 'link'> & { readonly device: string }): Routed {
    const link = this.#model.links.find((one) => one.device === device);
    return link === undefined
      ? { type: 'silent', reason: `the host sends it by ${device}, where nobody of the topology is` }
      : { link, onLink };
  }

  /**
   * Says why the kernel drops a packet of IPv4 whose sender it would answer by another device; nothing if it does not.
   *
   * @param outBy - the device that it goes on by
   */
  reversePathLack(
    { family, source, destination, mark }: Conversation,
    { device }: Link,
    outBy: string,
  ): { readonly rule: string; readonly way: string } | undefined {
    const { kernel, routing } = this.#model;
    const mode = family === 'ipv4' ? reversePathFilter(kernel, device) : 0;
    if (mode === 0 || source === 0n || routing === undefined) return undefined;
    const known = marksReversePath(kernel, device) ? mark : 0;
    const back = routing.choose({ family, source: destination, destination: source, inBy: outBy, mark: known });
    if (back?.type === 'unicast' && (mode === 2 || back.device === device)) return undefined;
    const way = back?.type === 'unicast' ? `by ${back.device}` : 'by no device';
    return { rule: `rp_filter of ${device} is ${mode}`, way };
  }

  /** The look of a rule for the way back to a sender: the host itself and link-local addresses always have one. */
  hasReversePath(inBy: string, { family, source, mark }: ReverseQuestion): boolean | undefined {
    if (family === 'arp' || source === 0n || source >> 118n === 0x3fan || inBy === 'lo') return true;
    const { routing, routes, outside } = this.#model;
    if (routing === undefined) return (routes.find(family, source) ?? outside[0]?.link)?.device === inBy;
    const back = routing.choose({ family, source, destination: source, inBy: 'lo', mark });
    return back?.type === 'unknown' ? undefined : back?.type === 'unicast' && back.device === inBy;
  }
}

const NO_ROUTE: Unrouted = { type: 'no-route', reason: 'the host has no route there' };
