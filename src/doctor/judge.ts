import { LibvirtError } from '../errors/index.js';
import type { HostEvidence, NotSeen } from './evidence.js';
import { FINDINGS, type Finding, type FindingId } from './findings.js';
import { arp, bridge, bridgeAddresses } from './judge/bridge.js';
import { type Facts, factsOf, type NetworkFacts } from './judge/facts.js';
import { lossesAsFindings } from './judge/filters.js';
import { type FlowModel, flowModelOf, lostBeyond, lostOf } from './judge/flows.js';
import { type PluggedNic, plug } from './judge/nic.js';
import { otherSource, ownRules } from './judge/own-rules.js';
import { guestsElsewhere, othersIntoBridge, uplink } from './judge/routes.js';
import { inactive, service } from './judge/service.js';
import { type DiagnosisTarget, type Scope, scopeOf } from './target.js';

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
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for a target that cannot be understood, `NETWORK_NOT_FOUND` and `NOT_FOUND`
 *   for a network or guest that the evidence does not have
 */
export function judge(evidence: HostEvidence, target: DiagnosisTarget): Diagnosis {
  const scope = scopeOf(target);
  const facts = factsOf(evidence);
  const nics = nicsOf(facts, scope);
  const networks = networksOf(facts, scope, nics);
  const model = flowModelOf(facts);
  const findings = [
    ...networks.flatMap((one) => networkFindings(facts, model, one)),
    ...nics.flatMap((nic) => plug(facts, nic)),
  ];
  return { host: evidence.host, findings: inOrder(findings), notSeen: [...evidence.notSeen, ...facts.notSeen] };
}

/** The first fault of these explains all others. */
const GATES = [(_: Facts, on: NetworkFacts) => inactive(on), bridge];

function networkFindings(facts: Facts, model: FlowModel | undefined, on: NetworkFacts): readonly Finding[] {
  for (const gate of GATES) {
    const found = gate(facts, on);
    if (found.length > 0) return found;
  }
  const direct = [service, bridgeAddresses, arp, uplink, guestsElsewhere].flatMap((check) => check(facts, on));
  return [
    ...direct,
    ...othersIntoBridge(facts),
    ...(model === undefined || on.preview === undefined ? [] : modelled(facts, model, on)),
  ];
}

function modelled(facts: Facts, model: FlowModel, on: NetworkFacts): readonly Finding[] {
  const lost = [...lostOf(model, on), ...lostBeyond(model, on)];
  return [...lossesAsFindings(facts, on, lost), ...ownRules(model, on), ...otherSource(facts, model, on)];
}

function nicsOf(facts: Facts, { guest, mac, network }: Scope): readonly PluggedNic[] {
  const wanted = facts.nics.filter(
    (nic) =>
      (guest === undefined || nic.guest === guest) &&
      (mac === undefined || nic.mac === mac) &&
      (network === undefined || nic.network === network),
  );
  if (guest !== undefined && wanted.length === 0) throw unknownGuest(guest, mac);
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
    const found = facts.networks.filter(({ state }) => state.name === network || state.uuid === network);
    if (found.length === 0) throw unknownNetwork(network);
    return found;
  }
  if (guest !== undefined) {
    const own = new Set(nics.map((nic) => nic.network));
    return facts.networks.filter(({ state }) => own.has(state.name));
  }
  return facts.networks.filter(({ state }) => state.active || complaint === 'does not start' || state.autostart);
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

/** Worst first, causes before what follows from them, and each only once. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const once = new Map(findings.map((one) => [`${one.id} ${one.network} ${one.guest} ${one.what}`, one]));
  return [...once.values()].sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      rankOf(a.id) - rankOf(b.id) ||
      b.loses.length - a.loses.length,
  );
}
