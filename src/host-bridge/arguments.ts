import { LibvirtError } from '../errors/index.js';
import { expectObject, expectText, expectTexts } from '../model/argument.js';
import { isRecord } from '../schema/values.js';
import type { SourceFile } from './read/context.js';

/** Throws unless the argument is one of some words. */
export function expectWord<T extends string>(
  value: unknown,
  words: readonly T[],
  message: (shown: string) => string,
): asserts value is T {
  if (words.some((word) => word === value)) return;
  const shown = typeof value === 'string' ? value : typeof value;
  throw new LibvirtError('INVALID_ARGUMENT', message(shown), { hint: `use one of ${words.join(', ')}` });
}

/** Throws unless the argument is a list of files, each with its path and its text. */
export function expectFiles(files: unknown, call: string): asserts files is readonly SourceFile[] {
  const flaw = Array.isArray(files) ? files.findIndex((file) => !isFile(file)) : undefined;
  if (flaw === -1) return;
  const found = flaw === undefined ? 'that is not a list' : `item ${flaw} is not one`;
  throw new LibvirtError('INVALID_ARGUMENT', `${call} needs a list of files with their path and content: ${found}`, {
    hint: "give each file as { path: '/etc/...', content: '...' }, both as text",
  });
}

const isFile = (file: unknown): file is SourceFile =>
  isRecord(file) && typeof file['path'] === 'string' && typeof file['content'] === 'string';

/** Throws unless the options of a reader are of the right types. */
export function expectReadOptions(options: unknown, call: string): void {
  expectObject(options, call);
  const { name, devices }: { readonly name?: unknown; readonly devices?: unknown } = options;
  if (name !== undefined) expectText(name, call, 'the name of the bridge');
  if (devices !== undefined) expectTexts(devices, call, 'names of devices');
}

/** Throws unless the argument is what `readHostNetwork` returns. */
export function expectHostNetwork(network: unknown, call: string): void {
  expectObject(network, call);
  const { devices, others, files, edited }: { readonly [K in 'devices' | 'others' | 'files' | 'edited']?: unknown } =
    network;
  const isRead = [devices, others, files].every(Array.isArray) && typeof edited === 'function';
  if (!isRead)
    throw new LibvirtError('INVALID_ARGUMENT', `${call} needs the network of a host`, {
      hint: 'give it what readHostNetwork returns; a copy through JSON lacks a part of it',
    });
}

/** The name of a bridge, for people; that of its type where a document has none. */
export function shownName(document: unknown): string {
  const name = isRecord(document) ? document['name'] : undefined;
  return typeof name === 'string' ? name : `(${typeof name})`;
}
