import { forwardModeOf, isLayer3 } from '../network/canonical.js';
import type { PortGroup, VirtualPort, Vlan } from '../network/ports.js';
import { isMulticastMac } from '../scalar.js';
import { eachOf, type RuleContext } from './context.js';

/** The bridge, and which elements a forward mode allows. */
export function checkModes(context: RuleContext): void {
  const { document, report } = context;
  const mode = forwardModeOf(document);
  const { mac } = document;
  if (mac?.address !== undefined && isMulticastMac(mac.address))
    report('MAC_MULTICAST', 'mac.address', { value: mac.address });
  checkDevicesOfMode(context, mode);
  if (isLayer3(document)) return;
  checkBridgeOfMode(context, mode);
  if ((document.mtu?.size ?? 0) > 0) report('MTU_MODE', 'mtu', { mode });
  checkUnsupported(context, mode);
}

function checkBridgeOfMode({ document, report }: RuleContext, mode: string): void {
  const { bridge, forward } = document;
  if (mode !== 'bridge') {
    if (bridge?.name !== undefined) report('BRIDGE_NAME_MODE', 'bridge.name', { mode });
    if (bridge?.zone !== undefined) report('BRIDGE_ZONE_MODE', 'bridge.zone', { mode });
    if (bridge?.macTableManager !== undefined) report('BRIDGE_MTM_MODE', 'bridge.macTableManager', { mode });
  }
  if (bridge?.stp !== undefined || bridge?.zone !== undefined || Number(bridge?.delay ?? 0) !== 0)
    report('BRIDGE_STP_MODE', 'bridge', { mode });
  const { dev, pf, interfaces = [], addresses = [] } = forward ?? {};
  const hasDevices = dev !== undefined || pf !== undefined || interfaces.length > 0 || addresses.length > 0;
  if (bridge?.name !== undefined && hasDevices) report('BRIDGE_OR_DEV', 'bridge.name', { mode });
}

function checkUnsupported({ document, report }: RuleContext, mode: string): void {
  const { mac, ips, dns, domain, bandwidth, bridge } = document;
  if (mac?.address !== undefined) report('MAC_MODE', 'mac', { mode });
  if ((ips?.length ?? 0) > 0) report('IP_MODE', 'ips', { mode });
  if ([dns?.txts, dns?.hosts, dns?.srvs].some((list) => (list?.length ?? 0) > 0)) report('DNS_MODE', 'dns', { mode });
  if (domain?.name !== undefined) report('DOMAIN_MODE', 'domain', { mode });
  if (mode === 'bridge' && bridge?.name !== undefined) return;
  if (bandwidth?.inbound !== undefined || bandwidth?.outbound !== undefined)
    report('NET_BW_MODE', 'bandwidth', { mode });
  eachOf(document.portgroups, 'portgroups', (group, path) => {
    if (group.bandwidth?.inbound !== undefined || group.bandwidth?.outbound !== undefined)
      report('PG_BW_MODE', `${path}.bandwidth`, { mode, group: group.name });
  });
}

function checkDevicesOfMode(context: RuleContext, mode: string): void {
  const { document, report } = context;
  const { forward } = document;
  const interfaces = forward?.interfaces?.[0]?.dev ?? forward?.dev;
  if (mode === 'hostdev' && interfaces !== undefined) report('FWD_HOSTDEV_NETDEV', 'forward', { value: interfaces });
  if (mode !== 'hostdev' && interfaces === undefined && (forward?.addresses?.length ?? 0) > 0)
    report('FWD_PCI_MODE', 'forward.addresses', { mode });
  checkTagging(context, mode);
}

function checkTagging({ document, release, report }: RuleContext, mode: string): void {
  const { vlan, virtualport, portgroups = [] } = document;
  const isAllowed = vlanAllowed(mode, virtualport, release);
  const takesTags = ({ virtualport: own }: PortGroup) => (own === undefined ? isAllowed : isOpenVswitch(mode, own));
  // Guests that name no group get the default one: then the network's own port need not take its tags.
  const isUsed = !portgroups.some((group) => group.default) || portgroups.some((one) => one.virtualport === undefined);
  if (hasTags(vlan) && !isAllowed && isUsed) report('VLAN_MODE', 'vlan', { mode });
  eachOf(portgroups, 'portgroups', (group, path) => {
    if (takesTags(group)) return;
    if (hasTags(group.vlan)) report('VLAN_MODE', `${path}.vlan`, { mode });
    else if (hasTags(vlan) && group.virtualport !== undefined) report('VLAN_MODE', `${path}.virtualport`, { mode });
  });
}

export const hasTags = (vlan: Vlan | undefined): boolean => (vlan?.tags?.length ?? 0) > 0;

const isOpenVswitch = (mode: string, port: VirtualPort): boolean => mode === 'bridge' && port.type === 'openvswitch';

/** Since 11.0 libvirt can tag on plain Linux bridges too. */
export function vlanAllowed(mode: string, port: VirtualPort | undefined, release: number): boolean {
  if (mode === 'hostdev' || mode === 'passthrough') return true;
  return port === undefined ? mode === 'bridge' && release >= 11_000_000 : isOpenVswitch(mode, port);
}
