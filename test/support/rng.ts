import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isElement, textOf, type XmlElement } from '../../src/xml/node.js';
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

/**
 * Every element and attribute path that a grammar allows: `network/ip/dhcp/range/@start`. A definition
 * that holds itself is followed once.
 */
export function pathsOf(file: string): string[] {
  const { start, defines } = readGrammar(file);
  const paths = new Set<string>();
  const visit = (node: XmlElement, path: string, inside: readonly string[]): void => {
    for (const child of node.children.filter(isElement)) visitOne(child, path, inside);
  };
  const visitOne = (node: XmlElement, path: string, inside: readonly string[]): void => {
    if (node.name === 'ref') {
      const name = node.attributes['name'] ?? '';
      if (inside.includes(name)) return;
      for (const define of defines.get(name) ?? []) visit(define, path, [...inside, name]);
    } else if (node.name === 'attribute' || node.name === 'element') {
      const here = `${path}${path === '' ? '' : '/'}${node.name === 'attribute' ? '@' : ''}${nameOf(node)}`;
      if (here.includes('*')) return; // anything goes there: <metadata>
      paths.add(here);
      if (node.name === 'element') visit(node, here, inside);
    } else visit(node, path, inside);
  };
  visit(start, '', []);
  return [...paths].sort();
}

/** Elements with an `<anyName/>` have no name of their own. */
function nameOf(node: XmlElement): string {
  if (node.attributes['name'] !== undefined) return node.attributes['name'];
  const name = node.children.find((child) => isElement(child) && child.name === 'name');
  return name !== undefined && isElement(name) ? textOf(name).trim() : '*';
}
