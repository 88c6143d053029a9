import type { XmlElement, XmlNode } from '../xml/node.js';
import type { Release } from './release.js';
import type { RuleId } from './rules/table.js';
import type { Scalar } from './scalar.js';

/**
 * Parts of the XML that the model does not know: they are kept, and written back after the known parts.
 * Elements carry the namespace declarations they need.
 */
export interface Extra {
  /** Unknown attributes, in document order. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Unknown child elements, in document order. */
  readonly elements?: readonly XmlElement[];
  /**
   * The same for child elements that the model holds as a plain value, by property name, with `#n`
   * after it for the n-th of a list: `{ name: …, 'hostnames#1': … }`.
   */
  readonly inside?: Readonly<Record<string, Extra>>;
  /**
   * All that stood in a plain value's element, where that is more than the value can say: elements with
   * text, which counts as part of the value. Written back as long as it gives the same value.
   */
  readonly content?: readonly XmlNode[];
}

/** Where a property lives in the XML of its element, and what it holds. */
export type Place =
  /** `<tag key="…">` */
  | { readonly at: 'attribute'; readonly xml: string; readonly scalar: Scalar<unknown> }
  /** `<key>…</key>` */
  | { readonly at: 'leaf'; readonly xml: string; readonly scalar: Scalar<unknown> }
  /** `<item>…</item><item>…</item>` */
  | { readonly at: 'leaves'; readonly xml: string; readonly scalar: Scalar<unknown> }
  /** `<key/>`: present or not. */
  | { readonly at: 'flag'; readonly xml: string }
  /** A nested element. */
  | { readonly at: 'one'; readonly table: () => AnyTable }
  /** A list of nested elements. */
  | { readonly at: 'many'; readonly table: () => AnyTable }
  /** The child elements of `<key>`, verbatim. */
  | { readonly at: 'raw'; readonly xml: string };

/** Facts about a field beyond its place. */
export interface FieldFacts {
  /** First libvirt release that understands it. */
  readonly since?: Release;
  /** Tells whether libvirt takes an empty text for absent (most lookups) or as a value. Default: absent. */
  readonly empty?: 'absent' | 'value';
  /** Printed even when empty, although libvirt takes an empty text for absent. */
  readonly printsEmpty?: true;
  /** Rule that is broken when the text cannot be read. Default: `ATTR_INVALID`. */
  readonly invalid?: RuleId;
  /** Rule that is broken when it is missing. Default for required fields: `ATTR_REQUIRED`. */
  readonly missing?: RuleId;
  /** Rule that is broken when the element stands there twice. Default: libvirt takes the first and says nothing. */
  readonly twice?: RuleId;
  /** Of repeated elements libvirt takes the first that has this attribute or child. Default: the first. */
  readonly firstHaving?: string;
  /** Until 10.0 libvirt took the last of repeated elements that has this attribute. */
  readonly lastHaving?: string;
  /** Until 10.0 libvirt gathered the attributes of repeated elements: each from the first that has it, or from the last. */
  readonly gathered?: 'first' | 'last';
  /** How libvirt reads the text from a release on, where that is not how it reads it before. */
  readonly readSince?: { readonly release: Release; readonly scalar: Scalar<unknown> };
  /** Reported by libvirt, ignored on input. */
  readonly output?: true;
}

/** A property of an element. */
export interface Field<T, P extends 'required' | 'optional' = 'required' | 'optional'> extends FieldFacts {
  /** Never set: carries the type for inference only. */
  readonly '~type'?: T;
  readonly presence: P;
  readonly place: Place;
}

/** The table a type needs: one field for each property but `extra`, no more and no fewer. */
export type FieldsOf<T> = {
  readonly [K in Exclude<keyof T, 'extra'>]-?: Field<
    Exclude<T[K], undefined>,
    Record<never, never> extends Pick<T, K> ? 'optional' : 'required'
  >;
};

