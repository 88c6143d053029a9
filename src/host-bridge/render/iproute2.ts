import type { Backend, ReadyBridge } from '../backend.js';
import { bondOptions, centiseconds, devicesOf, devicesToRemove } from '../devices.js';
import type { BondPort, BridgePort, VlanMember, VlanPort, VxlanPort } from '../document.js';
import { ANY_MAC, vxlanCopies, vxlanPeer } from '../vxlan.js';
import type { RenderedFile } from './rendering.js';
import { allRoutes, routeArguments, vlanIds } from './route-args.js';

const NO_CLIENT = 'ip only sets what is given to it: it has no DHCP client';
const NO_RESOLVER = 'ip knows addresses, not names';

/** The `ip` program alone: one batch, which moves the addresses without cutting connections. Gone after a restart. */
export const iproute2: Backend<'iproute2'> = {
  name: 'iproute2',
  title: 'iproute2',
  isPersistent: false,
  trial: 'direct',
  tool: 'ip',
  ownedBy: [],
  lacks: {
    dhcp4: NO_CLIENT,
    clientId: NO_CLIENT,
    dhcp6: NO_CLIENT,
    autoMetric4: NO_CLIENT,
    autoMetric6: NO_CLIENT,
    noDns4: NO_CLIENT,
    noDns6: NO_CLIENT,
    slaac: 'taking addresses from advertisements is a setting of the kernel, which ip has no word for',
    dnsServers: NO_RESOLVER,
    dnsSearch: NO_RESOLVER,
    autostart: 'what ip sets is never there after a restart',
  },
  render(bridge) {
    const [apply, tables, revert] = [
      batchFile(bridge, 'apply', applyLines(bridge)),
      tablesFile(bridge),
      revertFile(bridge),
    ];
    return {
      files: [apply, ...tables, revert],
      apply: [['ip', '-batch', apply.path], ...tables.map(({ path }) => ['bridge', '-batch', path])],
      revert: [['ip', '-force', '-batch', revert.path]],
      warnings: [['HB_IP_VOLATILE', '']],
    };
  },
};

const batchFile = ({ name }: ReadyBridge, what: string, lines: readonly string[]): RenderedFile => ({
  path: `/run/libvirt-network/${name}.${what}`,
  mode: 0o600,
  owner: 'root',
  content: `${lines.join('\n')}\n`,
});

/** Addresses leave the ports in the same breath in which the bridge gets them. */
const applyLines = (bridge: ReadyBridge): readonly string[] => [
  ...devicesBelow(bridge),
  addBridge(bridge),
  // An MTU that is given while it is made does not last: the kernel takes the ports' instead.
  ...withMtu(bridge.name, bridge.mtu),
  `link set dev ${bridge.name} up`,
  ...bridge.ports.flatMap((port) => portLines(port, bridge.name)),
  ...(bridge.ipv4.addresses ?? []).map((address) => `addr add ${address} dev ${bridge.name}`),
  ...(bridge.ipv6.addresses ?? []).map((address) => `addr add ${address} dev ${bridge.name} nodad`),
  ...allRoutes(bridge).map((route) => `route replace ${routeArguments(bridge.name, route)}`),
];

const revertFile = (bridge: ReadyBridge): RenderedFile =>
  batchFile(bridge, 'revert', [
    ...bridge.ports.map(({ name }) => `link set dev ${name} nomaster`),
    ...devicesToRemove(bridge).map((name) => `link del dev ${name}`),
  ]);

function devicesBelow({ ports }: ReadyBridge): readonly string[] {
  const { nics, bonds, vlans, vxlans } = devicesOf(ports);
  return [
    ...nics.flatMap(({ name, mtu }) => [...withMtu(name, mtu), `link set dev ${name} up`]),
    ...bonds.flatMap(bondLines),
    ...vlans.flatMap(vlanLines),
    ...vxlans.flatMap(vxlanLines),
  ];
}

const withMtu = (name: string, mtu: number | undefined): readonly string[] =>
  mtu === undefined ? [] : [`link set dev ${name} mtu ${mtu}`];

