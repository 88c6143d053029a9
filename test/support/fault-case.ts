import { expect } from 'vitest';
import { whatDiffers, withoutAdditions } from '../../src/client/plan/compare.js';
import {
  type BaseNetwork,
  connect,
  EnsureError,
  formatPlan,
  Network,
  type NetworkDocument,
  type PlanOptions,
  plan,
  type Situation,
  type Transport,
} from '../../src/index.js';
import { type FaultKind, FaultyTransport } from './faults.js';

/** A host in some state, with what is wanted of it. */
export interface FaultCase {
  readonly transport: Transport;
  readonly desired: BaseNetwork;
  readonly options: PlanOptions;
}

/** All that a host holds of the network, asked for past the code under test. */
export async function situation(transport: Transport, { name }: BaseNetwork): Promise<Situation> {
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
    : whatDiffers(withoutAdditions(a, b), withoutAdditions(b, b)).length === 0;

const isSame = (a: Situation, b: Situation): boolean =>
  a.state?.active === b.state?.active &&
  a.state?.persistent === b.state?.persistent &&
  a.state?.autostart === b.state?.autostart &&
  isSameCopy(a.live, b.live) &&
  isSameCopy(a.stored, b.stored);

/** How many changes it takes when nothing goes wrong. */
export async function changesOf({ transport, desired, options }: FaultCase): Promise<number> {
  const faulty = new FaultyTransport(transport);
  await connect(faulty).networks.ensure(desired, options);
  return faulty.changes;
}

/**
 * Lets the n-th change go wrong, judges what is left, and does it again.
 *
 * @param daemon - how the daemon is ended, and started again
 * @returns whether the host had the old state, the new one, or one between them that the error told of
 */
export async function outcomeOf(
  one: FaultCase,
  at: number,
  fault: FaultKind,
  { kill, mend }: { readonly kill?: () => void; readonly mend?: () => void } = {},
): Promise<'old' | 'new' | 'told'> {
  const { transport, desired, options } = one;
  const before = await situation(transport, desired);
  const isWanted = async () => plan(desired, await situation(transport, desired), options).steps.length === 0;
  const faulty = new FaultyTransport(transport, kill);
  faulty.breakAt(at, fault);
  const time = fault.startsWith('hang') ? { timeoutMs: HANG_MS } : {};
  const ended = connect(faulty)
    .networks.ensure(desired, { ...options, ...time })
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  const error = fault.startsWith('killed')
    ? await Promise.race([ended, faulty.broken.then(() => 'killed')])
    : await ended;
  mend?.();
  const story = async () =>
    `${fault} at ${at}: ${String(error)}\n${formatPlan(plan(desired, before, options))}\nbefore ${JSON.stringify(before)}\nafter ${JSON.stringify(await situation(transport, desired))}`;
  const isOld = isSame(before, await situation(transport, desired));
  const isNew = await isWanted();
  if (error === undefined && !isNew) expect.fail(`it said that all went well, but it did not: ${await story()}`);
  if (error !== undefined && error !== 'killed') {
    if (!(error instanceof EnsureError)) throw error;
    if (!isOld && !isNew && error.left.length === 0) expect.fail(`nothing was said to be left: ${await story()}`);
    if (isOld && error.left.length > 0 && !/disconnect|daemon/.test(fault))
      expect.fail(`left, it says: ${await story()}`);
  }
  await connect(transport).networks.ensure(desired, options);
  if (!(await isWanted())) expect.fail(`doing it again did not complete it: ${await story()}`);
  return isNew ? 'new' : isOld ? 'old' : 'told';
}

/** Long enough for all that does not hang. */
const HANG_MS = 50;
