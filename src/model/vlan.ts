import type { Vlan } from '../schema/network/ports.js';
import { expectObject, itemsOf } from './argument.js';

/** VLAN tags: one id, several, or the whole element. */
export type VlanTags = number | readonly number[] | Vlan;

/** The element for tags in any of their forms. */
export function vlanOf(tags: VlanTags): Vlan {
  if (typeof tags === 'number') return { tags: [{ id: tags }] };
  expectObject(tags, 'vlan');
  return 'tags' in tags ? tags : { tags: itemsOf(tags).map((id) => ({ id })) };
}
