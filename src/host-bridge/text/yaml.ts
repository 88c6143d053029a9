import { isNode, LineCounter, parseDocument, stringify } from 'yaml';
import { frozenCopy } from '../../model/frozen.js';

/** YAML that readers of version 1.1 take the same way: `on`, `12:34:56` and the like stand in quotes. */
export const printYaml = (value: object): string =>
  stringify(value, {
    version: '1.1',
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });

/** A problem in a YAML text. */
export interface YamlFlaw {
  readonly message: string;
  /** From 1. */
  readonly line: number;
}

/** A YAML text that was read. */
export interface ReadYaml {
  /** Plain data; `undefined` when there are flaws. */
  readonly value: unknown;
  readonly flaws: readonly YamlFlaw[];
  /** The line of what stands at a path, from 1. */
  readonly lineOf: (path: readonly (string | number)[]) => number;
}

/** Reads a YAML text as plain data. Words such as `yes`, and MAC addresses, stay text: the caller knows what they are. */
export function readYaml(source: string): ReadYaml {
  try {
    return parse(source);
  } catch (error) {
    // Aliases of aliases, lists that hold themselves and nesting without end are refused by an exception.
    const message = error instanceof Error ? error.message : String(error);
    return { value: undefined, flaws: [{ message, line: 1 }], lineOf: () => 1 };
  }
}

function parse(source: string): ReadYaml {
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { schema: 'core', lineCounter, prettyErrors: false });
  const flaws = document.errors.map(({ message, pos: [from] }) => ({ message, line: lineCounter.linePos(from).line }));
  return {
    value: flaws.length > 0 ? undefined : frozenCopy(document.toJS({ maxAliasCount: 100 })),
    flaws,
    lineOf: (path) => {
      const node = document.getIn(path, true);
      return isNode(node) && node.range ? lineCounter.linePos(node.range[0]).line : 1;
    },
  };
}
