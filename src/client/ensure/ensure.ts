import type { CallOptions, RemainingTime } from '../../async/deadline.js';
import { sleep } from '../../async/sleep.js';
import type { BaseNetwork } from '../../model/base.js';
import { partOf } from '../../options/options.js';
import { isLayer3 } from '../../schema/network/canonical.js';
import { NEWEST_RELEASE } from '../../schema/release.js';
import type { Transport } from '../../transport/operations.js';
import type { Connection } from '../network-ref.js';
import { planAbsence } from '../plan/absence.js';
import { bridgeTakenAway } from '../plan/guests.js';
import { reservesAddress } from '../plan/moved-addresses.js';
import { assertPolicy, mayRestart, planNetwork } from '../plan/plan.js';
import { assertStartable } from '../plan/start-issues.js';
import {
  ABSENCE_OPTIONS,
  type AbsenceOptions,
  PLAN_OPTIONS,
  type Plan,
  type PlanOptions,
  type PlanStep,
  type StepFacts,
} from '../plan/types.js';
import type { HostView } from '../state/host-view.js';
import type { Guest, ObservedState } from '../state/observed-state.js';
import { readState } from '../state/read-state.js';
import { ifStopped, ifUnsupported } from '../state/tolerated.js';
import type { EnsureContext } from './ensure-context.js';
import { EnsureError } from './ensure-error.js';
import {
  findUnfinishedRestarts,
  type GuestLinks,
  guestsIn,
  lostIn,
  NO_LINKS,
  readGuestLinks,
  type UnfinishedRestarts,
} from './guest-links.js';
import { type EnsureProgress, PlanExecutor } from './plan-executor.js';
import { readReferringGuests, withReferring } from './referring-guests.js';

/** Options that `ensure` and `ensureAbsent` share. */
export interface ReachOptions extends CallOptions {
  /** True to return the steps without taking them. Default: false. */
  readonly dryRun?: boolean | undefined;
  /** Called at every step. If it throws, the change is rolled back. */
  readonly onProgress?: ((progress: EnsureProgress) => void) | undefined;
  /**
   * View of the host that libvirt runs on: it finds guests by their devices too, and puts them back into the bridge after a restart.
   * Default: not known.
   */
  readonly view?: HostView | undefined;
}

/** Options of `Networks.ensure`. */
export interface EnsureOptions extends PlanOptions, ReachOptions {
  /** True to check for conflicts first, as `Networks.preflight` does, and to throw before anything is done. Default: false. */
  readonly preflight?: boolean | undefined;
}

/** Options of `Networks.ensureAbsent`. */
export interface EnsureAbsentOptions extends AbsenceOptions, ReachOptions {}

/**
 * Result of `Networks.ensureAbsent`.
 *
 * @typeParam S - the steps: those of libvirt, unless something else has networks too
 */
export interface Reached<S extends StepFacts = PlanStep> {
  /** True if anything was changed; of a dry run, if anything would be. */
  readonly changed: boolean;
  /** The steps that were taken; of a dry run, those that would be. */
  readonly changes: readonly S[];
}

/**
 * Result of `Networks.ensure`.
 *
 * @typeParam S - the steps: those of libvirt, unless something else has networks too
 */
export interface Ensured<S extends StepFacts = PlanStep> extends Reached<S> {
  /** True if the running network differs from the desired one until a restart, which was not allowed. */
  readonly restartNeeded: boolean;
  /**
   * Guests that have no link after this call, because the network was stopped, or was restarted without a view that can
   * put them back: a later call with a view does that. Of a dry run, those that would lose it.
   */
  readonly lost: readonly Guest[];
  /** The whole plan, including the steps that were not allowed. */
  readonly plan: Plan<S>;
  /** The network's uuid; absent if it does not exist. */
  readonly uuid?: string | undefined;
}

/** The state that a network should be in. */
export interface Goal {
  readonly name: string;
  /** Uuid for a network that does not exist yet. Default: any. */
  readonly uuid?: string | undefined;
  /** The steps from the current state. */
  plan(current: ObservedState): Plan;
  /** The steps with every restart allowed: they show whether the guests must be looked up at all. */
  planIgnoringGuests(current: ObservedState): Plan;
  /** True if guests may lose the network for a moment, if only to roll back a failure. */
  mayRestart(current: ObservedState): boolean;
}

