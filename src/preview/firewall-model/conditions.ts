import { bitsOf, type Family, maskOf, parseAddress } from '../../schema/address.js';
import type { HostCondition } from './model.js';
import { portsOf } from './names.js';
import type { ArpMessage, FilterPacket, Match } from './packet.js';

export type Test = (packet: FilterPacket) => Match;

/** Makes a condition fast to ask. */
export function testOf(condition: HostCondition): Test {
  const test = positiveTest(condition);
  if (!condition.not) return test;
  return (packet) => {
    const match = test(packet);
    return match === undefined ? undefined : !match;
  };
}

function positiveTest({ field, values }: HostCondition): Test {
  const oneOf = (text: string | undefined): Match => (text === undefined ? undefined : values.includes(text));
  switch (field) {
    case 'source':
    case 'destination': {
      const inside = withinAny(values);
      return (packet) => packet.family !== 'arp' && inside(packet.family, packet[field]);
    }
    case 'inInterface':
      return deviceTest(values, ({ inBy }) => inBy);
    case 'outInterface':
      return deviceTest(values, ({ outBy }) => outBy);
    case 'sourcePort':
    case 'destinationPort': {
      const spans = values.map((value) => portsOf(value) ?? { start: -1, end: -1 });
      return (packet) => hasPorts(packet) && portTest(spans, packet[field]);
    }
    case 'family':
    case 'protocol':
    case 'icmpType':
      return (packet) => values.includes(packet[field] ?? '');
    case 'connectionState':
      return (packet) => stateTest(values, packet);
    case 'connectionStatus':
      return ({ dnat, snat }) => statusTest(values, { dnat, snat });
    case 'sourceType':
      return (packet) => oneOf(packet.typeOf(packet.source));
    case 'destinationType':
      return (packet) => oneOf(packet.typeOf(packet.destination));
    case 'mark':
      return ({ mark }) => markTest(values, mark);
    case 'hopLimit':
      return ({ hopLimit }) => oneOf(hopLimit === undefined ? undefined : String(hopLimit));
    case 'tcpSyn':
      return ({ protocol, state }) => protocol === 'tcp' && (state === 'new' || state === 'untracked');
    case 'routingHeader':
      return () => false;
    case 'etherSource':
    case 'etherDestination': {
      const isOne = macTest(values);
      return (packet) => isOne(packet[field]);
    }
    case 'arpOperation':
    case 'arpSource':
    case 'arpDestination':
    case 'arpSourceMac':
    case 'arpDestinationMac': {
      const test = arpTest(field, values);
      return ({ family, arp }) => family === 'arp' && (arp === undefined ? undefined : test(arp));
    }
    case 'reversePath':
      return (packet) => {
        const found = packet.hasReversePath();
        return found === undefined ? undefined : values.includes(found ? 'found' : 'missing');
      };
  }
}

/** Tells whether a hardware address is one of some, which may have masks. */
function macTest(values: readonly string[]): (mac: string | undefined) => Match {
  const wanted = values.map((value) => value.split('/').map(macNumber));
  return (mac) => {
    if (mac === undefined) return undefined;
    const number = macNumber(mac);
    return wanted.some(([address = 0n, mask = ALL_BITS]) => (number & mask) === (address & mask));
  };
}

const ALL_BITS = 0xffff_ffff_ffffn;
const macNumber = (mac: string): bigint => BigInt(`0x${mac.replaceAll(':', '') || 0}`);

type ArpField = Extract<HostCondition['field'], `arp${string}`>;

function arpTest(field: ArpField, values: readonly string[]): (arp: ArpMessage) => Match {
  const [inside, isOne] = [withinAny(values), macTest(field.endsWith('Mac') ? values : [])];
  const within = (address: bigint | undefined): Match => (address === undefined ? undefined : inside('ipv4', address));
  switch (field) {
    case 'arpOperation':
      return ({ operation }) => values.includes(operation);
    case 'arpSource':
      return ({ source }) => within(source);
    case 'arpDestination':
      return ({ destination }) => within(destination);
    case 'arpSourceMac':
      return ({ sourceMac }) => isOne(sourceMac);
    case 'arpDestinationMac':
      return ({ destinationMac }) => isOne(destinationMac);
  }
}

const hasPorts = ({ protocol }: FilterPacket): boolean => protocol === 'tcp' || protocol === 'udp';

function deviceTest(values: readonly string[], device: (packet: FilterPacket) => string | undefined): Test {
  const exact = new Set(values.filter((value) => !value.endsWith('*')));
  const starts = values.filter((value) => value.endsWith('*')).map((value) => value.slice(0, -1));
  return (packet) => {
    const name = device(packet);
    return name === undefined ? undefined : exact.has(name) || starts.some((start) => name.startsWith(start));
  };
}

/** Linux picks ports of this range for programs that ask for none. */
const PICKED = { start: 32_768, end: 60_999 };

function portTest(spans: readonly { readonly start: number; readonly end: number }[], port: number | undefined): Match {
  if (port !== undefined) return spans.some(({ start, end }) => start <= port && port <= end);
  if (spans.some(({ start, end }) => start <= PICKED.start && PICKED.end <= end)) return true;
  return spans.every(({ start, end }) => end < PICKED.start || PICKED.end < start) ? false : undefined;
}

function stateTest(values: readonly string[], { state, dnat, snat }: FilterPacket): boolean {
  return values.includes(state) || (dnat && values.includes('dnat')) || (snat && values.includes('snat'));
}

function statusTest(values: readonly string[], is: Readonly<Record<'dnat' | 'snat', boolean>>): Match {
  if (values.some((value) => (value === 'dnat' || value === 'snat') && is[value])) return true;
  return values.every((value) => value === 'dnat' || value === 'snat') ? false : undefined;
}

function markTest(values: readonly string[], mark: number | undefined): Match {
  if (mark === undefined) return undefined;
  return values.some((value) => {
    const [wanted = 0, mask = 0xffffffff] = value.split('/').map(Number);
    return (mark & mask) >>> 0 === wanted >>> 0;
  });
}

type Range = { readonly family: Family; readonly start: bigint; readonly end: bigint };

/** Tells whether an address is in one of some subnets and ranges. */
function withinAny(values: readonly string[]): (family: Family, address: bigint) => boolean {
  const ranges = values.map(rangeOf).filter((range) => range !== undefined);
  return (family, address) =>
    ranges.some((range) => range.family === family && range.start <= address && address <= range.end);
}

/** The first and last address of `10.0.0.0/8` or `10.0.0.1-10.0.0.9`. */
export function rangeOf(value: string): Range | undefined {
  const [, first = '', prefix, last = first] = /^([^/-]+)(?:\/(\d+)|-(.+))?$/.exec(value) ?? [];
  const [start, end] = [parseAddress(first), parseAddress(last)];
  if (start === undefined || end === undefined) return undefined;
  const { family } = start;
  if (prefix === undefined) return { family, start: start.value, end: end.value };
  const network = start.value & maskOf(family, Number(prefix));
  return { family, start: network, end: network + (1n << BigInt(bitsOf(family) - Number(prefix))) - 1n };
}
