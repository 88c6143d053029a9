import type { ErrorCode, Issue } from '../../errors/index.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import type { UnreadableDefinition } from '../state/definition.js';
import type { DeviceFacts, RouteFacts } from '../state/host-view.js';
import type { Guest } from '../state/observed-state.js';

/** Owner of something that a network needs. */
export interface ConflictOwner {
  /** A network of the same libvirt, a device of the host, or a route of the host. */
  readonly kind: 'network' | 'device' | 'route';
  /** Name of the network or device; of a route, where it goes and by which device. */
  readonly name: string;
  /** The program that such a device is made by, as far as its name tells: `Docker`, `LXD`, ... */
  readonly program?: string | undefined;
}

/** A conflict: something that a network needs and that belongs to something else. */
export interface Conflict {
  /** The code of the error that libvirt's own refusal would have, where it refuses at all. */
  readonly code: Extract<
    ErrorCode,
    'SUBNET_IN_USE' | 'BRIDGE_IN_USE' | 'BRIDGE_EXISTS' | 'NETWORK_EXISTS' | 'MAC_IN_USE' | 'PORT_IN_USE' | 'ACCEPT_RA'
  >;
  /** Property path of the conflicting part, such as `ips[0]`. */
  readonly path: string;
  /** The conflicting part and its owner, in words. */
  readonly message: string;
  readonly owner: ConflictOwner;
  /**
   * True if libvirt itself refuses to define or start the network. False for what libvirt accepts, although the network or the host
   * does not work as meant then: MAC addresses, forwarded ports, IPv6 subnets, and subnets that overlap without being the same.
   */
  readonly refused: boolean;
  /** Says what to do about it. */
  readonly hint?: string | undefined;
}

/** A network that is there already. */
export interface Neighbour {
  readonly name: string;
  readonly uuid: string;
  /** Its running definition, if it runs. */
  readonly live?: NetworkDocument | undefined;
  /** Its stored definition, if it has one. */
  readonly stored?: NetworkDocument | undefined;
  /** Definitions of it that cannot be read. Default: none. */
  readonly unreadable?: readonly UnreadableDefinition[] | undefined;
}

/** Existing networks, devices and routes. */
export interface Surroundings {
  /** All networks of the same libvirt, stopped ones too. */
  readonly networks: readonly Neighbour[];
  /** Devices of the host. Default: not known. */
  readonly devices?: readonly DeviceFacts[] | undefined;
  /** Routes of the host. Default: not known. */
  readonly routes?: readonly RouteFacts[] | undefined;
  /** The kernel's `accept_ra` for all devices. Default: not known. */
  readonly acceptRa?: number | undefined;
  /** The daemon's release. Default: the newest known. */
  readonly libvirt?: string | undefined;
}

/** Result of a preflight. */
export interface Preflight {
  /** All conflicts. */
  readonly conflicts: readonly Conflict[];
  /** Problems of phase `start`, which libvirt refuses to start the network for on every host. */
  readonly issues: readonly Issue[];
  /**
   * Guests that would lose the network or the bridge that their NICs name if the network became what is wanted, and guests that do
   * not run and could not start then; asked for only where a restart or another bridge takes something away.
   */
  readonly guests: readonly Guest[];
  /** Parts that could not be checked, in words; empty if everything was. */
  readonly unseen: readonly string[];
}
