import { budget, type Rest } from '../../async/deadline.js';
import { Network } from '../../model/network.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { whatDiffers, withoutAdditions } from '../plan/compare.js';
import { wordsOfChanges } from '../plan/describe.js';
import { liveChanges, liveSteps } from '../plan/plan.js';
import type { Situation } from '../state/observed-state.js';
import { readSituation } from '../state/read-state.js';
import { carryOut } from './execute-step.js';
import { attachmentsOf, NO_GUESTS } from './guest-links.js';
import { attach, lostGuests, mark } from './restart.js';
import { define, start, type Workplace } from './workplace.js';

/** Time for each operation of going back; the caller's own may be over. */
const UNDO_MS = 30_000;

/** Time for going back that is no longer the caller's. */
export const ownTime = (): Rest => () => budget({ timeoutMs: UNDO_MS })();

/**
 * Brings a network back to what it was, whatever has happened to it since.
 *
 * @returns what is not as it was before; nothing when the host does not say
 */
export async function goBack(given: Workplace): Promise<readonly string[] | undefined> {
  const rest = ownTime();
  const read = () => readSituation(given.connection.transport, given.name, rest);
  let place = given;
  try {
    const now = await read();
    place = await withGuests(given, now, rest);
    await (place.before.state === undefined ? remove(place, now, rest) : restore(place, now, rest));
  } catch {
    // What could not be undone is seen below; the error that led here says why.
  }
  try {
    const lost = await lostGuests(place, rest);
    return [...leftOf(place, await read()), ...lost.map((tap) => `${tap} is not in the bridge of the network`)];
  } catch {
    return undefined;
  }
}

/** Gentle steps do not ask for the guests; going back may need a restart all the same. */
async function withGuests(place: Workplace, now: Situation, rest: Rest): Promise<Workplace> {
  if (place.attached !== NO_GUESTS || !place.mayRestart || now.state?.active !== true) return place;
  return { ...place, attached: await attachmentsOf(place.connection.transport, now, place.view, rest) };
}

/** Removes what was made; a network that somebody else made under the name has another uuid. */
async function remove(place: Workplace, { state }: Situation, rest: Rest): Promise<void> {
  if (state === undefined || state.uuid !== place.uuid) return;
  const { transport } = place.connection;
  const self = { network: place.uuid, name: place.name };
  if (state.active) await transport.call('network.destroy', self, rest());
  if (state.persistent) await transport.call('network.undefine', self, rest());
}

async function restore(place: Workplace, now: Situation, rest: Rest): Promise<void> {
  const { before, connection } = place;
  const self = { network: place.uuid, name: place.name };
  const { transport } = connection;
  if (before.state?.active === true) await restoreLive(place, now, rest);
  else if (now.state?.active === true) await transport.call('network.destroy', self, rest());
  const { state, stored } = await readSituation(transport, place.name, rest);
  if (before.stored !== undefined && !isSame(stored, before.stored)) await define(place, before.stored, rest);
  if (before.state?.persistent === false && state?.persistent === true)
    return transport.call('network.undefine', self, rest());
  const { autostart = false } = before.state ?? {};
  if (autostart !== (state?.autostart ?? false))
    await transport.call('network.autostart', { ...self, enabled: autostart }, rest());
}

const isSame = (a: NetworkDocument | undefined, b: NetworkDocument): boolean =>
  a !== undefined && whatDiffers(a, b).length === 0;

/** Goes back by small changes where they suffice; otherwise what ran is started again, unless guests forbid it. */
async function restoreLive(place: Workplace, now: Situation, rest: Rest): Promise<void> {
  const live = place.before.live;
  if (live === undefined) return;
  const wanted = Network.from(withoutAdditions(live, { name: live.name }));
  if (now.state?.active === true) {
    const changes = liveChanges(wanted, now, place.libvirt);
    if (changes.left === undefined || !place.mayRestart) {
      for (const step of liveSteps(changes, { live: true, config: false })) await carryOut(place, step, rest);
      return attach(place, rest);
    }
    await mark(place, rest);
    await place.connection.transport.call('network.destroy', { network: place.uuid, name: place.name }, rest());
  }
  await define(place, wanted.document, rest);
  await start(place, rest);
  await attach(place, rest);
}

/** What is not as it was, in words. */
function leftOf({ before, uuid }: Workplace, now: Situation): readonly string[] {
  if (before.state === undefined)
    return now.state?.uuid === uuid ? [`the network is ${now.state.active ? 'there and runs' : 'defined'}`] : [];
  const { state } = before;
  return [
    ...(now.state?.active === state.active ? [] : [`it ${state.active ? 'does not run' : 'runs'}`]),
    ...(now.state?.autostart === state.autostart
      ? []
      : [`it ${state.autostart ? 'does not start' : 'starts'} with the daemon`]),
    ...copyLeft('its stored definition', before.stored, now.stored),
    ...(state.active && now.state?.active ? copyLeft('its running definition', before.live, now.live) : []),
  ];
}

function copyLeft(what: string, before: NetworkDocument | undefined, now: NetworkDocument | undefined): string[] {
  if (before === undefined) return now === undefined ? [] : [`${what} is new`];
  if (now === undefined) return [`${what} is gone`];
  const changes = whatDiffers(before, now);
  return changes.length === 0 ? [] : [`${what} changed in ${wordsOfChanges(changes)}`];
}
