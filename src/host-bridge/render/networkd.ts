import { firstBy, groupedBy } from '../../lists/group.js';
import { type Backend, isBelowPorts, partlyLacks, type ReadyBridge } from '../backend.js';
import { devicesOf, devicesToRemove, monitorMs } from '../devices.js';
import type {
  AutoOverrides,
  BondPort,
  BridgePort,
  BridgeRoute,
  PortDevice,
  VlanMember,
  VlanPort,
  VxlanPort,
} from '../document.js';
import { printSections, type Section, section } from '../text/sections.js';
import { ANY_MAC, vxlanCopies, vxlanPeer } from '../vxlan.js';
import type { RenderedFile } from './rendering.js';
import { vlanIds } from './route-args.js';

const UNDERLAY = 'networkd names it in the file of the device below, which is not one of the bridge';

/** systemd-networkd: a `.netdev` file makes a device, a `.network` file sets one up. */
export const networkd: Backend<'networkd'> = {
  name: 'networkd',
  title: 'systemd-networkd',
  isPersistent: true,
  trial: 'volatile',
  tool: 'networkctl',
  ownedBy: ['networkd'],
  lacks: {
    vxlanGroup: UNDERLAY,
    vxlanDevice: UNDERLAY,
    priority: partlyLacks('networkd takes a priority of 0 for none', ({ value }) => value === 0),
    portMtu: partlyLacks(
      'networkd sets an MTU of 1500 only where the device has another one, and the bridge then takes that of its ports',
      (_, bridge) => bridge.mtu === 1500 && isBelowPorts(bridge),
    ),
  },
  render: (bridge) => ({
    files: [...devicesBelow(bridge), ...bridgeFiles(bridge)],
    apply: [['networkctl', 'reload']],
    revert: [['networkctl', 'reload'], ...devicesToRemove(bridge).map((name) => ['ip', 'link', 'del', 'dev', name])],
  }),
};

/** The first file that matches a device wins, so these come before what the host has. */
const file = (name: string, sections: readonly Section[]): RenderedFile => ({
  path: `/etc/systemd/network/05-${name}`,
  mode: 0o644,
  owner: 'root',
  content: printSections(sections),
});

