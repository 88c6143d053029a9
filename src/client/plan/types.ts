import type { NetworkDocument } from '../../schema/network/network.js';
import type { ReleaseOption } from '../../schema/release.js';
import type { Copies, UpdateInput } from '../../transport/operations.js';
import type { UnreadableOptions } from '../state/definition.js';
import type { Guest } from '../state/observed-state.js';

/** When a network may be restarted: `never`, only while no guest uses it, or whoever does. */
export type RestartPolicy = 'never' | 'if-unused' | 'always';

/** What is wanted beside the definition. */
export interface PlanOptions extends ReleaseOption, OwnershipOptions, UnreadableOptions {
  /** Whether the network shall run. Default: as it is. */
  readonly running?: boolean | undefined;
  /** Whether it shall start with the daemon. Default: as it is. */
  readonly autostart?: boolean | undefined;
  /** When it may be restarted for what libvirt cannot change otherwise. Default: `never`. */
  readonly restart?: RestartPolicy | undefined;
}

/**
 * How far a step reaches: `live` changes what runs and no guest notices, `stored` waits for the next start, `restart`
 * takes the network away from its guests for a moment, or for good.
 */
export type Effect = 'live' | 'stored' | 'restart';

/** What every step says of itself. */
export interface StepFacts {
  readonly effect: Effect;
  /** What it does, in a few words. */
  readonly what: string;
  /** Why it is needed, or why it is this step and not a gentler one. */
  readonly why: string;
}

/** One step of a plan; `action` tells the kinds apart. */
export type PlanStep = StepFacts &
  (
    | {
        readonly action: 'define';
        /** The definition as it will be stored. */
        readonly document: NetworkDocument;
      }
    | {
        readonly action: 'update';
        /** What `net-update` is asked. */
        readonly request: EntryRequest & Copies;
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
    | { readonly action: 'start' | 'undefine' }
    | {
        readonly action: 'stop' | 'restart';
        /** Who loses the link. */
        readonly guests: readonly Guest[];
      }
    | {
        readonly action: 'attach';
        /** Who gets the link back. */
        readonly guests: readonly Guest[];
      }
  );

/** One change of one entry, whatever the copy. */
export interface EntryRequest extends Pick<UpdateInput, 'section' | 'command' | 'xml'> {
  /** Which `<ip>` of the network, counted over both families; DHCP sections only. */
  readonly parentIndex?: number;
}

/** What is to be done to a network; plain data. {@link formatPlan} prints it. */
export interface Plan {
  /** Name of the network. */
  readonly network: string;
  /** What to do, in this order. Empty when there is nothing to do. */
  readonly steps: readonly PlanStep[];
  /** What would be needed but is not allowed: the running network stays behind its stored definition. */
  readonly blocked: readonly PlanStep[];
  /** Whether the running network will differ from what is wanted until it is restarted. */
  readonly restartNeeded: boolean;
}

/** Whose networks a call may touch. */
export interface OwnershipOptions {
  /** Who calls: any text that is the same in every run, such as `team-a/ci`. Default: nobody in particular. */
  readonly owner?: string | undefined;
  /** Touches a network of another owner too, or one without a tag. Default: false. */
  readonly foreign?: boolean | undefined;
}
