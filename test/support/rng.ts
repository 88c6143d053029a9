import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isElement, type XmlElement } from '../../src/xml/node.js';
import { readXml } from '../../src/xml/read.js';

type Defines = Map<string, XmlElement[]>;

/** Reads a RELAX NG grammar with what it includes. */
function readGrammar(
  file: string,
  defines: Defines = new Map(),
): { readonly start: XmlElement; readonly defines: Defines } {
  const { root } = readXml(readFileSync(file, 'utf8'));
  let start: XmlElement = root;
  for (const child of root.children.filter(isElement)) {
    if (child.name === 'include') readGrammar(join(dirname(file), child.attributes['href'] ?? ''), defines);
    if (child.name === 'define')
      defines.set(child.attributes['name'] ?? '', [...(defines.get(child.attributes['name'] ?? '') ?? []), child]);
    if (child.name === 'start') start = child;
  }
  return { start, defines };
}

/** The steps to an element or attribute: `network`, `ip`, `@family`; `{uri}` before names in a namespace. */
export type GrammarPath = readonly string[];

/**
 * Every element and attribute path that a grammar allows. A definition that holds itself is followed once;
 * where any element may stand, as in `<metadata>`, the path ends.
 *
 * @param file - the grammar
 * @param name - the definition to begin with. Default: the grammar's start
 */
export function pathsOf(file: string, name?: string): GrammarPath[] {
  const { start, defines } = readGrammar(file);
  const paths = new Map<string, GrammarPath>();
  const visitAll = (node: XmlElement, at: Place): void => {
    for (const child of node.children.filter(isElement)) visit(child, { ...at, uri: child.attributes['ns'] ?? at.uri });
  };
  const visit = (node: XmlElement, at: Place): void => {
    if (node.name === 'ref') {
      const name = node.attributes['name'] ?? '';
      if (at.inside.includes(name)) return;
      for (const define of defines.get(name) ?? []) visitAll(define, { ...at, inside: [...at.inside, name] });
    } else if (node.name === 'attribute' || node.name === 'element') {
      const step = stepOf(node, at.uri);
      if (step === undefined) return;
      const path = [...at.path, step];
      paths.set(path.join('/'), path);
      if (node.name === 'element') visitAll(node, { ...at, path });
    } else visitAll(node, at);
  };
  const roots = name === undefined ? [start] : (defines.get(name) ?? []);
  for (const root of roots) visitAll(root, { path: [], inside: [], uri: '' });
  return [...paths.values()];
}

interface Place {
  readonly path: GrammarPath;
  /** The definitions that led here. */
  readonly inside: readonly string[];
  /** Namespace of the elements here. */
  readonly uri: string;
}

/** Where any name will do there is no step. */
function stepOf(node: XmlElement, uri: string): string | undefined {
  const name = node.attributes['name'];
  if (name === undefined) return undefined;
  if (node.name === 'attribute') return `@${name}`;
  return uri === '' ? name : `{${uri}}${name}`;
}