const yesNo = (value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : value ? 'yes' : 'no';

/** The files of everything that the bridge stands on. */
function devicesBelow(bridge: ReadyBridge): readonly RenderedFile[] {
  const { nics, bonds, vlans, vxlans } = devicesOf(bridge.ports);
  const members = bonds.flatMap((bond) => bond.devices.map((name) => memberFile(name, bond)));
  const made = [...bonds.map(bondDevice), ...vlans.map(vlanDevice), ...vxlans.map(vxlanDevice)];
  const ports = firstBy(bridge.ports, ({ name }) => name);
  const above = groupedBy(vlans, ({ parent }) => parent.name);
  const set = [...nics, ...bonds, ...vlans, ...vxlans].map((device) =>
    portFile(device, { bridge: bridge.name, port: ports.get(device.name), vlans: above.get(device.name) ?? [] }),
  );
  return [...made, ...members, ...set];
}

const bondDevice = (bond: BondPort): RenderedFile => {
  const interval = monitorMs(bond);
  return file(`${bond.name}.netdev`, [
    section('NetDev', ['Name', bond.name], ['Kind', 'bond'], ['MTUBytes', bond.mtu]),
    section(
      'Bond',
      ['Mode', bond.mode],
      ['MIIMonitorSec', interval === undefined ? undefined : `${interval}ms`],
      ['LACPTransmitRate', bond.lacpRate],
      ['TransmitHashPolicy', bond.transmitHashPolicy],
    ),
  ]);
};

const vlanDevice = ({ name, id, mtu }: VlanPort): RenderedFile =>
  file(`${name}.netdev`, [
    section('NetDev', ['Name', name], ['Kind', 'vlan'], ['MTUBytes', mtu]),
    section('VLAN', ['Id', id]),
  ]);

/** Independent of a device below: the route decides. */
const vxlanDevice = (vxlan: VxlanPort): RenderedFile =>
  file(`${vxlan.name}.netdev`, [
    section('NetDev', ['Name', vxlan.name], ['Kind', 'vxlan'], ['MTUBytes', vxlan.mtu]),
    section(
      'VXLAN',
      ['VNI', vxlan.id],
      ['Local', vxlan.local],
      ['Remote', vxlanPeer(vxlan)],
      ['DestinationPort', vxlan.port],
      ['MacLearning', yesNo(vxlan.learning ?? true)],
      ['Independent', 'yes'],
    ),
  ]);

const memberFile = (name: string, bond: BondPort): RenderedFile =>
  file(`${name}.network`, [
    section('Match', ['Name', name]),
    section('Link', ['MTUBytes', bond.mtu]),
    section('Network', ['Bond', bond.name], ['PrimarySlave', bond.primary === name ? 'yes' : undefined]),
  ]);

/** A card, bond or VLAN below the bridge: it may be a port, a parent of VLANs, or both. */
function portFile(
  device: PortDevice,
  {
    bridge,
    port,
    vlans,
  }: { readonly bridge: string; readonly port: BridgePort | undefined; readonly vlans: readonly VlanPort[] },
): RenderedFile {
  return file(`${device.name}.network`, [
    section('Match', ['Name', device.name]),
    section('Link', ['MTUBytes', device.mtu]),
    section('Network', ['LinkLocalAddressing', 'no'], ...vlans.map(({ name }) => ['VLAN', name] as const), [
      'Bridge',
      port && bridge,
    ]),
    section(
      'Bridge',
      ['Cost', port?.pathCost],
      ['Priority', port?.priority],
      ['HairPin', yesNo(port?.hairpin)],
      ['Isolated', yesNo(port?.isolated)],
    ),
    ...(port?.vlans ?? []).map(vlanSection),
    ...(device.type === 'vxlan' ? vxlanCopies(device) : []).map((peer) =>
      section('BridgeFDB', ['MACAddress', ANY_MAC], ['Destination', peer]),
    ),
  ]);
}

const vlanSection = ({ id, pvid, untagged }: VlanMember): Section =>
  section(
    'BridgeVLAN',
    ['VLAN', vlanIds({ id })],
    ['PVID', pvid && typeof id === 'number' ? id : undefined],
    ['EgressUntagged', untagged && typeof id === 'number' ? id : undefined],
  );

function bridgeFiles(bridge: ReadyBridge): readonly RenderedFile[] {
  const { name, stp, vlanFiltering } = bridge;
  const device = section('NetDev', ['Name', name], ['Kind', 'bridge'], ['MACAddress', bridge.mac]);
  const settings = section(
    'Bridge',
    ['STP', yesNo(stp.enabled)],
    ['ForwardDelaySec', stp.forwardDelay],
    ['HelloTimeSec', stp.helloTime],
    ['MaxAgeSec', stp.maxAge],
    ['Priority', stp.priority],
    ['AgeingTimeSec', bridge.ageingTime],
    ['MulticastSnooping', yesNo(bridge.multicastSnooping)],
    ['VLANFiltering', vlanFiltering && 'yes'],
    ['DefaultPVID', vlanFiltering?.defaultPvid === 0 ? 'none' : vlanFiltering?.defaultPvid],
  );
  return [file(`${name}.netdev`, [device, settings]), file(`${name}.network`, networkSections(bridge))];
}

function networkSections(bridge: ReadyBridge): readonly Section[] {
  const { ipv4, ipv6, dns, routes } = bridge;
  const dhcp = ipv4.auto === 'dhcp' ? (ipv6.auto === 'dhcp' ? 'yes' : 'ipv4') : ipv6.auto === 'dhcp' ? 'ipv6' : 'no';
  const addresses = [...(ipv4.addresses ?? []), ...(ipv6.addresses ?? [])];
  return [
    section('Match', ['Name', bridge.name]),
    // Here and not in the other file: the MTU that a bridge is made with goes when its first port comes.
    section('Link', ['MTUBytes', bridge.mtu], ['ActivationPolicy', bridge.autostart ? undefined : 'manual']),
    section(
      'Network',
      ['DHCP', dhcp],
      ['IPv6AcceptRA', yesNo(ipv6.auto !== undefined)],
      ...addresses.map((address) => ['Address', address] as const),
      ...(dns?.servers ?? []).map((server) => ['DNS', server] as const),
      ['Domains', dns?.search?.join(' ')],
      // Without it the addresses come only when the first port has a link.
      ['ConfigureWithoutCarrier', 'yes'],
    ),
    section('DHCPv4', ['ClientIdentifier', ipv4.clientId], ['RouteMetric', ipv4.routeMetric], ['UseDNS', noDns(ipv4)]),
    section('DHCPv6', ['UseDNS', ipv6.auto === 'dhcp' ? noDns(ipv6) : undefined]),
    section('IPv6AcceptRA', ['RouteMetric', ipv6.routeMetric], ['UseDNS', noDns(ipv6)]),
    section('Route', ['Gateway', ipv4.gateway]),
    section('Route', ['Gateway', ipv6.gateway]),
    ...routes.map(routeSection),
    ...(bridge.vlanFiltering?.vlans ?? []).map(vlanSection),
  ];
}

const noDns = ({ useDns }: AutoOverrides): string | undefined => (useDns === false ? 'no' : undefined);

const routeSection = ({ to, via, metric, table, onLink }: BridgeRoute): Section =>
  section(
    'Route',
    ['Destination', to],
    ['Gateway', via],
    ['Scope', via === undefined && !to.includes(':') ? 'link' : undefined],
    ['Metric', metric],
    ['Table', table],
    ['GatewayOnLink', onLink && 'yes'],
  );
