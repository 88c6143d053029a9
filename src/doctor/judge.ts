import { LibvirtError } from '../errors/index.js';
import { compact } from '../schema/values.js';
import { assertEvidence } from './check-evidence.js';
import type { HostEvidence, NetworkEvidence, NotSeen } from './evidence.js';
import { FINDINGS, type Finding, type FindingId } from './findings.js';
import { LOOKS } from './gather/looks.js';
import type { ProbeTarget } from './gather/probe-guests.js';
import { arp, bridge, bridgeAddresses, uplinkIpv6 } from './judge/bridge.js';
import { explains, notOnHost } from './judge/excluded.js';
import { type Facts, factsOf, type NetworkFacts } from './judge/facts.js';
import { allLost, type FlowModel, filtersFrames, flowModelOf, lostOf } from './judge/flows.js';
import { lostForwards } from './judge/forwards.js';
import { guestsElsewhere } from './judge/guest-routes.js';
import { connections, pool, reservations } from './judge/leases.js';
import { lossesAsFindings } from './judge/losses.js';
import { resolver } from './judge/names.js';
import { addressesOf, type PluggedNic, plug } from './judge/nic.js';
import { otherSource, ownRules } from './judge/own-rules.js';
import { pointing } from './judge/pointing.js';
import { othersIntoBridge, uplink } from './judge/routes.js';
import { inactive, service, unreachable } from './judge/service.js';
import { probeTargets, silent } from './judge/silent.js';
import { obstacles, skippedHooks } from './judge/start.js';
import { type Complaint, type DiagnosisTarget, type Scope, scopeOf } from './target.js';

/** What is wrong on a host, as far as it could be seen. */
export interface Diagnosis {
  /** Names the host. */
  readonly host: string;
  /** Faults, the worst first; none where everything that could be seen is well. */
  readonly findings: readonly Finding[];
  /** Parts that could not be looked at: a fault may be there. */
  readonly notSeen: readonly NotSeen[];
}

/**
 * Judges what was found on a host, without asking it anything.
 *
 * @param evidence - of {@link gatherEvidence}, as it was or read back from JSON
 * @param target - a network, a guest's NIC, or a complaint
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for a target or evidence that cannot be understood, `NETWORK_NOT_FOUND` and
 *   `NOT_FOUND` for a network or guest that the evidence does not have
 */
export function judge(evidence: HostEvidence, target: DiagnosisTarget): Diagnosis {
  const scope = scopeOf(target);
  assertEvidence(evidence);
  const facts = factsOf(evidence);
  const nics = nicsOf(facts, scope);
  const networks = networksOf(facts, scope, nics);
  const model = flowModelOf(facts);
  const found = [
    ...unreachable(facts.evidence),
    ...networks.flatMap((one) => networkFindings({ facts, model, scope }, one)),
    ...nics.flatMap((nic) => nicFindings(facts, model, nic)),
    ...skippedHooks(facts),
  ];
  const all = [...found, ...silent(facts, found)];
  const findings = [
    ...all,
    ...notOnHost({ facts, scope, networks, nics, findings: all, isSeen: isSeenWhole(facts, model) }),
  ];
  return {
    host: evidence.host,
    findings: inOrder(findings, scope.complaint),
    notSeen: [...facts.evidence.notSeen, ...facts.notSeen],
  };
}

/** Looks without which nobody can say that the host is well. */
const NEEDED = ['links', 'addresses', 'routes4', 'ports', 'sysctl', 'nft', 'dnsmasq', 'resolver'] as const;
const PARTS: ReadonlySet<string> = new Set(Object.values(LOOKS).map(({ what }) => what));

/** Tells whether everything about the host itself was seen. */
const isSeenWhole = ({ evidence: { looks, notSeen } }: Facts, model: FlowModel | undefined): boolean =>
  model !== undefined &&
  NEEDED.every((name) => looks[name] !== undefined) &&
  notSeen.every(({ what }) => !PARTS.has(what));

/** The guests that packets are sent to for a target. */
export function targetsOf(evidence: HostEvidence, target: DiagnosisTarget): readonly ProbeTarget[] {
  const facts = factsOf(evidence);
  return probeTargets(facts, nicsOf(facts, scopeOf(target)));
}

/** The first fault of these explains all others. */
const GATES = [
  ({ facts, scope }: Place, on: NetworkFacts) => [
    ...obstacles(facts, on, scope.complaint),
    ...inactive(on, isMissed(facts, scope, on)),
  ],
  ({ facts }: Place, on: NetworkFacts) => bridge(facts, on),
];

/** A network that does not run is missed when somebody asks about it, when it should have started, and by its guests. */
const isMissed = ({ nics }: Facts, { network, guest }: Scope, { state }: NetworkFacts): boolean =>
  network !== undefined || guest !== undefined || state.autostart || nics.some((nic) => nic.network === state.name);

