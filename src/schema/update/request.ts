import type { NetworkDocument } from '../network/network.js';
import type { Refusal } from './refusal.js';

/** Command of `net-update`. Source: virNetworkUpdateCommand of libvirt's API. */
export type UpdateCommand = 'add-first' | 'add-last' | 'modify' | 'delete';

/** A change as libvirt's `net-update` takes it. */
export interface UpdateRequest {
  /** `ip-dhcp-host`, `dns-txt`, ...; libvirt knows some that it cannot change. */
  readonly section: string;
  readonly command: UpdateCommand;
  /** The entry. */
  readonly xml: string;
  /** Index of the subnet over both families; -1 lets libvirt choose. Default: -1. */
  readonly parentIndex?: number | undefined;
}

/** The changed definition, or why it cannot be. */
export type UpdateResult = { readonly document: NetworkDocument } | { readonly refusal: Refusal };
