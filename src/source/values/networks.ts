import type { BaseNetwork } from '../../model/base.js';
import { sameValue } from '../../model/diff.js';
import type { NetworkKind } from '../../model/kind.js';
import {
  BridgedNetwork,
  DirectNetwork,
  HostdevNetwork,
  type TaggedNetwork,
} from '../../model/kinds/bridged-networks.js';
import { IsolatedNetwork, NatNetwork, OpenNetwork, RoutedNetwork } from '../../model/kinds/virtual-kinds.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { PORT_FORWARD_NAMESPACE } from '../../schema/port-forward.js';
import { decodePortForwards } from '../../schema/port-forward-metadata.js';
import { compact } from '../../schema/values.js';
import { ownNamespace } from '../../xml/namespace.js';
import type { XmlElement } from '../../xml/node.js';
import { begun, type Chain, type Draft } from '../recorded.js';
import { attempt, completed, each, exactChain, type Part, part, type Step, unlessEmpty } from './parts.js';
import { limits, tagsOf } from './ports.js';
import { natParts, routedParts, virtualParts } from './virtual-networks.js';

type NetworkPart<T extends BaseNetwork> = Part<T, NetworkDocument>;

/** The parts that a person writes before all others. */
const identity = <T extends BaseNetwork>(): readonly NetworkPart<T>[] => [
  part('uuid', (uuid) => [(n) => n.withUuid(uuid)]),
  part('title', (title) => [(n) => n.title(title)]),
  part('description', (description) => [(n) => n.description(description)]),
];

/** The parts that come last: what guests may do, and what applications keep. */
const guestParts = <T extends BaseNetwork>(): readonly NetworkPart<T>[] => [
  part('trustGuestRxFilters', (trust) => [(n) => n.trustGuestRxFilters(trust ? undefined : trust)]),
  part('port', ({ isolated }) =>
    isolated === undefined ? [] : [(n) => n.isolatePorts(isolated ? undefined : isolated)],
  ),
  part('portgroups', (groups) => each(groups, (group) => (n: T) => n.portGroup(group))),
  part('metadata', (metadata) => each(metadata, (element) => (n: T) => n.withMetadata(element))),
];

/** The metadata of a network with port forwards, which come before the other elements or after them. */
const portForwardParts: readonly NetworkPart<NatNetwork>[] = [
  part('metadata', (metadata) => metadata.flatMap((element) => forwardSteps(element))),
];

function forwardSteps(element: XmlElement): readonly Step<NatNetwork>[] {
  if (ownNamespace(element) !== PORT_FORWARD_NAMESPACE) return [(n) => n.withMetadata(element)];
  return decodePortForwards(element).flatMap((forward) =>
    typeof forward === 'string' ? [] : [(n: NatNetwork) => n.forwardPort(forward)],
  );
}

const taggedParts = <T extends TaggedNetwork>(): readonly NetworkPart<T>[] => [
  part('vlan', (vlan) => [(n) => n.vlan(tagsOf(vlan))]),
  part('virtualport', (port) => [(n) => n.virtualPort(port)]),
];

const bridgedParts: readonly NetworkPart<BridgedNetwork>[] = [
  part('bridge', ({ macTableManager: manager }) => (manager === undefined ? [] : [(n) => n.macTableManager(manager)])),
  part('virtualport', ({ parameters }) => [(n) => n.openVswitch(unlessEmpty({ ...parameters }))]),
  part('bandwidth', (bandwidth) => limits(bandwidth, (both) => (n) => n.bandwidth(both))),
];

/** A class whose networks come from documents. */
interface NetworkClass<T extends BaseNetwork> {
  from(document: NetworkDocument): T;
}

/** Begins a network of a kind; may throw where the document lacks what the kind is created with. */
type Create<C, T> = (Class: C, document: NetworkDocument) => T;

/**
 * Writes networks of one kind.
 *
 * @param creates - ways to begin, the best one first; the first that gives the forward mode and devices is taken, or the last
 */
