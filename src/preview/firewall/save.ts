import { optionsOf } from '../../options/options.js';
import type { Family } from '../../schema/address.js';
import { nftExpression } from './commands.js';
import { effectiveChains, type RuleChain } from './order.js';
import type { Condition, FirewallRule, FirewallStep, Target } from './rule.js';

/** The order in which `iptables-save` prints what a rule asks for. */
const SAVE_ORDER = [
  'source',
  'destination',
  'inInterface',
  'outInterface',
  'protocol',
  'destinationPort',
  'established',
];

/** Prints a rule as `iptables-save` does: `-A LIBVIRT_PRT -s 192.168.11.0/24 ! -d 192.168.11.0/24 -j MASQUERADE`.
 *
 * @param rule - one of the iptables backend
 */
export function saveLine(rule: FirewallRule): string {
  const ordered = [...rule.match].sort((a, b) => SAVE_ORDER.indexOf(a.field) - SAVE_ORDER.indexOf(b.field));
  const protocol = rule.match.find((one) => one.field === 'protocol')?.value;
  const words = ordered.flatMap((one) => saveCondition(one, protocol));
  return ['-A', rule.chain, ...words, ...saveTarget(rule.target, rule.family)].join(' ');
}

function saveCondition(condition: Condition, protocol: string | undefined): string[] {
  switch (condition.field) {
    case 'source':
    case 'destination':
      return [...(condition.not ? ['!'] : []), condition.field === 'source' ? '-s' : '-d', condition.value];
    case 'inInterface':
      return ['-i', condition.value];
    case 'outInterface':
      return ['-o', condition.value];
    case 'protocol':
      return ['-p', condition.value];
    case 'destinationPort':
      return ['-m', protocol ?? 'tcp', '--dport', String(condition.value)];
    case 'established':
      return ['-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED'];
  }
}

function saveTarget(target: Target, family: Family): string[] {
  const ports = 'ports' in target && target.ports ? `${target.ports.start}-${target.ports.end}` : undefined;
  switch (target.type) {
    case 'jump':
      return ['-j', target.chain];
    case 'reject':
      return ['-j', 'REJECT', '--reject-with', family === 'ipv4' ? 'icmp-port-unreachable' : 'icmp6-port-unreachable'];
    case 'checksum':
      return ['-j', 'CHECKSUM', '--checksum-fill'];
    case 'masquerade':
      return ['-j', 'MASQUERADE', ...(ports ? ['--to-ports', ports] : [])];
    case 'snat': {
      const addresses = target.start === target.end ? target.start : `${target.start}-${target.end}`;
      return ['-j', 'SNAT', '--to-source', ports ? `${addresses}:${ports}` : addresses];
    }
    default:
      return ['-j', target.type.toUpperCase()];
  }
}

/** The chains that iptables has by itself. */
const BUILT_IN: Readonly<Record<string, readonly string[]>> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
};

/**
 * Prints steps of the iptables backend as `iptables-save` shows them once libvirt has run them: the form that people
 * read on their hosts, and that `iptables-restore` takes.
 *
 * @param steps - of {@link firewallBase} and {@link firewallRules}, for several networks in the order of their start
 * @param options - `ipv4`, the default, for `iptables-save`; `ipv6` for `ip6tables-save`
 */
export function renderIptablesSave(steps: readonly FirewallStep[], options: { readonly family?: Family } = {}): string {
  const { family = 'ipv4' } = optionsOf(options, { family: true }, 'renderIptablesSave');
  const chains = effectiveChains(steps).filter((one) => one.family === family);
  const tables = ['mangle', 'filter', 'nat'].filter((table) => chains.some((chain) => chain.table === table));
  return tables.map((table) => saveTable(table, chains)).join('');
}

function saveTable(table: string, all: readonly RuleChain[]): string {
  const builtIn = BUILT_IN[table] ?? [];
  const chains = all.filter((chain) => chain.table === table);
  const own = chains.filter(({ chain }) => !builtIn.includes(chain)).map(({ chain }) => chain);
  const heads = [
    ...builtIn.map((chain) => `:${chain} ACCEPT [0:0]`),
    ...own.sort().map((chain) => `:${chain} - [0:0]`),
  ];
  const order = [...builtIn, ...own];
  const sorted = [...chains].sort((a, b) => order.indexOf(a.chain) - order.indexOf(b.chain));
  return [`*${table}`, ...heads, ...sorted.flatMap(({ rules }) => rules.map(saveLine)), 'COMMIT', ''].join('\n');
}

/**
 * Prints steps of the nftables backend as a ruleset that `nft -f` takes, in the form of `nft list ruleset`.
 *
 * @param steps - of {@link firewallBase} and {@link firewallRules}, for several networks in the order of their start
 */
export function renderNftRuleset(steps: readonly FirewallStep[]): string {
  const chains = effectiveChains(steps);
  const families = (['ipv4', 'ipv6'] as const).filter((family) => chains.some((chain) => chain.family === family));
  return families
    .map((family) => {
      const own = chains.filter((chain) => chain.family === family);
      const table = `table ${family === 'ipv4' ? 'ip' : 'ip6'} ${own[0]?.table}`;
      return `${table} {\n${own.map(nftChain).join('\n')}}\n`;
    })
    .join('');
}

function nftChain({ chain, hook, rules }: RuleChain): string {
  const lines = [...(hook === undefined ? [] : [hook]), ...rules.map((rule) => nftExpression(quoted(rule)).join(' '))];
  return `\tchain ${chain} {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`;
}

/** Device names stand in quotes in nftables' files. */
const quoted = (rule: FirewallRule): FirewallRule => ({
  ...rule,
  match: rule.match.map((one) =>
    one.field === 'inInterface' || one.field === 'outInterface' ? { ...one, value: `"${one.value}"` } : one,
  ),
});
