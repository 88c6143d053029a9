import type { GuestInterfaceDocument } from '../guestinterface.js';
import { forwardModeOf } from '../network/canonical.js';
import type { NetworkDocument } from '../network/network.js';
import type { PortGroup, VirtualPort } from '../network/ports.js';
import type { Reporter } from './context.js';
import { hasTags, vlanAllowed } from './modes.js';

/** What a guest's interface is plugged into, as libvirt sees it when the guest starts. */
interface Plug {
  /** For people: `a NAT network`, `macvtap in mode vepa`. */
  readonly what: string;
  /** The forward mode that has the same rules for tags; `bridge` for every tap in a Linux bridge. */
  readonly mode: string;
  /** The types of virtual ports that it takes. */
  readonly ports: readonly string[];
}

const BRIDGE_PORTS = ['openvswitch'];
const MACVTAP_PORTS = ['802.1Qbg', '802.1Qbh'];

const bridge = (what: string): Plug => ({ what, mode: 'bridge', ports: BRIDGE_PORTS });
const macvtap = (mode: string): Plug => ({
  what: `macvtap in mode ${mode}`,
  mode: mode === 'bridge' ? 'macvtap' : mode,
  ports: MACVTAP_PORTS,
});

/** Checks what an interface asks of the bridge or card that it names itself. */
export function checkGuestSource(value: GuestInterfaceDocument, context: Reporter): void {
  const { type, source, vlan, virtualport } = value;
  if (type === 'network') return;
  const plug = type === 'direct' ? macvtap(source?.mode ?? 'vepa') : bridge('a bridge');
  checkTags(plug, { tagged: hasTags(vlan), port: virtualport }, context);
}

/** Checks what an interface asks of the network that it is on; only the network's definition tells. */
export function checkGuestOnNetwork(
  network: NetworkDocument,
  { source, vlan, virtualport }: GuestInterfaceDocument,
  context: Reporter,
): void {
  const groups = network.portgroups ?? [];
  checkPortGroup(network.name, groups, source.portgroup, context);
  const group = groups.find((one) => (source.portgroup === undefined ? one.default : one.name === source.portgroup));
  const port = virtualport ?? group?.virtualport ?? network.virtualport;
  const plug = plugOf(network);
  checkTags(plug, { tagged: hasTags(vlan), port }, context);
  if (virtualport !== undefined) checkPort(plug, virtualport, context);
}

function checkPortGroup(
  network: string,
  groups: readonly PortGroup[],
  value: string | undefined,
  { report }: Reporter,
): void {
  const known = groups.map(({ name }) => name);
  if (value === undefined || known.includes(value)) return;
  report('GUEST_PORTGROUP', 'source.portgroup', { network, value, known: known.join(', ') || 'none' });
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

function checkTags({ what, mode }: Plug, { tagged, port }: Wanted, { release, report }: Reporter): void {
  if (tagged && !vlanAllowed(mode, port, release)) report('GUEST_VLAN', 'vlan', { what });
}

/** A port without a type takes that of the network. */
function checkPort({ what, ports }: Plug, { type }: VirtualPort, { report }: Reporter): void {
  const taken = type === undefined ? ports.length > 0 : ports.includes(type);
  if (!taken)
    report('GUEST_VPORT', 'virtualport', { type: type ?? 'none', what, takes: ports.join(' and ') || 'none' });
}