/** The goal of a network that should exist. */
export function ensurePresentGoal(desired: BaseNetwork, wide: PlanOptions): Goal {
  const options = partOf(wide, PLAN_OPTIONS);
  assertPolicy(options);
  return {
    name: desired.name,
    uuid: desired.uuid,
    plan: (current) => planNetwork(desired, current, options),
    planIgnoringGuests: (current) => planNetwork(desired, current, { ...options, restart: 'always' }),
    mayRestart: (current) => mayRestart(current, options),
  };
}

/** The goal of a network that should not exist. */
export function ensureAbsentGoal(name: string, wide: AbsenceOptions): Goal {
  const options = partOf(wide, ABSENCE_OPTIONS);
  return {
    name,
    plan: (current) => planAbsence(name, current, options),
    planIgnoringGuests: (current) => planAbsence(name, current, { ...options, inUse: true }),
    mayRestart: () => true,
  };
}

/** Reads the current state of a network. */
export async function observe(
  { transport, version }: Connection,
  name: string,
  options: { readonly libvirt?: string | undefined },
  remaining: RemainingTime,
): Promise<ObservedState> {
  const libvirt = options.libvirt ?? (await version.release(remaining)) ?? NEWEST_RELEASE;
  return { ...(await readState(transport, name, remaining)), libvirt };
}

/** A plan, with the state that it starts from. */
export interface PlannedGoal {
  readonly plan: Plan;
  readonly current: ObservedState;
  readonly links: GuestLinks;
}

/** Plans with the guests, who are looked up only if they would notice, or if an earlier restart was not finished. */
export async function planGoal(
  connection: Connection,
  goal: Goal,
  current: ObservedState,
  look: LookOptions,
): Promise<PlannedGoal> {
  const { transport } = connection;
  const { view, remaining, unfinished = () => findUnfinishedRestarts(view, remaining) } = look;
  const boldest = goal.planIgnoringGuests(current);
  if (boldest.steps.some(isAboutLeases) && current.leases === undefined)
    return planGoal(connection, goal, { ...current, leases: await readLeases(transport, current, remaining) }, look);
  const isUnfinished = async ({ state }: ObservedState) => {
    if (state === undefined) return false;
    const { networks, hasLoose } = await unfinished();
    return networks.has(state.uuid) || (hasLoose && state.active);
  };
  const takesAway = cutsOffGuests(boldest) || boldest.steps.some((step) => keepsFromStarting(step, current));
  if (!takesAway && !(await isUnfinished(current))) return { plan: boldest, current, links: NO_LINKS };
  const links = await readGuestLinks(transport, current, view, remaining);
  const { running, stopped } = takesAway
    ? await readReferringGuests(transport, goal.name, current, remaining)
    : { running: [], stopped: [] };
  const withGuests = {
    ...current,
    guests: withReferring(guestsIn(links), running),
    ...(stopped.length > 0 ? { stoppedGuests: stopped } : {}),
    lost: lostIn(links),
  };
  return { plan: goal.plan(withGuests), current: withGuests, links };
}

/** Tells whether it matters for a step which guest has which lease. */
const isAboutLeases = (step: PlanStep): boolean => step.action === 'update' && reservesAddress(step.request);

/** The leases of a running network, who has an address that a plan moves. */
const readLeases = async (transport: Transport, { state }: ObservedState, remaining: RemainingTime) =>
  state === undefined
    ? []
    : transport.call('network.leases', { network: state.uuid }, remaining()).catch(ifStopped).catch(ifUnsupported);

/** Options for looking up the guests. */
export interface LookOptions {
  readonly view: HostView | undefined;
  readonly remaining: RemainingTime;
  /** Finds the networks with unfinished restarts. Default: looks at the view. */
  readonly unfinished?: (() => Promise<UnfinishedRestarts>) | undefined;
}

