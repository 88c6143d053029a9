import { textValueOf, withoutLayout } from '../xml/layout.js';
import { declare, resolve, type Scope, selfContained } from '../xml/namespace.js';
import { isElement, type XmlElement, type XmlNode } from '../xml/node.js';
import { emptyRecord } from '../xml/null-object.js';
import { type AnyTable, childTag, type ElementTable, type Extra, type Field, type Place } from './element.js';
import type { Path } from './path.js';
import { isKnownTo, knownRelease, RELEASE_10 } from './release.js';
import type { RuleId } from './rules/table.js';
import { expectedBy, type Scalar } from './scalar.js';
import { shortened } from './values.js';

/** Something noticed while reading, before it has become an issue. */
export interface Finding {
  /** Id of the rule that is broken. */
  readonly rule: RuleId;
  readonly path: Path | undefined;
  /** Parameters of the rule's message. */
  readonly params: Readonly<Record<string, string>>;
  /** The element it is about. */
  readonly node: XmlElement;
  /** The attribute it is about. */
  readonly attribute?: string;
}

/** Result of reading an element: everything that could be read, and all findings. */
export interface Decoded {
  /** The value; parts that could not be read are left out. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
}

interface Context {
  findings: Finding[];
  readonly release: number;
  readonly unknownWords: 'keep' | 'refuse';
}

type Out = Record<string, unknown>;
type Entry = readonly [key: string, field: Field<unknown>];

/** The fields of a table by their names in the XML; made once for each table. */
interface Index {
  readonly attributes: ReadonlyMap<string, Entry>;
  readonly children: ReadonlyMap<string, Entry>;
  readonly required: readonly Entry[];
}
const indexes = new WeakMap<AnyTable, Index>();

function indexOf(table: AnyTable): Index {
  const known = indexes.get(table);
  if (known !== undefined) return known;
  const entries: Entry[] = Object.entries(table.fields);
  const made: Index = {
    attributes: new Map(
      entries.flatMap((entry) => (entry[1].place.at === 'attribute' ? [[entry[1].place.xml, entry]] : [])),
    ),
    children: new Map(
      entries.flatMap((entry) => {
        const tag = childTag(entry[1].place);
        return tag === undefined ? [] : [[tag, entry] as const];
      }),
    ),
    required: entries.filter(([, field]) => field.presence === 'required'),
  };
  indexes.set(table, made);
  return made;
}

/**
 * Reads an element by its table, as libvirt would: the first of repeated elements counts, unknown
 * parts are kept in `extra`. Never throws; whether the findings forbid to use the value is for the caller.
 *
 * @param release - libvirt release whose reading is wanted; parts newer than it are read but not judged. Default: the
 *   newest known
 * @param unknownWords - `keep` takes words that the tables do not have for those of a newer libvirt. Default: `refuse`
 */
export function decode<T>(
  table: ElementTable<T>,
  node: XmlElement,
  release?: string,
  unknownWords: 'keep' | 'refuse' = 'refuse',
): Decoded {
  const context: Context = { findings: [], release: knownRelease(release), unknownWords };
  return {
    value: decodeElement(table, node, declare(undefined, node), undefined, context),
    findings: context.findings,
  };
}

function decodeElement(
  table: AnyTable,
  node: XmlElement,
  scope: Scope | undefined,
  path: Path | undefined,
  context: Context,
): Out {
  const out: Out = {};
  const reader = new ElementReader(table, node, scope, path, context, out);
  reader.readAttributes();
  for (const child of node.children) {
    if (isElement(child)) reader.readChild(child);
    else if (child.type === 'text') reader.passOver(child.text);
  }
  reader.finish();
  return out;
}

/** Reads one element. A class, since its many steps share the same six things. */
class ElementReader {
  readonly #table: AnyTable;
  readonly #node: XmlElement;
  readonly #scope: Scope | undefined;
  readonly #path: Path | undefined;
  readonly #context: Context;
  readonly #out: Out;
  readonly #index: Index;
  #unreadable: Set<string> | undefined;
  #blank: Set<string> | undefined;
  #unsettled: Map<string, XmlElement> | undefined;
  #gathered: Map<string, XmlElement['attributes']> | undefined;
  #extraAttributes: Record<string, string> | undefined;
  #extraElements: XmlElement[] | undefined;
  #inside: Record<string, Extra> | undefined;

