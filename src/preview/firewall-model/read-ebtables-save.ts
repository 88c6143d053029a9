import { LibvirtError } from '../../errors/index.js';
import { ebtablesCondition } from './ebtables-match.js';
import { readIptablesRule } from './iptables-rule.js';
import { type ChainBase, chainKey, type HostChain, type HostRule } from './model.js';
import { hookOf } from './names.js';
import { savedLines } from './saved-lines.js';

type GrowingChain = HostChain & { readonly rules: HostRule[] };

/**
 * Reads what `ebtables-save` printed: the filters of frames, which libvirt's network filters are made of.
 *
 * @throws LibvirtError code `INVALID_ARGUMENT` with the first line that is not one of ebtables-save
 */
export function readEbtablesSave(text: string): HostChain[] {
  const chains = new Map<string, GrowingChain>();
  const lines = savedLines(text);
  for (const one of lines)
    if (one.is === 'chain') chains.set(`${one.table} ${one.chain}`, chainOf(one.table, one.chain, one.policy));
    else addRule(one.line, one.number, one.table, chains);
  for (const one of lines) if (one.is === 'chain') addPolicy(chains.get(`${one.table} ${one.chain}`), one.policy);
  return [...chains.values()];
}

/** Replaces chains of bridges, of which nft shows conditions by name alone, and adds those of the ebtables of old. */
export function withEbtables(chains: readonly HostChain[], saved: readonly HostChain[]): HostChain[] {
  const known = new Map(saved.map((chain) => [chainKey(chain), chain]));
  const shown = new Set(chains.map(chainKey));
  const others = saved.filter((chain) => !shown.has(chainKey(chain)) && chain.rules.length > 0);
  return [
    ...chains.map((chain) => known.get(chainKey(chain)) ?? chain),
    ...others.map((chain): HostChain => ({ ...chain, kernel: 'ip_tables' })),
  ];
}

function addRule(line: string, number: number, table: string, chains: ReadonlyMap<string, GrowingChain>): void {
  // The ebtables of old writes a no after the option: -p ! IPv4.
  const text = line.replace(/(-\S+) ! /g, '! $1 ').replace(/ -c \d+ \d+$/, '');
  const [option, chain, ...words] = text.split(/\s+/);
  const known = chains.get(`${table} ${chain}`);
  if (option !== '-A' || known === undefined) throw notSaved(line, number);
  const rule = readIptablesRule(words, line, ebtablesCondition);
  known.rules.push(ownTarget(rule));
}

/** Actions of ebtables whose names are those of no chain. */
const UNKNOWN: ReadonlySet<string> = new Set(['mark', 'dnat', 'snat', 'redirect', 'arpreply', 'nflog', 'log']);

function ownTarget(rule: HostRule): HostRule {
  const { target } = rule;
  if (target.type !== 'jump') return rule;
  if (target.chain === 'CONTINUE') return { ...rule, target: { type: 'none' } };
  return UNKNOWN.has(target.chain) ? { ...rule, target: { type: 'unknown', text: target.chain } } : rule;
}

const PRIORITIES: Readonly<Record<string, number>> = { prerouting: -300, output: 100, postrouting: 300 };

function chainOf(table: string, chain: string, policy: string): GrowingChain {
  const base = baseOf(table, chain, policy);
  return { family: 'bridge', table, chain, kernel: 'nf_tables', ...(base === undefined ? {} : { base }), rules: [] };
}

function baseOf(table: string, chain: string, policy: string): ChainBase | undefined {
  const hook = /^[A-Z]+$/.test(chain) ? hookOf(chain.toLowerCase()) : undefined;
  if (hook === undefined) return undefined;
  const priority = table === 'nat' ? (PRIORITIES[hook] ?? 0) : -200;
  return { type: 'filter', hook, priority, policy: policy === 'DROP' ? 'drop' : 'accept' };
}

/** Chains of ebtables that are entered by a jump have a policy too, which is their last rule. */
function addPolicy(chain: GrowingChain | undefined, policy: string): void {
  if (chain === undefined || chain.base !== undefined) return;
  const type = policy === 'DROP' ? 'drop' : policy === 'RETURN' ? 'return' : 'accept';
  chain.rules.push({ match: [], unknown: [], target: { type }, text: `policy ${policy}` });
}

const notSaved = (line: string, number: number): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `line ${number} is not a line of ebtables-save: ${line.slice(0, 80)}`, {
    hint: 'pass the whole output of ebtables-save',
  });