/** How one XML element maps to one plain object. */
export interface ElementTable<T> extends TableFacts {
  /** Never set: carries the type for inference only. */
  readonly '~type'?: T;
  /** Local name of the element. */
  readonly tag: string;
  /** Fields in the order in which libvirt prints them. */
  readonly fields: Readonly<Record<string, Field<unknown>>>;
}

/** Facts about an element beyond its fields. */
export interface TableFacts {
  /** Namespace, for the few elements that have one. */
  readonly namespace?: { readonly uri: string; readonly prefix: string };
  /** libvirt finds the children by local name alone, whatever their namespace. */
  readonly anyNamespace?: true;
  /** Printed with a closing tag even when empty, by all releases or by those before one. */
  readonly alwaysOpen?: true | { readonly until: Release };
  /** First libvirt release that understands it. */
  readonly since?: Release;
}

/** A table whose type does not matter to the caller. */
export type AnyTable = ElementTable<unknown>;

/** Declares the table of one element; the compiler holds it and the interface together. */
// The mark on this and the following functions lets bundlers drop the tables that a program does not use.
/* @__NO_SIDE_EFFECTS__ */
export function element<T>(tag: string, fields: FieldsOf<NoInfer<T>>, facts: TableFacts = {}): ElementTable<T> {
  return { tag, fields, ...facts };
}

/** Tables that hold each other are named by a function. */
type Nested<T> = ElementTable<T> | (() => ElementTable<T>);
const lazily = <T>(table: Nested<T>): (() => AnyTable) => (typeof table === 'function' ? table : () => table);

function field<T>(place: Place, facts: FieldFacts = {}): Field<T, 'required'> {
  return { presence: 'required', place, ...facts };
}

/** `<tag name="…">` */
export const attribute = /* @__NO_SIDE_EFFECTS__ */ <T>(name: string, scalar: Scalar<T>, facts?: FieldFacts) =>
  field<T>({ at: 'attribute', xml: name, scalar }, facts);
/** `<name>…</name>` */
export const leaf = /* @__NO_SIDE_EFFECTS__ */ <T>(name: string, scalar: Scalar<T>, facts?: FieldFacts) =>
  field<T>({ at: 'leaf', xml: name, scalar }, facts);
/** `<name>…</name><name>…</name>` */
export const leaves = /* @__NO_SIDE_EFFECTS__ */ <T>(name: string, scalar: Scalar<T>, facts?: FieldFacts) =>
  field<readonly T[]>({ at: 'leaves', xml: name, scalar }, facts);
/** `<name/>`: true when it is there. */
export const flag = /* @__NO_SIDE_EFFECTS__ */ (name: string, facts?: FieldFacts) =>
  field<boolean>({ at: 'flag', xml: name }, facts);
/** A nested element. */
export const one = /* @__NO_SIDE_EFFECTS__ */ <T>(table: Nested<T>, facts?: FieldFacts) =>
  field<T>({ at: 'one', table: lazily(table) }, facts);
/** A list of nested elements. */
export const many = /* @__NO_SIDE_EFFECTS__ */ <T>(table: Nested<T>, facts?: FieldFacts) =>
  field<readonly T[]>({ at: 'many', table: lazily(table) }, facts);
/** The child elements of `<name>`, verbatim. */
export const raw = /* @__NO_SIDE_EFFECTS__ */ (name: string, facts?: FieldFacts) =>
  field<readonly XmlElement[]>({ at: 'raw', xml: name }, facts);
/** Makes a field optional. */
export const optional = /* @__NO_SIDE_EFFECTS__ */ <T>(inner: Field<T, 'required'>): Field<T, 'optional'> => ({
  ...inner,
  presence: 'optional',
});

/** The tag of the element that holds a field, or none for attributes. */
export function childTag(place: Place): string | undefined {
  if (place.at === 'attribute') return undefined;
  return place.at === 'one' || place.at === 'many' ? place.table().tag : place.xml;
}