  constructor(
    table: AnyTable,
    node: XmlElement,
    scope: Scope | undefined,
    path: Path | undefined,
    context: Context,
    out: Out,
  ) {
    this.#table = table;
    this.#node = node;
    this.#scope = scope;
    this.#path = path;
    this.#context = context;
    this.#out = out;
    this.#index = indexOf(table);
  }

  readAttributes(): void {
    const { attributes } = this.#node;
    for (const name in attributes) {
      const value = attributes[name] ?? '';
      const entry = this.#index.attributes.get(name);
      if (entry !== undefined) this.#readText(entry, value, this.#node, name);
      else this.#keepAttribute(name, value);
    }
  }

  #keepAttribute(name: string, value: string): void {
    this.#extraAttributes ??= emptyRecord();
    this.#extraAttributes[name] = value;
    if (name === 'xmlns' || name.startsWith('xmlns:')) return;
    const params = { attribute: name, element: this.#node.name, value };
    this.#report('UNKNOWN_ATTRIBUTE', undefined, params, this.#node, name);
  }

  readChild(child: XmlElement): void {
    const scope = declare(this.#scope, child);
    const entry = this.#fieldOf(child, scope);
    if (entry === undefined) this.#keepElement(child);
    else if (entry[1].place.at === 'leaves' || entry[1].place.at === 'many')
      this.#readItem(entry, entry[1].place, child, scope);
    else if (entry[0] in this.#out || this.#unreadable?.has(entry[0]) || this.#blank?.has(entry[0]))
      this.#repeated(entry, child, scope);
    else this.#readSingle(entry, entry[1].place, child, scope);
  }

  /** Text beside elements, which libvirt does not look at. */
  passOver(text: string, element = this.#node): void {
    if (!/[^ \t\r\n]/.test(text)) return;
    this.#report('TEXT_IGNORED', undefined, { value: shortened(text.trim() || text), element: element.name }, element);
  }

  /** libvirt finds most elements only outside any namespace, some by their local name alone. */
  #fieldOf(child: XmlElement, scope: Scope | undefined): Entry | undefined {
    if (scope === undefined && !child.name.includes(':')) return this.#unqualified(child.name);
    const { uri, local } = resolve(scope, child.name);
    const entry = this.#index.children.get(local);
    if (entry === undefined) return undefined;
    const wanted = namespaceOf(entry[1].place);
    if (wanted === undefined && this.#table.anyNamespace) return entry;
    return (uri ?? '') === (wanted ?? '') ? entry : undefined;
  }

  #unqualified(name: string): Entry | undefined {
    const entry = this.#index.children.get(name);
    return entry !== undefined && namespaceOf(entry[1].place) === undefined ? entry : undefined;
  }

  #keepElement(child: XmlElement): void {
    this.#extraElements ??= [];
    this.#extraElements.push(selfContained(child, this.#scope));
    this.#report('UNKNOWN_ELEMENT', undefined, { element: child.name, parent: this.#node.name }, child);
  }

