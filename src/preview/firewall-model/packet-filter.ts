import { type Family, parseAddress } from '../../schema/address.js';
import { IndexedChain, type IndexedRule, matches } from './indexed-chain.js';
import {
  chainKey,
  type HostChain,
  type HostFirewall,
  type HostHook,
  type HostTarget,
  type TableFamily,
} from './model.js';
import type { FilterPacket } from './packet.js';

/** What decided about a packet: a rule, or the policy of a chain. */
export interface Decision {
  readonly chain: HostChain;
  /** As the host prints it, with the table where that does not say. */
  readonly text: string;
}

/** A translation that a rule asks for. */
export interface Translation {
  readonly target: Extract<HostTarget, { type: 'masquerade' | 'snat' | 'dnat' | 'redirect' }>;
  readonly by: Decision;
}

/**
 * What all chains of a hook decide about a packet. `depends`: a rule decides it that asks for more than is known.
 * `by` of an accepted packet is the last rule that says so; there is none where nothing is about the packet.
 */
export interface Outcome {
  readonly type: 'accept' | 'drop' | 'reject' | 'depends';
  readonly by?: Decision | undefined;
  readonly translation?: Translation | undefined;
}

/** What one chain decides; `end` stands for its end. */
interface Verdict {
  readonly type: Outcome['type'] | 'translate';
  readonly by?: Decision | undefined;
  readonly translation?: Translation | undefined;
}

/** As deep as the kernel lets chains jump. */
const DEPTH = 16;

const FAMILIES: Readonly<Record<string, readonly TableFamily[]>> = {
  ipv4: ['ip', 'inet'],
  ipv6: ['ip6', 'inet'],
  arp: ['arp'],
};

/** The layers at which a packet meets hooks. */
export type Layer = 'ip' | 'bridge' | 'netdev' | 'arp';

/** How a hook is asked. */
export interface HookOptions {
  /** Default: `ip`. */
  readonly layer?: Layer;
  /** What connection tracking does to the packet, before the first chain of a higher priority than this. */
  readonly tracking?: { readonly priority: number; readonly apply: (packet: FilterPacket) => void };
}

/** The packet filters of a host, made fast to ask. */
export class PacketFilter {
  readonly #chains = new Map<string, IndexedChain>();
  readonly #hooks = new Map<string, IndexedChain[]>();
  readonly #sorted = new Map<string, readonly IndexedChain[]>();
  readonly #layers = new Set<string>();

  constructor({ chains }: HostFirewall) {
    for (const [order, chain] of chains.entries()) {
      const indexed = new IndexedChain(chain, order);
      this.#chains.set(chainKey(chain), indexed);
      if (chain.base === undefined) continue;
      this.#layers.add(chain.family);
      const key = `${chain.family} ${chain.base.hook}`;
      this.#hooks.set(key, [...(this.#hooks.get(key) ?? []), indexed]);
    }
  }

  /**
   * Asks every chain of a hook, in the order of their priorities: what one accepts, the next may still drop. Translations
   * of the receiver, marks and the end of tracking are applied to the packet.
   */
  ask(hook: HostHook, packet: FilterPacket, { layer = 'ip', tracking }: HookOptions = {}): Outcome {
    const chains = this.#chainsAt(hook, packet, layer);
    let [by, translation]: [Decision | undefined, Translation | undefined] = [undefined, undefined];
    let pending = tracking;
    for (const chain of chains) {
      if (pending !== undefined && priorityOf(chain) > pending.priority) {
        pending.apply(packet);
        pending = undefined;
      }
      if (chain.chain.base?.type === 'nat' && (packet.state !== 'new' || translation !== undefined)) continue;
      const verdict = this.#walk(chain, packet);
      if (verdict.type === 'translate') {
        translation = verdict.translation;
        if (translation !== undefined) translateReceiver(packet, translation);
      } else if (verdict.type !== 'accept') {
        // Old releases of nft do not say in JSON which devices a chain is about.
        const vague = layer === 'netdev' && chain.chain.base?.devices === undefined;
        return { type: vague ? 'depends' : verdict.type, by: verdict.by };
      } else by = verdict.by ?? by;
    }
    pending?.apply(packet);
    return { type: 'accept', by, translation };
  }

  /** Tells whether any chain is attached to a hook of IP. */
  hasHook(hook: HostHook, family: Family): boolean {
    return (FAMILIES[family] ?? []).some((one) => this.#hooks.has(`${one} ${hook}`));
  }

  /** Tells whether any chain filters at a layer. */
  asks(layer: Exclude<Layer, 'ip'>): boolean {
    return this.#layers.has(layer);
  }

  /** The chains of a hook that are about a packet, in the order in which the kernel asks them. */
  #chainsAt(hook: HostHook, packet: FilterPacket, layer: Layer): readonly IndexedChain[] {
    const key = `${layer === 'ip' ? packet.family : layer} ${hook}`;
    let chains = this.#sorted.get(key);
    if (chains === undefined) {
      const families = layer === 'ip' ? (FAMILIES[packet.family] ?? []) : [layer];
      chains = families
        .flatMap((family) => this.#hooks.get(`${family} ${hook}`) ?? [])
        // Of equal priority, the kernel asks the chain first that was made last.
        .sort((a, b) => priorityOf(a) - priorityOf(b) || b.order - a.order);
      this.#sorted.set(key, chains);
    }
    return layer === 'netdev' ? chains.filter(({ chain }) => isFor(chain, packet)) : chains;
  }

  #walk(base: IndexedChain, packet: FilterPacket): Verdict {
    const policy = (): Verdict =>
      base.chain.base?.policy === 'drop' ? { type: 'drop', by: policyOf(base.chain) } : { type: 'accept' };
    return this.#from({ chain: base, rules: base.rulesFor(packet), packet, depth: 0, end: policy }, 0);
  }

