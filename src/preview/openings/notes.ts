import { LibvirtError } from '../../errors/index.js';
import { isRecord } from '../../schema/values.js';
import { checkOpening } from './check-opening.js';
import type { Opening, OpeningRule } from './opening.js';
import { OPENING_NOTE } from './script.js';

/** Reads which opening a script on a host makes; nothing for a file that this library has not written. */
export function readOpening(script: string): Opening | undefined {
  const line = script.split('\n', 4).find((one) => one.startsWith(OPENING_NOTE));
  if (line === undefined) return undefined;
  try {
    const opening: unknown = JSON.parse(line.slice(OPENING_NOTE.length));
    return isOpening(opening) ? checked(opening) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || LibvirtError.is(error)) return undefined;
    throw error;
  }
}

const isOpening = (value: unknown): value is Opening =>
  isRecord(value) &&
  [value['name'], value['purpose'], value['firewall']].every((one) => typeof one === 'string') &&
  Array.isArray(value['rules']) &&
  value['rules'].every(isRecord);

function checked(opening: Opening): Opening {
  checkOpening(opening);
  return opening;
}

/** An opening with the rules that it has on a host already: what was lost before is not lost any more. */
export function mergedOpening(opening: Opening, before: Opening | undefined): Opening {
  if (before === undefined || before.firewall !== opening.firewall) return opening;
  const known = new Map(before.rules.map((rule) => [ruleKey(rule), rule]));
  for (const rule of opening.rules) known.set(ruleKey(rule), rule);
  return { ...opening, rules: [...known.values()] };
}

/** A packet has one source: a new one replaces the old. */
const ruleKey = ({ source, ...rule }: OpeningRule): string =>
  JSON.stringify([source === undefined, ...Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1))]);
