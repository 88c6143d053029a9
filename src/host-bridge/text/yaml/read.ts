import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  Parser,
} from 'yaml';
import { tooDeepAt } from './depth.js';
import { type YamlFlaw, yamlFlaw } from './flaws.js';

/** A map, a list or a text in a YAML text, with its line from 1. */
export type YamlPart = YamlMap | YamlList | YamlText;

/** A map. A key may be there twice. */
export interface YamlMap {
  readonly kind: 'map';
  readonly line: number;
  readonly entries: readonly YamlEntry[];
}

/** A key of a map with its own line. */
export interface YamlEntry {
  readonly key: string;
  readonly line: number;
  readonly value: YamlPart;
}

/** A list. */
export interface YamlList {
  readonly kind: 'list';
  readonly line: number;
  readonly items: readonly YamlPart[];
}

/** A single value as it is written: words such as `yes` and MAC addresses stay text. The caller knows what they are. */
export interface YamlText {
  readonly kind: 'text';
  readonly line: number;
  readonly text: string;
}

/** A YAML text that was read, or the first thing in it that no reader can make sense of. */
export type ReadYaml =
  | { readonly flaw: YamlFlaw }
  | {
      /** Absent for a text that says nothing. */
      readonly part?: YamlPart;
      /** The line of a second document. */
      readonly further?: number;
    };

/** Takes a YAML text apart. It takes a time that grows with its length only, whatever it holds. */
export function readYaml(source: string): ReadYaml {
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(source)];
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const deep = tooDeepAt(tokens);
  if (deep !== undefined) return { flaw: { line: lineAt(deep), message: 'it is nested too deeply' } };
  // Looking for keys that are there twice takes a time that grows with their square; the caller decides on them.
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  const [document, next] = composer.compose(tokens, true, source.length);
  if (document === undefined) return {};
  const [error] = document.errors;
  if (error !== undefined) return { flaw: yamlFlaw(error, lineAt(error.pos[0])) };
  return partsOf(document, lineAt, source, next === undefined ? {} : { further: lineAt(next.range[0]) });
}

class Unreadable extends Error {
  readonly flaw: YamlFlaw;

  constructor(line: number, message: string) {
    super(message);
    this.flaw = { line, message };
  }
}

function partsOf(
  { contents }: Document.Parsed,
  lineAt: (offset: number) => number,
  source: string,
  further: { readonly further?: number },
): ReadYaml {
  if (contents === null || (isScalar(contents) && contents.source === '')) return further;
  try {
    return { part: new PartReader(lineAt, source).part(contents), ...further };
  } catch (error) {
    if (error instanceof Unreadable) return { flaw: error.flaw };
    throw error;
  }
}

/** How many parts the aliases of a text may stand for. */
const LARGEST = 100_000;

/** Reads the parts of a document in their order: an alias stands for the last part with its name before it. */
class PartReader {
  readonly #lineAt: (offset: number) => number;
  readonly #anchors = new Map<string, YamlPart>();
  readonly #sizes = new WeakMap<YamlPart, number>();
  readonly #most: number;

  constructor(lineAt: (offset: number) => number, source: string) {
    this.#lineAt = lineAt;
    this.#most = LARGEST + source.length;
  }

  part(node: Node): YamlPart {
    const line = this.#lineOf(node);
    if (isAlias(node)) {
      const meant = this.#anchors.get(node.source);
      if (meant === undefined)
        throw new Unreadable(line, `there is nothing called '&${node.source}' before '*${node.source}'`);
      return meant;
    }
    const part = this.#own(node, line);
    if ((this.#sizes.get(part) ?? 1) > this.#most) throw new Unreadable(line, 'its aliases stand for too much');
    if ('anchor' in node && node.anchor !== undefined) this.#anchors.set(node.anchor, part);
    return part;
  }

  #own(node: Node, line: number): YamlPart {
    if (isMap(node)) {
      const entries = node.items.map((pair) => this.#entry(pair, line));
      return this.#sized(
        { kind: 'map', line, entries },
        entries.map(({ value }) => value),
      );
    }
    if (isSeq(node)) {
      const items = node.items.map((item) => (isNode(item) ? this.part(item) : nothingAt(line)));
      return this.#sized({ kind: 'list', line, items }, items);
    }
    return isScalar(node) ? { kind: 'text', line, text: String(node.value ?? '') } : nothingAt(line);
  }

  #entry({ key, value }: Pair, above: number): YamlEntry {
    const line = isNode(key) ? this.#lineOf(key) : above;
    if (!isScalar(key)) throw new Unreadable(line, 'a key must be a word');
    return { key: String(key.value), line, value: isNode(value) ? this.part(value) : nothingAt(line) };
  }

  #sized<T extends YamlPart>(part: T, inside: readonly YamlPart[]): T {
    this.#sizes.set(
      part,
      inside.reduce((sum, one) => sum + (this.#sizes.get(one) ?? 1), 1),
    );
    return part;
  }

  #lineOf({ range }: Node): number {
    return this.#lineAt(range?.[0] ?? 0);
  }
}

const nothingAt = (line: number): YamlText => ({ kind: 'text', line, text: '' });
