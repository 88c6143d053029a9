import type { Issue } from '../../errors/index.js';
import type { OptionNames } from '../../options/options.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { RELEASE_OPTION, type ReleaseOption } from '../../schema/release.js';
import type { Copies } from '../../transport/op.js';
import type { UpdateInput } from '../../transport/operations.js';
import type { UnreadableOptions } from '../state/definition.js';
import type { Guest } from '../state/observed-state.js';

/** Restart policy: `never`, only while no guest uses the network, or always. */
export type RestartPolicy = 'never' | 'if-unused' | 'always';

/** Desired state beside the definition. */
export interface PlanOptions extends ReleaseOption, OwnershipOptions, UnreadableOptions {
  /** True if the network should run, false if it should be stopped. Default: unchanged. */
  readonly running?: boolean | undefined;
  /** True if it should start with the daemon. Default: unchanged. */
  readonly autostart?: boolean | undefined;
  /** Policy for changes that need a restart. Default: `never`. */
  readonly restart?: RestartPolicy | undefined;
}

/** The options of a plan. */
export const PLAN_OPTIONS: OptionNames<PlanOptions> = {
  ...RELEASE_OPTION,
  owner: true,
  foreign: true,
  replaceUnreadable: true,
  running: true,
  autostart: true,
  restart: true,
};

/**
 * Effect of a step: `live` changes the running network and no guest notices, `stored` takes effect at the next start, `restart` cuts guests off for a moment, or for good. `address` gives a guest another address when it renews its lease.
 */
export type Effect = 'live' | 'stored' | 'restart' | 'address';

/** Facts about a step. */
export interface StepFacts {
  readonly effect: Effect;
  /** The change, in a few words. */
  readonly what: string;
  /** The reason for it, or for not taking a gentler step. */
  readonly why: string;
  /** Properties of a definition, one a line: of a change old and new value, of a new network each value. Default: none. */
  readonly details?: readonly string[] | undefined;
}

/** An operation of a step; `action` distinguishes the kinds. */
export type StepAction =
  | {
      readonly action: 'define';
      /** The definition as it will be stored. */
      readonly document: NetworkDocument;
      /** Guests that do not run and whose NICs name the bridge that the network then no longer has. Default: none, or not known. */
      readonly guests?: readonly Guest[] | undefined;
    }
  | {
      readonly action: 'update';
      /** Input of `net-update`. */
      readonly request: EntryRequest & Copies;
      /** Guests whose addresses change. Default: none. */
      readonly guests?: readonly Guest[] | undefined;
    }
  | {
      readonly action: 'text';
      readonly kind: 'title' | 'description';
      readonly text: string;
      readonly copies: Copies;
    }
  | {
      readonly action: 'metadata';
      readonly uri: string;
      /** Prefix of the element. */
      readonly key: string;
      /** The element without its namespace. Default: it is removed. */
      readonly xml?: string | undefined;
      readonly copies: Copies;
    }
  | { readonly action: 'autostart'; readonly enabled: boolean }
  | { readonly action: 'start' }
  | {
      readonly action: 'undefine';
      /** Guests that do not run and refer to the network. Default: none, or not known. */
      readonly guests?: readonly Guest[] | undefined;
    }
  | {
      readonly action: 'stop' | 'restart';
      /** Guests that lose their link, and for `stop` those that do not run and cannot start without the network. */
      readonly guests: readonly Guest[];
    }
  | {
      readonly action: 'attach';
      /** Guests whose links are restored. */
      readonly guests: readonly Guest[];
    };

/** A step of a plan. */
export type PlanStep = StepFacts & StepAction;

/** A change of an entry, for either copy. */
export interface EntryRequest extends Pick<UpdateInput, 'section' | 'command' | 'xml'> {
  /** Which `<ip>` of the network, counted over both families; DHCP sections only. */
  readonly parentIndex?: number;
}

/**
 * Steps that bring a network to its desired state; plain data. {@link formatPlan} prints it.
 *
 * @typeParam S - the steps: those of libvirt, unless something else has networks too
 */
export interface Plan<S extends StepFacts = PlanStep> {
  /** Name of the network. */
  readonly network: string;
  /** Steps to take, in this order. Empty if the network is up to date. */
  readonly steps: readonly S[];
  /** Steps that are needed but not allowed: the running network keeps its old definition until the next start. */
  readonly blocked: readonly S[];
  /** Problems of phase `start`, which libvirt refuses to start the network for. `ensure` takes no step of a plan that has any. */
  readonly issues: readonly Issue[];
  /** True if the running network will differ from the desired one until a restart. */
  readonly restartNeeded: boolean;
}

/** Whose networks a call may touch. */
export interface OwnershipOptions {
  /** Owner: any text that is the same in every run, such as `team-a/ci`. Default: no owner. */
  readonly owner?: string | undefined;
  /** Touches a network of another owner too, or one without a tag. Default: false. */
  readonly foreign?: boolean | undefined;
}

/** Options of `planAbsence`. */
export interface AbsenceOptions extends OwnershipOptions, UnreadableOptions {
  /** Removes a network that guests use too: they lose their link. Default: false. */
  readonly inUse?: boolean | undefined;
}

/** The options of `planAbsence`. */
export const ABSENCE_OPTIONS: OptionNames<AbsenceOptions> = {
  owner: true,
  foreign: true,
  replaceUnreadable: true,
  inUse: true,
};