  /** Goes through the rules of a chain from a place on. */
  #from(walk: Walk, start: number): Verdict {
    for (let i = start; i < walk.rules.length; i++) {
      const rule = walk.rules[i];
      const match = rule === undefined ? false : matches(rule, walk.packet);
      if (rule === undefined || match === false) continue;
      let rest: Verdict | undefined;
      const following = (): Verdict => {
        rest ??= this.#from(walk, i + 1);
        return rest;
      };
      if (match === undefined) return this.#unsure(walk, rule, following);
      const verdict = this.#apply(walk, rule, following);
      if (verdict !== undefined) return verdict;
    }
    return walk.end();
  }

  /** A rule that may or may not apply: what it would decide matters only where the rest decides otherwise. */
  #unsure(walk: Walk, rule: IndexedRule, following: () => Verdict): Verdict {
    const { target } = rule.rule;
    if (target.type === 'none' || target.type === 'checksum') return following();
    if (target.type === 'mark') walk.packet.mark = undefined;
    if (target.type === 'mark' || target.type === 'notrack') return following();
    const applied = this.#apply(walk, rule, following) ?? following();
    const otherwise = following();
    if (sameVerdict(applied, otherwise)) return otherwise;
    if (applied.type === 'depends') return applied;
    return { type: 'depends', by: decisionOf(walk.chain.chain, rule) };
  }

  /** What a rule does that applies; nothing where the next rule follows. */
  #apply(walk: Walk, rule: IndexedRule, following: () => Verdict): Verdict | undefined {
    const { target } = rule.rule;
    const by = (): Decision => decisionOf(walk.chain.chain, rule);
    switch (target.type) {
      case 'accept':
      case 'drop':
      case 'reject':
        return { type: target.type, by: by() };
      case 'unknown':
        return following().type === 'accept' ? { type: 'depends', by: by() } : following();
      case 'return':
        return walk.end();
      case 'jump':
      case 'goto':
        return this.#enter(walk, target, following);
      case 'masquerade':
      case 'snat':
      case 'dnat':
      case 'redirect':
        return { type: 'translate', translation: { target, by: by() } };
      case 'mark':
        walk.packet.mark = markedWith(walk.packet.mark, target);
        return undefined;
      case 'notrack':
        walk.packet.state = 'untracked';
        return undefined;
      default:
        return undefined;
    }
  }

  #enter(walk: Walk, target: Extract<HostTarget, { chain: string }>, following: () => Verdict): Verdict | undefined {
    const next = this.#chains.get(walk.chain.keyOf(target.chain));
    if (next === undefined || walk.depth >= DEPTH) return undefined;
    const end = target.type === 'goto' ? walk.end : following;
    const { packet, depth } = walk;
    return this.#from({ chain: next, rules: next.rulesFor(packet), packet, depth: depth + 1, end }, 0);
  }
}

/** The way of a packet through a chain. */
interface Walk {
  readonly chain: IndexedChain;
  readonly rules: readonly IndexedRule[];
  readonly packet: FilterPacket;
  readonly depth: number;
  /** What follows the last rule. */
  readonly end: () => Verdict;
}

const priorityOf = ({ chain }: IndexedChain): number => chain.base?.priority ?? 0;

/** Chains of family netdev are about their devices alone; without names they may be about any. */
function isFor({ base }: HostChain, { inBy }: FilterPacket): boolean {
  const devices = base?.devices;
  return devices === undefined || inBy === undefined || devices.includes(inBy);
}

const policyOf = (chain: HostChain): Decision => ({
  chain,
  text: `policy drop of chain ${chain.chain} in table ${tableText(chain)}`,
});

function decisionOf(chain: HostChain, { rule }: IndexedRule): Decision {
  const named = rule.text.startsWith('-A ') && chain.kernel === 'nf_tables';
  return { chain, text: named ? rule.text : `${tableText(chain)} ${chain.chain}: ${rule.text}` };
}

const tableText = ({ kernel, family, table }: HostChain): string =>
  `${family} ${table}${kernel === 'ip_tables' ? ' (iptables-legacy)' : ''}`;

const sameVerdict = (a: Verdict, b: Verdict): boolean =>
  a.type === b.type &&
  a.type !== 'depends' &&
  JSON.stringify(a.translation?.target) === JSON.stringify(b.translation?.target);

function markedWith(
  mark: number | undefined,
  { value, mask }: Extract<HostTarget, { type: 'mark' }>,
): number | undefined {
  if (mask >>> 0 === 0xffffffff) return value >>> 0;
  return mark === undefined ? undefined : ((mark & ~mask) | value) >>> 0;
}

/** Rules of later chains see the translated receiver. */
function translateReceiver(packet: FilterPacket, { target }: Translation): void {
  if (target.type !== 'dnat' && target.type !== 'redirect') return;
  packet.dnat = true;
  packet.destination = parseAddress(target.address ?? '')?.value ?? packet.destination;
  const { ports, shift } = target;
  if (packet.destinationPort === undefined) return;
  if (shift !== undefined) packet.destinationPort += shift;
  else if (ports !== undefined) packet.destinationPort = ports.start;
}
