import type { CallOptions, Rest } from '../../async/deadline.js';
import type { BaseNetwork } from '../../model/base.js';
import { NEWEST_RELEASE } from '../../schema/release.js';
import type { Connection } from '../network-ref.js';
import { type AbsenceOptions, planAbsence } from '../plan/absence.js';
import { assertPolicy, mayRestart, planNetwork } from '../plan/plan.js';
import type { Plan, PlanOptions, PlanStep } from '../plan/types.js';
import type { HostView } from '../state/host-view.js';
import type { Situation } from '../state/observed-state.js';
import { readSituation } from '../state/read-state.js';
import { EnsureError } from './ensure-error.js';
import { type Attachments, attachmentsOf, guestsIn, lostIn, NO_GUESTS, unfinished } from './guest-links.js';
import { inTurn } from './in-turn.js';
import { type EnsureProgress, Work } from './plan-executor.js';

/** What both ways of bringing a host to a state take. */
export interface ReachOptions extends CallOptions {
  /** Tells what would be done, and does nothing. Default: false. */
  readonly dryRun?: boolean | undefined;
  /** Called at every step. What it throws ends the work, which is then undone. */
  readonly onProgress?: ((progress: EnsureProgress) => void) | undefined;
  /**
   * The host that libvirt runs on: guests are found by their devices too, and put back into the bridge after a restart.
   * Default: not known.
   */
  readonly view?: HostView | undefined;
}

/** Options of `Networks.ensure`. */
export interface EnsureOptions extends PlanOptions, ReachOptions {
  /** Refuses before anything is done when something is in the way, as `Networks.preflight` finds it. Default: false. */
  readonly preflight?: boolean | undefined;
}

/** Options of `Networks.ensureAbsent`. */
export interface EnsureAbsentOptions extends AbsenceOptions, ReachOptions {}

/** What came of `Networks.ensureAbsent`. */
export interface Reached {
  /** Whether anything was changed; of a dry run, whether anything would be. */
  readonly changed: boolean;
  /** The steps that were taken; of a dry run, those that would be. */
  readonly changes: readonly PlanStep[];
}

/** What came of `Networks.ensure`. */
export interface Ensured extends Reached {
  /** Whether the running network differs from what is wanted until it is restarted, which was not allowed. */
  readonly restartNeeded: boolean;
  /** The whole plan, with what was not allowed. */
  readonly plan: Plan;
  /** The network's uuid; absent where there is none. */
  readonly uuid?: string | undefined;
}

/** A state that a network shall be in. */
export interface Goal {
  readonly name: string;
  /** Uuid for a network that is not there yet. Default: any. */
  readonly uuid?: string | undefined;
  /** What is to be done. */
  plan(found: Situation): Plan;
  /** The same if guests did not matter: tells whether they must be asked for at all. */
  boldest(found: Situation): Plan;
  /** Whether the network may be taken from its guests for a moment, if only to undo what failed. */
  mayRestart(found: Situation): boolean;
}

/** The goal of a network that shall be there. */
export function presence(desired: BaseNetwork, options: PlanOptions): Goal {
  assertPolicy(options);
  return {
    name: desired.name,
    uuid: desired.uuid,
    plan: (found) => planNetwork(desired, found, options),
    boldest: (found) => planNetwork(desired, found, { ...options, restart: 'always' }),
    mayRestart: (found) => mayRestart(found, options),
  };
}

/** The goal of a network that shall be gone. */
export const absence = (name: string, options: AbsenceOptions): Goal => ({
  name,
  plan: (found) => planAbsence(name, found, options),
  boldest: (found) => planAbsence(name, found, { ...options, inUse: true }),
  mayRestart: () => true,
});

/** Reads a network anew. */
export async function lookAt(
  { transport, release }: Connection,
  name: string,
  options: { readonly libvirt?: string | undefined },
  rest: Rest,
): Promise<Situation> {
  const libvirt = options.libvirt ?? (await release.get(rest)) ?? NEWEST_RELEASE;
  return { ...(await readSituation(transport, name, rest)), libvirt };
}

/** A plan, with what it was made from. */
export interface Planned {
  readonly made: Plan;
  readonly found: Situation;
  readonly attached: Attachments;
}

/**
 * Plans with the guests, who are asked for only when they would notice, or when a restart of the network was not finished.
 *
 * @param marked - tells which networks have such guests. Default: the view is looked at
 */
export async function planFor(
  { transport }: Connection,
  goal: Goal,
  found: Situation,
  view: HostView | undefined,
  rest: Rest,
  marked = () => unfinished(view, rest),
): Promise<Planned> {
  const boldest = goal.boldest(found);
  const isUnfinished = async ({ state }: Situation) => state !== undefined && (await marked()).has(state.uuid);
  if (!takesAway(boldest) && !(await isUnfinished(found))) return { made: boldest, found, attached: NO_GUESTS };
  const attached = await attachmentsOf(transport, found, view, rest);
  const whole = { ...found, guests: guestsIn(attached), lost: lostIn(attached) };
  return { made: goal.plan(whole), found: whole, attached };
}

const takesAway = ({ steps }: Plan): boolean => steps.some(({ effect }) => effect === 'restart');

type Wanted = ReachOptions & { readonly libvirt?: string | undefined };

/** Brings a network to a state, when it is its turn. */
export const reach = (connection: Connection, goal: Goal, options: Wanted): Promise<Ensured> =>
  inTurn(connection, goal.name, options, (rest) => reachNow(connection, goal, options, rest));

/** The same when it is the network's turn already. */
export async function reachNow(connection: Connection, goal: Goal, options: Wanted, rest: Rest): Promise<Ensured> {
  const attempt = async () =>
    reachFrom(connection, goal, await lookAt(connection, goal.name, options, rest), options, rest);
  try {
    return await attempt();
  } catch (error) {
    // Somebody else defined it in the meantime, so that it is no longer a new one.
    if (!(error instanceof EnsureError && error.code === 'NETWORK_EXISTS' && error.left.length === 0)) throw error;
    return attempt();
  }
}

/** The same for a network that has been read. */
export async function reachFrom(
  connection: Connection,
  goal: Goal,
  seen: Situation,
  options: ReachOptions,
  rest: Rest,
  marked?: () => Promise<ReadonlySet<string>>,
): Promise<Ensured> {
  const { made, found, attached } = await planFor(connection, goal, seen, options.view, rest, marked);
  const { steps, restartNeeded } = made;
  const outcome = { changed: steps.length > 0, changes: steps, restartNeeded, plan: made };
  if (options.dryRun === true) return { ...outcome, uuid: found.state?.uuid };
  const place = {
    connection,
    name: goal.name,
    uuid: found.state?.uuid ?? goal.uuid ?? crypto.randomUUID(),
    before: found,
    libvirt: found.libvirt ?? NEWEST_RELEASE,
    view: options.view,
    attached,
    mayRestart: goal.mayRestart(found),
  };
  await new Work(place, goal, made, options).run(rest);
  return { ...outcome, uuid: place.uuid };
}
