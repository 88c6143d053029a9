import type { HostCondition, HostRule, HostTarget } from './model.js';
import { type Left, type NamedSets, takeConditions, takeLeft } from './nft-match.js';
import { Tokens } from './nft-tokens.js';
import { translationOf } from './nft-translation.js';
import { extensionTarget } from './targets.js';

/** Words that begin a statement which decides, or which says nothing about the packet. */
const STATEMENTS: ReadonlySet<string> = new Set([
  ...['accept', 'drop', 'reject', 'return', 'jump', 'goto', 'continue', 'notrack'],
  ...['masquerade', 'snat', 'dnat', 'redirect', 'counter', 'log', 'comment', 'xt', 'queue'],
]);

/** A rule while it is being read. */
interface Draft {
  readonly match: HostCondition[];
  readonly unknown: string[];
  target: HostTarget;
}

/**
 * Reads a rule in nftables' language.
 *
 * @param text - the rule in one line
 * @param sets - the named sets of its table
 * @returns one rule, or one for each element of a verdict map
 */
export function readNftRule(text: string, sets: NamedSets): readonly HostRule[] {
  const tokens = new Tokens(text);
  const draft: Draft = { match: [], unknown: [], target: { type: 'none' } };
  const shown = text.replaceAll(/counter packets \d+ bytes \d+/g, 'counter');
  while (!tokens.done) {
    const rules = takeStatement(tokens, draft, sets);
    if (rules !== undefined) return rules.map((rule) => ({ ...rule, text: shown }));
  }
  return [{ ...draft, match: distinct(draft.match), text: shown }];
}

const distinct = (match: readonly HostCondition[]): HostCondition[] => {
  const seen = new Map(match.map((one) => [JSON.stringify(one), one]));
  return [...seen.values()];
};

type Rules = readonly Omit<HostRule, 'text'>[];

/** Takes one statement into the draft; a verdict map ends the rule, and gives all that it stands for. */
function takeStatement(tokens: Tokens, draft: Draft, sets: NamedSets): Rules | undefined {
  if (tokens.peek() === 'xt') return void takeExtension(tokens, draft);
  if (STATEMENTS.has(tokens.peek())) {
    const target = takeTarget(tokens);
    if (target !== undefined) draft.target = target;
    return undefined;
  }
  if (tokens.peek(2) === 'set') {
    draft.target = takeSetting(tokens);
    return undefined;
  }
  if (isTcpFlags(tokens)) return void takeTcpFlags(tokens, draft);
  const what = takeLeft(tokens);
  if (what === undefined) return void draft.unknown.push(tokens.takeUntil(STATEMENTS).join(' ') || tokens.take());
  if (tokens.takeOneOf('vmap') !== undefined) return verdictMap(tokens, { draft, what, sets });
  const conditions = takeConditions(tokens, what, sets);
  if (conditions === undefined) draft.unknown.push(`${what.field} ...`);
  else draft.match.push(...conditions);
  return undefined;
}

function takeTarget(tokens: Tokens): HostTarget | undefined {
  const word = tokens.take();
  switch (word) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'notrack':
      return { type: word };
    case 'reject':
      tokens.takeUntil(new Set(['comment']));
      return { type: word };
    case 'jump':
    case 'goto':
      return { type: word, chain: tokens.take() };
    case 'counter':
      if (tokens.takeOneOf('packets') !== undefined) tokens.takeUntil(AFTER_COUNTER);
      return undefined;
    case 'comment':
      tokens.take();
      return undefined;
    case 'continue':
    case 'log':
      tokens.takeUntil(STATEMENTS);
      return undefined;
    default:
      return takeTranslation(word, tokens);
  }
}

const AFTER_COUNTER: ReadonlySet<string> = new Set([...STATEMENTS, 'meta', 'ct', 'ip', 'ip6', 'tcp', 'udp', 'limit']);

function takeTranslation(word: string, tokens: Tokens): HostTarget {
  const words = tokens.takeUntil(new Set(['comment']));
  const text = [word, ...words].join(' ');
  if (word === 'queue') return { type: 'unknown', text };
  return translationOf(word, words) ?? { type: 'unknown', text };
}

/** Takes what nft shows of a module of iptables: its name. */
function takeExtension(tokens: Tokens, draft: Draft): void {
  const [, kind, name] = [tokens.take(), tokens.take(), tokens.take()];
  if (kind === 'target') draft.target = extensionTarget([name]);
  else draft.unknown.push(`xt ${kind} ${name}`);
}

/** Rules that mean the same as a verdict map: one for each of its elements. */
function verdictMap(tokens: Tokens, { draft, what, sets }: MapContext): Rules {
  const name = tokens.peek().startsWith('@') ? tokens.take().slice(1) : undefined;
  const elements = name === undefined ? tokens.takeValues() : sets.get(name);
  if (elements === undefined) return [{ ...draft, target: { type: 'unknown', text: `vmap @${name}` } }];
  return elements.map((element) => {
    const [key = '', verdict = ''] = element.split(' : ');
    const conditions = takeConditions(new Tokens(key), what, sets);
    const match = [...draft.match, ...(conditions ?? [])];
    const unknown = [...draft.unknown, ...(conditions === undefined ? [key] : [])];
    return { match, unknown, target: takeTarget(new Tokens(verdict)) ?? { type: 'none' } };
  });
}

interface MapContext {
  readonly draft: Draft;
  readonly what: Left;
  readonly sets: NamedSets;
}

/** Sets a mark of the packet, or something that decides nothing. */
function takeSetting(tokens: Tokens): HostTarget {
  const [kind, key] = [tokens.take(), tokens.take()];
  tokens.take();
  const words = tokens.takeUntil(STATEMENTS);
  if (kind !== 'meta' || key !== 'mark') return { type: 'none' };
  const value = Number(words[0]);
  return words.length === 1 && Number.isInteger(value)
    ? { type: 'mark', value, mask: 0xffffffff }
    : { type: 'unknown', text: ['meta mark set', ...words].join(' ') };
}

const isTcpFlags = (tokens: Tokens): boolean => tokens.peek() === 'tcp' && tokens.peek(1) === 'flags';

/** Takes the flags of TCP: those of a connection's first packet are known. */
function takeTcpFlags(tokens: Tokens, draft: Draft): void {
  const text = tokens.takeUntil(STATEMENTS).join(' ');
  const [, not] = /^tcp flags (?:(!=) )?syn \/ fin , syn , rst , ack$/.exec(text) ?? [];
  draft.match.push({ field: 'protocol', values: ['tcp'] });
  if (/^tcp flags (!= )?syn \/ /.test(text) && / fin , syn , rst , ack$/.test(text))
    draft.match.push({ field: 'tcpSyn', values: ['yes'], ...(not === undefined ? {} : { not: true as const }) });
  else draft.unknown.push(text);
}
