import type { VlanMember } from '../document.js';

/** A whole number; `undefined` for anything else. */
export const wholeNumber = (text: string): number | undefined => (/^[-+]?\d+$/.test(text) ? Number(text) : undefined);

/** A whole number as systemd and NetworkManager read it, in the bases of C: `010` is 8, and so is `0x8`. */
export function cNumber(text: string): number | undefined {
  const [, sign = '', digits = ''] = /^([-+]?)(0x[\da-f]+|0[0-7]*|[1-9]\d*)$/i.exec(text.trimStart()) ?? [];
  if (digits === '') return undefined;
  const isOctal = /^0\d/.test(digits);
  return (sign === '-' ? -1 : 1) * (isOctal ? Number.parseInt(digits, 8) : Number(digits));
}

/** A number of bytes: 0 says nothing, and less is nothing that a system takes. */
export const bytesBy =
  (read: (text: string) => number | undefined) =>
  (text: string): number | undefined => {
    const number = read(text) ?? 0;
    return number > 0 ? number : undefined;
  };

/** A number of bytes in decimal digits. */
export const bytes = bytesBy(wholeNumber);

/** A number with or without a fraction. */
export const decimal = (text: string): number | undefined => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined);

/** A truth value in any of the words that systems take for one. */
export function truth(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (['yes', 'true', 'on', '1', 'y', 't'].includes(word)) return true;
  return ['no', 'false', 'off', '0', 'n', 'f'].includes(word) ? false : undefined;
}

/** A no in any of these words: of a setting that is on by itself, only that says something. */
export const onlyNo = (text: string): false | undefined => (truth(text) === false ? false : undefined);

/** A yes in any of these words: of a setting whose no has a meaning of its own. */
export const onlyYes = (text: string): true | undefined => (truth(text) === true ? true : undefined);

/** Words between blanks. */
export const wordsOf = (text: string): string[] => text.match(/\S+/g) ?? [];

const UNITS: Readonly<Record<string, number>> = {
  us: 1e-6,
  ms: 1e-3,
  msec: 1e-3,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  min: 60,
  m: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  hours: 3600,
};

const PART = /(\d+(?:\.\d+)?)\s*([a-z]*)/g;

/** Seconds of a time span as systemd writes it: `4`, `500ms`, `1min 30s`. */
export function timeSpan(text: string): number | undefined {
  if (!/\d/.test(text) || text.replace(PART, '').trim() !== '') return undefined;
  let seconds = 0;
  for (const [, count, unit = ''] of text.matchAll(PART)) {
    const factor = unit === '' ? 1 : UNITS[unit];
    if (factor === undefined) return undefined;
    seconds += Number(count) * factor;
  }
  return Number(seconds.toFixed(6));
}

/** Reads an id or a range of ids. */
export function vlanId(text: string): VlanMember['id'] | undefined {
  const [, from, to] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(text) ?? [];
  if (from === undefined) return undefined;
  return to === undefined ? Number(from) : { from: Number(from), to: Number(to) };
}

/** VLANs as NetworkManager writes them: `10-20, 100 pvid untagged`. */
export function vlanList(text: string): readonly VlanMember[] | undefined {
  const members = text.split(',').map((item): VlanMember | undefined => {
    const [ids = '', ...flags] = wordsOf(item);
    const id = vlanId(ids);
    if (id === undefined || flags.some((flag) => flag !== 'pvid' && flag !== 'untagged')) return undefined;
    return {
      id,
      ...(flags.includes('pvid') ? { pvid: true } : {}),
      ...(flags.includes('untagged') ? { untagged: true } : {}),
    };
  });
  const read = members.filter((member) => member !== undefined);
  return read.length === members.length ? read : undefined;
}

/** By what a DHCP server knows the host, where it is one of the two ways that the model has. */
export const clientIdOf = (text: string): 'mac' | 'duid' | undefined =>
  text === 'mac' || text === 'duid' ? text : undefined;
