import type { Scalar } from '../scalar.js';
import { type FilterVariable, textOrVariable, variableOf } from './variable.js';

/**
 * Reads words in any case, with blanks and commas between them or nothing at all, as libvirt does; `undefined` for
 * text that has others.
 */
function wordsIn(text: string, known: readonly string[]): ReadonlySet<string> | undefined {
  const found = new Set<string>();
  let rest = text;
  while (true) {
    rest = rest.replace(/^[ \t\n\v\f\r,]+/, '');
    if (rest === '') return found;
    const start = rest.toUpperCase();
    const word = known.find((one) => start.startsWith(one));
    if (word === undefined) return undefined;
    found.add(word);
    rest = rest.slice(word.length);
  }
}

const joined = (found: ReadonlySet<string>, known: readonly string[]): string =>
  known.filter((word) => found.has(word)).join(',');

const STATES = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'NONE'];

/** States of a connection, such as `NEW,ESTABLISHED`. */
export const states = /* @__PURE__ */ textOrVariable('list of NEW, ESTABLISHED, RELATED, INVALID and NONE', (text) => {
  const found = wordsIn(text, STATES);
  if (found === undefined) return undefined;
  return found.has('NONE') ? 'NONE' : joined(found, STATES);
});

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'];

function flagsIn(text: string): string | undefined {
  const found = wordsIn(text, [...FLAGS, 'ALL', 'NONE']);
  if (found === undefined) return undefined;
  const set = joined(found, FLAGS);
  if (found.has('ALL') || set === FLAGS.join(',')) return 'ALL';
  return set === '' ? 'NONE' : set;
}

/** Flags of TCP: those to look at, and those of them that are set, such as `SYN,ACK/SYN`. */
export const tcpFlags = /* @__PURE__ */ textOrVariable("two lists of flags with '/' between them", (text) => {
  const slash = text.indexOf('/');
  if (slash === -1) return undefined;
  const [mask, set] = [flagsIn(text.slice(0, slash)), flagsIn(text.slice(slash + 1))];
  return mask === undefined || set === undefined ? undefined : `${mask}/${set}`;
});

/** The name of a set of addresses: at most 31 of the characters that libvirt takes. */
export const ipsetName = /* @__PURE__ */ textOrVariable('name of at most 31 letters, digits and . : - + _', (text) =>
  /^[a-zA-Z0-9_.:+ -]{0,31}$/.test(text) ? text : undefined,
);

/** The parts of a packet that are looked up in a set: `src` or `dst`, up to six. */
export const ipsetFlags = /* @__PURE__ */ textOrVariable('list of up to six src and dst', (text) =>
  /^(?:src|dst)(?:,(?:src|dst)){0,5}$/i.test(text) ? text.toLowerCase() : undefined,
);

/** A note; as a variable it would have no sense, but libvirt reads what begins with a dollar sign as one. */
export const comment = /* @__PURE__ */ textOrVariable('text that does not begin with $', (text) => text);

/** `true`, `yes` and `1` are true, everything else false and never an error. */
export const looseTrue: Scalar<boolean | FilterVariable> = {
  label: 'true, false or variable',
  read: (text) => (text.startsWith('$') ? variableOf(text) : ['true', 'yes', '1'].includes(text)),
  write: (value) => String(value),
  accepts: (value) => typeof value === 'boolean' || (typeof value === 'string' && variableOf(value) !== undefined),
  misread: (text) => (/^(?:true|false|yes|no|0|1|\$.*)$/.test(text) ? undefined : 'WORD_REWRITTEN'),
};

/** Exactly `no` negates, everything else does not and is never an error. */
export const matchWord: Scalar<boolean> = {
  label: "'yes' or 'no'",
  values: ['yes', 'no'],
  read: (text) => text !== 'no',
  write: (value) => (value ? 'yes' : 'no'),
  accepts: (value) => typeof value === 'boolean',
  misread: (text) => (/^(?:yes|no)$/.test(text) ? undefined : 'WORD_REWRITTEN'),
};

/** `0`, and `false` in any case, are false, everything else is true and never an error. */
export const stateMatch: Scalar<boolean> = {
  label: 'true or false',
  read: (text) => text !== '0' && text.toLowerCase() !== 'false',
  write: (value) => String(value),
  accepts: (value) => typeof value === 'boolean',
  misread: (text) => (/^(?:0|1|true|false)$/i.test(text) ? undefined : 'WORD_REWRITTEN'),
};
