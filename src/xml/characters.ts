/** Everything outside XML's character set, in any spelling; a lone surrogate is not a character either. */
export const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** The code point of the character at an offset, as Unicode writes it: `U+00A0`. */
export const codePoint = (text: string, at = 0): string =>
  `U+${(text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Cyrillic and Greek letters and wide forms that look like those of XML and of libvirt's words. */
const ALIKE = /[асеорхуіјѕһАВЕКМНОРСТХУІЈЅοΑΒΕΖΗΙΚΜΝΟΡΤΥΧν\uff01-\uff5e]/;

/** Characters that take no place, or that of a space. */
const UNSEEN = /[\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]/;

/** A character that a reader cannot tell from what should be there, or does not see at all. */
export interface Disguised {
  readonly at: number;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** Finds the first such character in a word. Words of other scripts alone are what they seem. */
export function disguisedIn(word: string): Disguised | undefined {
  const unseen = word.search(UNSEEN);
  if (unseen !== -1)
    return { at: unseen, message: `the character ${codePoint(word, unseen)} cannot be seen`, hint: 'remove it' };
  const at = /[A-Za-z0-9=]/.test(word) ? word.search(ALIKE) : -1;
  if (at === -1) return undefined;
  return {
    at,
    message: `'${word[at]}' (${codePoint(word, at)}) only looks like a Latin character`,
    hint: 'type it again',
  };
}
