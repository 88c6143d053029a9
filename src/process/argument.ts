/** Longest argument that Linux takes, with its terminating zero. */
const LONGEST_ARGUMENT = 131_072;

/** Whether a program can be given this text as one argument. */
export const fitsArgument = (text: string): boolean => Buffer.byteLength(text) < LONGEST_ARGUMENT;

/** Quotes a value for a POSIX shell, and for virsh's own command line, which knows single quotes and backslashes alike. */
export const quote = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;
