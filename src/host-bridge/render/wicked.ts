import { EVERYWHERE } from '../address.js';
import { type Backend, partlyLacks, type ReadyBridge, wholeSeconds, withoutVxlans } from '../backend.js';
import { bondOptions, devicesOf } from '../devices.js';
import type { BondPort, BridgeRoute, PortDevice } from '../document.js';
import { printSingle, type Variable } from '../text/assignments.js';
import type { RenderedFile } from './rendering.js';

const NO_WORD = 'wicked has no word for it';
const GLOBAL_DHCP = 'wicked keeps it in /etc/sysconfig/network/dhcp and config, for the whole host';
const GLOBAL = 'wicked has name servers for the whole host only, in /etc/sysconfig/network/config';

/** wicked, of SLES 12 and 15: files like ifcfg, with other names in them. */
export const wicked: Backend<'wicked'> = {
  name: 'wicked',
  title: 'wicked',
  isPersistent: true,
  trial: 'kernel',
  tool: 'wicked',
  ownedBy: ['wicked'],
  lacks: {
    ...withoutVxlans('this library does not write it for wicked'),
    forwardDelay: wholeSeconds,
    helloTime: wholeSeconds,
    maxAge: wholeSeconds,
    ageingTime: wholeSeconds,
    multicastSnooping: NO_WORD,
    vlanFiltering: NO_WORD,
    defaultPvid: NO_WORD,
    ownVlans: NO_WORD,
    hairpin: NO_WORD,
    isolated: NO_WORD,
    portVlans: NO_WORD,
    autoMetric4: GLOBAL_DHCP,
    autoMetric6: GLOBAL_DHCP,
    noDns4: GLOBAL_DHCP,
    noDns6: GLOBAL_DHCP,
    clientId: 'wicked keeps it in /etc/sysconfig/network/dhcp, for the whole host',
    slaac: 'in wicked, taking addresses from advertisements is a setting of the kernel',
    dhcp6: partlyLacks('wicked’s DHCP is for both families or for IPv4', (_, { ipv4 }) => ipv4.auto === undefined),
    addresses4: partlyLacks('beside DHCP wicked takes no fixed addresses', hasBoth),
    addresses6: partlyLacks('beside DHCP wicked takes no fixed addresses', hasBoth),
    dnsServers: GLOBAL,
    dnsSearch: GLOBAL,
    routeTable: NO_WORD,
    routeOnLink: NO_WORD,
  },
  render(bridge) {
    const { nics, bonds, vlans } = devicesOf(bridge.ports);
    const below = [...nics, ...bonds, ...vlans].map((device) => deviceFile(device, bridge));
    const members = bonds.flatMap((bond) => bond.devices.map((name) => memberFile(name, bond, bridge)));
    return {
      files: [bridgeFile(bridge), ...routeFile(bridge), ...below, ...members],
      apply: [['wicked', 'ifup', bridge.name]],
      revert: [
        ['wicked', 'ifdown', bridge.name],
        ['wicked', 'ifreload', 'all'],
      ],
    };
  },
};

function hasBoth(_: unknown, { ipv4, ipv6 }: ReadyBridge): boolean {
  return ipv4.auto !== undefined || ipv6.auto !== undefined;
}

const file = (name: string, content: string): RenderedFile => ({
  path: `/etc/sysconfig/network/${name}`,
  mode: 0o644,
  owner: 'root',
  content,
});

const startMode = (isAuto: boolean): Variable => ['STARTMODE', isAuto ? 'auto' : 'manual'];

function bridgeFile(bridge: ReadyBridge): RenderedFile {
  const { stp, ports } = bridge;
  return file(
    `ifcfg-${bridge.name}`,
    printSingle([
      startMode(bridge.autostart),
      ['BOOTPROTO', bootProtocol(bridge)],
      ['BRIDGE', 'yes'],
      ['BRIDGE_PORTS', ports.map(({ name }) => name).join(' ')],
      ['BRIDGE_STP', stp.enabled ? 'on' : 'off'],
      ['BRIDGE_FORWARDDELAY', stp.forwardDelay ?? (stp.enabled ? undefined : 0)],
      ['BRIDGE_HELLOTIME', stp.helloTime],
      ['BRIDGE_MAXAGE', stp.maxAge],
      ['BRIDGE_AGEINGTIME', bridge.ageingTime],
      ['BRIDGE_PRIORITY', stp.priority],
      ['BRIDGE_PATHCOSTS', byPosition(ports.map(({ pathCost }) => pathCost))],
      ['BRIDGE_PORTPRIORITIES', byPosition(ports.map(({ priority }) => priority))],
      ['LLADDR', bridge.mac],
      ['MTU', bridge.mtu],
      ...[...(bridge.ipv4.addresses ?? []), ...(bridge.ipv6.addresses ?? [])].map(
        (address, i): Variable => [i === 0 ? 'IPADDR' : `IPADDR_${i}`, address],
      ),
    ]),
  );
}

function bootProtocol({ ipv4, ipv6 }: ReadyBridge): string {
  if (ipv4.auto === 'dhcp') return ipv6.auto === 'dhcp' ? 'dhcp' : 'dhcp4';
  return ipv4.addresses === undefined && ipv6.addresses === undefined ? 'none' : 'static';
}

/** The ports' values in the ports' order; a dash stands for none. */
const byPosition = (values: readonly (number | undefined)[]): string | undefined =>
  values.every((value) => value === undefined) ? undefined : values.map((value) => value ?? '-').join(' ');

function routeFile({ name, ipv4, ipv6, routes }: ReadyBridge): readonly RenderedFile[] {
  const lines = [
    ...(ipv4.gateway === undefined ? [] : [`default ${ipv4.gateway} - ${name}`]),
    ...(ipv6.gateway === undefined ? [] : [`default ${ipv6.gateway} - ${name}`]),
    ...routes.map((route) => routeLine(name, route)),
  ];
  return lines.length === 0 ? [] : [file(`ifroute-${name}`, `${lines.join('\n')}\n`)];
}

function routeLine(device: string, { to, via, metric }: BridgeRoute): string {
  const isDefault = to === EVERYWHERE.ipv4 || to === EVERYWHERE.ipv6;
  const words = [isDefault ? 'default' : to, via ?? '-', '-', device];
  return [...words, ...(metric === undefined ? [] : ['metric', metric])].join(' ');
}

function deviceFile(device: PortDevice, { autostart }: ReadyBridge): RenderedFile {
  return file(
    `ifcfg-${device.name}`,
    printSingle([startMode(autostart), ['BOOTPROTO', 'none'], ...kindVariables(device), ['MTU', device.mtu]]),
  );
}

function kindVariables(device: PortDevice): readonly Variable[] {
  if (device.type === 'nic' || device.type === 'vxlan') return [];
  if (device.type === 'vlan')
    return [
      ['ETHERDEVICE', device.parent.name],
      ['VLAN_ID', device.id],
    ];
  const options = bondOptions(device).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
  return [
    ['BONDING_MASTER', 'yes'],
    ...device.devices.map((name, i): Variable => [`BONDING_SLAVE_${i}`, name]),
    ['BONDING_MODULE_OPTS', options.join(' ')],
  ];
}

const memberFile = (name: string, bond: BondPort, { autostart }: ReadyBridge): RenderedFile =>
  file(`ifcfg-${name}`, printSingle([startMode(autostart), ['BOOTPROTO', 'none'], ['MTU', bond.mtu]]));