/** What is looked at where the network runs and its bridge is up. */
const CHECKS = [
  service,
  bridgeAddresses,
  arp,
  uplink,
  uplinkIpv6,
  guestsElsewhere,
  resolver,
  pool,
  reservations,
  connections,
];

interface Place {
  readonly facts: Facts;
  readonly model: FlowModel | undefined;
  readonly scope: Scope;
}

function networkFindings(place: Place, on: NetworkFacts): readonly Finding[] {
  const { facts, model } = place;
  for (const gate of GATES) {
    const found = gate(place, on);
    if (found.length > 0) return found;
  }
  if (on.preview === undefined) return pointing(facts, on, place.scope.complaint);
  const direct = CHECKS.flatMap((check) => check(facts, on));
  return [...direct, ...othersIntoBridge(facts), ...(model === undefined ? [] : modelled(facts, model, on))];
}

function modelled(facts: Facts, model: FlowModel, on: NetworkFacts): readonly Finding[] {
  const forwards = lostForwards(model, on);
  const lost = allLost(model, on).filter(({ need }) => need !== 'port forward' || forwards.length === 0);
  return [...lossesAsFindings(facts, on, lost), ...forwards, ...ownRules(model, on), ...otherSource(facts, model, on)];
}

/** The NIC's place, and what filters of frames do to its packets alone. */
function nicFindings(facts: Facts, model: FlowModel | undefined, plugged: PluggedNic): readonly Finding[] {
  const place = plug(facts, plugged);
  const on = facts.networks.find(({ state }) => state.name === plugged.network && state.active);
  if (model === undefined || on?.preview === undefined || !filtersFrames(model)) return place;
  const { mac, tap, guest } = plugged.nic;
  const addresses = addressesOf(facts, plugged);
  const followed = compact({ mac, tap, addresses: addresses.length === 0 ? undefined : addresses });
  const common = new Set(lostOf(model, on).map(({ rule }) => rule));
  const own = lostOf(model, on, followed).filter(({ rule }) => !common.has(rule));
  return [...place, ...lossesAsFindings(facts, on, own, guest)];
}

function nicsOf(facts: Facts, { guest, mac, network }: Scope): readonly PluggedNic[] {
  const wanted = facts.nics.filter(
    (nic) =>
      (guest === undefined || nic.guest === guest) &&
      (mac === undefined || nic.mac === mac) &&
      (network === undefined || nic.network === network),
  );
  if (guest !== undefined && wanted.length === 0 && facts.evidence.unreachable === undefined)
    throw unknownGuest(guest, mac);
  return wanted.flatMap((nic) => {
    const on = facts.networks.find(({ state }) => state.name === nic.network);
    const bridge = on?.preview?.bridge ?? on?.network.document.bridge?.name ?? nic.bridge;
    return bridge === undefined ? [] : [{ nic, network: nic.network, bridge }];
  });
}

function networksOf(
  facts: Facts,
  { network, guest, complaint }: Scope,
  nics: readonly PluggedNic[],
): readonly NetworkFacts[] {
  if (network !== undefined) {
    const isMeant = ({ name, uuid }: NetworkEvidence): boolean => name === network || uuid === network;
    const { networks: all, unreachable: gone } = facts.evidence;
    if (!all.some(isMeant) && gone === undefined) throw unknownNetwork(network);
    return facts.networks.filter(({ state }) => isMeant(state));
  }
  if (guest !== undefined) {
    const own = new Set(nics.map((nic) => nic.network));
    return facts.networks.filter(({ state }) => own.has(state.name));
  }
  return complaint === 'does not start' ? facts.networks.filter(({ state }) => !state.active) : facts.networks;
}

const unknownNetwork = (network: string): LibvirtError =>
  new LibvirtError('NETWORK_NOT_FOUND', `there is no network "${network}" to diagnose`, {
    network,
    hint: 'look at the names with host.networks.list()',
  });

const unknownGuest = (guest: string, mac: string | undefined): LibvirtError =>
  new LibvirtError(
    'NOT_FOUND',
    `guest "${guest}" has no NIC${mac === undefined ? '' : ` ${mac}`} that runs on this host`,
    {
      hint: 'guests are seen over qemu:///system; those that do not run have no NICs on the host',
    },
  );

const SEVERITIES = ['error', 'warning', 'note'] as const;
const RANK = new Map(Object.keys(FINDINGS).map((id, i) => [id, i]));
const rankOf = (id: FindingId): number => RANK.get(id) ?? 0;

/** What explains the complaint first; then the worst, causes before what follows from them, and each only once. */
function inOrder(findings: readonly Finding[], complaint: Complaint | undefined): readonly Finding[] {
  const isBeside = (one: Finding): number => Number(complaint !== undefined && !explains(one, complaint));
  const once = new Map(findings.map((one) => [`${one.id} ${one.network} ${one.guest} ${one.what}`, one]));
  return [...once.values()].sort(
    (a, b) =>
      isBeside(a) - isBeside(b) ||
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      rankOf(a.id) - rankOf(b.id) ||
      b.loses.length - a.loses.length,
  );
}
