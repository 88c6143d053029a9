import { LibvirtError } from '../../errors/index.js';
import { parseAddress, parseCidr } from '../../schema/address.js';
import type { PortRange } from '../../schema/port-forward.js';
import { isRecord } from '../../schema/values.js';
import type { ChainPlace, Opening, OpeningFirewall, OpeningRule } from './opening.js';
import { isNative } from './rule-text.js';

const FIREWALLS: Readonly<Record<OpeningFirewall, true>> = {
  nftables: true,
  iptables: true,
  'iptables-legacy': true,
  docker: true,
  ufw: true,
  firewalld: true,
  libvirt: true,
};

const HOOKS: ReadonlySet<unknown> = new Set(['prerouting', 'input', 'forward', 'output', 'postrouting']);
const PROTOCOLS: ReadonlySet<unknown> = new Set([undefined, 'tcp', 'udp', 'icmp', 'icmpv6']);
const FAMILIES: ReadonlySet<unknown> = new Set(['ip', 'ip6', 'inet']);

/** Names of devices that every firewall takes as they are; some take `+` and `*` for the beginnings of many. */
const DEVICE = /^[\w.-]{1,15}$/;
/** Names of tables and chains that neither nft nor a shell takes for something else. */
const CHAIN = /^[A-Za-z][\w./-]{0,63}$/;

/**
 * Refuses what no rule can say, before anything is run with it.
 *
 * @throws LibvirtError code `INVALID_ARGUMENT`
 */
export function checkOpening(opening: Opening): void {
  const { name, firewall, rules } = opening;
  if (!/^lvn-[a-z\d]{1,13}$/.test(name)) throw wrong('name', name, 'take openings from openingsFor or allow');
  if (!Object.hasOwn(FIREWALLS, firewall))
    throw wrong('firewall', firewall, `use one of ${Object.keys(FIREWALLS).join(', ')}`);
  for (const rule of rules) checkRule(rule, firewall);
  if (firewall !== 'firewalld') return;
  expect(/^[\w-]{1,17}$/.test(opening.zone ?? ''), 'zone', opening.zone);
  expect(opening.binds === undefined || DEVICE.test(opening.binds), 'binds', opening.binds);
}

function checkRule(rule: OpeningRule, firewall: OpeningFirewall): void {
  expect(HOOKS.has(rule.hook), 'hook', rule.hook);
  expect(rule.family === 'ipv4' || rule.family === 'ipv6', 'family', rule.family);
  expect(PROTOCOLS.has(rule.protocol), 'protocol', rule.protocol);
  for (const property of ['in', 'out'] as const) {
    const device = rule[property];
    expect(device === undefined || DEVICE.test(device), property, device);
  }
  checkAddresses(rule);
  const source = rule.source === undefined ? undefined : parseAddress(rule.source);
  const isSource = rule.hook === 'postrouting' && source?.family === rule.family;
  expect(rule.source === undefined || isSource, 'source', rule.source);
  checkPorts(rule);
  checkPlace(rule, firewall);
}

function checkAddresses(rule: OpeningRule): void {
  for (const property of ['from', 'to'] as const) {
    const cidr = rule[property];
    if (cidr === undefined) continue;
    expect(parseCidr(cidr)?.address.family === rule.family, property, cidr);
  }
}

function checkPorts({ protocol, sourcePort, port, icmpType }: OpeningRule): void {
  const hasPorts = protocol === 'tcp' || protocol === 'udp';
  expect(sourcePort === undefined || (hasPorts && isRange(sourcePort)), 'sourcePort', sourcePort);
  expect(port === undefined || (hasPorts && isRange(port)), 'port', port);
  const hasTypes = protocol === 'icmp' || protocol === 'icmpv6';
  expect(icmpType === undefined || (hasTypes && /^[a-z-]{1,40}$/.test(icmpType)), 'icmpType', icmpType);
}

export const isRange = (range: PortRange): boolean =>
  isRecord(range) && isPort(range.start) && isPort(range.end) && range.start <= range.end;
const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;

/** Firewalls with a place of their own for openings need no other, and the rest need one. */
function checkPlace(rule: OpeningRule, firewall: OpeningFirewall): void {
  const { place } = rule;
  const isOwn = firewall === 'ufw' || firewall === 'firewalld' || firewall === 'docker';
  expect((place === undefined) === isOwn, 'place', place);
  if (place === undefined) return;
  const native = isNative({ firewall, rules: [{ ...rule, place }] });
  expect(FAMILIES.has(place.family) && (native || place.family !== 'inet'), 'place.family', place.family);
  for (const property of ['table', 'chain'] satisfies (keyof ChainPlace)[])
    expect(CHAIN.test(place[property]), `place.${property}`, place[property]);
}

function expect(holds: boolean, property: string, value: unknown): void {
  if (!holds) throw wrong(property, value, 'see OpeningRule for what each property may be');
}

const wrong = (property: string, value: unknown, hint: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `the ${property} of an opening cannot be ${JSON.stringify(value)}`, { hint });
