import type { ErrorCode } from '../../errors/index.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import type { UnreadableDefinition } from '../state/definition.js';
import type { HostDevice, HostRoute } from '../state/host-view.js';

/** Who has what a network wants. */
export interface Owner {
  /** A network of the same libvirt, a device of the host, or a route of the host. */
  readonly kind: 'network' | 'device' | 'route';
  /** Name of the network or device; of a route, where it goes and by which device. */
  readonly name: string;
  /** The program that such a device is made by, as far as its name tells: `Docker`, `LXD`, ... */
  readonly program?: string | undefined;
}

/** Something that a network wants and somebody else has. */
export interface Conflict {
  /** The code of the error that libvirt's own refusal would have, where it refuses at all. */
  readonly code: Extract<
    ErrorCode,
    'SUBNET_IN_USE' | 'BRIDGE_IN_USE' | 'BRIDGE_EXISTS' | 'NETWORK_EXISTS' | 'MAC_IN_USE' | 'ACCEPT_RA'
  >;
  /** Property path of what is wanted, such as `ips[0]`. */
  readonly path: string;
  /** What is wanted, and who has it. */
  readonly message: string;
  readonly owner: Owner;
  /** What to do about it. */
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

/** What a network would stand beside. */
export interface Surroundings {
  /** All networks of the same libvirt, stopped ones too. */
  readonly networks: readonly Neighbour[];
  /** Devices of the host. Default: not known. */
  readonly devices?: readonly HostDevice[] | undefined;
  /** Routes of the host. Default: not known. */
  readonly routes?: readonly HostRoute[] | undefined;
}

/** What was found before a network is defined or started. */
export interface Preflight {
  /** Everything that is in the way. */
  readonly conflicts: readonly Conflict[];
  /** What could not be looked at, in words; empty when everything was. */
  readonly unseen: readonly string[];
}
