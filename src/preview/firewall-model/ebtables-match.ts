import type { IptablesOption } from './iptables-match.js';
import type { HostCondition, HostField } from './model.js';
import { addressValue, macValue, portsOf, protocolName } from './names.js';

/** Reads a value into that of a condition; nothing for one that this library does not know. */
type Value = (text: string) => string | undefined;

const FAMILIES: Readonly<Record<string, string>> = {
  ...{ ipv4: 'ipv4', '0x800': 'ipv4', '0x0800': 'ipv4' },
  ...{ ipv6: 'ipv6', '0x86dd': 'ipv6' },
  ...{ arp: 'arp', '0x806': 'arp', '0x0806': 'arp' },
};
const family: Value = (text) => FAMILIES[text.toLowerCase()] ?? text.toLowerCase();

const MACS: Readonly<Record<string, string>> = {
  broadcast: 'ff:ff:ff:ff:ff:ff',
  multicast: '01:00:00:00:00:00/01:00:00:00:00:00',
  unicast: '00:00:00:00:00:00/01:00:00:00:00:00',
  bga: '01:80:c2:00:00:00',
};

function mac(text: string): string | undefined {
  const parts = text.split('/').map(macValue);
  return MACS[text.toLowerCase()] ?? (parts.every((part) => part !== undefined) ? parts.join('/') : undefined);
}

const port: Value = (text) => (portsOf(text) === undefined ? undefined : text.replace(':', '-'));
const device: Value = (text) => text.replace(/\+$/, '*');

const OPERATIONS: Readonly<Record<string, string>> = { '1': 'request', '2': 'reply' };
const operation: Value = (text) => OPERATIONS[text] ?? text.toLowerCase();

const OPTIONS: Readonly<Record<string, readonly [HostField, Value]>> = {
  '-p': ['family', family],
  '-s': ['etherSource', mac],
  '-d': ['etherDestination', mac],
  '-i': ['inInterface', device],
  '-o': ['outInterface', device],
  '--ip-src': ['source', addressValue],
  '--ip-dst': ['destination', addressValue],
  '--ip6-src': ['source', addressValue],
  '--ip6-dst': ['destination', addressValue],
  '--ip-proto': ['protocol', protocolName],
  '--ip6-proto': ['protocol', protocolName],
  '--ip-sport': ['sourcePort', port],
  '--ip6-sport': ['sourcePort', port],
  '--ip-dport': ['destinationPort', port],
  '--ip6-dport': ['destinationPort', port],
  '--arp-op': ['arpOperation', operation],
  '--arp-ip-src': ['arpSource', addressValue],
  '--arp-ip-dst': ['arpDestination', addressValue],
  '--arp-mac-src': ['arpSourceMac', mac],
  '--arp-mac-dst': ['arpDestinationMac', mac],
};

/** The condition of an option of ebtables; nothing for one that this library does not know. */
export function ebtablesCondition({ name, value, not }: IptablesOption): HostCondition | undefined {
  const [field, read] = (Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined) ?? [];
  const known = read?.(value);
  return field === undefined || known === undefined
    ? undefined
    : { field, values: [known], ...(not ? { not: true as const } : {}) };
}
