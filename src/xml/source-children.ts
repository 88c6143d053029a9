import { addTo } from '../lists/match.js';
import { declare, resolve, type Scope } from './namespace.js';
import { isElement, type XmlElement } from './node.js';

/** The namespaces in force inside an element of the source, and inside the trees of its present and its desired meaning. */
export interface Scopes {
  readonly source: Scope | undefined;
  readonly before: Scope | undefined;
  readonly after: Scope | undefined;
}

/** The namespaces in force inside an element. */
export const scopesIn = (around: Scopes, source: XmlElement, before: XmlElement, after: XmlElement): Scopes => ({
  source: declare(around.source, source),
  before: declare(around.before, before),
  after: declare(around.after, after),
});

/**
 * Finds the children of an element in the source: the n-th of a name there is the n-th of that name in the tree that
 * it means. What is left over is idle: libvirt makes nothing of it, as of `<mtu size='0'/>` and of all `<domain>` but
 * the first.
 */
export class SourceChildren {
  readonly #scopes: Scopes;
  readonly #places = new Map<XmlElement, XmlElement>();
  readonly #implied = new Set<string>();
  readonly #idle: Map<string, XmlElement[]>;

  /**
   * @param source - an element as it is written
   * @param before - what it means
   * @param scopes - the namespaces inside
   */
  constructor(source: XmlElement, before: XmlElement, scopes: Scopes) {
    this.#scopes = scopes;
    this.#idle = childrenByName(source, scopes.source);
    for (const [name, children] of childrenByName(before, scopes.before)) this.#place(name, children);
  }

  #place(name: string, children: readonly XmlElement[]): void {
    const written = this.#idle.get(name) ?? [];
    for (const [n, child] of children.entries()) {
      const place = written[n];
      if (place === undefined) this.#implied.add(name);
      else this.#places.set(child, place);
    }
    this.#idle.set(name, written.slice(children.length));
  }

  /** Where a child of the tree stands in the source; nowhere when the text only implies it. */
  placeOf(child: XmlElement | undefined): XmlElement | undefined {
    return child === undefined ? undefined : this.#places.get(child);
  }

  /** Tells whether the text has fewer elements of this name than it means. */
  isImplied(wanted: XmlElement): boolean {
    return this.#implied.has(fullName(wanted, this.#scopes.after));
  }

  /** An idle element that a wanted one can take the place of. */
  takeIdle(wanted: XmlElement | undefined): XmlElement | undefined {
    return wanted === undefined ? undefined : this.#idle.get(fullName(wanted, this.#scopes.after))?.shift();
  }

  /** Idle elements that would be read when the last of their name is taken away. */
  idleLike(before: XmlElement, after: XmlElement): readonly XmlElement[] {
    const wanted = childrenByName(after, this.#scopes.after);
    const gone = [...childrenByName(before, this.#scopes.before).keys()].filter((name) => !wanted.has(name));
    return gone.flatMap((name) => this.#idle.get(name) ?? []);
  }
}

function childrenByName({ children }: XmlElement, scope: Scope | undefined): Map<string, XmlElement[]> {
  const lists = new Map<string, XmlElement[]>();
  for (const child of children) if (isElement(child)) addTo(lists, fullName(child, scope), child);
  return lists;
}

/** The name of an element with its namespace in place of the prefix, which is the author's choice. */
function fullName(element: XmlElement, around: Scope | undefined): string {
  const { uri, local } = resolve(declare(around, element), element.name);
  return uri === undefined ? element.name : `{${uri}}${local}`;
}
