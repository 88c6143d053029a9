import type { NetworkDocument } from '../../schema/network/network.js';
import type { NetworkState } from '../../transport/operations.js';
import type { UnreadableDefinition } from './definition.js';

/** A guest that uses a network, as far as it is known. */
export interface Guest {
  /** MAC address of its NIC. */
  readonly mac?: string | undefined;
  /** The device on the host that connects it. */
  readonly tap?: string | undefined;
  /** Its name. */
  readonly name?: string | undefined;
}

/** What a host says of one network; plain data. */
export interface Situation {
  /** Identity and state. Default: there is no such network. */
  readonly state?: Pick<NetworkState, 'uuid' | 'active' | 'persistent' | 'autostart'> | undefined;
  /** The running definition. */
  readonly live?: NetworkDocument | undefined;
  /** The stored definition. */
  readonly stored?: NetworkDocument | undefined;
  /** Definitions that the daemon has and that cannot be read. Default: none. */
  readonly unreadable?: readonly UnreadableDefinition[] | undefined;
  /** Who uses the running network. Default: nobody is known beside those that the running definition counts. */
  readonly guests?: readonly Guest[] | undefined;
  /** Those of them whose links a restart took that was not finished. Default: nobody. */
  readonly lost?: readonly Guest[] | undefined;
  /** The daemon's release. Default: the newest known. */
  readonly libvirt?: string | undefined;
}
