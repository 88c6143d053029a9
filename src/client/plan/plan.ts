import { LibvirtError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import type { BaseNetwork } from '../../model/base.js';
import { Network } from '../../model/network.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { NEWEST_RELEASE } from '../../schema/release.js';
import type { Copies } from '../../transport/operations.js';
import { assertReadable } from '../state/definition.js';
import type { Situation } from '../state/observed-state.js';
import { asKept, whatDiffers, withoutAdditions } from './compare.js';
import { wordsOfChanges, wordsOfLabel, wordsOfRequest } from './describe.js';
import { guestsOf, inUse } from './guests.js';
import { canRelabel, type LabelChange, labelChanges, withLabel } from './labels.js';
import { assertOwn, OWNER_NAMESPACE, ownerIn, tagged, withOwner } from './ownership.js';
import { entryChanges, tried } from './plan-updates.js';
import { withIdentityOf } from './preserve-identity.js';
import type { EntryRequest, Plan, PlanOptions, PlanStep, RestartPolicy } from './types.js';

/**
 * What is to be done for a network to be on a host as it is wanted: the fewest steps that disturb guests least. Pure:
 * nothing is asked or changed. What libvirt fills in by itself is not compared: uuid, MAC address and bridge name that
 * nobody chose, defaults, the spelling of addresses, the order of entries that `net-update` can change.
 *
 * @param desired - the network as it is wanted
 * @param found - what the host says of the network of this name
 * @param options - whether it shall run and start by itself, and when it may be restarted
 * @throws {@link LibvirtError} code `NETWORK_EXISTS` when the name belongs to a network of another uuid, `NOT_OWNER` when
 *   `owner` is given and it belongs to somebody else, `UNREADABLE` when a definition of it cannot be read,
 *   `INVALID_ARGUMENT` for a `restart` that is no policy, `NETWORK_IN_USE` when it shall stop while guests use it and `restart` is not `always`; {@link ValidationError} when
 *   libvirt would refuse the network
 */
export function plan(desired: BaseNetwork, found: Situation, options: PlanOptions = {}): Plan {
  assertPolicy(options);
  const release = options.libvirt ?? found.libvirt ?? NEWEST_RELEASE;
  desired.assertDefinable({ libvirt: release });
  assertSameNetwork(desired, found);
  assertReadable(desired.name, found.unreadable, options, 'replaced');
  if (options.owner !== undefined) assertOwn(desired.name, found, options);
  const wanted = Network.from(asKept(tagged(desired, found, options).document, release));
  const { first, last, blocked } = stays(found, options)
    ? whileRunning(wanted, found, options, release)
    : { first: definitionOf(wanted, found), last: stateOf(desired.name, found, options), blocked: [] };
  // What takes the network away from its guests comes when all else has gone well.
  const steps = [...first, ...autostartOf(found, options), ...last];
  return {
    network: desired.name,
    steps: [...steps, ...attachOf(steps, found, options)],
    blocked,
    restartNeeded: blocked.length > 0,
  };
}

/** A restart gives all guests their links; otherwise those get them that an earlier one left without. */
function attachOf(steps: readonly PlanStep[], { state, lost = [] }: Situation, { running }: PlanOptions): PlanStep[] {
  const runs = running ?? state?.active ?? false;
  if (lost.length === 0 || !runs || steps.some(({ action }) => action === 'restart')) return [];
  const what = 'give guests their links back';
  return [{ action: 'attach', effect: 'live', what, why: 'a restart of the network was not finished', guests: lost }];
}

const POLICIES: readonly unknown[] = ['never', 'if-unused', 'always'] satisfies readonly RestartPolicy[];

/** Plain JavaScript may pass any word, and one that is not known must not be taken for another. */
export function assertPolicy({ restart = 'never' }: PlanOptions): void {
  if (POLICIES.includes(restart)) return;
  const what = `restart must be never, if-unused or always, not ${JSON.stringify(restart)}`;
  throw new LibvirtError('INVALID_ARGUMENT', what);
}

/** Whether the network runs before and after. */
const stays = ({ state }: Situation, { running }: PlanOptions): boolean => state?.active === true && running !== false;

function assertSameNetwork({ name, uuid }: BaseNetwork, { state }: Situation): void {
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

function whileRunning(wanted: BaseNetwork, found: Situation, options: PlanOptions, release: string): Steps {
  const live = liveChanges(wanted, found, release);
  const gentle = () => inBothCopies(live, wanted, found, release);
  if (live.left === undefined) return { first: gentle(), last: [], blocked: [] };
  const restart = restartOf(live.left, found);
  return mayRestart(found, options)
    ? { first: definitionOf(wanted, found), last: [restart], blocked: [] }
    : { first: gentle(), last: [], blocked: [restart] };
}

/** Whether a running network may be restarted, whatever for. */
export const mayRestart = (found: Situation, { restart = 'never' }: PlanOptions): boolean =>
  restart === 'always' || (restart === 'if-unused' && guestsOf(found).length === 0);

/** Changes that a running network takes, and what is left. */
export interface LiveChanges {
  readonly entries: readonly EntryRequest[];
  readonly labels: readonly LabelChange[];
  /** What only a restart changes; absent when there is nothing. */
  readonly left?: string;
}

/** What must change for the running network to be another, and what of it only a restart changes. */
export function liveChanges(wanted: BaseNetwork, { live }: Situation, release: string): LiveChanges {
  if (live === undefined) return { entries: [], labels: [], left: 'the running definition cannot be read' };
  const target = withTagOf(live, withIdentityOf(wanted, Network.from(live)), release);
  const differs = (document: NetworkDocument) => whatDiffers(withoutAdditions(document, target), target);
  if (differs(live).length === 0) return { entries: [], labels: [] };
  const { requests, document } = entryChanges(live, target, release);
  const labels = labelChanges(live, target, release);
  const left = differs(labels.reduce(withLabel, document));
  return { entries: requests, labels, ...(left.length === 0 ? {} : { left: wordsOfChanges(left) }) };
}

/** Before 9.7 a running network cannot get a tag; that of the stored definition is enough. */
function withTagOf(live: NetworkDocument, wanted: BaseNetwork, release: string): NetworkDocument {
  if (canRelabel(release)) return wanted.document;
  const owner = ownerIn(live);
  const plain = wanted.withoutMetadata(OWNER_NAMESPACE);
  return asKept((owner === undefined ? plain : withOwner(plain, owner)).document, release);
}

/** Changes of the running network, which the stored definition follows: along with it where it needs the same, else by a new one. */
function inBothCopies(live: LiveChanges, wanted: BaseNetwork, found: Situation, release: string): PlanStep[] {
  const definition = definitionOf(wanted, found);
  const along = definition.length > 0 && isSameForStored(live, wanted, found, release);
  const copies = { live: true, config: along };
  return [...(along ? [] : definition), ...liveSteps(live, copies)];
}

function isSameForStored(
  { entries, labels }: LiveChanges,
  wanted: BaseNetwork,
  { stored }: Situation,
  release: string,
) {
  if (stored === undefined) return false;
  const document = tried(stored, entries, release);
  const target = withIdentityOf(wanted, Network.from(stored)).document;
  return document !== undefined && whatDiffers(labels.reduce(withLabel, document), target).length === 0;
}

/** Those changes as steps. */
export function liveSteps({ entries, labels }: LiveChanges, copies: Copies): PlanStep[] {
  const why = copies.config ? 'in the running network and in its stored definition' : 'in the running network';
  return [
    ...entries.map(
      (one): PlanStep => ({
        action: 'update',
        effect: 'live',
        what: wordsOfRequest(one),
        why,
        request: { ...one, ...copies },
      }),
    ),
    ...labels.map((one): PlanStep => ({ ...one, effect: 'live', what: wordsOfLabel(one), why, copies })),
  ];
}

/** The definition that is to be stored, unless it is. */
function definitionOf(wanted: BaseNetwork, { state, live, stored }: Situation): PlanStep[] {
  const known = stored ?? live;
  const named = state === undefined || wanted.uuid !== undefined ? wanted : wanted.withUuid(state.uuid);
  const { document } = known === undefined ? named : withIdentityOf(wanted, Network.from(known));
  const changes = stored === undefined ? undefined : whatDiffers(stored, document);
  if (changes?.length === 0) return [];
  return [{ action: 'define', effect: 'stored', ...wordsOfDefine(state, changes), document }];
}

function wordsOfDefine(
  state: Situation['state'],
  changes: ReturnType<typeof whatDiffers> | undefined,
): Pick<PlanStep, 'what' | 'why'> {
  if (state === undefined) return { what: 'define the network', why: 'there is none of this name' };
  if (!state.persistent) return { what: 'define the network', why: 'it runs without a stored definition' };
  if (changes === undefined) return { what: 'define the network anew', why: 'its definition cannot be read' };
  const when = state.active ? ', for the next start' : '';
  return { what: `change the stored definition${when}`, why: wordsOfChanges(changes) };
}

function autostartOf({ state }: Situation, { autostart }: PlanOptions): PlanStep[] {
  if (autostart === undefined || autostart === (state?.autostart ?? false)) return [];
  const [what, why] = autostart
    ? ['start it with the daemon', 'it does not start with the daemon']
    : ['start it no longer with the daemon', 'it starts with the daemon'];
  return [{ action: 'autostart', effect: 'stored', what, why, enabled: autostart }];
}

function stateOf(name: string, found: Situation, { running, restart }: PlanOptions): PlanStep[] {
  const isActive = found.state?.active ?? false;
  if (running === undefined || running === isActive) return [];
  if (running) return [{ action: 'start', effect: 'live', what: 'start the network', why: 'it does not run' }];
  const guests = guestsOf(found);
  if (guests.length > 0 && restart !== 'always') throw inUse(name, 'stop', guests);
  return [{ action: 'stop', effect: 'restart', what: 'stop the network', why: 'it runs', guests }];
}

const restartOf = (left: string, found: Situation): PlanStep => ({
  action: 'restart',
  effect: 'restart',
  what: 'restart the network',
  why: `cannot be changed while it runs: ${left}`,
  guests: guestsOf(found),
});
