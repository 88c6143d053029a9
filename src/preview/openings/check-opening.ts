import { LibvirtError } from '../../errors/index.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { type Family, networkAddress, parseAddress, parseCidr } from '../../schema/address.js';
import type { PortRange } from '../../schema/port-forward.js';
import { isRecord } from '../../schema/values.js';
import { ICMP_TYPE_NAMES } from './icmp-types.js';
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

/** The protocols that packets of a family have. */
const PROTOCOLS: Readonly<Record<Family, ReadonlySet<unknown>>> = {
  ipv4: new Set([undefined, 'tcp', 'udp', 'icmp']),
  ipv6: new Set([undefined, 'tcp', 'udp', 'icmpv6']),
};
const FAMILIES: ReadonlySet<unknown> = new Set(['ip', 'ip6', 'inet']);

/** Names of devices that every firewall takes as they are; some take `+` and `*` for the beginnings of many. */
const DEVICE = /^[\w.-]{1,15}$/;
/** Names of tables and chains that neither nft nor a shell takes for something else. */
const CHAIN = /^[A-Za-z][\w./-]{0,63}$/;

// A misspelled condition would be left out, and the rule would let through more than it says.
const OPENING: OptionNames<Opening> = {
  name: true,
  purpose: true,
  firewall: true,
  rules: true,
  zone: true,
  binds: true,
};
const PLACE: OptionNames<ChainPlace> = { family: true, table: true, chain: true };
const RULE: OptionNames<OpeningRule> = {
  hook: true,
  family: true,
  place: true,
  in: true,
  out: true,
  from: true,
  to: true,
  protocol: true,
  sourcePort: true,
  port: true,
  icmpType: true,
  answers: true,
  forwarded: true,
  decidedByLibvirt: true,
  source: true,
};

const namesIn = (names: ReadonlySet<unknown>): string => [...names].filter((name) => name !== undefined).join(', ');

/** The devices that a packet has at a hook. */
const DEVICES_AT: Readonly<Record<OpeningRule['hook'], readonly ('in' | 'out')[]>> = {
  prerouting: ['in'],
  input: ['in'],
  forward: ['in', 'out'],
  output: ['out'],
  postrouting: ['in', 'out'],
};

/**
 * Refuses what no rule can say, before anything is run with it.
 *
 * @throws LibvirtError code `INVALID_ARGUMENT`
 */
export function checkOpening(opening: Opening): void {
  const { name, purpose, firewall, rules } = optionsOf(opening, OPENING, 'an opening');
  if (typeof name !== 'string' || !/^lvn-[a-z\d]{1,13}$/.test(name))
    throw wrong('name', name, 'take openings from openingsFor or allow');
  if (!Object.hasOwn(FIREWALLS, firewall))
    throw wrong('firewall', firewall, `use one of ${Object.keys(FIREWALLS).join(', ')}`);
  expect(typeof purpose === 'string', 'purpose', purpose);
  expect(Array.isArray(rules), 'rules', rules);
  for (const rule of rules) checkRule(optionsOf(rule, RULE, 'a rule of an opening'), firewall);
  if (firewall === 'firewalld') checkZone(opening);
}

/** Without a bridge in the zone, the rules are those of the zone: for packets to the host, whose devices the zone has. */
function checkZone({ zone, binds, rules }: Opening): void {
  expect(typeof zone === 'string' && /^[\w-]{1,17}$/.test(zone), 'zone', zone);
  expect(binds === undefined || (typeof binds === 'string' && DEVICE.test(binds)), 'binds', binds);
  if (binds !== undefined) return;
  for (const { hook, sourcePort, answers } of rules) {
    if (hook !== 'input') throw wrong('hook', hook, 'zones have rules for packets to the host alone: input');
    if (sourcePort !== undefined) throw wrong('sourcePort', sourcePort, 'rules of zones have no such condition');
    if (answers) throw wrong('answers', answers, 'zones let answers through by themselves');
  }
}

function checkRule(rule: OpeningRule, firewall: OpeningFirewall): void {
  expect(Object.hasOwn(DEVICES_AT, rule.hook), 'hook', rule.hook);
  expect(rule.family === 'ipv4' || rule.family === 'ipv6', 'family', rule.family);
  if (!PROTOCOLS[rule.family].has(rule.protocol))
    throw wrong('protocol', rule.protocol, `packets of family ${rule.family} have ${namesIn(PROTOCOLS[rule.family])}`);
  checkDevices(rule);
  checkAddresses(rule);
  for (const property of ['answers', 'forwarded', 'decidedByLibvirt'] as const)
    expect(rule[property] === undefined || rule[property] === true, property, rule[property]);
  const source = rule.source === undefined ? undefined : parseAddress(rule.source);
  const isSource = rule.hook === 'postrouting' && source?.family === rule.family;
  expect(rule.source === undefined || isSource, 'source', rule.source);
  checkPorts(rule);
  checkPlace(rule, firewall);
  checkProgram(rule, firewall);
}