/** A card must be down to become part of a bond. */
const bondLines = (bond: BondPort): readonly string[] => [
  words([
    'link add name',
    bond.name,
    'type bond',
    ...bondOptions(bond).flatMap(([key, value]) => (key === 'primary' ? [] : given(key, value))),
  ]),
  ...bond.devices.flatMap((name) => [`link set dev ${name} down`, `link set dev ${name} master ${bond.name}`]),
  // The primary must be in the bond before it can be named.
  ...(bond.primary === undefined ? [] : [`link set dev ${bond.name} type bond primary ${bond.primary}`]),
  ...withMtu(bond.name, bond.mtu),
  `link set dev ${bond.name} up`,
];

const vlanLines = ({ name, id, parent, mtu }: VlanPort): readonly string[] => [
  `link add link ${parent.name} name ${name} type vlan id ${id}`,
  ...withMtu(name, mtu),
  `link set dev ${name} up`,
];

const vxlanLines = (vxlan: VxlanPort): readonly string[] => [
  words([
    ...['link add name', vxlan.name, 'type vxlan id', vxlan.id],
    ...given('local', vxlan.local),
    ...given(vxlan.group === undefined ? 'remote' : 'group', vxlanPeer(vxlan)),
    ...given('dev', vxlan.device),
    ...given('dstport', vxlan.port),
    ...(vxlan.learning === false ? ['nolearning'] : []),
  ]),
  ...withMtu(vxlan.name, vxlan.mtu),
  `link set dev ${vxlan.name} up`,
];

const words = (parts: readonly (string | number)[]): string => parts.join(' ');
const given = (word: string, value: string | number | undefined): readonly (string | number)[] =>
  value === undefined ? [] : [word, value];
const time = (word: string, seconds: number | undefined): readonly (string | number)[] =>
  given(word, seconds === undefined ? undefined : centiseconds(seconds));
const bit = (value: boolean | undefined): number | undefined => (value === undefined ? undefined : Number(value));

function addBridge(bridge: ReadyBridge): string {
  const { stp, vlanFiltering } = bridge;
  return words([
    ...['link add name', bridge.name, ...given('address', bridge.mac)],
    ...['type bridge stp_state', Number(stp.enabled)],
    ...time('forward_delay', stp.forwardDelay),
    ...time('hello_time', stp.helloTime),
    ...time('max_age', stp.maxAge),
    ...given('priority', stp.priority),
    ...time('ageing_time', bridge.ageingTime),
    ...given('mcast_snooping', bit(bridge.multicastSnooping)),
    ...(vlanFiltering === undefined ? [] : ['vlan_filtering 1']),
    ...given('vlan_default_pvid', vlanFiltering?.defaultPvid),
  ]);
}

function portLines(
  { name, type, pathCost, priority, hairpin, isolated }: BridgePort,
  bridge: string,
): readonly string[] {
  const options = [
    ...given('cost', pathCost),
    ...given('priority', priority),
    ...(hairpin ? ['hairpin on'] : []),
    ...(isolated ? ['isolated on'] : []),
  ];
  return [
    `link set dev ${name} master ${bridge}`,
    ...(options.length === 0 ? [] : [words(['link set dev', name, 'type bridge_slave', ...options])]),
    ...(type === 'nic' ? [`addr flush dev ${name} scope global`] : []),
  ];
}

/** VLANs of ports and address tables are the business of the `bridge` program, which has a batch of its own. */
function tablesFile(bridge: ReadyBridge): readonly RenderedFile[] {
  const lines = [
    ...devicesOf(bridge.ports).vxlans.flatMap((vxlan) =>
      vxlanCopies(vxlan).map((peer) => `fdb append ${ANY_MAC} dev ${vxlan.name} dst ${peer}`),
    ),
    ...bridge.ports.flatMap(({ name, vlans = [] }) => vlans.map((member) => vlanLine(name, member))),
    ...(bridge.vlanFiltering?.vlans ?? []).map((member) => `${vlanLine(bridge.name, member)} self`),
  ];
  return lines.length === 0 ? [] : [batchFile(bridge, 'tables', lines)];
}

const vlanLine = (device: string, member: VlanMember): string =>
  words([
    ...['vlan add dev', device, 'vid', vlanIds(member)],
    ...[...(member.pvid ? ['pvid'] : []), ...(member.untagged ? ['untagged'] : [])],
  ]);
