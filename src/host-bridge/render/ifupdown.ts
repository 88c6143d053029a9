import { EVERYWHERE } from '../address.js';
import { type Backend, partlyLacks, type ReadyBridge, type RenderedParts, withoutVxlans } from '../backend.js';
import { type FieldUse, indexIn } from '../capabilities.js';
import { devicesOf, monitorMs } from '../devices.js';
import type { BondPort, BridgePort, BridgeRoute, PortDevice } from '../document.js';
import type { Command } from './rendering.js';
import { routeArguments } from './route-args.js';

const FLAG_ONLY = 'ifupdown knows VLAN filtering only as on or off';

/** ifupdown, in a spelling that Debian's own, Proxmox' ifupdown2 and Alpine's ifupdown-ng all read. */
export const ifupdown: Backend<'ifupdown'> = {
  name: 'ifupdown',
  title: 'ifupdown',
  isPersistent: true,
  trial: 'kernel',
  tool: 'ifup',
  ownedBy: ['ifupdown'],
  lacks: {
    ...withoutVxlans('ifupdown has no word for it'),
    vlanPort: partlyLacks('ifupdown takes the id of a VLAN from the end of its name, as in eno1.20', isOddlyNamed),
    defaultPvid: FLAG_ONLY,
    ownVlans: FLAG_ONLY,
    portVlans: FLAG_ONLY,
    autoMetric6: 'ifupdown has a metric for DHCP of IPv4 only',
    noDns4: 'the DHCP clients that ifupdown starts have files of their own for it',
    noDns6: 'the DHCP clients that ifupdown starts have files of their own for it',
    clientId: partlyLacks(
      'the DHCP clients that ifupdown starts have files of their own for a DUID',
      ({ value }) => value !== 'mac',
    ),
  },
  render(bridge) {
    const content = printStanzas([...devicesBelow(bridge), ...bridgeStanzas(bridge)], bridge.autostart);
    const names = upOrder(bridge);
    // A name with a dot is skipped where the folder is read by source-directory.
    const path = `/etc/network/interfaces.d/${bridge.name.replaceAll('.', '-')}`;
    // ifdown needs the stanzas, and at that time the file itself is gone.
    const kept = `/run/libvirt-network/${bridge.name}.interfaces`;
    return {
      files: [{ path, mode: 0o644, owner: 'root', content }],
      apply: [['install', '-D', '-m', '600', path, kept], ...keptIds(bridge), ...names.map((name) => ['ifup', name])],
      revert: [...names].reverse().map((name) => ['ifdown', '-i', kept, name]),
      warnings: warningsOf(bridge),
    };
  },
};

/**
 * dhclient makes a DUID for each device. With that of the card, and its MAC address, the bridge is the same client to the
 * server and keeps the address.
 */
function keptIds({ name, ports: [card], ipv4, ipv6 }: ReadyBridge): readonly Command[] {
  if (card === undefined || (ipv4.auto !== 'dhcp' && ipv6.auto !== 'dhcp')) return [];
  const files = [card.name, name].map((device) => `/var/lib/dhcp/dhclient.${device}.leases`);
  return [['sh', '-c', KEEP_ID, 'sh', ...files]];
}

/** Its parameters: the file of the card, and that of the bridge. Copied as it is: echo would read the octal digits in it. */
const KEEP_ID = '[ ! -e "$1" ] || grep -qs "^default-duid " "$2" || grep "^default-duid " "$1" >>"$2" || :';

function isOddlyNamed({ path }: FieldUse, { ports }: ReadyBridge): boolean {
  const port = ports[indexIn(path)];
  return port?.type === 'vlan' && !port.name.endsWith(`.${port.id}`);
}

/** Orders the devices: those below the bridge come up first. */
function upOrder({ name, ports }: ReadyBridge): readonly string[] {
  const { nics, bonds, vlans } = devicesOf(ports);
  return [...nics, ...bonds, ...vlans, { name }].map((device) => device.name);
}

interface Stanza {
  readonly device: string;
  readonly family: 'inet' | 'inet6';
  readonly method: 'manual' | 'dhcp' | 'static' | 'auto';
  readonly options: readonly (readonly [key: string, value: string | number | undefined])[];
}