function checkDevices(rule: OpeningRule): void {
  for (const property of ['in', 'out'] as const) {
    const device = rule[property];
    if (device === undefined) continue;
    expect(typeof device === 'string' && DEVICE.test(device), property, device);
    if (!DEVICES_AT[rule.hook].includes(property)) throw wrong(property, device, `packets at ${rule.hook} have none`);
  }
}

function checkAddresses(rule: OpeningRule): void {
  for (const property of ['from', 'to'] as const) {
    const cidr = rule[property];
    if (cidr === undefined) continue;
    const known = parseCidr(cidr);
    if (known === undefined) throw wrong(property, cidr, 'pass a subnet in CIDR form, such as 192.0.2.0/24');
    const { family } = known.address;
    if (family !== rule.family)
      throw wrong(property, cidr, `it is of family ${family}, but the rule is of ${rule.family}`);
    const network = networkAddress(known.address, known.prefix);
    if (network.value !== known.address.value)
      throw wrong(property, cidr, `pass its network: ${network.text}/${known.prefix}`);
  }
}

function checkPorts({ protocol, sourcePort, port, icmpType }: OpeningRule): void {
  const hasPorts = protocol === 'tcp' || protocol === 'udp';
  expect(sourcePort === undefined || (hasPorts && isRange(sourcePort)), 'sourcePort', sourcePort);
  expect(port === undefined || (hasPorts && isRange(port)), 'port', port);
  const types = protocol === 'icmp' || protocol === 'icmpv6' ? ICMP_TYPE_NAMES[protocol] : undefined;
  expect(icmpType === undefined || types?.has(icmpType) === true, 'icmpType', icmpType);
}

export const isRange = (range: PortRange): boolean =>
  isRecord(range) && isPort(range.start) && isPort(range.end) && range.start <= range.end;
const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;

/** The hooks whose packets a program with a place of its own takes rules for. */
const OWN_HOOKS: Partial<Readonly<Record<OpeningFirewall, readonly string[]>>> = {
  ufw: ['input', 'forward', 'output'],
  docker: ['forward'],
};

/** Refuses what the program of a firewall would leave out of a rule, or read otherwise. */
function checkProgram({ hook, protocol, icmpType, answers }: OpeningRule, firewall: OpeningFirewall): void {
  const hooks = OWN_HOOKS[firewall];
  const hint = `${firewall} takes no such rules`;
  if (hooks !== undefined && !hooks.includes(hook)) throw wrong('hook', hook, hint);
  if (firewall !== 'ufw') return;
  if (icmpType !== undefined) throw wrong('icmpType', icmpType, hint);
  if (protocol === 'icmp' || protocol === 'icmpv6') throw wrong('protocol', protocol, hint);
  if (answers) throw wrong('answers', answers, hint);
}

/** Firewalls with a place of their own for openings need no other, and the rest need one. */
function checkPlace(rule: OpeningRule, firewall: OpeningFirewall): void {
  const place = rule.place === undefined ? undefined : optionsOf(rule.place, PLACE, 'the place of a rule');
  const isOwn = firewall === 'ufw' || firewall === 'firewalld' || firewall === 'docker';
  expect((place === undefined) === isOwn, 'place', place);
  if (place === undefined) return;
  const native = isNative({ firewall, rules: [{ ...rule, place }] });
  expect(FAMILIES.has(place.family) && (native || place.family !== 'inet'), 'place.family', place.family);
  for (const property of ['table', 'chain'] satisfies (keyof ChainPlace)[])
    expect(typeof place[property] === 'string' && CHAIN.test(place[property]), `place.${property}`, place[property]);
}

/** Refuses an opening that would open nothing. */
export function expectRules({ rules }: Opening): void {
  if (rules.length === 0) throw wrong('rules', rules, 'give it a rule, or take openings from openingsFor or allow');
}

const SEE_RULE = 'see OpeningRule for what each property may be';

function expect(holds: boolean, property: string, value: unknown): void {
  if (!holds) throw wrong(property, value, SEE_RULE);
}

const wrong = (property: string, value: unknown, hint: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `the ${property} of an opening cannot be ${JSON.stringify(value)}`, { hint });
