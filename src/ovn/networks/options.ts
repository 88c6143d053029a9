import { CALL_OPTIONS, type CallOptions } from '../../async/deadline.js';
import type { Ensured, Reached } from '../../client/ensure/ensure.js';
import type { Applied, ManyProgress } from '../../client/ensure/ensure-many.js';
import type { EnsureProgress } from '../../client/ensure/plan-executor.js';
import type { Plan } from '../../client/plan/types.js';
import type { NetworkNic } from '../../model/guest-nic/network-nic.js';
import type { AnyNetwork } from '../../model/network.js';
import type { OptionNames } from '../../options/options.js';
import type { OvnOutsideFor } from '../../ovn-model/outside.js';
import type { OvnStep } from './steps.js';

/** Whose networks a call may touch, and how long it may take. */
export interface OvnOwnership extends CallOptions {
  /** Owner: any text that is the same in every run, such as `team-a/ci`. Default: none, which changes networks of anybody and removes those without an owner. */
  readonly owner?: string | undefined;
  /** With an owner, touches a network of another owner too, or one without a mark. Default: false. */
  readonly foreign?: boolean | undefined;
}

/** Options of calls that change a network. */
export interface OvnReachOptions extends CallOptions {
  /** True to return the steps without taking them. Default: false. */
  readonly dryRun?: boolean | undefined;
  /** Called when the steps are known, for each step before the transaction, and at the end. If it throws before the transaction, nothing is done. */
  readonly onProgress?: ((progress: EnsureProgress<OvnStep>) => void) | undefined;
}

/** Options of `OvnNetworks.plan`. */
export interface OvnPlanOptions extends OvnOwnership {
  /** How the network reaches the outside; for networks of mode `nat` and `route`. Each needs addresses of its own. */
  readonly outside?: OvnOutsideFor | undefined;
  /** True: every network of OVN runs. It is there so that the options for libvirt can be used as they are; false is refused. */
  readonly running?: boolean | undefined;
  /** True: every network of OVN is there after a restart. False is refused. */
  readonly autostart?: boolean | undefined;
}

/** Options of `OvnNetworks.planAll`. */
export interface OvnPlanAllOptions extends OvnPlanOptions, Pick<OvnAbsentOptions, 'inUse'> {
  /** Names of networks that should not exist. Default: none. */
  readonly absent?: readonly string[] | undefined;
}

/** Options of `OvnNetworks.ensure`. */
export interface OvnEnsureOptions extends OvnPlanOptions, OvnReachOptions {}

/** Options of `OvnNetworks.ensureAbsent`. */
export interface OvnAbsentOptions extends OvnOwnership, OvnReachOptions {
  /** Removes a network that guests have ports in too. Default: false. */
  readonly inUse?: boolean | undefined;
}

/** Options of `OvnNetworks.ensureAll`; `timeoutMs` is for each network. */
export interface OvnEnsureAllOptions extends Omit<OvnEnsureOptions, 'onProgress'>, Pick<OvnAbsentOptions, 'inUse'> {
  /** Names of networks that should not exist; they are removed first. Default: none. */
  readonly absent?: readonly string[] | undefined;
  /** Networks that are worked on at a time. Default: 4. */
  readonly perHost?: number | undefined;
  /** Called when the database is asked, a step begins, or a network ends. */
  readonly onProgress?: ((progress: ManyProgress<OvnStep>) => void) | undefined;
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

const REACH: OptionNames<OvnReachOptions> = { ...CALL_OPTIONS, dryRun: true, onProgress: true };
export const OWNERSHIP: OptionNames<OvnOwnership> = { ...CALL_OPTIONS, owner: true, foreign: true };
export const PORT: OptionNames<OvnPortOptions> = { ...OWNERSHIP, mac: true, ip: true };
export const PLAN: OptionNames<OvnPlanOptions> = { ...OWNERSHIP, outside: true, running: true, autostart: true };
export const PLAN_ALL: OptionNames<OvnPlanAllOptions> = { ...PLAN, absent: true, inUse: true };
export const ENSURE: OptionNames<OvnEnsureOptions> = { ...PLAN, ...REACH };
export const ABSENT: OptionNames<OvnAbsentOptions> = { ...OWNERSHIP, ...REACH, inUse: true };
export const MANY: OptionNames<OvnEnsureAllOptions> = { ...ENSURE, ...PLAN_ALL, perHost: true };
export const PRUNE: OptionNames<OvnPruneOptions> = { ...REACH, inUse: true, keep: true };

/** Steps that bring a network of OVN to its desired state, all in one transaction; plain data. `formatPlan` prints it. Nothing of it is blocked. */
export type OvnPlan = Plan<OvnStep>;

/** Result of `OvnNetworks.ensureAbsent` and `OvnNetworks.removePort`. */
export type OvnReached = Reached<OvnStep>;

/** Result of `OvnNetworks.ensure`. It never needs a restart. */
export type OvnEnsured = Omit<Ensured<OvnStep>, 'uuid'>;

/** Result of `OvnNetworks.ensureAll` for one network. */
export type OvnApplied = Applied<OvnStep>;

/** A network that `OvnNetworks.ensure` has made. */
export interface OvnListedNetwork {
  readonly name: string;
  /** Uuid of the logical switch. */
  readonly uuid: string;
  /** Absent where it has none, and where copies of it have different ones. */
  readonly owner?: string | undefined;
  /** The network as it was given; absent where the database has it in a form that cannot be read, or more than once. */
  readonly network?: AnyNetwork | undefined;
  /**
   * Uuids of more switches with the mark of this network, which somebody has copied by hand: all calls for the network are refused
   * (`NETWORK_EXISTS`) until one is left. Absent where there are none.
   */
  readonly copies?: readonly string[] | undefined;
}
