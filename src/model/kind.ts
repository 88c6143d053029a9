import { LibvirtError } from '../errors/index.js';
import { shown } from '../options/shown.js';
import { forwardModeOf } from '../schema/network/canonical.js';
import type { NetworkDocument } from '../schema/network/network.js';
import { expectObject } from './argument.js';

/** Kind of a network, by its forward mode and devices. */
export type NetworkKind = 'nat' | 'route' | 'open' | 'isolated' | 'bridge' | 'direct' | 'hostdev' | 'other';

/**
 * Returns the kind of a document; `other` for modes that are newer than this library.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is not an object
 */
export function kindOf(document: NetworkDocument): NetworkKind {
  expectObject(document, 'Network.from');
  const { forward } = document;
  if (forward !== undefined && (typeof forward !== 'object' || forward === null)) return 'other';
  const mode = forwardModeOf(document);
  switch (mode) {
    case 'nat':
    case 'route':
    case 'open':
    case 'hostdev':
      return mode;
    case 'none':
      return 'isolated';
    case 'bridge':
      return isPool(document) ? 'direct' : 'bridge';
    case 'private':
    case 'vepa':
    case 'passthrough':
      return 'direct';
    default:
      return 'other';
  }
}

/** Mode bridge means a host bridge, or macvtap over devices when there are any. */
const isPool = ({ forward }: NetworkDocument): boolean =>
  forward?.dev !== undefined || forward?.pf !== undefined || (forward?.interfaces?.length ?? 0) > 0;

/**
 * Refuses a document of another kind, so that the class of a network never says otherwise than its document.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function expectKind(document: NetworkDocument, kind: NetworkKind): void {
  const actual = kindOf(document);
  if (actual === kind) return;
  throw new LibvirtError('INVALID_ARGUMENT', `network "${shown(document.name)}" is of kind ${actual}, not ${kind}`, {
    network: document.name,
    hint: 'Network.from(document) gives the class that fits',
  });
}
