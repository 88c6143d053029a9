import { LibvirtError } from '../../errors/index.js';
import type { Family } from '../../schema/address.js';
import type { PortRange } from '../../schema/port-forward.js';
import { familiesOf } from './iptables.js';
import { type ForwardPlan, type PlannedForward, portText } from './plan.js';

export const layer = (family: Family): 'ip' | 'ip6' => (family === 'ipv4' ? 'ip' : 'ip6');

/** nftables can only list which port becomes which. */
const MOST_MAPPED_PORTS = 1000;

/** The table of a network's port forwards: it is theirs alone, and goes as a whole. */
export const nftTableName = ({ id }: Pick<ForwardPlan, 'id'>): string => `libvirt_forward_${id}`;

/** The table of the port forwards as a ruleset for `nft -f`. */
export const nftTables = (plan: ForwardPlan): string =>
  familiesOf(plan)
    .map((family) => nftTable(plan, family))
    .join('');

function nftTable(plan: ForwardPlan, family: Family): string {
  const forwards = plan.forwards.filter((forward) => forward.family === family);
  const dnat = forwards.map(translation);
  const chains = [
    chain('prerouting', 'type nat hook prerouting priority -101; policy accept;', dnat),
    chain('output', 'type nat hook output priority -101; policy accept;', dnat),
    chain('postrouting', 'type nat hook postrouting priority 99; policy accept;', forwards.map(hairpin)),
  ];
  return `table ${layer(family)} ${nftTableName(plan)} {\n${chains.join('\n')}}\n`;
}

const chain = (name: string, hook: string, rules: readonly string[]): string =>
  `\tchain ${name} {\n${[hook, ...rules].map((line) => `\t\t${line}\n`).join('')}\t}\n`;

function translation({ family, protocol, hostAddress, hostPorts, from, guest, guestPorts }: PlannedForward): string {
  const ip = layer(family);
  const loopback = family === 'ipv4' ? '127.0.0.0/8' : '::1';
  const where =
    hostAddress === undefined ? `fib daddr type local ${ip} daddr != ${loopback}` : `${ip} daddr ${hostAddress}`;
  const source = from.length === 0 ? '' : `${ip} saddr { ${from.join(', ')} } `;
  const match = `${source}${where} ${protocol} dport ${portText(hostPorts, '-')}`;
  if (hostPorts.start === hostPorts.end) {
    return `${match} dnat to ${family === 'ipv4' ? guest : `[${guest}]`}:${guestPorts.start}`;
  }
  if (hostPorts.start === guestPorts.start) return `${match} dnat to ${guest}`;
  if (hostPorts.end - hostPorts.start >= MOST_MAPPED_PORTS) throw tooMany(hostPorts, guest);
  const shift = guestPorts.start - hostPorts.start;
  const ports = Array.from({ length: hostPorts.end - hostPorts.start + 1 }, (_, i) => hostPorts.start + i);
  return `${match} dnat to ${guest} : ${protocol} dport map { ${ports.map((port) => `${port} : ${port + shift}`).join(', ')} }`;
}

const tooMany = (hostPorts: PortRange, guest: string): LibvirtError =>
  new LibvirtError(
    'UNSUPPORTED',
    `nftables cannot forward ports ${portText(hostPorts, '-')} to other ports of ${guest}: it needs an entry for each port`,
    { hint: `forward them to the same ports of the guest, or at most ${MOST_MAPPED_PORTS} at a time` },
  );

/** Guests of the same subnet would answer each other directly, past the translation, if they saw the real source. */
function hairpin({ family, protocol, subnet, guest, guestPorts }: PlannedForward): string {
  const ip = layer(family);
  const ports = portText(guestPorts, '-');
  return `${ip} saddr ${subnet} ${ip} daddr ${guest} ${protocol} dport ${ports} ct status dnat masquerade`;
}

/**
 * Rules for the chain of libvirt's own table in which packets meet its rejection: no other table can accept what that
 * one rejects. They come first there, and libvirt's reloading leaves them alone.
 */
export const nftAccepts = (plan: ForwardPlan): readonly string[] =>
  plan.forwards.flatMap(({ family, protocol, guest, guestPorts }) => {
    const ip = layer(family);
    const ports = portText(guestPorts, '-');
    const insert = `insert rule ${ip} libvirt_network forward`;
    const end = `ct status dnat counter accept comment "${nftTableName(plan)}"`;
    return [
      `${insert} oifname "${plan.bridge}" ${ip} daddr ${guest} ${protocol} dport ${ports} ${end}`,
      `${insert} iifname "${plan.bridge}" ${ip} saddr ${guest} ${protocol} sport ${ports} ${end}`,
    ];
  });
