import type { Family } from '../../schema/address.js';
import { type ForwardPlan, type PlannedForward, portText } from './plan.js';

/** A command, word by word. */
export type Words = readonly string[];

/** Where packets come into our chains: before libvirt's own, which reject. */
const JUMPS = [
  { table: 'nat', from: 'PREROUTING', part: 'DNAT' },
  { table: 'nat', from: 'OUTPUT', part: 'DNAT' },
  { table: 'nat', from: 'POSTROUTING', part: 'SNAT' },
  { table: 'filter', from: 'FORWARD', part: 'FWD' },
] as const;

export const CHAINS = [
  { table: 'nat', part: 'DNAT' },
  { table: 'nat', part: 'SNAT' },
  { table: 'filter', part: 'FWD' },
] as const;

/** Shifted ranges of at most so many ports have a rule for each port, which every iptables understands. */
const MOST_SINGLE_PORTS = 64;

export const chainName = (id: string, part: string): string => `LVN_${id}_${part}`;
export const tool = (family: Family): string => (family === 'ipv4' ? 'iptables' : 'ip6tables');
const on = (family: Family, table: string): string[] => [tool(family), '-w', '-t', table];

export const familiesOf = ({ forwards }: ForwardPlan): readonly Family[] =>
  (['ipv4', 'ipv6'] as const).filter((family) => forwards.some((forward) => forward.family === family));

/** The commands that make the port forwards, on a host that has none of them. */
export const iptablesApply = (plan: ForwardPlan): readonly Words[] =>
  familiesOf(plan).flatMap((family) => [
    ...CHAINS.map(({ table, part }) => [...on(family, table), '-N', chainName(plan.id, part)]),
    ...plan.forwards.filter((forward) => forward.family === family).flatMap((forward) => rulesOf(plan, forward)),
    ...JUMPS.map(({ table, from, part }) => [...on(family, table), '-I', from, '-j', chainName(plan.id, part)]),
  ]);

/** The commands that take them away again; each fails where there is nothing to take. */
export const iptablesRemove = (plan: Pick<ForwardPlan, 'id'>, families: readonly Family[]): readonly Words[] =>
  families.flatMap((family) => [
    ...JUMPS.map(({ table, from, part }) => [...on(family, table), '-D', from, '-j', chainName(plan.id, part)]),
    ...CHAINS.flatMap(({ table, part }) =>
      ['-F', '-X'].map((verb) => [...on(family, table), verb, chainName(plan.id, part)]),
    ),
  ]);

function rulesOf(plan: ForwardPlan, forward: PlannedForward): Words[] {
  const { family, protocol, guest, subnet } = forward;
  const add = (table: string, part: string, ...words: string[]) => [
    ...on(family, table),
    '-A',
    chainName(plan.id, part),
    ...words,
  ];
  const translated = ['-m', 'conntrack', '--ctstate', 'DNAT'];
  const ports = portText(forward.guestPorts, ':');
  return [
    ...translations(forward).map((words) => add('nat', 'DNAT', ...words)),
    add('nat', 'SNAT', '-s', subnet, '-d', guest, '-p', protocol, '--dport', ports, ...translated, '-j', 'MASQUERADE'),
    add(
      'filter',
      'FWD',
      '-d',
      guest,
      '-o',
      plan.bridge,
      '-p',
      protocol,
      '--dport',
      ports,
      ...translated,
      '-j',
      'ACCEPT',
    ),
    add(
      'filter',
      'FWD',
      '-s',
      guest,
      '-i',
      plan.bridge,
      '-p',
      protocol,
      '--sport',
      ports,
      ...translated,
      '-j',
      'ACCEPT',
    ),
  ];
}

/** The rules that translate what arrives, for each source. */
const translations = (forward: PlannedForward): string[][] =>
  forward.from.length === 0
    ? translationsTo(forward)
    : forward.from.flatMap((source) => translationsTo(forward).map((words) => ['-s', source, ...words]));

/**
 * Writes one rule if the ports stay the same, otherwise one for each port: iptables shifts ranges only since Linux 4.18. Large
 * ranges need that, since a rule for each port would be a script of many megabytes.
 */
function translationsTo(forward: PlannedForward): string[][] {
  const { family, protocol, hostAddress, hostPorts, guestPorts, guest } = forward;
  const loopback = family === 'ipv4' ? '127.0.0.0/8' : '::1/128';
  const where =
    hostAddress === undefined ? ['!', '-d', loopback, '-m', 'addrtype', '--dst-type', 'LOCAL'] : ['-d', hostAddress];
  const rule = (ports: string, to: string) => [
    ...where,
    '-p',
    protocol,
    '--dport',
    ports,
    '-j',
    'DNAT',
    '--to-destination',
    to,
  ];
  const at = (port: number): string => `${family === 'ipv4' ? guest : `[${guest}]`}:${port}`;
  if (hostPorts.start === hostPorts.end) return [rule(String(hostPorts.start), at(guestPorts.start))];
  if (hostPorts.start === guestPorts.start) return [rule(portText(hostPorts, ':'), guest)];
  if (hostPorts.end - hostPorts.start >= MOST_SINGLE_PORTS)
    return [rule(portText(hostPorts, ':'), `${at(guestPorts.start)}-${guestPorts.end}/${hostPorts.start}`)];
  const shift = guestPorts.start - hostPorts.start;
  return Array.from({ length: hostPorts.end - hostPorts.start + 1 }, (_, i) => hostPorts.start + i).map((port) =>
    rule(String(port), at(port + shift)),
  );
}
