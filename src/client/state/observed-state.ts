import type { NetworkDocument } from '../../schema/network/network.js';
import type { LeaseRecord, NetworkState } from '../../transport/operations.js';
import type { UnreadableDefinition } from './definition.js';

/** A guest that uses a network, as far as it is known. */
export interface Guest {
  /** MAC address of its NIC. */
  readonly mac?: string | undefined;
  /** The device on the host that connects it. */
  readonly tap?: string | undefined;
  /** Its name. */
  readonly name?: string | undefined;
  /** True if it does not run: its definition refers to the network. Default: false. */
  readonly stopped?: boolean | undefined;
  /** The network's bridge, where the NIC names that in place of the network. */
  readonly bridge?: string | undefined;
}

/** Current state of a network on a host; plain data. */
export interface ObservedState {
  /** Identity and state. Default: there is no such network. */
  readonly state?: Pick<NetworkState, 'uuid' | 'active' | 'persistent' | 'autostart'> | undefined;
  /** The running definition. */
  readonly live?: NetworkDocument | undefined;
  /** The stored definition. */
  readonly stored?: NetworkDocument | undefined;
  /** Definitions of the network that cannot be read. Default: none. */
  readonly unreadable?: readonly UnreadableDefinition[] | undefined;
  /** Guests that use the running network. Default: only the number in the running definition is known. */
  readonly guests?: readonly Guest[] | undefined;
  /** Guests that lost their links in an unfinished restart. Default: none. */
  readonly lost?: readonly Guest[] | undefined;
  /** Guests that do not run and refer to the network by its name or by its bridge. Default: not known. */
  readonly stoppedGuests?: readonly Guest[] | undefined;
  /** Leases of the running network. Default: not known. */
  readonly leases?: readonly Pick<LeaseRecord, 'address' | 'mac' | 'hostname' | 'clientId'>[] | undefined;
  /** The daemon's release. Default: the newest known. */
  readonly libvirt?: string | undefined;
}
