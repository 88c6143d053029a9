import { isRecord } from '../../../schema/values.js';

// Own code and not the package `yaml`, which everybody who writes files would load and only reading needs: plain data takes
// few of YAML's forms to print. The tests read each form back with it, as YAML 1.1 and as YAML 1.2.

/** Prints plain data as YAML that readers of version 1.1 and 1.2 read the same way: every text is in double quotes. */
export const printYaml = (value: object): string => `${blockOf(value, '').join('\n')}\n`;

/** The lines of a list or an object, or the one line of anything else. */
function blockOf(value: unknown, indent: string): readonly string[] {
  if (Array.isArray(value)) return value.length === 0 ? ['[]'] : value.flatMap((item) => itemOf(item, indent));
  if (!isRecord(value)) return [scalarOf(value)];
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return entries.length === 0 ? ['{}'] : entries.flatMap(([key, item]) => entryOf(key, item, indent));
}

/** An item begins on the line of its dash. */
function itemOf(item: unknown, indent: string): readonly string[] {
  const inner = `${indent}  `;
  const [first = '', ...others] = blockOf(item, inner);
  return [`${indent}- ${first.trimStart()}`, ...others];
}

function entryOf(key: string, item: unknown, indent: string): readonly string[] {
  const head = `${indent}${keyOf(key)}:`;
  const isBlock = (Array.isArray(item) && item.length > 0) || (isRecord(item) && Object.keys(item).length > 0);
  return isBlock ? [head, ...blockOf(item, `${indent}  `)] : [`${head} ${blockOf(item, '')[0]}`];
}

/** Words that YAML 1.1 takes for something else than text. */
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

const keyOf = (key: string): string => (/^[a-z][\w.-]*$/i.test(key) && !WORDS.test(key) ? key : quote(key));

const scalarOf = (value: unknown): string => (typeof value === 'string' ? quote(value) : String(value ?? null));

/** JSON escapes what YAML must escape but for these, which JSON allows. */
const quote = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
