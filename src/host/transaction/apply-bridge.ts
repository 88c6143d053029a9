import { type Issue, LibvirtError } from '../../errors/index.js';
import { type WholeBridge, wholeBridge } from '../../host-bridge/canonical.js';
import { collector } from '../../host-bridge/check/context.js';
import type { PortDevice } from '../../host-bridge/document.js';
import type { HostBridge } from '../../host-bridge/host-bridge.js';
import { reportLease, type TakenLease } from '../../host-bridge/render/lease.js';
import { renderHostBridge } from '../../host-bridge/render/render-host-bridge.js';
import type { RenderOptions } from '../../host-bridge/render/render-options.js';
import type { BackendName } from '../../host-bridge/render/rendering.js';
import type { HostDevice } from '../../host-facts/devices.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { findDevice, type Observation, observe } from '../observe/observe.js';
import { backendFor } from '../observe/owners.js';
import type { ExpectedBridge } from '../plan/expected.js';
import { localRunner } from '../runner/runner.js';
import { type ApplyRenderingOptions, applyToObserved, RENDERING_OPTIONS } from './apply.js';
import type { Outcome } from './run-transaction.js';

/** Options of {@link applyHostBridge}. */
export interface ApplyBridgeOptions extends ApplyRenderingOptions, Pick<RenderOptions, 'consumer' | 'renderer'> {
  /** The system to write for. Default: the one that manages the ports. */
  readonly backend?: BackendName | undefined;
}

const OPTIONS: OptionNames<ApplyBridgeOptions> = {
  ...RENDERING_OPTIONS,
  backend: true,
  consumer: true,
  renderer: true,
};

/**
 * Makes a bridge on a host, written for the system that manages its network, so that a mistake costs no connection: see
 * {@link applyRendering}, which does it. Called again, it updates the bridge.
 *
 * @param bridge - the desired bridge
 * @param options - runner, system, confirmation, time
 * @throws `ValidationError` with everything that is wrong with the bridge, or that speaks against it on this host;
 *   `BridgeUnsupportedError` with what the system cannot express; `LibvirtError` code `INVALID_ARGUMENT` when more
 *   than one system manages the ports and none is named; and what {@link applyRendering} throws
 */
export async function applyHostBridge(bridge: HostBridge, options: ApplyBridgeOptions = {}): Promise<Outcome> {
  const { backend, consumer, renderer, ...change } = optionsOf(options, OPTIONS, 'applyHostBridge');
  const { runner = localRunner(), signal } = change;
  const before = await observe(runner, { signal });
  const macs = macsToCopy(bridge, before);
  const chosen = backend ?? chooseBackend(bridge, before);
  const written = renderHostBridge(bridge, {
    backend: chosen,
    macs,
    ...(consumer === undefined ? {} : { consumer }),
    ...(renderer === undefined ? {} : { renderer }),
  });
  const whole = wholeBridge(bridge.document);
  const expected = expectedBridge(whole, macs);
  const lease = leaseWarnings(
    before,
    { bridge: whole, backend: chosen, consumer, renderer: renderer ?? 'networkd' },
    expected,
  );
  const rendering = { ...written, warnings: [...written.warnings, ...lease] };
  const trial = change.trial ?? trialCommands(bridge, expected, macs);
  return applyToObserved(before, rendering, expected, { ...change, trial });
}

/** Warns where the card has an address of a server now, and the bridge is another client to it. */
function leaseWarnings(
  before: Observation,
  lease: Omit<TakenLease, 'before' | 'keepsMac'>,
  { name, mac, ports: [port = ''] }: ExpectedBridge,
): readonly Issue[] {
  const card = findDevice(before, port);
  const isLeased = card?.addresses.some(({ dynamic }) => dynamic) ?? false;
  if (!isLeased || findDevice(before, name) !== undefined) return [];
  const issues: Issue[] = [];
  const client = clientOf(before, card, lease.bridge.ipv4.clientId);
  reportLease({ ...lease, before: client, keepsMac: mac === card?.mac }, collector(issues));
  return issues;
}

