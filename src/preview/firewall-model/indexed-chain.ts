import { rangeOf, type Test, testOf } from './conditions.js';
import { type HostChain, type HostRule, tableKey } from './model.js';
import type { FilterPacket, Match } from './packet.js';

/** A rule, ready to be asked. */
export interface IndexedRule {
  /** Its place in the chain. */
  readonly index: number;
  readonly rule: HostRule;
  readonly tests: readonly Test[];
  /** The sources that it may be about; nothing for all. */
  readonly sources: readonly Range[] | undefined;
}

type Range = NonNullable<ReturnType<typeof rangeOf>>;

/** Tells whether a rule applies to a packet. */
export function matches({ rule, tests }: IndexedRule, packet: FilterPacket): Match {
  let sure = rule.unknown.length === 0;
  for (const test of tests) {
    const match = test(packet);
    if (match === false) return false;
    if (match === undefined) sure = false;
  }
  return sure ? true : undefined;
}

/** From how many rules on it is worth remembering which are about a source. */
const MANY = 8;

/** The rules of one chain, found by what they are about: with many networks almost no rule is about a given packet. */
export class IndexedChain {
  readonly chain: HostChain;
  /** Its place among all chains of the host. */
  readonly order: number;
  readonly #table: string;
  readonly #byDevice = new Map<string, IndexedRule[]>();
  readonly #others: IndexedRule[] = [];
  readonly #bySource = new Map<bigint, readonly IndexedRule[]>();

  constructor(chain: HostChain, order: number) {
    this.chain = chain;
    this.order = order;
    this.#table = tableKey(chain);
    chain.rules.forEach((rule, index) => {
      const indexed = { index, rule, tests: rule.match.map(testOf), sources: sourcesOf(rule) };
      const devices = devicesOf(rule);
      if (devices === undefined) this.#others.push(indexed);
      for (const device of devices ?? []) this.#byDevice.set(device, [...(this.#byDevice.get(device) ?? []), indexed]);
    });
  }

  /** The key of another chain of the same table. */
  keyOf(chain: string): string {
    return `${this.#table} ${chain}`;
  }

  /** The rules that may be about a packet, in their order. */
  rulesFor(packet: FilterPacket): readonly IndexedRule[] {
    const others = this.#othersFor(packet);
    // A device that is not known may be any.
    if (packet.inBy === undefined || packet.outBy === undefined) return this.#all(others);
    const ofDevices = merged(this.#byDevice.get(packet.inBy), this.#byDevice.get(packet.outBy));
    return merged(ofDevices, others);
  }

  #all(others: readonly IndexedRule[]): readonly IndexedRule[] {
    return [...this.#byDevice.values()].reduce((all, some) => [...merged(all, some)], [...others]);
  }

  #othersFor({ source, family }: FilterPacket): readonly IndexedRule[] {
    if (this.#others.length < MANY || family === 'arp') return this.#others;
    const known = this.#bySource.get(source);
    if (known !== undefined) return known;
    const found = this.#others.filter(({ sources }) => mayComeFrom(sources, source));
    this.#bySource.set(source, found);
    return found;
  }
}

/** The rules of two lists in their order, each once. */
function merged(a: readonly IndexedRule[] = [], b: readonly IndexedRule[] = []): readonly IndexedRule[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const rules: IndexedRule[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [one, other] = [a[i], b[j]];
    const [left, right] = [one?.index ?? Infinity, other?.index ?? Infinity];
    const next = left <= right ? one : other;
    if (next !== undefined) rules.push(next);
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return rules;
}

/** The devices of which a packet must have one for a rule to apply; nothing where others do as well. */
function devicesOf({ match }: HostRule): readonly string[] | undefined {
  const condition = match.find(
    ({ field, values, not }) =>
      (field === 'inInterface' || field === 'outInterface') && !not && !values.some((value) => value.endsWith('*')),
  );
  return condition?.values;
}

function sourcesOf({ match }: HostRule): readonly Range[] | undefined {
  const condition = match.find(({ field, not }) => field === 'source' && !not);
  return condition?.values.flatMap((value) => rangeOf(value) ?? []);
}

const mayComeFrom = (sources: readonly Range[] | undefined, source: bigint): boolean =>
  sources === undefined || sources.some(({ start, end }) => start <= source && source <= end);
