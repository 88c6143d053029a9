import { LibvirtError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import type { BaseNetwork } from '../../model/base.js';
import { namespaceOf } from '../../model/metadata.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import type { XmlElement } from '../../xml/node.js';
import type { ObservedState } from '../state/observed-state.js';
import type { OwnershipOptions } from './types.js';

/** Namespace of the owner's tag in the metadata of networks. */
export const OWNER_NAMESPACE = 'urn:libvirt-network:owner:1';

/**
 * The owner that a network is tagged with, if it is.
 *
 * @param network - such as a handle's `read()` gives
 */
export const ownerOf = (network: BaseNetwork): string | undefined => ownerIn(network.document);

/**
 * Returns a network with the tag of its owner. `Networks.ensure` sets the tag itself when you pass an owner.
 *
 * @param network - is not changed
 * @param owner - any text; the same in every run
 */
export const withOwner = <N extends BaseNetwork>(network: N, owner: string): N => network.withMetadata(tagOf(owner));

const tagOf = (name: string): XmlElement => ({
  type: 'element',
  name: 'owner:owner',
  attributes: { 'xmlns:owner': OWNER_NAMESPACE, name },
  children: [],
});

/** The owner in a definition. */
export const ownerIn = (document: NetworkDocument | undefined): string | undefined =>
  document?.metadata?.find((element) => namespaceOf(element) === OWNER_NAMESPACE)?.attributes['name'];

/** The owner of what a host has, whichever copy says so. */
export const ownerOn = ({ stored, live, unreadable = [] }: ObservedState): string | undefined =>
  [stored, live, ...unreadable.map(({ partial }) => partial)].map(ownerIn).find((owner) => owner !== undefined);

/** Returns the desired network with its owner's tag; without an owner, the existing tag stays. */
export function withTag<N extends BaseNetwork>(desired: N, found: ObservedState, { owner }: OwnershipOptions): N {
  const name = owner ?? ownerOn(found);
  return name === undefined ? desired : withOwner(desired, name);
}

/**
 * Throws if an existing network belongs to another owner.
 *
 * @throws {@link LibvirtError} code `NOT_OWNER`
 */
export function assertOwn(network: string, found: ObservedState, { owner, foreign }: OwnershipOptions): void {
  if (found.state === undefined || foreign === true) return;
  const actual = ownerOn(found);
  if (actual === owner) return;
  const whose = actual === undefined ? 'has no owner' : `belongs to "${actual}"`;
  const not = owner === undefined ? '' : `, not to "${owner}"`;
  throw new LibvirtError('NOT_OWNER', `network "${network}" ${whose}${not}`, { network, hint: REMEDIES.NOT_OWNER });
}
