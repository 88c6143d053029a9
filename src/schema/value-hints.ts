// What people, shells and programs do to single values, and what to write instead.

import { disguisedIn } from '../xml/characters.js';
import { placeholderIn } from '../xml/placeholder.js';

/** A value that libvirt refuses or does not know. */
interface Refused {
  readonly value: string;
  /** Describes valid values, such as `a MAC address`. */
  readonly expected: string;
  readonly attribute: string | undefined;
}

/** A hint for a word by its looks alone, whatever it should be. */
export function looksHint(word: string): string | undefined {
  const placeholder = placeholderHint(word);
  const disguised = placeholder === undefined ? disguisedIn(word) : undefined;
  return disguised === undefined ? placeholder : `${disguised.message}: ${disguised.hint}`;
}

/** A hint for a text that holds the placeholder of a template. */
export function placeholderHint(text: string): string | undefined {
  const placeholder = placeholderIn(text);
  return placeholder === undefined ? undefined : `the template placeholder ${placeholder} was not filled in`;
}

/** A hint for a value by what was expected in its place. */
export function expectedHint({ value, expected, attribute }: Refused): string | undefined {
  const said = (text: string) => `did you mean ${attribute === undefined ? text : `${attribute}='${text}'`}?`;
  if (STANDS_FOR_VALUE.test(value)) return 'x stands for a digit: write the digits';
  if (expected.includes('MAC address')) return separated(value, said);
  if (/\bIP(?:v[46])? address/.test(expected)) return addressHint(value, said);
  if (/^an? integer|^a (?:whole )?number/.test(expected)) return numberHint(value, said);
  return wordHint(value, expected, said);
}

const STANDS_FOR_VALUE =
  /^(?=.*[\d:.-].*)(?=.*x)(?:[0-9A-F]{1,8}|[0-9a-f]{1,8}|x{1,12}|X{1,12})(?:[.:-](?:[\da-f]{1,12}|x{1,12}))+$/i;

type Said = (text: string) => string;

/** `52-54-00-11-22-33`, `5254.0011.2233` and `525400112233` are MAC addresses elsewhere. */
function separated(value: string, said: Said): string | undefined {
  const digits = value
    .trim()
    .replace(/[-.: ]/g, '')
    .toLowerCase();
  if (!/^[\da-f]*$/.test(digits)) return undefined;
  const pairs = digits.match(/../g) ?? [];
  if (digits.length === 12) return said(pairs.join(':'));
  return /[-.:]/.test(value) ? `it has ${digits.length} digits instead of 12` : undefined;
}

function addressHint(value: string, said: Said): string | undefined {
  const trimmed = value.trim();
  if (trimmed !== value && trimmed !== '') return said(trimmed);
  const inner = /^\[([\da-f:.]+)\](?::\d+)?$/i.exec(value)?.[1] ?? /^(\d+(?:\.\d+){3}):\d+$/.exec(value)?.[1];
  if (inner !== undefined) return said(inner);
  if (/^\d+(?:,\d+){3}$/.test(value)) return said(value.replaceAll(',', '.'));
  const large = /^\d+(?:\.\d+){3}$/.test(value) ? value.split('.').find((part) => Number(part) > 255) : undefined;
  if (large !== undefined) return `${large} is more than 255`;
  return /^[a-z][\w-]*(?:\.[a-z][\w-]*)*$/i.test(value) ? 'write the address, not a name' : undefined;
}

function numberHint(value: string, said: Said): string | undefined {
  const digits = /^\s*\/?\s*(\d+)\s*$/.exec(value)?.[1];
  if (digits !== undefined && digits !== value) return said(digits);
  return /^\s*\d+\s*[A-Za-z/]+\s*$/.test(value) ? 'write the number without a unit' : undefined;
}

const YES = /^(?:true|yes|on|1|enabled?)$/i;
const NO = /^(?:false|no|off|0|disabled?)$/i;

/** The words of a closed set stand in quotes in the description. */
function wordHint(value: string, expected: string, said: Said): string | undefined {
  const words = [...expected.matchAll(/'([^']+)'/g)].map(([, word = '']) => word);
  const word = value.trim().toLowerCase();
  const meant =
    words.find((one) => one.toLowerCase() === word) ??
    words.find((one) => (YES.test(word) && YES.test(one)) || (NO.test(word) && NO.test(one)));
  return meant === undefined || meant === value ? undefined : said(meant);
}
