import type { HostHook } from '../firewall-model/model.js';
import type { FilterPacket } from '../firewall-model/packet.js';
import type { Decision, Layer, Outcome, PacketFilter, Translation } from '../firewall-model/packet-filter.js';
import type { End } from './network-model.js';
import type { FlowStep } from './topology.js';

/** What a hook does to a packet: it ends there, or it goes on, perhaps translated. */
export interface Passage {
  readonly end?: End;
  /** The rule that accepted it, if one did. */
  readonly accepted?: Decision | undefined;
  readonly translation?: Translation | undefined;
}

/** How a hook is asked. */
interface Asking {
  readonly layer?: Layer;
  /** What connection tracking does on the way, and before which priority rules do not see it yet. */
  readonly tracking?: { readonly priority: number; readonly apply: (packet: FilterPacket) => void };
}

/** Asks the packet filters of a host, and says what they decide in the words of a flow. */
export class HostHooks {
  readonly #filter: PacketFilter;
  readonly #note: (what: FlowStep['what'], text: string) => void;
  readonly #leadsBack: (packet: FilterPacket) => boolean;

  /**
   * @param note - notes a step
   * @param leadsBack - whether the host's route to the sender of a packet is the device that it came in by
   */
  constructor(
    filter: PacketFilter,
    note: (what: FlowStep['what'], text: string) => void,
    leadsBack: (packet: FilterPacket) => boolean,
  ) {
    this.#filter = filter;
    this.#note = note;
    this.#leadsBack = leadsBack;
  }

  /** Asks one hook. */
  ask(hook: HostHook, packet: FilterPacket, { layer = 'ip', tracking }: Asking = {}): Passage {
    const outcome = this.#filter.ask(hook, packet, { layer, ...(tracking === undefined ? {} : { tracking }) });
    if (outcome.type !== 'accept') {
      const lostAt = outcome.by && { chain: outcome.by.chain, hook, layer, packet };
      return { end: { ...this.#lost(outcome, packet), hook, lostAt } };
    }
    return { accepted: outcome.by, translation: outcome.translation };
  }

  /** Asks the hooks that a frame meets before the layer of IP, where it comes in by a tap or another device. */
  frameIn(packet: FilterPacket, devices: { readonly tap: string | undefined; readonly link: string }): Passage {
    if (this.#filter.asks('netdev')) {
      const known =
        devices.tap === undefined ? this.#filter.ask('ingress', { ...packet, inBy: undefined }, NETDEV) : undefined;
      if (known?.by !== undefined && known.type !== 'accept')
        return { end: this.#lost({ ...known, type: 'depends' }, packet) };
      for (const inBy of [devices.tap, devices.link]) {
        if (inBy === undefined) continue;
        const { end } = this.ask('ingress', { ...packet, inBy }, NETDEV);
        if (end !== undefined) return { end };
      }
    }
    return {};
  }

  /** Asks the filters of questions for hardware addresses and of their answers. */
  arp(incoming: FilterPacket, outgoing: FilterPacket): End | undefined {
    return this.ask('input', incoming, { layer: 'arp' }).end ?? this.ask('output', outgoing, { layer: 'arp' }).end;
  }

  /** Asks hooks of bridges, in their order. */
  bridge(hooks: readonly HostHook[], packet: FilterPacket): Passage {
    if (!this.#filter.asks('bridge')) return {};
    for (const hook of hooks) {
      const { end } = this.ask(hook, packet, { layer: 'bridge' });
      if (end !== undefined) return { end };
    }
    return {};
  }

  /** Tells whether anybody filters frames, before the layer of IP. */
  get filtersFrames(): boolean {
    return this.#filter.asks('bridge') || this.#filter.asks('netdev');
  }

  /** Tells whether anybody filters the questions for hardware addresses. */
  get filtersArp(): boolean {
    return this.#filter.asks('arp');
  }

  #lost({ type, by }: Outcome, packet: FilterPacket): End {
    const text = by?.text ?? '';
    const what = { drop: 'dropped', reject: 'rejected', depends: 'not certain', accept: '' }[type];
    this.#note('firewall', `${what}: ${text}`);
    if (type === 'depends')
      return {
        verdict: 'depends',
        reason: `it depends on ${named(by)}, which asks for more than is known here`,
        rule: text,
      };
    if (type === 'drop') return { verdict: 'timeout', reason: `${named(by)} drops it`, rule: text };
    const reason = `${named(by)} rejects it`;
    const kind = packet.typeOf(packet.destination);
    if (kind === 'broadcast' || kind === 'multicast')
      return { verdict: 'timeout', reason: `${reason}, without an error message, since it is a broadcast`, rule: text };
    return { ...this.refused(packet, reason), rule: text };
  }

  /** Tells what the sender of a packet hears that the host refuses: its error message may get lost. */
  refused(packet: FilterPacket, reason: string): End {
    if (packet.inBy === '') return { verdict: 'rejected', reason };
    if (!this.#leadsBack(packet))
      return { verdict: 'timeout', reason: `${reason}, and the error message takes another route` };
    const silenced = this.#silencedBy(packet);
    if (silenced === undefined) return { verdict: 'rejected', reason };
    return { verdict: 'timeout', reason: `${reason}, and the error message is lost: ${named(silenced)}` };
  }

  /** The error message of a rejection is a packet of the host itself. */
  #silencedBy(rejected: FilterPacket): Decision | undefined {
    const { type, by } = this.#filter.ask('output', {
      ...rejected,
      protocol: rejected.family === 'ipv6' ? 'icmpv6' : 'icmp',
      icmpType: 'destination-unreachable',
      source: rejected.destination,
      destination: rejected.source,
      inBy: '',
      outBy: rejected.inBy,
      state: 'related',
      mark: 0,
    });
    return type === 'accept' ? undefined : by;
  }
}

const NETDEV = { layer: 'netdev' } as const;

function named(by: Decision | undefined): string {
  if (by === undefined) return 'a rule';
  const { text, chain } = by;
  if (text.startsWith('policy ')) return `the ${text}`;
  const own = chain.table === 'libvirt_network' || chain.chain.startsWith('LIBVIRT_');
  return `${own ? "libvirt's" : 'the'} rule '${text}'`;
}