/** Tells whether guests that do not run may miss something after a step. */
const keepsFromStarting = (step: PlanStep, current: ObservedState): boolean =>
  step.action === 'undefine' || (step.action === 'define' && bridgeTakenAway(current, step.document) !== undefined);

const cutsOffGuests = ({ steps }: Plan): boolean => steps.some(({ effect }) => effect === 'restart');

/** State that is known before a network's turn: `ensureAll` reads all networks at once. */
export interface Known {
  readonly current: ObservedState;
  readonly unfinished: () => Promise<UnfinishedRestarts>;
}

/** A network that another program changes in the meantime is observed again, so often. */
const MAX_ATTEMPTS = 6;

/** Longest pause before the second attempt; each further one may be twice as long. Programs that meet part that way. */
const PAUSE_MS = 50;

type GoalOptions = ReachOptions & { readonly libvirt?: string | undefined };

/** Brings a network to its goal when its turn comes. */
export const ensureGoal = (connection: Connection, goal: Goal, options: GoalOptions, known?: Known): Promise<Ensured> =>
  connection.mutex.inTurn({ operation: 'network.ensure', network: goal.name }, options, (remaining) =>
    reachGoal(connection, goal, options, { remaining, known }),
  );

/** Brings a network whose turn it is to its goal: looks, plans, executes and verifies. */
export async function reachGoal(
  connection: Connection,
  goal: Goal,
  options: GoalOptions,
  { remaining, known }: { readonly remaining: RemainingTime; readonly known?: Known | undefined },
): Promise<Ensured> {
  let seen = known?.current;
  for (let attempt = 1; ; attempt++) {
    const current = seen ?? (await observe(connection, goal.name, options, remaining));
    seen = undefined;
    const look = { view: options.view, remaining, unfinished: known?.unfinished };
    const planned = await planGoal(connection, goal, current, look);
    const context = contextOf(connection, goal, planned, options.view);
    if (options.dryRun !== true && planned.plan.steps.length > 0) assertStartable(goal.name, planned.plan.issues);
    try {
      if (options.dryRun !== true) await new PlanExecutor(context, goal, planned.plan, options).run(remaining);
      const lost = cutOff(planned, options.view).filter(({ mac = '' }) => !context.replugged.has(mac));
      return outcomeOf(planned, lost, options.dryRun === true ? planned.current.state?.uuid : context.uuid);
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isOvertaken(error)) throw error;
      await pause(attempt, remaining);
    }
  }
}

const isOvertaken = (error: unknown): error is EnsureError => error instanceof EnsureError && error.overtaken;

async function pause(attempt: number, remaining: RemainingTime): Promise<void> {
  const { signal = new AbortController().signal } = remaining();
  await sleep(Math.random() * PAUSE_MS * 2 ** attempt, signal);
}

const contextOf = (
  connection: Connection,
  goal: Goal,
  { current, links }: PlannedGoal,
  view: HostView | undefined,
): EnsureContext => ({
  connection,
  name: goal.name,
  uuid: current.state?.uuid ?? goal.uuid ?? crypto.randomUUID(),
  before: current,
  libvirt: current.libvirt ?? NEWEST_RELEASE,
  view,
  links,
  mayRestart: goal.mayRestart(current),
  replugged: new Set(),
  away: new Map(),
});

const outcomeOf = (planned: PlannedGoal, lost: readonly Guest[], uuid: string | undefined): Ensured => ({
  changed: planned.plan.steps.length > 0,
  changes: planned.plan.steps,
  restartNeeded: planned.plan.restartNeeded,
  lost,
  plan: planned.plan,
  uuid,
});

/** The guests whose links a plan takes away for good: with a bridge of its own, the network stops or nobody puts them back. */
function cutOff({ plan, current: { live } }: PlannedGoal, view: HostView | undefined): readonly Guest[] {
  if (live === undefined || !isLayer3(live)) return [];
  const guests = plan.steps.flatMap((step) =>
    step.action === 'stop' || (step.action === 'restart' && view?.attach === undefined) ? step.guests : [],
  );
  return guests.filter(({ stopped = false }) => !stopped);
}
