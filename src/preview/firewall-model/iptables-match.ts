import type { HostCondition, HostField } from './model.js';
import { addressValue, icmpType, portsOf, protocolName } from './names.js';

/** An option of iptables that is a condition: its name, its value, and the module that it belongs to. */
export interface IptablesOption {
  readonly name: string;
  readonly value: string;
  readonly not: boolean;
  readonly module: string;
}

/** Reads a value into those of a condition; nothing for one that this library does not know. */
type Values = (value: string) => readonly string[] | undefined;

const plain: Values = (value) => [value];
const list: Values = (value) => value.split(',').map((one) => one.toLowerCase());
const device: Values = (value) => [value.replace(/\+$/, '*')];
const address: Values = (value) => known(value.split(',').map(addressValue));
const ports: Values = (value) =>
  known(value.split(',').map((one) => (portsOf(one) ? one.replace(':', '-') : undefined)));
const mark: Values = (value) => [
  value
    .split('/')
    .map((part) => `0x${Number(part).toString(16)}`)
    .join('/'),
];
const packetType: Values = (value) => (value === 'broadcast' || value === 'multicast' ? [value] : undefined);

const known = (values: readonly (string | undefined)[]): readonly string[] | undefined =>
  values.every((value) => value !== undefined) ? values : undefined;

const OPTIONS: Readonly<Record<string, readonly [HostField, Values]>> = {
  '-s': ['source', address],
  '-d': ['destination', address],
  '-i': ['inInterface', device],
  '-o': ['outInterface', device],
  '-p': ['protocol', (value) => [protocolName(value)]],
  '--sport': ['sourcePort', ports],
  '--sports': ['sourcePort', ports],
  '--dport': ['destinationPort', ports],
  '--dports': ['destinationPort', ports],
  '--ctstate': ['connectionState', list],
  '--state': ['connectionState', list],
  '--icmp-type': ['icmpType', (value) => [icmpType('icmp', value)]],
  '--icmpv6-type': ['icmpType', (value) => [icmpType('icmpv6', value)]],
  '--src-type': ['sourceType', list],
  '--dst-type': ['destinationType', list],
  '--pkt-type': ['destinationType', packetType],
  '--hl-eq': ['hopLimit', plain],
  '--ttl-eq': ['hopLimit', plain],
  '--rt-type': ['routingHeader', plain],
};

/** The condition of an option, nothing for one that this library does not know. */
export function iptablesCondition({ name, value, not, module }: IptablesOption): HostCondition | undefined {
  const negated = not ? { not: true as const } : {};
  if (name === '--tcp-flags') {
    const first = value === 'FIN,SYN,RST,ACK SYN';
    return first ? { field: 'tcpSyn', values: ['yes'], ...negated } : undefined;
  }
  if (name === '--mark' && module === 'mark') return { field: 'mark', values: mark(value) ?? [], ...negated };
  const [field, read] = (Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined) ?? [];
  const values = read?.(value);
  return field === undefined || values === undefined ? undefined : { field, values, ...negated };
}