/** By what a server knows the card. Where nothing tells, it is as the system does it, unless the bridge is set otherwise. */
function clientOf(
  { clientIds }: Observation,
  card: HostDevice | undefined,
  wanted: 'mac' | 'duid' | undefined,
): TakenLease['before'] {
  const known = clientIds?.[card?.name ?? ''];
  if (known === undefined) return wanted === undefined ? undefined : 'other';
  // The kind of the id comes first: 1 for Ethernet, 255 for a DUID.
  if (known === `01${card?.mac?.replaceAll(':', '')}`) return 'mac';
  return known.startsWith('ff') ? 'duid' : 'other';
}

/**
 * The MAC addresses that a bridge may copy. Ports that are made with it get that of the card below them; where there is no
 * such card, the host's own check says so, with everything else that speaks against the bridge.
 */
function macsToCopy(bridge: HostBridge, before: Observation): Readonly<Record<string, string>> {
  const found = Object.fromEntries(
    before.devices.flatMap(({ name, mac }) => (mac === undefined ? [] : [[name, mac] as const])),
  );
  const below = (port: PortDevice): string | undefined => found[port.name] ?? found[cardsBelow(port)[0] ?? ''];
  const ports = (bridge.document.ports ?? []).map((port) => [port.name, below(port) ?? UNKNOWN_MAC] as const);
  return { ...found, ...Object.fromEntries(ports) };
}

/** Stands in a rendering that is never used. */
const UNKNOWN_MAC = '02:00:00:00:00:00';

/**
 * Bonds, VLANs and VXLANs must be made for the trial too. Without them moving the connection is all there is to do, and
 * with a lease nothing can be made beforehand.
 */
function trialCommands(bridge: HostBridge, expected: ExpectedBridge, macs: Readonly<Record<string, string>>) {
  const plain = bridge.document.ports?.every(({ type }) => type === 'nic') ?? true;
  if (plain || (expected.dynamic?.length ?? 0) > 0) return undefined;
  return renderHostBridge(bridge, { backend: 'iproute2', macs }).apply;
}

/** The cards that a port stands on, which are on the host before the bridge is. */
function cardsBelow(port: PortDevice): readonly string[] {
  if (port.type === 'nic' || port.type === 'vxlan') return [];
  if (port.type === 'bond') return port.devices;
  return port.parent.type === 'nic' ? [port.parent.name] : port.parent.devices;
}

function chooseBackend(bridge: HostBridge, before: Observation): BackendName {
  const cards = (bridge.document.ports ?? []).flatMap((port) => [port.name, ...cardsBelow(port)]);
  const found = backendFor(before, cards);
  if (found !== undefined) return found;
  throw new LibvirtError(
    'INVALID_ARGUMENT',
    `more than one system manages the ports of bridge "${bridge.name}" on ${before.label}`,
    {
      hint: 'take the ports away from all but one, and name that one with { backend }',
    },
  );
}

/** Builds the state that is expected once the bridge is up. */
function expectedBridge(bridge: WholeBridge, macs: Readonly<Record<string, string>>): ExpectedBridge {
  const { name, ports, mac, mtu, stp, ipv4, ipv6 } = bridge;
  return {
    name,
    ports: ports.map((port) => port.name),
    made: Object.fromEntries(
      ports.flatMap((port) => (port.type === 'nic' ? [] : [[port.name, cardsBelow(port)] as const])),
    ),
    mac: typeof mac === 'object' ? macs[mac.copyFrom] : mac === 'kernel' ? undefined : mac,
    mtu,
    stp: stp.enabled,
    forwardDelay: stp.enabled ? stp.forwardDelay : undefined,
    addresses: [...(ipv4.addresses ?? []), ...(ipv6.addresses ?? [])],
    gateways: [ipv4.gateway, ipv6.gateway].filter((gateway) => gateway !== undefined),
    dynamic: [
      ...(ipv4.auto === undefined ? [] : ['ipv4' as const]),
      ...(ipv6.auto === undefined ? [] : ['ipv6' as const]),
    ],
  };
}