function writer<T extends BaseNetwork, C extends NetworkClass<T>>(
  [name, Class]: readonly [name: string, Class: C],
  creates: readonly Create<C, T>[],
  parts: readonly NetworkPart<T>[],
): (document: NetworkDocument) => Chain {
  const all = [...identity<T>(), ...parts, ...guestParts<T>()];
  return (document) => {
    const begin = (create: Create<C, T>) => begun(name, Class, (C) => create(C, document));
    const fits = (draft: Draft<T>) => sameValue(draft.value.document.forward, document.forward);
    const drafts = creates.flatMap((create) => attempt(() => begin(create)) ?? []);
    const draft = drafts.find(fits) ?? drafts.at(-1);
    return exactChain(document, name, () => draft && completed(draft, document, all));
  };
}

/** Begins a pool that its class cannot create: with what makes it one of its kind. */
const pool = <T extends BaseNetwork>(Class: NetworkClass<T>, { name, forward }: NetworkDocument): T =>
  Class.from(compact({ name, forward }));

const none = { enable: false };

/** Tells whether an isolated network has the form that leaves the host out. */
const isHostless = ({ dns, ips, routes, domain }: NetworkDocument): boolean =>
  sameValue(dns, none) && ips === undefined && routes === undefined && domain === undefined;

const bridgedOf = (Class: typeof BridgedNetwork, { name, forward, bridge }: NetworkDocument): BridgedNetwork =>
  bridge?.name === undefined ? pool(Class, compact({ name, forward })) : Class.create({ name, bridge: bridge.name });

const devicesOf = ({ forward }: NetworkDocument): readonly string[] =>
  (forward?.interfaces ?? []).map(({ dev }) => dev);

const MACVTAP_MODES = ['bridge', 'private', 'vepa', 'passthrough'] as const;

function directOf(Class: typeof DirectNetwork, document: NetworkDocument): DirectNetwork {
  const { name, forward, trustGuestRxFilters } = document;
  const { mode, pf } = forward ?? {};
  const known = MACVTAP_MODES.find((one) => one === mode);
  if (known === undefined) return pool(Class, document);
  const devices = pf === undefined ? { devices: devicesOf(document) } : { pf: pf.dev };
  return Class.create({ name, mode: known, ...devices, ...compact({ trustGuestRxFilters }) });
}

function hostdevOf(Class: typeof HostdevNetwork, { name, forward }: NetworkDocument): HostdevNetwork {
  const { managed, driver, pf, addresses } = forward ?? {};
  const options = compact({ managed: managed || undefined, driver });
  if (pf !== undefined) return Class.create({ name, pf: pf.dev, ...options });
  const functions = (addresses ?? []).map(({ type: _, ...address }) => address);
  return Class.create({ name, addresses: functions, ...options });
}

const WRITERS: Readonly<Record<Exclude<NetworkKind, 'other'>, (document: NetworkDocument) => Chain>> = {
  nat: writer(
    ['NatNetwork', NatNetwork],
    [(C, { name }) => C.create(name)],
    [...natParts, ...virtualParts<NatNetwork>(), ...portForwardParts],
  ),
  route: writer(
    ['RoutedNetwork', RoutedNetwork],
    [(C, { name }) => C.create(name)],
    [...routedParts, ...virtualParts<RoutedNetwork>()],
  ),
  open: writer(['OpenNetwork', OpenNetwork], [(C, { name }) => C.create(name)], virtualParts()),
  isolated: writer(
    ['IsolatedNetwork', IsolatedNetwork],
    [(C, document) => C.create(document.name, isHostless(document) ? { hostAccess: false } : undefined)],
    virtualParts(),
  ),
  bridge: writer(
    ['BridgedNetwork', BridgedNetwork],
    [bridgedOf, pool],
    [...bridgedParts, ...taggedParts<BridgedNetwork>()],
  ),
  direct: writer(['DirectNetwork', DirectNetwork], [directOf, pool], taggedParts()),
  hostdev: writer(['HostdevNetwork', HostdevNetwork], [hostdevOf, pool], taggedParts()),
};

/** The calls that make a network. */
export function networkChain(kind: NetworkKind, document: NetworkDocument): Chain {
  if (kind !== 'other') return WRITERS[kind](document);
  return { root: 'Network', calls: [{ method: 'from', args: [document] }] };
}
