const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Characters that cannot be seen, or change how others are shown: a name must not look like other code than it is. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\\]|(?! )\p{Zs}|\p{Default_Ignorable_Code_Point}/gu;

/** A text as a literal, in single quotes unless it has more of these than of double ones. */
export function quoted(text: string): string {
  const quote = countOf(text, "'") > countOf(text, '"') ? '"' : "'";
  const escaped = text.replace(UNSEEN, escapeOf).replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped}${quote}`;
}

const countOf = (text: string, letter: string): number => text.split(letter).length - 1;

const escapeOf = (character: string): string =>
  ESCAPES[character] ?? [...units(character)].map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');

/** The UTF-16 units of a character; half a character is one unit. */
const units = (character: string): readonly number[] =>
  Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));

/** The name of a property in an object literal. In quotes, `__proto__` would set the prototype. */
export function propertyName(name: string): string {
  if (name === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}
