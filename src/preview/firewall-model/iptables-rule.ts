import { type IptablesOption, iptablesCondition } from './iptables-match.js';
import { iptablesTarget } from './iptables-target.js';
import type { HostCondition, HostRule, HostTarget } from './model.js';

/**
 * Reads a rule of iptables.
 *
 * @param words - the words after the name of its chain
 * @param text - the line, as it is printed
 * @param conditionOf - reads an option that is a condition
 */
export function readIptablesRule(
  words: readonly string[],
  text: string,
  conditionOf: typeof iptablesCondition = iptablesCondition,
): HostRule {
  const options = optionsOf(words);
  const match: HostCondition[] = [];
  const unknown: string[] = [];
  let target: HostTarget = { type: 'none' };
  for (const option of options) {
    if (option.name === '-j' || option.name === '-g') target = iptablesTarget(option.name, option.value.split(' '));
    else if (option.module === 'rpfilter' && option.name !== '-m') continue;
    else if (option.name === '-m') unknown.push(...loneModule(option, options, match));
    else if (option.name !== '--comment') {
      const condition = conditionOf(option);
      if (condition === undefined) unknown.push(textOf(option));
      else match.push(condition);
    }
  }
  return { match, unknown, target, text };
}

const textOf = ({ not, name, value }: IptablesOption): string => `${not ? '! ' : ''}${name} ${value}`.trimEnd();

/** Options with their values; a target has all words to the end of the line. */
function optionsOf(words: readonly string[]): IptablesOption[] {
  const options: IptablesOption[] = [];
  let module = '';
  for (let i = 0; i < words.length; ) {
    const not = words[i] === '!';
    if (not) i++;
    const name = words[i] ?? '';
    let end = i + 1;
    const isTarget = name === '-j' || name === '-g';
    while (end < words.length && (isTarget || (!words[end]?.startsWith('-') && words[end] !== '!'))) end++;
    const value = words.slice(i + 1, end).join(' ');
    if (name === '-m') module = value;
    options.push({ name, value, not, module });
    i = end;
  }
  return options;
}

/** Modules that are conditions without any option, or whose options are known. */
const WITH_OPTIONS: ReadonlySet<string> = new Set([
  ...[
    'tcp',
    'udp',
    'icmp',
    'icmp6',
    'conntrack',
    'state',
    'addrtype',
    'mark',
    'multiport',
    'comment',
    'hl',
    'ttl',
    'rt',
  ],
  ...['pkttype', 'limit'],
]);

/** What a module says by itself: the look for a reverse path, or a condition that is not known. */
function loneModule(module: IptablesOption, options: readonly IptablesOption[], match: HostCondition[]): string[] {
  if (module.value === 'rpfilter') {
    const names = options.filter((one) => one.module === 'rpfilter').map(({ name }) => name);
    if (names.includes('--loose')) return ['-m rpfilter --loose'];
    match.push({ field: 'reversePath', values: [names.includes('--invert') ? 'missing' : 'found'] });
    return [];
  }
  const hasOptions = options.some((one) => one.module === module.value && one.name.startsWith('--'));
  return WITH_OPTIONS.has(module.value) || hasOptions ? [] : [`-m ${module.value}`];
}
