/** Quotes a value for a POSIX shell, and for virsh's own command line, which knows single quotes and backslashes alike. */
export const quote = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;

/** Returns a word as a POSIX shell needs it, with quotes only where they are needed, as libvirt prints commands. */
export const shellWord = (word: string): string =>
  word !== '' && !/[\r\t\n !"#$&'()*;<>?[\]^`{|}~\\]/.test(word) ? word : quote(word);
