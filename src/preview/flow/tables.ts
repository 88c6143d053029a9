import { Subnet } from '../../model/subnet.js';
import { type Address, type Family, maskOf, parseAddress } from '../../schema/address.js';
import { nftExpression } from '../firewall/commands.js';
import { effectiveChains } from '../firewall/order.js';
import type { Condition, FirewallRule, FirewallStep, Target } from '../firewall/rule.js';
import { saveLine } from '../firewall/save.js';

/** A packet as rules see it. */
export interface Frame {
  readonly family: Family;
  readonly source: bigint;
  readonly destination: bigint;
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  readonly port: number;
  /** Device it came in by; empty for what the host sends. */
  readonly inBy: string;
  /** Device it goes out by; empty for what the host receives. */
  readonly outBy: string;
  readonly established: boolean;
}

/** A rule that a packet met, and what it does. */
export interface Hit {
  readonly target: Target;
  readonly text: string;
}

type Test = (frame: Frame) => boolean;

interface Compiled {
  readonly hit: Hit;
  readonly tests: readonly Test[];
  /** The device that the rule is about, by which rules are found without looking at all of them. */
  readonly device: string | undefined;
  /** The subnet that the packet's source must be in. */
  readonly source: ((value: bigint) => boolean) | undefined;
}

/** The chains that decide about a packet, by what they decide. */
const ORDER = {
  iptables: { forward: ['LIBVIRT_FWX', 'LIBVIRT_FWI', 'LIBVIRT_FWO'], input: ['LIBVIRT_INP'], leave: ['LIBVIRT_PRT'] },
  nftables: { forward: ['guest_cross', 'guest_input', 'guest_output'], input: [], leave: ['guest_nat'] },
} as const;

type Stage = 'forward' | 'input' | 'leave';

/** The rules of a host, made fast to ask. */
export class RuleTables {
  readonly #chains = new Map<string, readonly Compiled[]>();
  readonly #narrowed = new Map<string, readonly Compiled[]>();
  readonly #order: Readonly<Record<Stage, readonly string[]>>;

  constructor(steps: readonly FirewallStep[], backend: 'iptables' | 'nftables') {
    this.#order = ORDER[backend];
    for (const { family, table, chain, rules } of effectiveChains(steps)) {
      if (table !== 'mangle') this.#chains.set(`${family} ${chain}`, rules.map(compile));
    }
  }

  /** The first rule that decides about a packet at a stage. */
  ask(stage: Stage, frame: Frame): Hit | undefined {
    for (const chain of this.#order[stage]) {
      const found = this.#candidates(stage, chain, frame).find(({ tests }) => tests.every((test) => test(frame)));
      if (found !== undefined) return found.hit;
    }
    return undefined;
  }

  /** The rules that can be about a packet at all: those for its devices, or for its source. */
  #candidates(stage: Stage, chain: string, frame: Frame): readonly Compiled[] {
    const about = stage === 'leave' ? String(frame.source) : `${frame.inBy} ${frame.outBy}`;
    const key = `${frame.family} ${chain} ${about}`; // few sources and pairs of devices, many packets
    const known = this.#narrowed.get(key);
    if (known !== undefined) return known;
    const all = this.#chains.get(`${frame.family} ${chain}`) ?? [];
    const narrowed = all.filter(({ device, source }) =>
      stage === 'leave'
        ? source === undefined || source(frame.source)
        : device === undefined || device === frame.inBy || device === frame.outBy,
    );
    this.#narrowed.set(key, narrowed);
    return narrowed;
  }
}

const textOf = (rule: FirewallRule): string =>
  rule.backend === 'iptables' ? saveLine(rule) : `${rule.chain}: ${nftExpression(rule).join(' ')}`;

function compile(rule: FirewallRule): Compiled {
  const [device] = rule.match.flatMap((one) =>
    (one.field === 'inInterface' || one.field === 'outInterface') && !one.byName ? one.value : [],
  );
  const [source] = rule.match.flatMap((one) => (one.field === 'source' && !one.not ? within(one.value) : []));
  return { hit: { target: rule.target, text: textOf(rule) }, tests: rule.match.map(testOf), device, source };
}

function testOf(condition: Condition): Test {
  switch (condition.field) {
    case 'source': {
      const inside = within(condition.value);
      return ({ source }) => inside(source) !== (condition.not === true);
    }
    case 'destination': {
      const inside = within(condition.value);
      return ({ destination }) => inside(destination) !== (condition.not === true);
    }
    case 'inInterface':
      return ({ inBy }) => inBy === condition.value;
    case 'outInterface':
      return ({ outBy }) => outBy === condition.value;
    case 'protocol':
      return ({ protocol }) => protocol === condition.value;
    case 'destinationPort':
      return ({ port }) => port === condition.value;
    case 'established':
      return ({ established }) => established;
  }
}

/** Whether an address, as a number, is in a subnet. */
export function within(cidr: string): (value: bigint) => boolean {
  const { family, network, prefix } = Subnet.parse(cidr);
  const [mask, wanted] = [maskOf(family, prefix), parseAddress(network)?.value ?? 0n];
  return (value) => (value & mask) === wanted;
}

/** The number of an address that is known to be one. */
export const numberOf = (address: Address | string): bigint =>
  typeof address === 'string' ? (parseAddress(address)?.value ?? 0n) : address.value;
