import { LibvirtError } from '../../errors/index.js';
import { isRecord, listOf } from '../../schema/values.js';
import type { ChainBase, HostChain, HostRule } from './model.js';
import { hookOf, tableFamilyOf } from './names.js';
import { readNftRule } from './nft-statement.js';
import { printElement, printNftRule } from './print-nft.js';

type Properties = Readonly<Record<string, unknown>>;
type GrowingChain = HostChain & { rules: HostRule[] };

/**
 * Reads what `nft -j list ruleset` printed.
 *
 * @throws LibvirtError code `INVALID_ARGUMENT` for other text
 */
export function readNftJson(json: string): HostChain[] {
  const items = itemsOf(json);
  const sets = setsOf(items);
  const chains = new Map<string, GrowingChain>();
  for (const item of items) {
    if (isRecord(item['chain'])) declare(item['chain'], chains);
    if (isRecord(item['rule'])) addRule(item['rule'], chains, sets);
  }
  return [...chains.values()];
}

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

const keyOf = ({ family, table }: Properties, chain: unknown): string => [family, table, chain].join(' ');

/** The elements of sets and maps, by table and name. */
function setsOf(items: readonly Properties[]): Map<string, Map<string, readonly string[]>> {
  const tables = new Map<string, Map<string, readonly string[]>>();
  for (const item of items) {
    const set = isRecord(item['set']) ? item['set'] : item['map'];
    if (!isRecord(set)) continue;
    const known = tables.get(keyOf(set, '')) ?? new Map<string, readonly string[]>();
    tables.set(keyOf(set, ''), known.set(String(set['name']), listOf(set['elem']).map(printElement)));
  }
  return tables;
}

function declare(item: Properties, chains: Map<string, GrowingChain>): void {
  const family = tableFamilyOf(item['family']);
  if (family === undefined) return;
  const base = baseOf(item);
  const names = { table: String(item['table']), chain: String(item['name']) };
  chains.set(keyOf(item, item['name']), {
    family,
    ...names,
    kernel: 'nf_tables',
    ...(base === undefined ? {} : { base }),
    rules: [],
  });
}

function baseOf({ type, hook, prio, policy, dev }: Properties): ChainBase | undefined {
  const known = typeof hook === 'string' ? hookOf(hook) : undefined;
  if (known === undefined || (type !== 'filter' && type !== 'nat' && type !== 'route')) return undefined;
  const devices = (Array.isArray(dev) ? dev : [dev]).filter((one) => typeof one === 'string');
  return {
    type,
    hook: known,
    priority: typeof prio === 'number' ? prio : 0,
    policy: policy === 'drop' ? 'drop' : 'accept',
    ...(devices.length > 0 ? { devices } : {}),
  };
}

function addRule(
  item: Properties,
  chains: ReadonlyMap<string, GrowingChain>,
  sets: ReadonlyMap<string, Map<string, readonly string[]>>,
): void {
  const text = printNftRule(listOf(item['expr']), item['comment']);
  const chain = chains.get(keyOf(item, item['chain']));
  chain?.rules.push(...readNftRule(text, sets.get(keyOf(item, '')) ?? new Map()));
}
