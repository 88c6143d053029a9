import { deadline, type RemainingTime } from '../../async/deadline.js';
import { Network } from '../../model/network.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { differencesInEffect, withoutAdditions } from '../plan/compare.js';
import { describeChanges } from '../plan/describe.js';
import { liveChanges, liveSteps } from '../plan/plan.js';
import type { ObservedState } from '../state/observed-state.js';
import { readState } from '../state/read-state.js';
import type { EnsureContext } from './ensure-context.js';
import { executeStep } from './execute-step.js';
import { NO_LINKS, readGuestLinks } from './guest-links.js';
import { isOwnState, type TakenSteps } from './own-states.js';
import { lostGuests, markGuests, restoreGuestLinks } from './restart.js';

/** Time for each operation of going back; the caller's own may be over. */
const ROLLBACK_MS = 30_000;

/** Time for going back that is no longer the caller's. */
export const rollbackTime = (): RemainingTime => () => deadline({ timeoutMs: ROLLBACK_MS })();

/** Outcome of going back. */
export interface RolledBack {
  /** Changes that remain. Default: the host does not say. */
  readonly left?: readonly string[] | undefined;
  /** True if another program has changed the network since, so that nothing was undone. */
  readonly overtaken: boolean;
}

/**
 * Brings a network back to what it was, unless another program has changed it since.
 *
 * @param taken - the steps that had or may have had an effect
 */
export async function rollBack(given: EnsureContext, taken: TakenSteps): Promise<RolledBack> {
  const remaining = rollbackTime();
  const read = () => readState(given.connection.transport, given.name, remaining);
  let context = given;
  let overtaken = false;
  try {
    const now = await read();
    overtaken = !isOwn(given, now, taken);
    if (!overtaken) {
      context = await withGuests(given, now, remaining);
      await (context.before.state === undefined ? remove(context, now, remaining) : restore(context, now, remaining));
    }
  } catch {
    // What could not be undone is seen below; the error that led here says why.
  }
  try {
    const lost = await lostGuests(context, remaining);
    const outside = lost.map((tap) => `${tap} is not in the bridge of the network`);
    const away = [...context.away.values()].map(({ what }) => what);
    return { overtaken, left: [...describeRemains(context, await read()), ...outside, ...away] };
  } catch {
    return { overtaken };
  }
}

/** Tells whether a network is as one of the steps left it; another one of that name has another uuid. */
const isOwn = ({ before, uuid, libvirt }: EnsureContext, now: ObservedState, taken: TakenSteps): boolean =>
  (now.state === undefined || now.state.uuid === uuid) && isOwnState(now, before, taken, libvirt);

/** Gentle steps do not ask for the guests; going back may need a restart all the same. */
async function withGuests(
  context: EnsureContext,
  now: ObservedState,
  remaining: RemainingTime,
): Promise<EnsureContext> {
  if (context.links !== NO_LINKS || !context.mayRestart || now.state?.active !== true) return context;
  return { ...context, links: await readGuestLinks(context.connection.transport, now, context.view, remaining) };
}

/** Removes the new network. */
async function remove(context: EnsureContext, { state }: ObservedState, remaining: RemainingTime): Promise<void> {
  if (state === undefined) return;
  const { transport } = context.connection;
  const self = { network: context.uuid, name: context.name };
  if (state.active) await transport.call('network.destroy', self, remaining());
  if (state.persistent) await transport.call('network.undefine', self, remaining());
}

async function restore(context: EnsureContext, now: ObservedState, remaining: RemainingTime): Promise<void> {
  const { before, connection } = context;
  const self = { network: context.uuid, name: context.name };
  const { transport } = connection;
  if (before.state?.active === true) await restoreLive(context, now, remaining);
  else if (now.state?.active === true) await transport.call('network.destroy', self, remaining());
  const { state, stored } = await readState(transport, context.name, remaining);
  if (before.stored !== undefined && !isSame(stored, before.stored))
    await executeStep(context, { action: 'define', document: before.stored }, remaining);
  if (before.state?.persistent === false && state?.persistent === true)
    return transport.call('network.undefine', self, remaining());
  const { autostart = false } = before.state ?? {};
  if (autostart !== (state?.autostart ?? false))
    await transport.call('network.autostart', { ...self, enabled: autostart }, remaining());
}

const isSame = (a: NetworkDocument | undefined, b: NetworkDocument): boolean =>
  a !== undefined && differencesInEffect(a, b).length === 0;

/** Goes back by small changes where they suffice; otherwise what ran is started again, unless guests forbid it. */
async function restoreLive(context: EnsureContext, now: ObservedState, remaining: RemainingTime): Promise<void> {
  const live = context.before.live;
  if (live === undefined) return;
  const desired = Network.from(withoutAdditions(live, { name: live.name }));
  if (now.state?.active === true) {
    const changes = liveChanges(desired, now, context.libvirt);
    if (changes.left === undefined || !context.mayRestart) {
      for (const step of liveSteps(changes, { live: true, config: false }, now))
        await executeStep(context, step, remaining);
      return restoreGuestLinks(context, remaining);
    }
    await markGuests(context, remaining);
    await context.connection.transport.call(
      'network.destroy',
      { network: context.uuid, name: context.name },
      remaining(),
    );
  }
  await executeStep(context, { action: 'define', document: desired.document }, remaining);
  await executeStep(context, { action: 'start' }, remaining);
  await restoreGuestLinks(context, remaining);
}

/** Describes the differences from the state before. */
function describeRemains({ before, uuid }: EnsureContext, now: ObservedState): readonly string[] {
  if (before.state === undefined)
    return now.state?.uuid === uuid ? [`the network is ${now.state.active ? 'there and runs' : 'defined'}`] : [];
  const { state } = before;
  if (now.state === undefined) return ['the network is gone'];
  return [
    ...(now.state?.active === state.active ? [] : [`it ${state.active ? 'does not run' : 'runs'}`]),
    ...(now.state?.autostart === state.autostart
      ? []
      : [`it ${state.autostart ? 'does not start' : 'starts'} with the daemon`]),
    ...describeCopy('its stored definition', before.stored, now.stored),
    ...(state.active && now.state?.active ? describeCopy('its running definition', before.live, now.live) : []),
  ];
}

function describeCopy(what: string, before: NetworkDocument | undefined, now: NetworkDocument | undefined): string[] {
  if (before === undefined) return now === undefined ? [] : [`${what} is new`];
  if (now === undefined) return [`${what} is gone`];
  const changes = differencesInEffect(before, now);
  return changes.length === 0 ? [] : [`${what} changed in ${describeChanges(changes)}`];
}
