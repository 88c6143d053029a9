/** Quotes a value for a POSIX shell, and for virsh's own command line, which knows single quotes and backslashes alike. */
export const quote = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;

/** Returns a word as a POSIX shell needs it, with quotes only where they are needed, as libvirt prints commands. */
export const shellWord = (word: string): string =>
  word !== '' && !/[\r\t\n !"#$&'()*;<>?[\]^`{|}~\\]/.test(word) ? word : quote(word);

/** A command for a POSIX shell, as a template: names in it may hold anything, and are quoted where they need it. */
export const command = (texts: TemplateStringsArray, ...values: readonly (string | number)[]): string =>
  String.raw({ raw: texts }, ...values.map((value) => shellWord(String(value))));
