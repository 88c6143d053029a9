import { type HostDevice, isUplink } from '../../host-facts/devices.js';
import { BridgeNic, DirectNic } from '../../model/guest-nic/host-nics.js';
import { NetworkNic } from '../../model/guest-nic/network-nic.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import type { FoundBridge, LibvirtNetwork } from './bridges.js';
import type { HostNetwork } from './discover.js';
import { findDevice, type Observation } from './observe.js';

/** A network, bridge or device that a guest's NIC can be connected to. */
export interface NicChoice {
  /** Heading that it stands under: networks of libvirt, bridges of the host, devices of the host. */
  readonly group: 'network' | 'bridge' | 'direct';
  /** For people, such as `Bridge br0 (uplink eno1, 10.77.0.10/24)`. */
  readonly label: string;
  /** The name to put into the guest's `<source>`: a network, a bridge or a device. */
  readonly source: string;
  /** True if it can be had now. */
  readonly available: boolean;
  /** Why it cannot be had, or what is to be known of it. */
  readonly reason?: string;
  /** A NIC that is connected to it, ready for a guest: change it with its own methods, print it with `toXml`. */
  readonly nic: NetworkNic | BridgeNic | DirectNic;
}

/** Options of {@link nicChoices}. */
export interface NicOptions {
  /** VLAN tag of the guest. Default: none. */
  readonly vlan?: number | undefined;
  /** True if the guest belongs to a session daemon, which needs qemu's bridge helper. Default: false. */
  readonly session?: boolean | undefined;
}

const OPTIONS: OptionNames<NicOptions> = { vlan: true, session: true };

/**
 * Lists what a guest's NIC can be connected to on a host, in the usual order: networks, bridges, devices. Those that cannot be used are listed with the reason. Pure.
 *
 * @param host - what was found on the host
 * @param options - what the guest needs
 */
export function nicChoices(host: HostNetwork, options: NicOptions = {}): readonly NicChoice[] {
  const wanted = optionsOf(options, OPTIONS, 'nicChoices');
  const { devices } = host.observation;
  const usable = host.bridges.filter(({ kind }) => kind !== 'libvirt');
  return [
    ...host.networks.map((network) => networkChoice(network, host, wanted)),
    ...usable.map((bridge) => bridgeChoice(bridge, wanted)),
    ...devices.filter(isUplink).map((device) => directChoice(device, host.observation, wanted)),
  ];
}

const WORDS: Readonly<Record<string, string>> = {
  nat: 'NAT',
  route: 'routed',
  open: 'open',
  bridge: 'bridge',
  hostdev: 'SR-IOV',
  private: 'macvtap',
  vepa: 'macvtap',
  passthrough: 'macvtap',
};

/** A network on an absent bridge starts all the same, and its guests then do not. */
function networkChoice(
  { name, mode, bridge, active, devices }: LibvirtNetwork,
  host: HostNetwork,
  { vlan }: NicOptions,
): NicChoice {
  const word =
    mode === undefined ? 'isolated' : mode === 'bridge' && devices.length > 0 ? 'macvtap' : (WORDS[mode] ?? mode);
  const missing = mode === 'bridge' && bridge !== undefined && !host.bridges.some((found) => found.name === bridge);
  const reason = missing ? `its bridge ${bridge} is not on the host` : active ? undefined : 'it is not started';
  return choice('network', `Virtual network ${name}: ${word}`, NetworkNic.create(name, { ...tagged(vlan) }), reason);
}

function bridgeChoice({ name, kind, uplinks, addresses, up, settings }: FoundBridge, { vlan, session }: NicOptions) {
  const facts = [uplinks.length > 0 ? `uplink ${uplinks.join(', ')}` : 'no uplink', ...addresses, up ? 'up' : 'down'];
  const reasons = [
    ...(up ? [] : ['it is down']),
    ...(kind === 'container' ? ['it belongs to a container engine'] : []),
    ...(vlan !== undefined && kind !== 'openvswitch' && settings?.vlanFiltering !== true
      ? [`VLAN filtering is off, so that the tag ${vlan} would not be set`]
      : []),
    ...(session === true ? ['a session daemon needs qemu-bridge-helper for it'] : []),
  ];
  const virtualPort = kind === 'openvswitch' ? { virtualPort: { type: kind } as const } : {};
  const nic = BridgeNic.create(name, { ...tagged(vlan), ...virtualPort });
  return choice('bridge', `Bridge ${name} (${facts.join(', ')})`, nic, reasons.join('; ') || undefined);
}

function directChoice(device: HostDevice, observation: Observation, { session }: NicOptions): NicChoice {
  const reasons = [
    ...(device.wireless ? ['it is wireless'] : []),
    ...(device.master === undefined
      ? []
      : [`it is a port of ${device.master}${masterHint(observation, device.master)}`]),
    ...(device.up ? [] : ['it is down']),
    ...(device.up && !device.carrier ? ['it has no carrier'] : []),
    ...(session === true ? ['a session daemon may not make macvtap devices'] : []),
  ];
  const label = `Direct ${device.name} (macvtap; host and guest cannot reach each other)`;
  return choice('direct', label, DirectNic.create(device.name), reasons.join('; ') || undefined);
}

const masterHint = (observation: Observation, master: string): string =>
  findDevice(observation, master)?.bridge === undefined ? '' : ': choose that bridge';

const tagged = (vlan: number | undefined): { readonly vlan?: number } => (vlan === undefined ? {} : { vlan });

function choice(
  group: NicChoice['group'],
  label: string,
  nic: NicChoice['nic'],
  reason: string | undefined,
): NicChoice {
  const available = reason === undefined;
  return { group, label, source: sourceOf(nic), available, ...(available ? {} : { reason }), nic };
}

function sourceOf(nic: NicChoice['nic']): string {
  if (nic.kind === 'network') return nic.document.source.network;
  return nic.kind === 'bridge' ? nic.document.source.bridge : nic.document.source.dev;
}
