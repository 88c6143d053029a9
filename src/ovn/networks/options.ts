import { CALL_OPTIONS, type CallOptions } from '../../async/deadline.js';
import type { LibvirtError } from '../../errors/index.js';
import type { NetworkNic } from '../../model/guest-nic/network-nic.js';
import type { AnyNetwork } from '../../model/network.js';
import type { OptionNames } from '../../options/options.js';
import type { OvnOutside } from '../model/outside.js';
import type { OvnStep } from './steps.js';

/** Whose networks a call may touch, and how long it may take. */
export interface OvnOwnership extends CallOptions {
  /** Owner: any text that is the same in every run, such as `team-a/ci`. Default: no owner. */
  readonly owner?: string | undefined;
  /** Touches a network of another owner too, or one without a mark. Default: false. */
  readonly foreign?: boolean | undefined;
}

/** Options of `OvnNetworks.ensure` and `OvnNetworks.plan`. */
export interface OvnEnsureOptions extends OvnOwnership {
  /** How the network reaches the outside; for networks of mode `nat` and `route`. */
  readonly outside?: OvnOutside | undefined;
  /** True to return the steps without taking them. Default: false. */
  readonly dryRun?: boolean | undefined;
}

/** Options of `OvnNetworks.ensureAbsent`. */
export interface OvnAbsentOptions extends OvnOwnership {
  /** Removes a network that guests have ports in too. Default: false. */
  readonly inUse?: boolean | undefined;
  /** True to return the steps without taking them. Default: false. */
  readonly dryRun?: boolean | undefined;
}

/** Options of `OvnNetworks.prune`. */
export interface OvnPruneOptions extends Omit<OvnAbsentOptions, 'owner' | 'foreign'> {
  /** Names of networks that stay. Default: none. */
  readonly keep?: readonly string[] | undefined;
}

/** Options of `OvnNetworks.port`. */
export interface OvnPortOptions extends OvnOwnership {
  /** MAC address of the guest's NIC. */
  readonly mac: string;
  /** Its address, or one of each family. Default: the reserved one, else one that OVN chooses of the ranges. */
  readonly ip?: string | readonly string[] | undefined;
}

/** A guest's port in a network of OVN. */
export interface OvnPort {
  /** Name of the logical port, and interface id of the NIC. */
  readonly id: string;
  readonly mac: string;
  /** True if it is new, or was changed. */
  readonly changed: boolean;
  /** NIC for the guest, on the network of `OvnNetworks.attachment`. */
  readonly nic: NetworkNic;
}

export const OWNERSHIP: OptionNames<OvnOwnership> = { ...CALL_OPTIONS, owner: true, foreign: true };
export const PORT: OptionNames<OvnPortOptions> = { ...OWNERSHIP, mac: true, ip: true };
export const ENSURE: OptionNames<OvnEnsureOptions> = { ...OWNERSHIP, outside: true, dryRun: true };
export const ABSENT: OptionNames<OvnAbsentOptions> = { ...OWNERSHIP, inUse: true, dryRun: true };
export const PRUNE: OptionNames<OvnPruneOptions> = { ...CALL_OPTIONS, inUse: true, dryRun: true, keep: true };

/** Steps that bring a network of OVN to its desired state; plain data. */
export interface OvnPlan {
  /** Name of the network. */
  readonly network: string;
  /** Steps of one transaction. Empty if the network is up to date. */
  readonly steps: readonly OvnStep[];
}

/** Result of `OvnNetworks.ensure` and `OvnNetworks.ensureAbsent`. */
export interface OvnReached {
  /** True if anything was changed; of a dry run, if anything would be. */
  readonly changed: boolean;
  /** The steps that were taken; of a dry run, those that would be. */
  readonly changes: readonly OvnStep[];
}

/** Result of `OvnNetworks.prune`. */
export interface OvnPruned {
  /** Names of the networks that are gone; of a dry run, of those that would be. */
  readonly removed: readonly string[];
  /** Networks that could not be removed, each with the reason. */
  readonly failed: readonly { readonly network: string; readonly error: LibvirtError }[];
}

/** A network that `OvnNetworks.ensure` has made. */
export interface OvnListedNetwork {
  readonly name: string;
  /** Uuid of the logical switch. */
  readonly uuid: string;
  readonly owner?: string | undefined;
  /** The network as it was given; absent where the database has it in a form that cannot be read. */
  readonly network?: AnyNetwork | undefined;
}
