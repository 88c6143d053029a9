/**
 * Control characters, halves of surrogate pairs and other code points that XML refuses, and marks that change the direction of
 * what follows: a terminal or a page would obey them.
 */
const HARMFUL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Returns a text of somebody else with a replacement character for each that a picture must not hold. */
export const clean = (text: string): string => String(text).replace(HARMFUL, '\ufffd');