function printStanzas(stanzas: readonly Stanza[], isAuto: boolean): string {
  const seen = new Set<string>();
  const blocks = stanzas.map(({ device, family, method, options }) => {
    const isFirst = !seen.has(device);
    seen.add(device);
    const lines = options.flatMap(([key, value]) => (value === undefined ? [] : [`    ${key} ${value}`]));
    return [...(isAuto && isFirst ? [`auto ${device}`] : []), `iface ${device} ${family} ${method}`, ...lines].join(
      '\n',
    );
  });
  return `${blocks.join('\n\n')}\n`;
}

function devicesBelow({ ports }: ReadyBridge): readonly Stanza[] {
  const { nics, bonds, vlans } = devicesOf(ports);
  return [
    ...nics.map((nic) => plain(nic)),
    ...bonds.flatMap((bond) => [...bond.devices.map((name) => plain({ name, mtu: bond.mtu })), bondStanza(bond)]),
    ...vlans.map((vlan) => plain(vlan, [['vlan-raw-device', vlan.parent.name]])),
  ];
}

const plain = (
  { name, mtu }: { readonly name: string; readonly mtu?: number | undefined },
  options: Stanza['options'] = [],
): Stanza => ({ device: name, family: 'inet', method: 'manual', options: [...options, ['mtu', mtu]] });

const bondStanza = (bond: BondPort): Stanza =>
  plain(bond, [
    ['bond-slaves', bond.devices.join(' ')],
    ['bond-mode', bond.mode],
    ['bond-miimon', monitorMs(bond)],
    ['bond-lacp-rate', bond.lacpRate],
    ['bond-xmit-hash-policy', bond.transmitHashPolicy],
    ['bond-primary', bond.primary],
  ]);

/** The first stanza makes the bridge; the others give it more addresses. */
function bridgeStanzas(bridge: ReadyBridge): readonly Stanza[] {
  const [first, ...others] = [...stanzas4(bridge), ...stanzas6(bridge)];
  if (first === undefined) return [];
  return [
    { ...first, options: [...bridgeOptions(bridge, first.method), ...first.options, ...scripts(bridge)] },
    ...others,
  ];
}

function stanzas4({ name, ipv4 }: ReadyBridge): readonly Stanza[] {
  // Debian has dhclient ask with a DUID unless this forbids it.
  const client = ipv4.clientId === 'mac' ? 'no' : undefined;
  const options = [['client', client] as const, ['metric', ipv4.routeMetric] as const];
  const dhcp: Stanza = { device: name, family: 'inet', method: 'dhcp', options };
  const manual: Stanza = { ...dhcp, method: 'manual', options: [] };
  const fixed = (ipv4.addresses ?? []).map(
    (address, i): Stanza => ({ ...dhcp, method: 'static', options: fixedOptions(address, i, ipv4.gateway) }),
  );
  if (ipv4.auto === 'dhcp') return [dhcp, ...fixed];
  return fixed.length === 0 ? [manual] : fixed;
}

function stanzas6({ name, ipv6 }: ReadyBridge): readonly Stanza[] {
  const base = { device: name, family: 'inet6' } as const;
  const fixed = (ipv6.addresses ?? []).map((address, i): Stanza => {
    const closed: Stanza['options'] = ipv6.auto === undefined ? [['accept_ra', 0]] : [];
    return { ...base, method: 'static', options: [...fixedOptions(address, i, ipv6.gateway), ...closed] };
  });
  if (ipv6.auto === undefined) return fixed;
  return [{ ...base, method: ipv6.auto === 'slaac' ? 'auto' : 'dhcp', options: [] }, ...fixed];
}

const fixedOptions = (address: string, i: number, gateway: string | undefined): Stanza['options'] => [
  ['address', address],
  ['gateway', i === 0 ? gateway : undefined],
];

