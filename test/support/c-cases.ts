/** A case of one of the C programs that libvirt tests itself with: a call of a macro such as DO_TEST. */
export interface CCase {
  readonly macro: string;
  /** Texts without their quotes, names and numbers as they are written. */
  readonly args: readonly string[];
  /** What the variable `section` of the program is there. */
  readonly section: string;
}

/**
 * Reads the cases of a C program, in their order.
 *
 * @param source - the text of a file such as tests/networkxml2xmltest.c
 */
export function casesOf(source: string): CCase[] {
  const cases: CCase[] = [];
  let section = '';
  for (const [, assigned, macro, args] of withoutDirectives(source).matchAll(
    /^\s*(?:section = (\w+)|(DO_TEST\w*)\(([^;]*)\));/gm,
  )) {
    if (assigned !== undefined) section = assigned;
    else if (macro !== undefined) cases.push({ macro, section, args: argumentsOf(args ?? '') });
  }
  return cases;
}

/** Directives define the macros, over many lines that each end in a backslash. */
const withoutDirectives = (source: string): string => source.replace(/^\s*#(?:.*\\\n)*.*$/gm, '');

const argumentsOf = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|([\w-]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
