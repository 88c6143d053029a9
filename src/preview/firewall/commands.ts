import { shellWord } from '../../shell/quote.js';
import type { ChecksumFilter, Condition, FirewallFrame, FirewallRule, FirewallStep, PortSpan, Target } from './rule.js';

/**
 * The commands that libvirt runs for steps, word by word.
 *
 * @param step - of {@link firewallRules} or {@link firewallBase}
 */
export function commandsOf(step: FirewallStep): readonly (readonly string[])[] {
  if (step.kind === 'checksum') return checksumCommands(step);
  if (step.backend === 'iptables') return [step.kind === 'rule' ? iptablesRule(step) : iptablesFrame(step)];
  return [step.kind === 'rule' ? nftRule(step) : nftFrame(step)];
}

/**
 * Prints steps as the commands that libvirt runs for them, in the form of its own tests: a word or an option with its
 * value to a line.
 *
 * @param steps - of {@link firewallRules} or {@link firewallBase}
 */
export const renderCommands = (steps: readonly FirewallStep[]): string =>
  steps.flatMap(commandsOf).map(printCommand).join('');

/** libvirt's `virCommandToString` with line breaks. */
function printCommand(words: readonly string[]): string {
  let optionSeen = false;
  const text = words.map((word, i) => {
    if (i === 0) return shellWord(word);
    const option = word.startsWith('-');
    const stays = !option && optionSeen && words.slice(i - 1).some((other) => other.startsWith('-'));
    optionSeen ||= option;
    return `${stays ? ' ' : ' \\\n'}${shellWord(word)}`;
  });
  return `${text.join('')}\n`;
}

const iptables = (step: FirewallRule | FirewallFrame): string[] => [
  step.family === 'ipv4' ? 'iptables' : 'ip6tables',
  '-w',
  '--table',
  step.table,
];

const iptablesFrame = (step: FirewallFrame): string[] => [
  ...iptables(step),
  ...(step.chain === undefined ? ['--list-rules'] : ['--new-chain', step.chain]),
];

const iptablesRule = (rule: FirewallRule): string[] => [
  ...iptables(rule),
  '--insert',
  rule.chain,
  ...rule.match.flatMap((one) => iptablesCondition(one, rule)),
  ...iptablesTarget(rule.target),
];

function iptablesCondition(condition: Condition, { table }: FirewallRule): string[] {
  switch (condition.field) {
    case 'source':
    case 'destination':
      return [...(condition.not ? ['!'] : []), `--${condition.field}`, condition.value];
    case 'inInterface':
      return ['--in-interface', condition.value];
    case 'outInterface':
      return ['--out-interface', condition.value];
    case 'protocol':
      return [table === 'nat' ? '-p' : '--protocol', condition.value];
    case 'destinationPort':
      return ['--destination-port', String(condition.value)];
    case 'established':
      return ['--match', 'conntrack', '--ctstate', 'ESTABLISHED,RELATED'];
  }
}

const span = ({ start, end }: PortSpan): string => `${start}-${end}`;

function iptablesTarget(target: Target): string[] {
  switch (target.type) {
    case 'jump':
      return ['--jump', target.chain];
    case 'checksum':
      return ['--jump', 'CHECKSUM', '--checksum-fill'];
    case 'masquerade':
      return ['--jump', 'MASQUERADE', ...(target.ports ? ['--to-ports', span(target.ports)] : [])];
    case 'snat':
      return ['--jump', 'SNAT', '--to-source', snatRange(target)];
    default:
      return ['--jump', target.type.toUpperCase()];
  }
}

const snatRange = ({ start, end, ports }: Extract<Target, { type: 'snat' }>): string =>
  `${start}-${end}${ports ? `:${span(ports)}` : ''}`;

const layer = (step: FirewallRule | FirewallFrame): 'ip' | 'ip6' => (step.family === 'ipv4' ? 'ip' : 'ip6');

function nftFrame(frame: FirewallFrame): string[] {
  if (frame.kind === 'list') return ['nft', 'list', 'table', layer(frame), frame.table];
  if (frame.chain === undefined) return ['nft', 'add', 'table', layer(frame), frame.table];
  const hook = frame.hook === undefined ? [] : [`{ ${frame.hook} }`];
  return ['nft', 'add', 'chain', layer(frame), frame.table, frame.chain, ...hook];
}

function nftRule(rule: FirewallRule): string[] {
  // libvirt asks for handles of the rules that it will delete again, and only of those.
  const insert = rule.target.type === 'jump' ? ['insert'] : ['-ae', 'insert'];
  return ['nft', ...insert, 'rule', layer(rule), rule.table, rule.chain, ...nftExpression(rule)];
}

/** The words of a rule in nftables' language. */
export const nftExpression = (rule: FirewallRule): string[] => [
  ...rule.match.flatMap((one) => nftCondition(one, rule)),
  'counter',
  ...nftTarget(rule.target),
];

function nftCondition(condition: Condition, rule: FirewallRule): string[] {
  switch (condition.field) {
    case 'source':
      return [layer(rule), 'saddr', ...(condition.not ? ['!='] : []), condition.value];
    case 'destination':
      return [layer(rule), 'daddr', ...(condition.not ? ['!='] : []), condition.value];
    case 'inInterface':
      return [condition.byName ? 'iifname' : 'iif', condition.value];
    case 'outInterface':
      return [condition.byName ? 'oifname' : 'oif', condition.value];
    case 'protocol':
      return ['meta', 'l4proto', condition.value];
    case 'destinationPort':
      return ['th', 'dport', String(condition.value)];
    case 'established':
      return ['ct', 'state', 'related,established'];
  }
}

function nftTarget(target: Target): string[] {
  switch (target.type) {
    case 'jump':
      return ['jump', target.chain];
    case 'masquerade':
      return ['masquerade', ...(target.ports ? ['to', `:${span(target.ports)}`] : [])];
    case 'snat':
      return ['snat', 'to', snatRange(target)];
    default:
      return [target.type];
  }
}

function checksumCommands({ device }: ChecksumFilter): string[][] {
  const filter = 'prio 2 protocol ip parent 1: u32 match ip dport 68 ffff action csum ip and udp';
  return [
    ['tc', 'qdisc', 'show', 'dev', device, 'handle', '1:'],
    ['tc', 'qdisc', 'add', 'dev', device, 'root', 'handle', '1:', 'htb', 'default', '2'],
    ['tc', 'filter', 'add', 'dev', device, ...filter.split(' ')],
  ];
}
