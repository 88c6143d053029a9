import { LibvirtError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import type { BaseNetwork } from '../../model/base.js';
import { namespaceOf } from '../../model/metadata.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import type { XmlElement } from '../../xml/node.js';
import type { Situation } from '../state/observed-state.js';
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
 * A network with the tag of its owner, which `Networks.ensure` sets by itself when it is told the owner.
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
export const ownerOn = ({ stored, live, unreadable = [] }: Situation): string | undefined =>
  [stored, live, ...unreadable.map(({ partial }) => partial)].map(ownerIn).find((owner) => owner !== undefined);

/** What is wanted, with the tag of who wants it; whoever does not say keeps the tag that is there. */
export function tagged<N extends BaseNetwork>(desired: N, found: Situation, { owner }: OwnershipOptions): N {
  const name = owner ?? ownerOn(found);
  return name === undefined ? desired : withOwner(desired, name);
}

/**
 * Refuses a network that is there and belongs to somebody else.
 *
 * @throws {@link LibvirtError} code `NOT_OWNER`
 */
export function assertOwn(network: string, found: Situation, { owner, foreign }: OwnershipOptions): void {
  if (found.state === undefined || foreign === true) return;
  const actual = ownerOn(found);
  if (actual === owner) return;
  const whose = actual === undefined ? 'has no owner' : `belongs to "${actual}"`;
  const not = owner === undefined ? '' : `, not to "${owner}"`;
  throw new LibvirtError('NOT_OWNER', `network "${network}" ${whose}${not}`, { network, hint: REMEDIES.NOT_OWNER });
}
