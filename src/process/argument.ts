/** Longest argument that Linux takes, with its terminating zero. */
const LONGEST_ARGUMENT = 131_072;

/** Tells whether a text fits into one argument of a program. */
export const fitsArgument = (text: string): boolean => Buffer.byteLength(text) < LONGEST_ARGUMENT;