  #repeated(entry: Entry, child: XmlElement, scope: Scope | undefined): void {
    const [key, field] = entry;
    const params = { element: child.name, parent: this.#node.name };
    if (this.#isKnown(field)) this.#report(field.twice ?? 'REPEATED_ELEMENT', key, params, child);
    if (this.#counts(entry, child)) this.#readAgain(entry, field.place, child, scope);
    else if (field.place.at === 'one') this.#gather(key, field, field.place.table(), child, scope);
  }

  /** Reads what counts of a repeated element, beside what stood in the ones before. */
  #gather(
    key: string,
    { gathered }: Field<unknown>,
    table: AnyTable,
    child: XmlElement,
    scope: Scope | undefined,
  ): void {
    const before = this.#gathered?.get(key);
    if (before === undefined || gathered === undefined || this.#context.release >= RELEASE_10) return;
    const attributes = gathered === 'first' ? without(child.attributes, before) : child.attributes;
    const path = { parent: this.#path, key };
    const { extra: _, ...more } = decodeElement(table, { ...child, attributes }, scope, path, this.#context);
    this.#gathered?.set(key, { ...before, ...attributes });
    this.#out[key] = Object.assign({}, this.#out[key], more);
  }

  /** Tells whether an element that stood there before is what libvirt takes. */
  #counts([key, { lastHaving, firstHaving }]: Entry, child: XmlElement): boolean {
    if (firstHaving !== undefined) return this.#unsettled?.has(key) === true && has(child, firstHaving);
    return lastHaving !== undefined && this.#context.release < RELEASE_10 && lastHaving in child.attributes;
  }

  /** The element before lacked what this one has, so what it lacks does not matter. */
  #readAgain(entry: Entry, place: Place, child: XmlElement, scope: Scope | undefined): void {
    const before = this.#unsettled?.get(entry[0]);
    this.#unsettled?.delete(entry[0]);
    const counts = ({ node, attribute }: Finding) => node !== before || attribute !== undefined;
    this.#context.findings = this.#context.findings.filter(counts);
    this.#readSingle(entry, place, child, scope);
  }

  #readItem([key, field]: Entry, place: Place, child: XmlElement, scope: Scope | undefined): void {
    const list = this.#listFor(key);
    if (place.at === 'many') {
      const path = { parent: { parent: this.#path, key }, key: list.length };
      list.push(decodeElement(place.table(), child, scope, path, this.#context));
    } else if (place.at === 'leaves') {
      const text = textValueOf(child.children);
      if (text !== '' || field.empty === 'value') {
        this.#keepInside(`${key}#${list.length}`, child, scope, false);
        list.push(text);
      } else this.#keepEmptyItem(key, child);
    }
  }

  #keepEmptyItem(key: string, child: XmlElement): void {
    this.#report('EMPTY_TEXT', key, { element: child.name, parent: this.#node.name }, child);
    if (Object.keys(child.attributes).length === 0 && !child.children.some(isElement)) return;
    this.#extraElements ??= [];
    this.#extraElements.push(selfContained(child, this.#scope));
  }

  #listFor(key: string): unknown[] {
    const known = this.#out[key];
    if (Array.isArray(known)) return known;
    const made: unknown[] = [];
    this.#out[key] = made;
    return made;
  }

  #readSingle(entry: Entry, place: Place, child: XmlElement, scope: Scope | undefined): void {
    const [key, { firstHaving, gathered }] = entry;
    if (place.at === 'one') {
      if (firstHaving !== undefined && !has(child, firstHaving)) {
        this.#unsettled ??= new Map();
        this.#unsettled.set(key, child);
      }
      this.#out[key] = decodeElement(place.table(), child, scope, { parent: this.#path, key }, this.#context);
      if (gathered === undefined) return;
      this.#gathered ??= new Map();
      this.#gathered.set(key, child.attributes);
    } else if (place.at === 'leaf') {
      const text = textValueOf(child.children);
      this.#readText(entry, text, child);
      if (text === '') this.#markBlank(key);
      this.#keepInside(key, child, scope, !(key in this.#out));
    } else if (place.at === 'flag') {
      this.#keepInside(key, child, scope, false);
      this.#out[key] = true;
    } else if (place.at === 'raw') {
      this.#keepInside(key, { ...child, children: [] }, scope, false);
      for (const inner of child.children) if (inner.type === 'text') this.passOver(inner.text, child);
      this.#out[key] = child.children.filter(isElement).map((element) => selfContained(element, scope));
    }
  }

  #readText([key, field]: Entry, text: string, node: XmlElement, attribute?: string): void {
    if (text === '' && field.empty !== 'value') return;
    if (field.place.at !== 'attribute' && field.place.at !== 'leaf') return;
    const scalar = this.#scalarOf(field, field.place.scalar);
    const value = scalar.read(text);
    if (value === undefined) return this.#unreadableText(key, field, scalar, text, node, attribute);
    this.#out[key] = value;
    const misread = value === text ? undefined : scalar.misread?.(text);
    if (misread !== undefined) this.#report(misread, key, { value: text, read: scalar.write(value) }, node, attribute);
  }

  #unreadableText(
    key: string,
    field: Field<unknown>,
    scalar: Scalar<unknown>,
    value: string,
    node: XmlElement,
    attribute?: string,
  ): void {
    this.#unreadable ??= new Set();
    this.#unreadable.add(key);
    if (field.output || !this.#isKnown(field)) return;
    if (attribute !== undefined && scalar.values !== undefined && this.#context.unknownWords === 'keep')
      return this.#keepUnknownWord(attribute, value);
    const params = { value, expected: expectedBy(scalar), element: this.#node.name, attribute: attribute ?? node.name };
    this.#report(field.invalid ?? 'ATTR_INVALID', key, params, node, attribute);
  }

  #scalarOf({ readSince }: Field<unknown>, scalar: Scalar<unknown>): Scalar<unknown> {
    return readSince !== undefined && isKnownTo(this.#context.release, readSince.release) ? readSince.scalar : scalar;
  }

  /** An empty element is not a value, and those after it do not count either. */
  #markBlank(key: string): void {
    this.#blank ??= new Set();
    this.#blank.add(key);
  }

  /** A libvirt newer than this library prints words that its tables do not have. */
  #keepUnknownWord(attribute: string, value: string): void {
    this.#extraAttributes ??= emptyRecord();
    this.#extraAttributes[attribute] = value;
  }

  #isKnown(field: Field<unknown>): boolean {
    return isKnownTo(this.#context.release, field.since);
  }

  /**
   * Keeps what a plain value cannot hold: attributes and elements inside `<name>`, `<hostname>` and the like.
   *
   * @param isUnread - whether the element gave no value, so that its text too is kept here or nowhere
   */
  #keepInside(key: string, child: XmlElement, scope: Scope | undefined, isUnread: boolean): void {
    const elements = child.children.filter(isElement);
    const names = Object.keys(child.attributes);
    if (elements.length === 0 && names.length === 0) return;
    this.#inside ??= emptyRecord();
    const isWhole = isUnread || elements.some((element) => textValueOf(element.children) !== '');
    this.#inside[key] = {
      ...(names.length > 0 ? { attributes: { ...child.attributes } } : {}),
      ...(isWhole ? { content: contentOf(child, scope) } : {}),
      ...(!isWhole && elements.length > 0
        ? { elements: elements.map((element) => selfContained(element, scope)) }
        : {}),
    };
  }

