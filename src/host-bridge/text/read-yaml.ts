import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { frozenCopy } from '../../model/frozen.js';

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
  /** The line of the key or the item at a path, from 1. */
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
    lineOf: (path) => lineIn(document, path, lineCounter),
  };
}

/** The line of the key, or of the item of a list, that a path leads to, as far as it leads. */
function lineIn(document: Document, path: readonly (string | number)[], lines: LineCounter): number {
  let node: unknown = document.contents;
  let line = 1;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    const [marker, next] = stepInto(node, key);
    if (!isNode(marker) || !marker.range) return line;
    line = lines.linePos(marker.range[0]).line;
    node = next;
  }
  return line;
}

/** What marks the place of a key or an item, and its value. */
function stepInto(node: unknown, key: string | number): readonly [marker: unknown, value: unknown] {
  if (isSeq(node)) return [node.items[Number(key)], node.items[Number(key)]];
  if (!isMap(node)) return [undefined, undefined];
  const pair = node.items.find((one) => isScalar(one.key) && String(one.key.value) === String(key));
  return [pair?.key, pair?.value];
}
