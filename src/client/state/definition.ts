import { LibvirtError, ValidationError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import { type AnyNetwork, Network } from '../../model/network.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { inspectNetwork } from '../../schema/network/read.js';

/** A definition that a daemon has and that cannot be read in full. */
export interface UnreadableDefinition {
  /** Which copy: the running one or the stored one. */
  readonly copy: 'live' | 'stored';
  /** Why it cannot be read. */
  readonly error: LibvirtError;
  /** What can be read of it. Default: nothing, since the text is not XML. */
  readonly partial?: NetworkDocument | undefined;
}

/** Allows a call to act on a network whose definition cannot be read. */
export interface UnreadableOptions {
  /**
   * Replaces, changes or removes a network although its definition cannot be read in full, so that what could not be read
   * is lost. Default: false, which refuses with code `UNREADABLE`.
   */
  readonly replaceUnreadable?: boolean | undefined;
}

/** A definition as a daemon printed it. */
export interface DumpedDefinition {
  /** The network's name. */
  readonly network: string;
  readonly copy: 'live' | 'stored';
  readonly xml: string;
}

/** What can be read of a definition, and why it is not all. */
export type ReadResult = { readonly network: AnyNetwork } | Omit<UnreadableDefinition, 'copy'>;

/** Reads what a daemon printed; a newer libvirt may know more words than this library. */
export const parseDump = (xml: string): AnyNetwork => Network.parse(xml, { unknownWords: 'keep' });

/** Reads what a daemon printed, or says why it cannot be read. libvirt prints a few values without escaping them. */
export function tryDump(xml: string): ReadResult {
  try {
    return { network: parseDump(xml) };
  } catch (error) {
    if (error instanceof ValidationError) return { error, partial: inspectNetwork(xml).document };
    if (LibvirtError.is(error)) return { error };
    throw error;
  }
}

const COPIES = { live: 'running', stored: 'stored' } as const;

/**
 * Refuses to act on a network of which a definition cannot be read.
 *
 * @param done - what is not done to it, such as `replaced`
 * @throws {@link LibvirtError} code `UNREADABLE`
 */
export function assertReadable(
  network: string,
  unreadable: readonly UnreadableDefinition[] | undefined,
  { replaceUnreadable }: UnreadableOptions,
  done: 'replaced' | 'changed' | 'removed',
): void {
  const [first] = unreadable ?? [];
  if (first === undefined || replaceUnreadable === true) return;
  const what = `the ${COPIES[first.copy]} definition of network "${network}" cannot be read, so the network is not ${done}`;
  throw new LibvirtError('UNREADABLE', `${what}: ${first.error.message}`, {
    network,
    hint: REMEDIES.UNREADABLE,
    cause: first.error,
  });
}

/**
 * Reads a definition that is to be changed.
 *
 * @throws {@link LibvirtError} code `UNREADABLE` unless the options allow what can be read of it
 */
export function readForChange({ network, copy, xml }: DumpedDefinition, options: UnreadableOptions): NetworkDocument {
  const result = tryDump(xml);
  if ('network' in result) return result.network.document;
  assertReadable(network, [{ copy, ...result }], options, 'changed');
  return result.partial ?? { name: network };
}
