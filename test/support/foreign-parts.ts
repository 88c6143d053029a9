import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml';

/** The namespaces that prefixes stand for at one place. */
type Scope = Readonly<Record<string, string>>;

const IS_FOREIGN_NAME = /^f\d+$/;
const IS_FOREIGN_URI = /^urn:example:/;

/**
 * Every unknown element and attribute of a text, one line each: where it stands, its namespace and name, and
 * what it holds. Read with a parser that is not ours.
 */
export function foreignParts(source: string): string[] {
  const parts: string[] = [];
  const { root } = parseXml(source);
  if (root !== null) visit(root, {}, '', parts);
  return parts.sort();
}

function visit(element: XmlElement, around: Scope, path: string, into: string[]): void {
  const scope = scopeOf(element, around);
  const name = resolve(element.name, scope, scope[''] ?? '');
  const here = `${path}/${name.local}`;
  const isForeign = IS_FOREIGN_NAME.test(name.local) || IS_FOREIGN_URI.test(name.uri);
  if (isForeign) into.push(`${path} <{${name.uri}}${name.local}> ${JSON.stringify(ownText(element))}`);
  for (const [key, value] of Object.entries(element.attributes)) {
    if (key === 'xmlns' || key.startsWith('xmlns:')) continue;
    const { uri, local } = resolve(key, scope, '');
    if (isForeign || IS_FOREIGN_NAME.test(local)) into.push(`${here} {${uri}}${local}=${JSON.stringify(value)}`);
  }
  for (const child of element.children) if (child instanceof XmlElement) visit(child, scope, here, into);
}

function scopeOf(element: XmlElement, around: Scope): Scope {
  const scope: Record<string, string> = { ...around };
  for (const [key, value] of Object.entries(element.attributes)) {
    if (key === 'xmlns') scope[''] = value;
    else if (key.startsWith('xmlns:')) scope[key.slice(6)] = value;
  }
  return scope;
}

function resolve(name: string, scope: Scope, unprefixed: string): { readonly uri: string; readonly local: string } {
  const [first = '', second] = name.split(':');
  if (second === undefined) return { uri: unprefixed, local: first };
  const uri = scope[first];
  if (uri === undefined) throw new Error(`nobody declares the prefix of ${name}`);
  return { uri, local: second };
}

/** Blanks between elements are only layout. */
function ownText(element: XmlElement): string {
  const text = element.children.map((child) => (child instanceof XmlText ? child.text : '')).join('');
  const isLayout = text.trim() === '' && element.children.some((child) => child instanceof XmlElement);
  return isLayout ? '' : text;
}
