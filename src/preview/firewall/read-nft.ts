import { LibvirtError } from '../../errors/index.js';
import { type Family, lastAddress, parseAddress } from '../../schema/address.js';
import { isRecord, listOf, recordOf } from '../../schema/values.js';
import type { HostChain, HostFirewall, HostRule, HostTarget } from './host-rule.js';
import type { Condition, PortSpan } from './rule.js';

/**
 * Reads what `nft -j list ruleset` printed. Tables that hold other than IP packets are left out.
 *
 * @param json - the whole output
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is not nft's JSON
 */
export function readNftRuleset(json: string): HostFirewall {
  const chains = new Map<string, HostChain & { rules: HostRule[] }>();
  for (const item of itemsOf(json)) {
    if (isRecord(item['chain'])) declare(item['chain'], chains);
    if (isRecord(item['rule'])) addRule(item['rule'], chains);
  }
  return { backend: 'nftables', chains: [...chains.values()] };
}

type Properties = Readonly<Record<string, unknown>>;

function itemsOf(json: string): Properties[] {
  const parsed = parse(json);
  if (!isRecord(parsed) || !Array.isArray(parsed['nftables'])) throw notRuleset();
  return parsed['nftables'].filter(isRecord);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw notRuleset(error);
  }
}

const notRuleset = (cause?: unknown): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', 'the text is not a ruleset in the JSON form of nft', {
    hint: 'pass the whole output of: nft -j list ruleset',
    cause,
  });

/** A table of family inet holds rules for both. */
const familiesOf = (family: unknown): readonly Family[] =>
  family === 'ip' ? ['ipv4'] : family === 'ip6' ? ['ipv6'] : family === 'inet' ? ['ipv4', 'ipv6'] : [];

const keyOf = (family: Family, item: Properties, chain: unknown): string =>
  [family, item['family'], item['table'], chain].join(' ');

function declare(item: Properties, chains: Map<string, HostChain & { rules: HostRule[] }>): void {
  const { hook, policy } = item;
  for (const family of familiesOf(item['family'])) {
    chains.set(keyOf(family, item, item['name']), {
      family,
      table: String(item['table']),
      chain: String(item['name']),
      ...(typeof hook === 'string' ? { hook } : {}),
      ...(policy === 'accept' || policy === 'drop' ? { policy } : {}),
      rules: [],
    });
  }
}

function addRule(item: Properties, chains: Map<string, HostChain & { rules: HostRule[] }>): void {
  for (const family of familiesOf(item['family'])) {
    const chain = chains.get(keyOf(family, item, item['chain']));
    if (chain !== undefined) chain.rules.push(ruleOf(listOf(item['expr']).filter(isRecord), chain));
  }
}

function ruleOf(expressions: readonly Properties[], { family, table, chain }: HostChain): HostRule {
  const match: Condition[] = [];
  const unknown: string[] = [];
  let target: HostTarget = { type: 'other', text: '' };
  for (const expression of expressions) {
    if ('counter' in expression) continue;
    const decided = targetOf(expression);
    if (decided !== undefined) target = decided;
    else {
      const condition = isRecord(expression['match']) ? conditionOf(expression['match']) : undefined;
      if (condition === undefined) unknown.push(JSON.stringify(expression));
      else match.push(condition);
    }
  }
  return { backend: 'nftables', family, table, chain, match, unknown, target, text: JSON.stringify(expressions) };
}

function conditionOf({ op, left, right }: Properties): Condition | undefined {
  const { meta, payload, ct } = recordOf(left);
  const [key, field, state] = [recordOf(meta)['key'], recordOf(payload)['field'], recordOf(ct)['key']];
  if (field === 'saddr' || field === 'daddr') return addressCondition(field, op, right);
  if (state === 'state') {
    const states = listOf(right).join();
    return states === 'established,related' || states === 'related,established' ? { field: 'established' } : undefined;
  }
  if (op !== '==' || typeof right !== 'string') return undefined;
  if (key === 'iif' || key === 'iifname') return { field: 'inInterface', value: right };
  if (key === 'oif' || key === 'oifname') return { field: 'outInterface', value: right };
  return key === 'l4proto' && (right === 'tcp' || right === 'udp') ? { field: 'protocol', value: right } : undefined;
}

function addressCondition(field: 'saddr' | 'daddr', op: unknown, right: unknown): Condition | undefined {
  const value = cidrOf(right);
  if (value === undefined || (op !== '==' && op !== '!=')) return undefined;
  return { field: field === 'saddr' ? 'source' : 'destination', value, ...(op === '!=' ? { not: true as const } : {}) };
}

function cidrOf(right: unknown): string | undefined {
  if (typeof right === 'string') return `${right}/${right.includes(':') ? 128 : 32}`;
  const { addr, len } = recordOf(recordOf(right)['prefix']);
  return typeof addr === 'string' && typeof len === 'number' ? `${addr}/${len}` : undefined;
}

function targetOf(expression: Properties): HostTarget | undefined {
  for (const type of ['accept', 'drop', 'return'] as const) if (type in expression) return { type };
  if ('reject' in expression) return { type: 'reject' };
  if ('masquerade' in expression)
    return { type: 'masquerade', ...readPorts(recordOf(expression['masquerade'])['port']) };
  if ('snat' in expression) return snatOf(recordOf(expression['snat']));
  for (const verb of ['jump', 'goto']) {
    const chain = recordOf(expression[verb])['target'];
    if (typeof chain === 'string') return { type: 'jump', chain };
  }
  return undefined;
}

function readPorts(port: unknown): { readonly ports?: PortSpan } {
  const range = recordOf(port)['range'];
  if (typeof port === 'number') return { ports: { start: port, end: port } };
  const [start, end] = listOf(range);
  return typeof start === 'number' && typeof end === 'number' ? { ports: { start, end } } : {};
}

/** nft prints ranges that are subnets as such. */
function snatOf({ addr, port }: Properties): HostTarget {
  const ports = readPorts(port);
  if (typeof addr === 'string') return { type: 'snat', start: addr, end: addr, ...ports };
  const [start, end] = listOf(recordOf(addr)['range']);
  if (typeof start === 'string' && typeof end === 'string') return { type: 'snat', start, end, ...ports };
  const { addr: first, len } = recordOf(recordOf(addr)['prefix']);
  const address = typeof first === 'string' ? parseAddress(first) : undefined;
  if (address === undefined || typeof len !== 'number') return { type: 'other', text: JSON.stringify({ snat: addr }) };
  return { type: 'snat', start: address.text, end: lastAddress(address, len).text, ...ports };
}
