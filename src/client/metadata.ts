import type { CallOptions } from '../async/deadline.js';
import { LibvirtError } from '../errors/index.js';
import { isElement, type XmlElement } from '../xml/node.js';
import { readXml } from '../xml/read.js';
import type { NetworkRef } from './network-ref.js';

/** A namespace for the metadata of an application, with conversions to its own type. */
export interface MetadataNamespace<T> {
  /** The namespace; no two applications have the same. */
  readonly uri: string;
  /** Prefix of the element in the definition. */
  readonly prefix: string;
  /** Makes a value of the element, which comes without prefix and namespace. */
  readonly read: (element: XmlElement) => T;
  /** Makes an element of the value, without prefix and namespace. */
  readonly write: (value: T) => XmlElement;
}

/**
 * A namespace whose values are the elements themselves.
 *
 * @param uri - the namespace
 * @param prefix - prefix of the element in the definition
 */
export const xmlMetadata = (uri: string, prefix: string): MetadataNamespace<XmlElement> => ({
  uri,
  prefix,
  read: (element) => element,
  write: (element) => element,
});

/** An element as libvirt gives it out: without the namespace that it was found by. */
export function withoutNamespace(element: XmlElement, uri: string): XmlElement {
  const declarations = Object.entries(element.attributes).filter(
    ([name, value]) => value === uri && (name === 'xmlns' || name.startsWith('xmlns:')),
  );
  const prefixes = declarations.flatMap(([name]) => (name === 'xmlns' ? [] : [`${name.slice('xmlns:'.length)}:`]));
  const declared = new Set(declarations.map(([name]) => name));
  const attributes = Object.fromEntries(Object.entries(element.attributes).filter(([name]) => !declared.has(name)));
  return unprefixed({ ...element, attributes }, prefixes);
}

/** An element as libvirt keeps it: it and all below it that has no prefix in the namespace. */
export function withNamespace(element: XmlElement, uri: string, prefix: string): XmlElement {
  const whole = prefixed(element, `${prefix}:`);
  return { ...whole, attributes: { [`xmlns:${prefix}`]: uri, ...whole.attributes } };
}

function prefixed(element: XmlElement, prefix: string): XmlElement {
  const name = element.name.includes(':') ? element.name : prefix + element.name;
  const children = element.children.map((child) => (isElement(child) ? prefixed(child, prefix) : child));
  return { ...element, name, children };
}

function unprefixed(element: XmlElement, prefixes: readonly string[]): XmlElement {
  const prefix = prefixes.find((one) => element.name.startsWith(one)) ?? '';
  const children = element.children.map((child) => (isElement(child) ? unprefixed(child, prefixes) : child));
  return { ...element, name: element.name.slice(prefix.length), children };
}

/** Identifies the metadata of an application. */
export type MetadataKey = Pick<MetadataNamespace<unknown>, 'uri' | 'prefix'>;

/** Reads an application's element; see {@link NetworkHandle.getMetadata}. */
export function getMetadata<T>(
  live: NetworkRef,
  { uri, read }: MetadataNamespace<T>,
  inactive: boolean | undefined,
  options: CallOptions,
): Promise<T | undefined> {
  return live.inTurn('metadata.get', options, async (rest) => {
    try {
      const xml = await live.transport.call('metadata.get', { ...live.self, uri, inactive }, rest());
      return xml === undefined ? undefined : read(readXml(xml).root);
    } catch (error) {
      if (!isTooOld(error)) throw error;
      // Before 9.7 the definition has it all the same.
      const element = (await live.dump(rest, inactive)).metadata(uri);
      return element === undefined ? undefined : read(withoutNamespace(element, uri));
    }
  });
}

/** Keeps an application's element in both copies that are there, or takes it away. */
export function putMetadata(
  live: NetworkRef,
  { uri, prefix }: MetadataKey,
  xml: string | undefined,
  options: CallOptions,
): Promise<void> {
  return live.inTurn('metadata.set', options, async (rest) => {
    const { active, persistent } = await live.state(rest);
    const input = { ...live.self, uri, key: prefix, xml, live: active, config: persistent };
    await live.transport.call('metadata.set', input, rest());
  });
}

const isTooOld = (error: unknown): boolean =>
  LibvirtError.is(error) && (error.code === 'CLIENT_TOO_OLD' || error.code === 'UNSUPPORTED');
