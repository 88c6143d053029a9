import { Subnet } from '../../model/subnet.js';
import { type Family, maskOf, parseAddress } from '../../schema/address.js';
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
  /** Its place in the chain. */
  readonly index: number;
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

/** The rules of one chain, found by what they are about: with many networks almost no rule is about a given packet. */
class Chain {
  readonly #rules: readonly Compiled[];
  readonly #byDevice = new Map<string, Compiled[]>();
  readonly #bySource = new Map<bigint, readonly Compiled[]>();

  constructor(rules: readonly FirewallRule[]) {
    this.#rules = rules.map(compile);
    for (const rule of this.#rules) {
      const { device = ANY } = rule;
      const known = this.#byDevice.get(device);
      if (known === undefined) this.#byDevice.set(device, [rule]);
      else known.push(rule);
    }
  }

  /** The first rule about a packet's devices that it meets. */
  byDevice(frame: Frame): Compiled | undefined {
    let first: Compiled | undefined;
    for (const device of [frame.inBy, frame.outBy, ANY]) {
      const found = this.#byDevice.get(device)?.find((rule) => meets(rule, frame));
      if (found !== undefined && (first === undefined || found.index < first.index)) first = found;
    }
    return first;
  }

  /** The first rule about a packet's source that it meets. */
  bySource(frame: Frame): Compiled | undefined {
    const { source } = frame;
    let rules = this.#bySource.get(source);
    if (rules === undefined) {
      rules = this.#rules.filter((rule) => rule.source === undefined || rule.source(source));
      this.#bySource.set(source, rules);
    }
    return rules.find((rule) => meets(rule, frame));
  }
}

/** Stands for rules that are about no device. */
const ANY = '*';

const meets = ({ tests }: Compiled, frame: Frame): boolean => tests.every((test) => test(frame));

/** The rules of a host, made fast to ask. */
export class RuleTables {
  readonly #stages: Readonly<Record<Family, Readonly<Record<Stage, readonly Chain[]>>>>;

  constructor(steps: readonly FirewallStep[], backend: 'iptables' | 'nftables') {
    const chains = effectiveChains(steps).filter(({ table }) => table !== 'mangle');
    const stage = (family: Family, names: readonly string[]): Chain[] =>
      names.flatMap((name) =>
        chains.flatMap((one) => (one.family === family && one.chain === name ? new Chain(one.rules) : [])),
      );
    const { forward, input, leave } = ORDER[backend];
    const of = (family: Family) => ({
      forward: stage(family, forward),
      input: stage(family, input),
      leave: stage(family, leave),
    });
    this.#stages = { ipv4: of('ipv4'), ipv6: of('ipv6') };
  }

  /** The first rule that decides about a packet at a stage. */
  ask(stage: Stage, frame: Frame): Hit | undefined {
    for (const chain of this.#stages[frame.family][stage]) {
      const found = stage === 'leave' ? chain.bySource(frame) : chain.byDevice(frame);
      if (found !== undefined) return found.hit;
    }
    return undefined;
  }
}

const textOf = (rule: FirewallRule): string =>
  rule.backend === 'iptables' ? saveLine(rule) : `${rule.chain}: ${nftExpression(rule).join(' ')}`;

function compile(rule: FirewallRule, index: number): Compiled {
  const [device] = rule.match.flatMap((one) =>
    (one.field === 'inInterface' || one.field === 'outInterface') && !one.byName ? one.value : [],
  );
  const [source] = rule.match.flatMap((one) => (one.field === 'source' && !one.not ? within(one.value) : []));
  return { index, hit: { target: rule.target, text: textOf(rule) }, tests: rule.match.map(testOf), device, source };
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

/** Tells whether an address, as a number, is in a subnet. */
export function within(cidr: string): (value: bigint) => boolean {
  const { family, network, prefix } = Subnet.parse(cidr);
  const [mask, wanted] = [maskOf(family, prefix), numberOf(network)];
  return (value) => (value & mask) === wanted;
}

/** The number of an address that is known to be one. */
export const numberOf = (address: string): bigint => parseAddress(address)?.value ?? 0n;
