import { LineCounter, parseDocument, stringify } from 'yaml';

/** YAML that readers of version 1.1 take the same way: `on`, `12:34:56` and the like stand in quotes. */
export const printYaml = (value: object): string =>
  stringify(value, {
    version: '1.1',
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });

/** What is wrong with a YAML text. */
export interface YamlFlaw {
  readonly message: string;
  /** From 1. */
  readonly line: number;
}

/** Reads a YAML text as plain data, or says what is wrong with it. Scalars stay as version 1.1 reads them. */
export function readYaml(source: string): { readonly value: unknown; readonly flaws: readonly YamlFlaw[] } {
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { version: '1.1', schema: 'core', lineCounter, prettyErrors: false });
  const flaws = document.errors.map(({ message, pos: [from] }) => ({
    message,
    line: lineCounter.linePos(from).line,
  }));
  return { value: flaws.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 }), flaws };
}