/** Dashes are read by all three, and so is hwaddress; `bridge-hw` would change the port's address on Alpine. */
function bridgeOptions(bridge: ReadyBridge, method: Stanza['method']): Stanza['options'] {
  const { ports, stp, dns } = bridge;
  return [
    ['bridge-ports', ports.length === 0 ? 'none' : ports.map(({ name }) => name).join(' ')],
    ['bridge-stp', stp.enabled ? 'on' : 'off'],
    ['bridge-fd', stp.forwardDelay ?? (stp.enabled ? undefined : 0)],
    ['bridge-hello', stp.helloTime],
    ['bridge-maxage', stp.maxAge],
    ['bridge-bridgeprio', stp.priority],
    ['bridge-ageing', bridge.ageingTime],
    ['bridge-vlan-aware', bridge.vlanFiltering && 'yes'],
    // Else ifup waits until the ports forward.
    ['bridge-maxwait', 0],
    ['hwaddress', bridge.mac],
    ['mtu', method === 'dhcp' ? undefined : bridge.mtu],
    ['dns-nameservers', dns?.servers?.join(' ')],
    ['dns-search', dns?.search?.join(' ')],
  ];
}

/** Writes settings that ifupdown does not support as ip commands. Every value in these lines is checked, because a shell runs them. */
function scripts(bridge: ReadyBridge): Stanza['options'] {
  const { name, ipv4, ipv6, mtu, multicastSnooping, routes } = bridge;
  const isQuiet = ipv6.auto === undefined && ipv6.addresses === undefined;
  const commands = [
    ...(mtu !== undefined && ipv4.auto === 'dhcp' ? [`ip link set dev ${name} mtu ${mtu}`] : []),
    ...(multicastSnooping === undefined
      ? []
      : [`ip link set dev ${name} type bridge mcast_snooping ${multicastSnooping ? 1 : 0}`]),
    ...(isQuiet ? [`sysctl -q -w net/ipv6/conf/${name}/accept_ra=0 || true`] : []),
    ...bridge.ports.flatMap(portCommand),
  ].map((command) => ['post-up', command] as const);
  return [...commands, ...[...gatewayRoutes(bridge), ...routes].flatMap((route) => routeLines(name, route))];
}

function portCommand({ name, pathCost, priority, hairpin, isolated }: BridgePort): readonly string[] {
  const words = [
    ...(pathCost === undefined ? [] : [`cost ${pathCost}`]),
    ...(priority === undefined ? [] : [`priority ${priority}`]),
    ...(hairpin ? ['hairpin on'] : []),
    ...(isolated ? ['isolated on'] : []),
  ];
  return words.length === 0 ? [] : [`ip link set dev ${name} type bridge_slave ${words.join(' ')}`];
}

/** A gateway stands in a stanza with a fixed address; without one it is a route like others. */
const gatewayRoutes = ({ ipv4, ipv6 }: ReadyBridge): readonly BridgeRoute[] => [
  ...(ipv4.gateway !== undefined && ipv4.addresses === undefined ? [{ to: EVERYWHERE.ipv4, via: ipv4.gateway }] : []),
  ...(ipv6.gateway !== undefined && ipv6.addresses === undefined ? [{ to: EVERYWHERE.ipv6, via: ipv6.gateway }] : []),
];

function routeLines(device: string, route: BridgeRoute): Stanza['options'] {
  const words = routeArguments(device, route);
  return [
    ['post-up', `ip route add ${words}`],
    ['pre-down', `ip route del ${words}`],
  ];
}

function warningsOf({ stp, ipv6, ageingTime, ports }: ReadyBridge): NonNullable<RenderedParts['warnings']> {
  const needsUtils =
    stp.enabled || (stp.forwardDelay ?? 0) > 0 || stp.helloTime !== undefined || ageingTime !== undefined;
  return [
    ...(needsUtils ? [['HB_ALPINE_NEEDS_BRIDGE_UTILS', 'stp'] as const] : []),
    ...(ipv6.auto === 'slaac' ? [['HB_IFUPDOWN2_AUTO', 'ipv6.auto'] as const] : []),
    ...(ports.some(isBonded) ? [['HB_NEEDS_IFENSLAVE', 'ports'] as const] : []),
    ['HB_STANZA_OF_PORT', 'ports'],
  ];
}

const isBonded = (port: PortDevice): boolean =>
  port.type === 'bond' || (port.type === 'vlan' && port.parent.type === 'bond');