  finish(): void {
    for (const [key, field] of this.#index.required) {
      if (key in this.#out || this.#unreadable?.has(key)) continue;
      const params = { attribute: xmlName(field.place), element: this.#node.name };
      if (this.#isKnown(field)) this.#report(field.missing ?? 'ATTR_REQUIRED', key, params, this.#node);
    }
    if (this.#extraAttributes === undefined && this.#extraElements === undefined && this.#inside === undefined) return;
    this.#out['extra'] = {
      ...(this.#extraAttributes === undefined ? {} : { attributes: { ...this.#extraAttributes } }),
      ...(this.#extraElements === undefined ? {} : { elements: this.#extraElements }),
      ...(this.#inside === undefined ? {} : { inside: { ...this.#inside } }),
    };
  }

  #report(
    rule: RuleId,
    key: string | undefined,
    params: Finding['params'],
    node: XmlElement,
    attribute?: string,
  ): void {
    const path = key === undefined ? this.#path : { parent: this.#path, key };
    this.#context.findings.push({ rule, path, params, node, ...(attribute === undefined ? {} : { attribute }) });
  }
}

/** The text and the elements inside an element. */
const contentOf = ({ children }: XmlElement, scope: Scope | undefined): XmlNode[] =>
  withoutLayout(children).flatMap((child): XmlNode[] => {
    if (isElement(child)) return [selfContained(child, scope)];
    return child.type === 'text' ? [child] : [];
  });

/** Tells whether an element has an attribute or a child of a name. */
const has = ({ attributes, children }: XmlElement, name: string): boolean =>
  name in attributes || children.some((child) => isElement(child) && child.name === name);

const without = (attributes: XmlElement['attributes'], others: XmlElement['attributes']): Record<string, string> =>
  Object.assign(
    emptyRecord<string>(),
    Object.fromEntries(Object.entries(attributes).filter(([name]) => !(name in others))),
  );

const namespaceOf = (place: Place): string | undefined =>
  place.at === 'one' || place.at === 'many' ? place.table().namespace?.uri : undefined;

const xmlName = (place: Place): string => (place.at === 'attribute' ? place.xml : (childTag(place) ?? ''));
