import { LibvirtError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import type { BaseNetwork } from '../../model/base.js';
import { Network } from '../../model/network.js';
import { optionsOf } from '../../options/options.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { NEWEST_RELEASE } from '../../schema/release.js';
import type { Copies } from '../../transport/op.js';
import { assertReadable } from '../state/definition.js';
import type { ObservedState } from '../state/observed-state.js';
import { asStoredBy, differencesInEffect, withoutAdditions } from './compare.js';
import { describeLabel, describeRequest, linesOfChanges, linesOfDocument } from './describe.js';
import { guestsOf, networkInUseError, stoppedWithoutBridge } from './guests.js';
import { canRelabel, type LabelChange, labelChanges, withLabel } from './labels.js';
import { movedAddress } from './moved-addresses.js';
import { assertOwn, OWNER_NAMESPACE, ownerIn, withOwner, withTag } from './ownership.js';
import { applyUpdates, planUpdates } from './plan-updates.js';
import { withIdentityOf } from './preserve-identity.js';
import { startIssuesOf } from './start-issues.js';
import {
  type EntryRequest,
  PLAN_OPTIONS,
  type Plan,
  type PlanOptions,
  type PlanStep,
  type RestartPolicy,
} from './types.js';

/**
 * Plans the fewest steps that bring a network to its desired state and disturb guests least. Pure: it asks and changes nothing. It does not compare what libvirt fills in: a uuid, MAC address and bridge name that nobody chose, defaults, the spelling of addresses, and the order of entries that `net-update` can change.
 *
 * @param desired - the network as it should be
 * @param current - the current state of the network of this name
 * @param given - whether it should run and autostart, and when it may be restarted
 * @throws {@link LibvirtError} code `NETWORK_EXISTS` when the name belongs to a network of another uuid, `NOT_OWNER` when
 *   `owner` is given and it belongs to another owner, `UNREADABLE` when one of its definitions cannot be read,
 *   `INVALID_ARGUMENT` for an unknown `restart` policy, `NETWORK_IN_USE` when it should stop while guests use it and `restart` is not `always`; {@link ValidationError} when
 *   libvirt would refuse the network
 */
export function planNetwork(desired: BaseNetwork, current: ObservedState, given: PlanOptions = {}): Plan {
  const options = optionsOf(given, PLAN_OPTIONS, 'planNetwork');
  assertPolicy(options);
  const release = options.libvirt ?? current.libvirt ?? NEWEST_RELEASE;
  desired.assertDefinable({ libvirt: release });
  assertSameNetwork(desired, current);
  assertReadable(desired.name, current.unreadable, options, 'replaced');
  if (options.owner !== undefined) assertOwn(desired.name, current, options);
  const stored = Network.from(asStoredBy(withTag(desired, current, options).document, release));
  const { first, last, blocked } = keepsRunning(current, options)
    ? whileRunning(stored, current, options, release)
    : { first: defineSteps(stored, current), last: stateSteps(desired.name, current, options), blocked: [] };
  // What takes the network away from its guests comes when all else has gone well.
  const steps = [...first, ...autostartSteps(current, options), ...last];
  return {
    network: desired.name,
    steps: [...steps, ...attachSteps(steps, current, options)],
    blocked,
    issues: startIssuesOf(desired, release),
    restartNeeded: blocked.length > 0,
  };
}

/** A restart gives all guests their links; otherwise those get them that an earlier one left without. */
function attachSteps(
  steps: readonly PlanStep[],
  { state, lost = [] }: ObservedState,
  { running }: PlanOptions,
): PlanStep[] {
  const runs = running ?? state?.active ?? false;
  if (lost.length === 0 || !runs || steps.some(({ action }) => action === 'restart')) return [];
  const what = 'restore the links of guests';
  return [{ action: 'attach', effect: 'live', what, why: 'a restart of the network was not finished', guests: lost }];
}

const POLICIES: readonly unknown[] = ['never', 'if-unused', 'always'] satisfies readonly RestartPolicy[];

/** Plain JavaScript may pass any word, and one that is not known must not be taken for another. */
export function assertPolicy({ restart = 'never' }: PlanOptions): void {
  if (POLICIES.includes(restart)) return;
  const what = `restart must be never, if-unused or always, not ${JSON.stringify(restart)}`;
  throw new LibvirtError('INVALID_ARGUMENT', what);
}

/** Tells whether the network runs before and after. */
const keepsRunning = ({ state }: ObservedState, { running }: PlanOptions): boolean =>
  state?.active === true && running !== false;

function assertSameNetwork({ name, uuid }: BaseNetwork, { state }: ObservedState): void {
  if (uuid === undefined || state === undefined || uuid === state.uuid) return;
  throw new LibvirtError('NETWORK_EXISTS', `network "${name}" is there with uuid ${state.uuid}, not ${uuid}`, {
    network: name,
    hint: REMEDIES.NETWORK_EXISTS,
  });
}

interface Steps {
  readonly first: readonly PlanStep[];
  readonly last: readonly PlanStep[];
  readonly blocked: readonly PlanStep[];
}

function whileRunning(desired: BaseNetwork, current: ObservedState, options: PlanOptions, release: string): Steps {
  const live = liveChanges(desired, current, release);
  const gentle = () => inBothCopies(live, desired, current, release);
  if (live.left === undefined) return { first: gentle(), last: [], blocked: [] };
  const restart = restartStep(live.left, current);
  return mayRestart(current, options)
    ? { first: defineSteps(desired, current), last: [restart], blocked: [] }
    : { first: gentle(), last: [], blocked: [restart] };
}

/** Tells whether a running network may be restarted. */
export const mayRestart = (current: ObservedState, { restart = 'never' }: PlanOptions): boolean =>
  restart === 'always' || (restart === 'if-unused' && guestsOf(current).length === 0);

/** Changes that a running network takes, and what is left. */
export interface LiveChanges {
  readonly entries: readonly EntryRequest[];
  readonly labels: readonly LabelChange[];
  /** Changes that need a restart, in words; absent if there are none. */
  readonly left?: readonly string[];
}

/** Finds the changes of the running network, and those that need a restart. */
export function liveChanges(desired: BaseNetwork, { live }: ObservedState, release: string): LiveChanges {
  if (live === undefined) return { entries: [], labels: [], left: ['the running definition cannot be read'] };
  const target = withTagOf(live, withIdentityOf(desired, Network.from(live)), release);
  const differs = (document: NetworkDocument) => differencesInEffect(withoutAdditions(document, target), target);
  if (differs(live).length === 0) return { entries: [], labels: [] };
  const { requests, document } = planUpdates(live, target, release);
  const labels = labelChanges(live, target, release);
  const left = differs(labels.reduce(withLabel, document));
  return { entries: requests, labels, ...(left.length === 0 ? {} : { left: linesOfChanges(left) }) };
}

/** Before 9.7 a running network cannot get a tag; that of the stored definition is enough. */
function withTagOf(live: NetworkDocument, desired: BaseNetwork, release: string): NetworkDocument {
  if (canRelabel(release)) return desired.document;
  const owner = ownerIn(live);
  const plain = desired.withoutMetadata(OWNER_NAMESPACE);
  return asStoredBy((owner === undefined ? plain : withOwner(plain, owner)).document, release);
}

/** Changes of the running network, which the stored definition follows: along with it where it needs the same, else by a new one. */
function inBothCopies(live: LiveChanges, desired: BaseNetwork, current: ObservedState, release: string): PlanStep[] {
  const definition = defineSteps(desired, current);
  const along = definition.length > 0 && isSameForStored(live, desired, current, release);
  const copies = { live: true, config: along };
  return [...(along ? [] : definition), ...liveSteps(live, copies, current)];
}

function isSameForStored(
  { entries, labels }: LiveChanges,
  desired: BaseNetwork,
  { stored }: ObservedState,
  release: string,
) {
  if (stored === undefined) return false;
  const document = applyUpdates(stored, entries, release);
  const target = withIdentityOf(desired, Network.from(stored)).document;
  return document !== undefined && differencesInEffect(labels.reduce(withLabel, document), target).length === 0;
}

/** Turns live changes into steps. */
export function liveSteps({ entries, labels }: LiveChanges, copies: Copies, current: ObservedState): PlanStep[] {
  const why = copies.config ? 'in the running network and in its stored definition' : 'in the running network';
  return [
    ...entries.map((one): PlanStep => {
      const moved = movedAddress(one, current);
      return {
        action: 'update',
        effect: moved === undefined ? 'live' : 'address',
        what: describeRequest(one, current.live),
        ...(moved ?? { why }),
        request: { ...one, ...copies },
      };
    }),
    ...labels.map((one): PlanStep => ({ ...one, effect: 'live', what: describeLabel(one), why, copies })),
  ];
}

/** Returns the step that stores the desired definition, unless it is stored already. */
function defineSteps(desired: BaseNetwork, current: ObservedState): PlanStep[] {
  const { state, live, stored } = current;
  const known = stored ?? live;
  const named = state === undefined || desired.uuid !== undefined ? desired : desired.withUuid(state.uuid);
  const { document } = known === undefined ? named : withIdentityOf(desired, Network.from(known));
  const changes = stored === undefined ? undefined : differencesInEffect(stored, document);
  if (changes?.length === 0) return [];
  const guests = stoppedWithoutBridge(current, document);
  return [
    {
      action: 'define',
      effect: 'stored',
      ...wordsOfDefine(state, changes),
      details: detailsOf(document, changes),
      document,
      ...(guests.length > 0 ? { guests } : {}),
    },
  ];
}

/** The changes of a definition, or all of a new one. */
const detailsOf = (
  { uuid: _, name: __, ...document }: NetworkDocument,
  changes: ReturnType<typeof differencesInEffect> | undefined,
): readonly string[] => (changes === undefined ? linesOfDocument(document) : linesOfChanges(changes));

function wordsOfDefine(
  state: ObservedState['state'],
  changes: ReturnType<typeof differencesInEffect> | undefined,
): Pick<PlanStep, 'what' | 'why'> {
  if (state === undefined) return { what: 'define the network', why: 'no network with this name exists' };
  if (!state.persistent) return { what: 'define the network', why: 'it runs without a stored definition' };
  if (changes === undefined) return { what: 'redefine the network', why: 'its definition cannot be read' };
  const when = state.active ? ', for the next start' : '';
  return { what: `change the stored definition${when}`, why: 'it differs from what is wanted' };
}

function autostartSteps({ state }: ObservedState, { autostart }: PlanOptions): PlanStep[] {
  if (autostart === undefined || autostart === (state?.autostart ?? false)) return [];
  const [what, why] = autostart
    ? ['enable autostart', 'it does not start with the daemon']
    : ['disable autostart', 'it starts with the daemon'];
  return [{ action: 'autostart', effect: 'stored', what, why, enabled: autostart }];
}

function stateSteps(name: string, current: ObservedState, { running, restart }: PlanOptions): PlanStep[] {
  const isActive = current.state?.active ?? false;
  if (running === undefined || running === isActive) return [];
  if (running) return [{ action: 'start', effect: 'live', what: 'start the network', why: 'it does not run' }];
  const guests = guestsOf(current);
  if (guests.length > 0 && restart !== 'always') throw networkInUseError(name, 'stop', guests);
  const all = [...guests, ...(current.stoppedGuests ?? [])];
  return [{ action: 'stop', effect: 'restart', what: 'stop the network', why: 'it runs', guests: all }];
}

const restartStep = (left: readonly string[], current: ObservedState): PlanStep => ({
  action: 'restart',
  effect: 'restart',
  what: 'restart the network',
  why: `cannot be changed while it runs: ${left.map((line) => line.split(': ')[0]).join(', ')}`,
  details: left,
  guests: guestsOf(current),
});
