import { expect } from 'vitest';
import { differencesInEffect, withoutAdditions } from '../../src/client/plan/compare.js';
import {
  type BaseNetwork,
  connect,
  EnsureError,
  type EnsureOptions,
  formatPlan,
  Network,
  type NetworkDocument,
  type Transport,
} from '../../src/index.js';
import { type ObservedState, planNetwork } from '../../src/plan-entry.js';
import { type FaultKind, FaultyTransport } from './faults.js';
import { Killer } from './killer.js';

/** A host in some state, with what is wanted of it. */
export interface FaultCase {
  readonly transport: Transport;
  readonly desired: BaseNetwork;
  readonly options: EnsureOptions;
  /** Whether the guests have their links, in a situation. Default: there are none. */
  readonly hasLinks?: ((found: ObservedState) => boolean) | undefined;
  /** All that the host holds of the network, asked for past the code under test. */
  look(): Promise<ObservedState>;
}

/** All that the host behind a transport holds of a network. */
export async function situation(transport: Transport, { name }: BaseNetwork): Promise<ObservedState> {
  const state = (await transport.call('network.list', {})).find((one) => one.name === name);
  if (state === undefined) return {};
  const read = async (inactive: boolean) =>
    Network.parse(await transport.call('network.dump', { network: state.uuid, inactive })).document;
  return {
    state,
    ...(state.active ? { live: await read(false) } : {}),
    ...(state.persistent ? { stored: await read(true) } : {}),
  };
}

const isSameCopy = (a: NetworkDocument | undefined, b: NetworkDocument | undefined): boolean =>
  a === undefined || b === undefined
    ? a === b
    : differencesInEffect(withoutAdditions(a, b), withoutAdditions(b, b)).length === 0;

const isSame = (a: ObservedState, b: ObservedState): boolean =>
  a.state?.active === b.state?.active &&
  a.state?.persistent === b.state?.persistent &&
  a.state?.autostart === b.state?.autostart &&
  isSameCopy(a.live, b.live) &&
  isSameCopy(a.stored, b.stored);

/** How many changes it takes when nothing goes wrong: by libvirt, and by the view as well. */
export async function changesOf({ transport, desired, options }: FaultCase): Promise<{ libvirt: number; all: number }> {
  const [faulty, nobody] = [new FaultyTransport(transport), new Killer(Number.POSITIVE_INFINITY, false, () => {})];
  const view = options.view && nobody.view(options.view);
  await connect(nobody.transport(faulty)).networks.ensure(desired, { ...options, view });
  return { libvirt: faulty.changes, all: nobody.changes };
}

/** How an attempt ended. */
interface Ended {
  /** What was thrown, if anything was. */
  readonly error?: unknown;
  /** Whether nobody was left to hear of it. */
  readonly isKilled?: boolean;
}

/** One way to go wrong. */
export interface Attempt {
  /** What goes wrong, and where. */
  readonly name: string;
  run(one: FaultCase): Promise<Ended>;
  /** Whether the error may speak of steps that had no effect: the host could not be asked any more. */
  readonly isBlind?: boolean;
}

/** How a promise ends. */
export const endOf = (work: Promise<unknown>): Promise<Ended> =>
  work.then(
    () => ({}),
    (error: unknown) => ({ error }),
  );

/** The n-th change goes wrong in this process. */
export const faultAt = (at: number, fault: FaultKind): Attempt => ({
  name: `${fault} at ${at}`,
  isBlind: fault === 'disconnect',
  run: async ({ transport, desired, options }) => {
    const faulty = new FaultyTransport(transport);
    faulty.breakAt(at, fault);
    const time = fault.startsWith('hang') ? { timeoutMs: HANG_MS } : {};
    const ended = endOf(connect(faulty).networks.ensure(desired, { ...options, ...time }));
    if (!fault.startsWith('killed')) return ended;
    return Promise.race([ended, faulty.broken.then(() => ({ isKilled: true }))]);
  },
});

/** Long enough for all that does not hang. */
const HANG_MS = 50;

/**
 * Lets something go wrong, judges what is left, and does it again.
 *
 * @returns whether the host had the old state, the new one, or one between them that the error told of
 */
export async function outcomeOf(one: FaultCase, attempt: Attempt): Promise<'old' | 'new' | 'told'> {
  const { transport, desired, options, hasLinks = () => true } = one;
  const before = await one.look();
  const { running, autostart, restart, libvirt } = options;
  const plan = (found: ObservedState) => planNetwork(desired, found, { running, autostart, restart, libvirt });
  const isWanted = (found: ObservedState) => plan(found).steps.length === 0 && hasLinks(found);
  const { error, isKilled = false } = await attempt.run(one);
  const after = await one.look();
  const story = (now = after) =>
    `${attempt.name}: ${String(error)}\n${formatPlan(plan(before))}\nbefore ${JSON.stringify(before)}\nafter ${JSON.stringify(now)}\nguests ${hasLinks(now) ? 'have' : 'miss'} their links`;
  const isOld = isSame(before, after) && hasLinks(after);
  const isNew = isWanted(after);
  if (error === undefined && !isKilled && !isNew) expect.fail(`it said that all went well, but it did not: ${story()}`);
  if (error !== undefined) {
    if (!(error instanceof EnsureError)) throw error;
    if (!isOld && !isNew && error.left.length === 0) expect.fail(`nothing was said to be left: ${story()}`);
    if (isOld && error.left.length > 0 && attempt.isBlind !== true) expect.fail(`left, it says: ${story()}`);
  }
  await connect(transport).networks.ensure(desired, options);
  const end = await one.look();
  if (!isWanted(end)) expect.fail(`doing it again did not complete it: ${story(end)}`);
  return isNew ? 'new' : isOld ? 'old' : 'told';
}
