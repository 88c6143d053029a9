import { LibvirtError } from '../../errors/index.js';
import { optionsOf } from '../../options/options.js';
import type { Family } from '../../schema/address.js';
import type { HostChain, HostFirewall, HostRule, HostTarget } from './host-rule.js';
import type { Condition, PortSpan } from './rule.js';

const HOOKS = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);

/** The option of calls about one of the two families. */
export const FAMILY_OPTION = { family: true } as const;

/**
 * Reads what `iptables-save` or `ip6tables-save` printed.
 *
 * @param text - the whole output
 * @param options - `ipv4`, the default, for `iptables-save`; `ipv6` for `ip6tables-save`
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` with the line that is none of iptables-save's
 */
export function readIptablesSave(text: string, options: { readonly family?: Family } = {}): HostFirewall {
  const { family = 'ipv4' } = optionsOf(options, FAMILY_OPTION, 'readIptablesSave');
  const chains = new Map<string, HostChain & { rules: HostRule[] }>();
  let table = '';
  text.split('\n').forEach((line, i) => {
    if (line === '' || line.startsWith('#') || line === 'COMMIT') return;
    const head = /^\*(\S+)$/.exec(line)?.[1];
    if (head !== undefined) {
      table = head;
      return;
    }
    const declared = /^:(\S+) (\S+)/.exec(line);
    if (declared !== null) {
      const [, chain = '', policy = ''] = declared;
      chains.set(`${table} ${chain}`, { ...chainOf(family, table, chain, policy), rules: [] });
      return;
    }
    const [option, chain, ...words] = wordsOf(line.replace(/^\[\d+:\d+\] /, ''));
    const known = chains.get(`${table} ${chain}`);
    if (option !== '-A' || known === undefined) throw notSaved(line, i + 1);
    known.rules.push(ruleOf(words, { family, table, chain: known.chain, text: line }));
  });
  return { backend: 'iptables', chains: [...chains.values()] };
}

const notSaved = (line: string, number: number): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `line ${number} is not a line of iptables-save: ${line.slice(0, 80)}`, {
    hint: 'pass the whole output of iptables-save, or of ip6tables-save with { family: "ipv6" }',
  });

const chainOf = (family: Family, table: string, chain: string, policy: string) => ({
  family,
  table,
  chain,
  ...(HOOKS.has(chain) ? { hook: chain.toLowerCase() } : {}),
  ...(policy === 'ACCEPT' || policy === 'DROP'
    ? { policy: policy === 'DROP' ? ('drop' as const) : ('accept' as const) }
    : {}),
});

/** Splits a line at blanks, but not within quotes, which comments stand in. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(
    ([, inner, plain]) => inner?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '',
  );

type Place = Pick<HostRule, 'family' | 'table' | 'chain' | 'text'>;

/** Options by their name and value; `!` before an option negates it. */
function ruleOf(words: readonly string[], place: Place): HostRule {
  const match: Condition[] = [];
  const unknown: string[] = [];
  let target: HostTarget = { type: 'other', text: '' };
  for (let i = 0; i < words.length; ) {
    const not = words[i] === '!';
    if (not) i++;
    const option = words[i] ?? '';
    let end = i + 1;
    while (end < words.length && !words[end]?.startsWith('-') && words[end] !== '!') end++;
    const value = words.slice(i + 1, end).join(' ');
    if (option === '-j' || option === '-g') {
      target = targetOf(value, words.slice(end));
      break;
    }
    const condition = conditionOf(option, value, not, place.family);
    if (condition !== undefined) match.push(condition);
    else if (option !== '-m' || value === '') unknown.push(`${not ? '! ' : ''}${option} ${value}`.trim());
    i = end;
  }
  return {
    backend: 'iptables',
    ...place,
    match,
    unknown: unknown.filter((one) => !one.startsWith('--comment')),
    target,
  };
}

function conditionOf(option: string, value: string, not: boolean, family: Family): Condition | undefined {
  switch (option) {
    case '-s':
    case '-d': {
      const field = option === '-s' ? 'source' : 'destination';
      const cidr = value.includes('/') ? value : `${value}/${family === 'ipv4' ? 32 : 128}`;
      return { field, value: cidr, ...(not ? { not } : {}) };
    }
    case '-i':
    case '-o':
      return not ? undefined : { field: option === '-i' ? 'inInterface' : 'outInterface', value };
    case '-p':
      return (value === 'tcp' || value === 'udp') && !not ? { field: 'protocol', value } : undefined;
    case '--dport':
      return /^\d+$/.test(value) && !not ? { field: 'destinationPort', value: Number(value) } : undefined;
    case '--ctstate':
      return value.split(',').sort().join() === 'ESTABLISHED,RELATED' && !not ? { field: 'established' } : undefined;
    default:
      return undefined;
  }
}

function targetOf(name: string, options: readonly string[]): HostTarget {
  const value = options[1] ?? '';
  switch (name) {
    case 'ACCEPT':
    case 'RETURN':
    case 'REJECT':
    case 'DROP':
      return { type: name.toLowerCase() as 'accept' | 'return' | 'reject' | 'drop' }; // the four cases above
    case 'CHECKSUM':
      return { type: 'checksum' };
    case 'MASQUERADE':
      return { type: 'masquerade', ...readPorts(value) };
    case 'SNAT':
      return snatOf(value);
    default:
      return /^[A-Z]+$/.test(name) && TARGETS.has(name)
        ? { type: 'other', text: [name, ...options].join(' ') }
        : { type: 'jump', chain: name };
  }
}

/** Targets that are not chains and decide nothing that libvirt's rules decide. */
const TARGETS = new Set([
  'LOG',
  'NFLOG',
  'MARK',
  'CONNMARK',
  'DNAT',
  'REDIRECT',
  'TCPMSS',
  'NOTRACK',
  'CT',
  'SET',
  'TRACE',
  'TPROXY',
]);

function readPorts(text: string): { readonly ports?: PortSpan } {
  const [, start, end] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  return start === undefined ? {} : { ports: { start: Number(start), end: Number(end ?? start) } };
}

function snatOf(text: string): HostTarget {
  const [, start = '', end = start, ports = ''] = /^([\d.]+)(?:-([\d.]+))?(?::(.+))?$/.exec(text) ?? [];
  return { type: 'snat', start, end, ...readPorts(ports) };
}
