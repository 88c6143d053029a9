import { forwardModeOf } from '../../network/canonical.js';
import type { NetworkDocument } from '../../network/network.js';
import type { PortGroup, VirtualPort } from '../../network/ports.js';
import type { ForeignReporter } from '../../rules/context.js';
import { hasTags, vlanAllowed } from '../../rules/modes.js';
import type { NetworkNicDocument } from '../nic.js';
import { NIC_RULES } from './nic-rules.js';

/** What a guest's NIC is plugged into, as libvirt sees it when the guest starts. */
export interface Plug {
  /** For people: `a NAT network`, `macvtap in mode vepa`. */
  readonly what: string;
  /** The forward mode that has the same rules for tags; `bridge` for every tap in a Linux bridge. */
  readonly mode: string;
  /** The types of virtual ports that it takes. */
  readonly ports: readonly string[];
}

const BRIDGE_PORTS = ['openvswitch'];
const MACVTAP_PORTS = ['802.1Qbg', '802.1Qbh'];

/** A bridge of the host. */
export const bridge = (what: string): Plug => ({ what, mode: 'bridge', ports: BRIDGE_PORTS });
/** A device of the host. */
export const macvtap = (mode: string): Plug => ({
  what: `macvtap in mode ${mode}`,
  mode: mode === 'bridge' ? 'macvtap' : mode,
  ports: MACVTAP_PORTS,
});

/** Checks what a NIC asks of the network that it is on; only the network's definition tells. */
export function checkNicOnNetwork(
  network: NetworkDocument,
  { source, vlan, virtualport, bandwidth }: NetworkNicDocument,
  context: ForeignReporter,
): void {
  if (Number(bandwidth?.inbound?.floor ?? 0) > 0 && network.bandwidth?.inbound === undefined)
    context.reportFrom(NIC_RULES, 'GUEST_FLOOR_NETWORK', 'bandwidth.inbound.floor', { network: network.name });
  const groups = network.portgroups ?? [];
  checkPortGroup(network.name, groups, source?.portgroup, context);
  const group = groups.find((one) => (source?.portgroup === undefined ? one.default : one.name === source.portgroup));
  const port = virtualport ?? group?.virtualport ?? network.virtualport;
  const plug = plugOf(network);
  checkTags(plug, { tagged: hasTags(vlan), port }, context);
  if (virtualport !== undefined) checkPort(plug, virtualport, context);
}

function checkPortGroup(
  network: string,
  groups: readonly PortGroup[],
  value: string | undefined,
  { reportFrom }: ForeignReporter,
): void {
  const known = groups.map(({ name }) => name);
  if (value === undefined || known.includes(value)) return;
  reportFrom(NIC_RULES, 'GUEST_PORTGROUP', 'source.portgroup', { network, value, known: known.join(', ') || 'none' });
}

function plugOf(network: NetworkDocument): Plug {
  const mode = forwardModeOf(network);
  if (mode === 'hostdev') return { what: 'a function of a card', mode, ports: ['802.1Qbh'] };
  if (network.bridge?.name !== undefined && mode === 'bridge') return bridge('a bridge');
  if (mode === 'bridge' || mode === 'private' || mode === 'vepa' || mode === 'passthrough') return macvtap(mode);
  return { ...bridge(`a network of mode ${mode}`), ports: [] };
}

interface Wanted {
  readonly tagged: boolean;
  /** The virtual port in effect, which decides whether tags are possible. */
  readonly port: VirtualPort | undefined;
}

/** VLAN tags, which not every plug takes. */
export function checkTags(
  { what, mode }: Plug,
  { tagged, port }: Wanted,
  { release, reportFrom }: ForeignReporter,
): void {
  if (tagged && !vlanAllowed(mode, port, release)) reportFrom(NIC_RULES, 'GUEST_VLAN', 'vlan', { what });
}

/** A port without a type takes that of the network. */
function checkPort({ what, ports }: Plug, { type }: VirtualPort, { reportFrom }: ForeignReporter): void {
  const taken = type === undefined ? ports.length > 0 : ports.includes(type);
  const takes = ports.join(' and ') || 'none';
  if (!taken) reportFrom(NIC_RULES, 'GUEST_VPORT', 'virtualport', { type: type ?? 'none', what, takes });
}
