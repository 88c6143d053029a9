import { LibvirtError } from '../../errors/index.js';
import { groupedBy } from '../../lists/group.js';
import type { ChainBase, HostChain, HostRule, TableFamily } from './model.js';
import { hookOf, priorityOf, tableFamilyOf } from './names.js';
import { readNftRule } from './nft-statement.js';

/** A block of a ruleset: its head, the lines in it, and the blocks in it. */
interface Block {
  readonly head: string;
  readonly lines: string[];
  readonly blocks: Block[];
}

/**
 * Reads what `nft list ruleset` printed, with or without counters and handles.
 *
 * @throws LibvirtError code `INVALID_ARGUMENT` for other text
 */
export function readNftText(text: string): HostChain[] {
  return joined(blockOf(text).blocks).flatMap(chainsOfTable);
}

/** One block for each head: nft adds what later blocks say to what earlier ones do. */
const joined = (blocks: readonly Block[]): Block[] =>
  [...groupedBy(blocks, ({ head }) => head)].map(([head, same]) => ({
    head,
    lines: same.flatMap(({ lines }) => lines),
    blocks: joined(same.flatMap((one) => one.blocks)),
  }));

const notRuleset = (line: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `the text is not a ruleset of nft: ${line.slice(0, 80)}`, {
    hint: 'pass the whole output of: nft -j list ruleset, or of: nft list ruleset',
  });

/** The blocks of a ruleset. Braces of sets stay in their lines. */
function blockOf(text: string): Block {
  const root: Block = { head: '', lines: [], blocks: [] };
  const open = [root];
  for (const line of joinedLines(text)) {
    const inner = open.at(-1);
    const head = /^((?:table|chain|set|map|flowtable|ct \S+|counter|quota|limit|synproxy|secmark)\b[^{]*)\{$/.exec(
      line,
    )?.[1];
    if (inner === undefined || (inner === root && head === undefined && line !== '}')) throw notRuleset(line);
    if (head !== undefined) {
      const block = { head: head.trim(), lines: [], blocks: [] };
      inner.blocks.push(block);
      open.push(block);
    } else if (line === '}') open.pop();
    else inner.lines.push(line);
  }
  if (open.length !== 1) throw notRuleset('a brace is not closed');
  return root;
}

/** The lines without comments; elements of a set that span lines become one. */
function joinedLines(text: string): string[] {
  const lines: string[] = [];
  let pending = '';
  for (const raw of text.split('\n')) {
    const line = raw
      .replace(/^\s*#.*$/, '')
      .replace(/ # handle \d+$/, '')
      // Where nft cannot print an action of iptables, a blank is all that is left of it.
      .replace(/ counter $/, ' counter xt target "?"')
      .trim();
    if (line === '' && pending === '') continue;
    pending = pending === '' ? line : `${pending} ${line}`;
    if (/ = \{[^}]*$/.test(pending)) continue;
    lines.push(pending.replace(/ \{ # handle \d+$/, ' {'));
    pending = '';
  }
  return pending === '' ? lines : [...lines, pending];
}

function chainsOfTable({ head, blocks }: Block): HostChain[] {
  const [, word, table = ''] = /^table (\S+) (\S+)$/.exec(head) ?? [];
  const family = tableFamilyOf(word);
  if (family === undefined) throw notRuleset(head);
  const sets = new Map(blocks.flatMap(setOf));
  return blocks.flatMap(({ head: inner, lines }): HostChain[] => {
    const chain = /^chain (\S+)$/.exec(inner)?.[1];
    if (chain === undefined) return [];
    const base = baseIn(family, lines);
    const rules = lines.filter(isRule).flatMap((line): readonly HostRule[] => readNftRule(line, sets));
    return [{ family, table, chain, kernel: 'nf_tables', ...(base === undefined ? {} : { base }), rules }];
  });
}

/** How a chain is attached to a hook; of several blocks, the last that gives a policy decides about it. */
function baseIn(family: TableFamily, lines: readonly string[]): ChainBase | undefined {
  const [first] = lines.flatMap((line) => baseOf(family, line) ?? []);
  const policy = lines.findLast((line) => /^(?:type \S+ hook .*; )?policy \S+;/.test(line));
  if (first === undefined || policy === undefined) return first;
  return { ...first, policy: / drop;$/.test(policy) ? 'drop' : 'accept' };
}

const isRule = (line: string): boolean => !/^(type \S+ hook |comment "|policy )/.test(line);

function setOf({ head, lines }: Block): [name: string, elements: string[]][] {
  const name = /^(?:set|map) (\S+)$/.exec(head)?.[1];
  if (name === undefined) return [];
  const elements = lines.flatMap((line) => /^elements = \{(.*)\}$/.exec(line)?.[1] ?? []);
  return [[name, [...new Set(elements.flatMap((some) => some.split(',')).flatMap(elementOf))]]];
}

/** An element of a set without what is known of its life. */
const elementOf = (text: string): string[] => {
  const plain = text
    .replace(/ (timeout|expires|counter|comment) [^:]*/g, '')
    .replaceAll('"', '')
    .trim();
  return plain === '' ? [] : [plain];
};

/** Reads how nft says that a chain is attached to a hook; nothing for other lines. */
export function baseOf(family: TableFamily, line: string): ChainBase | undefined {
  const [, type, name = '', devices, priority = '', policy] =
    /^type (\S+) hook (\S+)(?: devices? =? ?(.+?))? priority ([^;]+);(?: policy (\S+);)?/.exec(line) ?? [];
  const hook = hookOf(name);
  if (hook === undefined || (type !== 'filter' && type !== 'nat' && type !== 'route')) return undefined;
  const names = devices?.match(/[^\s{},"]+/g);
  return {
    type,
    hook,
    priority: priorityOf(family, priority),
    policy: policy === 'drop' ? 'drop' : 'accept',
    ...(names ? { devices: names } : {}),
  };
}
