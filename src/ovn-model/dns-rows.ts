import { type Address, parseAddress } from '../schema/address.js';
import { namedHosts } from './named-hosts.js';
import type { OvnRow } from './rows.js';
import type { OvnShape } from './shape.js';

/** The names that guests of the network can look up: those of `dns` and of reservations, with and without the domain. */
export function dnsRows(shape: OvnShape): readonly OvnRow[] {
  const records = recordsOf(shape);
  return Object.keys(records).length === 0 ? [] : [{ table: 'DNS', key: 'dns', columns: { records } }];
}

function recordsOf({ document }: OvnShape): Readonly<Record<string, string>> {
  const domain = document.domain?.name;
  const addresses = new Map<string, string[]>();
  const names = new Map<string, string>();
  for (const { ip, hostnames } of namedHosts(document)) {
    const address = parseAddress(ip);
    if (address === undefined) continue;
    const all = hostnames.flatMap((name) => withDomain(name, domain));
    for (const name of all) addresses.set(name, [...new Set([...(addresses.get(name) ?? []), address.text])]);
    const [first] = all;
    // As dnsmasq does, the first name of an address is the answer to a reverse lookup.
    if (first !== undefined && !names.has(reverseName(address))) names.set(reverseName(address), first);
  }
  return Object.fromEntries([...[...addresses].map(([name, texts]) => [name, texts.join(' ')] as const), ...names]);
}

/** OVN finds only keys in lower case. The whole name comes first. */
function withDomain(name: string, domain: string | undefined): readonly string[] {
  const key = name.toLowerCase();
  return domain === undefined || key.includes('.') ? [key] : [`${key}.${domain.toLowerCase()}`, key];
}

/** The name under which an address is looked up. */
function reverseName({ family, value, text }: Address): string {
  if (family === 'ipv4') return `${text.split('.').reverse().join('.')}.in-addr.arpa`;
  const digits = value.toString(16).padStart(32, '0');
  return `${[...digits].reverse().join('.')}.ip6.arpa`;
}
