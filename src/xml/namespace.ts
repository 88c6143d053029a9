import { withoutLayout } from './layout.js';
import { isElement, NO_ATTRIBUTES, NO_CHILDREN, type XmlElement, type XmlNode } from './node.js';
import { emptyRecord } from './null-object.js';

/** Namespace declarations in force at an element: its own, then those around it. */
export interface Scope {
  /** Prefix to URI; the empty prefix is the default namespace. */
  readonly declared: Readonly<Record<string, string>>;
  readonly parent: Scope | undefined;
}

/** The name of an element or attribute, resolved. */
export interface ResolvedName {
  /** Absent outside any namespace, and for prefixes that nobody declared. */
  readonly uri: string | undefined;
  readonly local: string;
}

/** The scope inside an element; the one around it when it declares nothing. */
export function declare(scope: Scope | undefined, element: XmlElement): Scope | undefined {
  let declared: Record<string, string> | undefined;
  for (const name in element.attributes) {
    const prefix = declaredPrefix(name);
    if (prefix === undefined) continue;
    declared ??= emptyRecord();
    if (declared !== undefined) declared[prefix] = element.attributes[name] ?? '';
  }
  return declared === undefined ? scope : { declared, parent: scope };
}

/** The prefix that an attribute of this name declares; `undefined` when it declares none. */
function declaredPrefix(attribute: string): string | undefined {
  if (!attribute.startsWith('xmlns')) return undefined;
  if (attribute.length === 5) return '';
  return attribute[5] === ':' ? attribute.slice(6) : undefined;
}

function lookUp(scope: Scope | undefined, prefix: string): string | undefined {
  for (let at = scope; at !== undefined; at = at.parent) {
    const uri = at.declared[prefix];
    if (uri !== undefined) return uri === '' ? undefined : uri;
  }
  return undefined;
}

/** The namespace of an element that declares it itself; `undefined` where it does not, or declares an empty one. */
export function ownNamespace({ name, attributes }: Pick<XmlElement, 'name' | 'attributes'>): string | undefined {
  const prefix = prefixOf(name);
  return attributes[prefix === '' ? 'xmlns' : `xmlns:${prefix}`] || undefined;
}

/** The prefix of a name; empty where it has none. */
export const prefixOf = (name: string): string => name.slice(0, Math.max(0, name.indexOf(':')));

/** Resolves the name of an element. */
export function resolve(scope: Scope | undefined, name: string): ResolvedName {
  return { uri: lookUp(scope, prefixOf(name)), local: localName(name) };
}

/** A name without its prefix. */
export const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * A copy of an element that means the same anywhere: it declares every prefix that it uses and that is
 * declared around it. Has no source offsets and no layout, so that equal content is equal data.
 */
export function selfContained(element: XmlElement, scope: Scope | undefined): XmlElement {
  const copy = withoutOffsets(element);
  if (scope === undefined) return copy;
  const missing = emptyRecord<string>();
  collectMissing(element, scope, new Set(), missing);
  return Object.keys(missing).length === 0 ? copy : { ...copy, attributes: { ...missing, ...copy.attributes } };
}

function collectMissing(
  element: XmlElement,
  scope: Scope,
  inner: ReadonlySet<string>,
  into: Record<string, string>,
): void {
  const known = new Set(inner);
  for (const name in element.attributes) {
    const prefix = declaredPrefix(name);
    if (prefix !== undefined) known.add(prefix);
  }
  const used = [prefixOf(element.name), ...Object.keys(element.attributes).map(prefixOf)];
  for (const [i, prefix] of used.entries()) {
    // Attributes without a prefix are in no namespace, whatever the default one is.
    if (known.has(prefix) || (i > 0 && prefix === '')) continue;
    const uri = lookUp(scope, prefix);
    if (uri !== undefined) into[prefix === '' ? 'xmlns' : `xmlns:${prefix}`] = uri;
  }
  for (const child of element.children) if (isElement(child)) collectMissing(child, scope, known, into);
}

function withoutOffsets({ name, attributes, children }: XmlElement): XmlElement {
  return {
    type: 'element',
    name,
    attributes: attributes === NO_ATTRIBUTES ? NO_ATTRIBUTES : { ...attributes },
    children: children === NO_CHILDREN ? NO_CHILDREN : withoutLayout(children).map(withoutOffset),
  };
}

const withoutOffset = (node: XmlNode): XmlNode => (isElement(node) ? withoutOffsets(node) : node);
