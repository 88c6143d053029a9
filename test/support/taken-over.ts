import { type EditableSystem, HostBridge, readHostNetwork, type SourceFile } from '../../src/host-bridge/index.js';
import type { RenderedFile, Rendering } from '../../src/host-bridge/render/rendering.js';
import type { HostFiles, RealisticHost } from './hosts.js';

export const EDITABLE: readonly EditableSystem[] = ['netplan', 'networkmanager', 'networkd', 'ifupdown'];

export const sourcesOf = (files: HostFiles): readonly SourceFile[] =>
  Object.entries(files).map(([path, content]) => ({ path, content }));

/** What a bridge in place of the device of a host is like, and the files of the host with it. */
export interface TakenOver {
  readonly bridge: HostBridge;
  readonly rendering: Rendering;
  readonly files: readonly RenderedFile[];
}

const MAC = '52:54:00:12:34:56';

/** Has a bridge take over the device of a host. */
export function takeOver({ device, files }: RealisticHost, system: EditableSystem): TakenOver {
  const before = sourcesOf(files[system]);
  const bridge = HostBridge.takeOver(device, readHostNetwork(system, before));
  const rendering = bridge.render(system, { macs: { [device]: MAC } });
  const changed = new Set(rendering.files.map(({ path }) => path));
  const kept = before.filter(({ path }) => !changed.has(path)).map((file) => ({ ...file, mode: 0o600, owner: 'root' }));
  return { bridge, rendering, files: [...kept, ...rendering.files] };
}

/** The addresses, routers and DHCP of a device. */
export function addressingIn(system: EditableSystem, files: readonly SourceFile[], device: string) {
  const found = readHostNetwork(system, files).devices.find(({ name }) => name === device);
  const { ipv4, ipv6, routes = [] } = found ?? {};
  const own = [ipv4?.gateway, ipv6?.gateway].filter((gateway) => gateway !== undefined);
  const everywhere = routes.filter(({ to }) => to === '0.0.0.0/0' || to === '::/0');
  const others = everywhere.map(({ via, metric }) => (metric === undefined ? `${via}` : `${via} ${metric}`));
  return {
    addresses: [...(ipv4?.addresses ?? []), ...(ipv6?.addresses ?? [])].sort(),
    gateways: [...own, ...others].sort(),
    isDhcp: ipv4?.auto === 'dhcp',
    isAuto6: ipv6?.auto !== undefined,
    port: found?.master,
  };
}

/** The same as a host says it. */
export const wantedOf = ({ addresses, gateways, isDhcp }: RealisticHost) => ({
  addresses: [...addresses].sort(),
  gateways: [...gateways].sort(),
  isDhcp: isDhcp === true,
});
