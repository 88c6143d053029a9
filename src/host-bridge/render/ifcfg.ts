import { firstBy } from '../../lists/group.js';
import { parseAddress } from '../../schema/address.js';
import { insideOf, parseCidr } from '../address.js';
import {
  type Backend,
  type BackendOptions,
  type PartialLack,
  partlyLacks,
  type ReadyBridge,
  withoutVxlans,
} from '../backend.js';
import { bondOptions, centiseconds, devicesOf, devicesToRemove } from '../devices.js';
import type { BondPort, BridgePort, BridgeRoute, PortDevice } from '../document.js';
import { printDouble, type Variable } from '../text/assignments.js';
import type { RenderedFile } from './rendering.js';
import { routeArguments, vlanArguments } from './route-args.js';

const needsConsumer = (what: string): string =>
  `network-scripts and NetworkManager read ${what} differently: say who reads the files, in options.consumer`;

/** Times are read in another unit by each, and NetworkManager reads none of them while the spanning tree is off. */
const timed = (needsTree: boolean): PartialLack =>
  partlyLacks(
    `${needsConsumer('times')}; NetworkManager takes whole seconds${needsTree ? ', and only with the spanning tree on' : ''}`,
    ({ value }, { stp }, { consumer }) =>
      consumer === undefined ||
      (consumer === 'NetworkManager' && (!Number.isInteger(value) || (needsTree && !stp.enabled))),
  );

const managerOnly = (reason: string): PartialLack =>
  partlyLacks(reason, (_, __, { consumer }) => consumer !== 'NetworkManager');

const NO_COMMON_WORD = 'ifcfg files have no word for it that all their readers know';

/** ifcfg files, read by RHEL's network-scripts or by NetworkManager. */
export const ifcfg: Backend<'ifcfg'> = {
  name: 'ifcfg',
  title: 'ifcfg',
  isPersistent: true,
  trial: 'kernel',
  ownedBy: ['ifcfg', 'networkmanager'],
  lacks: {
    ...withoutVxlans('ifcfg files have no word for it'),
    forwardDelay: timed(true),
    helloTime: timed(true),
    maxAge: timed(true),
    ageingTime: timed(false),
    priority: partlyLacks(
      'NetworkManager ignores it while the spanning tree is off',
      (_, { stp }, { consumer }) => consumer === 'NetworkManager' && !stp.enabled,
    ),
    isolated: 'ifcfg files have no word for it',
    defaultPvid: managerOnly('only NetworkManager reads it: say so in options.consumer'),
    ownVlans: managerOnly('only NetworkManager reads it: say so in options.consumer'),
    portVlans: managerOnly('only NetworkManager reads it: say so in options.consumer'),
    clientId: NO_COMMON_WORD,
    autoMetric4: NO_COMMON_WORD,
    autoMetric6: NO_COMMON_WORD,
    addresses4: partlyLacks(
      'network-scripts ignore fixed addresses beside DHCP: say in options.consumer if NetworkManager reads the files',
      (_, { ipv4 }, { consumer }) => ipv4.auto === 'dhcp' && consumer !== 'NetworkManager',
    ),
    gateway4: partlyLacks(
      'a gateway outside the subnet of the first address is dropped in silence',
      (_, bridge) => !isInFirstSubnet(bridge),
    ),
  },
  render(bridge, options) {
    const { nics, bonds, vlans } = devicesOf(bridge.ports);
    const ports = firstBy(bridge.ports, ({ name }) => name);
    const devices = [...nics, ...bonds, ...vlans].map((device) =>
      deviceFile(device, ports.get(device.name), bridge, options),
    );
    const members = bonds.flatMap((bond) => bond.devices.map((name) => memberFile(name, bond, bridge, options)));
    const files = [bridgeFile(bridge, options), ...devices, ...members, ...routeFiles(bridge)];
    return { files, ...commandsOf(bridge, options), warnings: [['HB_IFCFG_OLD_ADDRESSES', 'ports']] };
  },
};

function isInFirstSubnet({ ipv4 }: ReadyBridge): boolean {
  const first = parseCidr(ipv4.addresses?.[0] ?? '');
  const gateway = parseAddress(ipv4.gateway ?? '');
  return first !== undefined && gateway !== undefined && ipv4.auto === undefined && insideOf([first])(gateway);
}

function commandsOf(bridge: ReadyBridge, { consumer }: BackendOptions) {
  const names = [bridge.name, ...bridge.ports.map((port) => port.name)];
  if (consumer === 'NetworkManager')
    return {
      apply: [
        ['nmcli', 'connection', 'reload'],
        ...names.map((one) => ['nmcli', '-w', '20', 'device', 'connect', one]),
      ],
      revert: [['nmcli', 'connection', 'reload']],
    };
  return {
    apply: names.map((one) => ['ifup', one]),
    revert: devicesToRemove(bridge).map((one) => ['ip', 'link', 'del', 'dev', one]),
  };
}

const FOLDER = '/etc/sysconfig/network-scripts';
const file = (name: string, content: string): RenderedFile => ({
  path: `${FOLDER}/${name}`,
  mode: 0o644,
  owner: 'root',
  content,
});

const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

/** Whoever does not own the files must be told to keep away. */
const owned = ({ consumer }: BackendOptions): Variable => [
  'NM_CONTROLLED',
  consumer === undefined || consumer === 'NetworkManager' ? undefined : 'no',
];

const bridgeFile = (bridge: ReadyBridge, options: BackendOptions): RenderedFile =>
  file(
    `ifcfg-${bridge.name}`,
    printDouble([
      ['DEVICE', bridge.name],
      ['TYPE', 'Bridge'],
      ['ONBOOT', yesNo(bridge.autostart)],
      owned(options),
      ...switchVariables(bridge, options),
      ['MACADDR', bridge.mac],
      ['MTU', bridge.mtu],
      ...variables4(bridge),
      ...variables6(bridge, options),
      ...(bridge.dns?.servers ?? []).map((server, i): Variable => [`DNS${i + 1}`, server]),
      ['DOMAIN', bridge.dns?.search?.join(' ')],
    ]),
  );

function switchVariables(
  { stp, ageingTime, multicastSnooping, vlanFiltering }: ReadyBridge,
  { consumer }: BackendOptions,
): readonly Variable[] {
  const inSeconds = consumer === 'NetworkManager';
  const scaled = (seconds: number | undefined): number | undefined =>
    seconds === undefined || inSeconds ? seconds : centiseconds(seconds);
  const delay = stp.forwardDelay ?? (stp.enabled ? undefined : 0);
  return [
    ['STP', stp.enabled ? 'on' : 'off'],
    ['DELAY', consumer === 'network-scripts-8+' ? scaled(delay) : delay],
    [
      'BRIDGING_OPTS',
      optionText([
        ['priority', stp.priority],
        ['hello_time', scaled(stp.helloTime)],
        ['max_age', scaled(stp.maxAge)],
        ['ageing_time', scaled(ageingTime)],
        ['multicast_snooping', multicastSnooping === undefined ? undefined : Number(multicastSnooping)],
        ['vlan_filtering', vlanFiltering && 1],
        ['default_pvid', vlanFiltering?.defaultPvid],
      ]),
    ],
    ['BRIDGE_VLANS', vlanArguments(vlanFiltering?.vlans)],
  ];
}

function optionText(options: readonly Variable[]): string | undefined {
  const words = options.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
  return words.length === 0 ? undefined : words.join(' ');
}

function variables4({ ipv4 }: ReadyBridge): readonly Variable[] {
  const addresses = (ipv4.addresses ?? []).flatMap((cidr, i): Variable[] => {
    const [address, prefix] = cidr.split('/');
    const number = i === 0 ? '' : String(i);
    return [
      [`IPADDR${number}`, address],
      [`PREFIX${number}`, prefix],
    ];
  });
  return [
    ['BOOTPROTO', ipv4.auto === 'dhcp' ? 'dhcp' : 'none'],
    ['PEERDNS', ipv4.useDns === false ? 'no' : undefined],
    ...addresses,
    ['GATEWAY', ipv4.gateway],
    ['DEFROUTE', ipv4.gateway === undefined ? undefined : 'yes'],
  ];
}

function variables6({ ipv6 }: ReadyBridge, { consumer }: BackendOptions): readonly Variable[] {
  const [first, ...others] = ipv6.addresses ?? [];
  const isUsed = ipv6.auto !== undefined || first !== undefined;
  if (!isUsed) return [['IPV6INIT', 'no']];
  // The scripts' DHCP client needs the advertisements; NetworkManager would take this for SLAAC.
  const acceptsRa = ipv6.auto === 'slaac' || (ipv6.auto === 'dhcp' && consumer !== 'NetworkManager');
  return [
    ['IPV6INIT', 'yes'],
    ['IPV6_AUTOCONF', yesNo(acceptsRa)],
    ['DHCPV6C', ipv6.auto === 'dhcp' ? 'yes' : undefined],
    ['IPV6_PEERDNS', ipv6.useDns === false ? 'no' : undefined],
    ['IPV6ADDR', first],
    ['IPV6ADDR_SECONDARIES', others.length === 0 ? undefined : others.join(' ')],
    ['IPV6_DEFAULTGW', ipv6.gateway],
  ];
}

function deviceFile(
  device: PortDevice,
  port: BridgePort | undefined,
  bridge: ReadyBridge,
  options: BackendOptions,
): RenderedFile {
  return file(
    `ifcfg-${device.name}`,
    printDouble([
      ['DEVICE', device.name],
      ...kindVariables(device),
      ['ONBOOT', yesNo(bridge.autostart)],
      owned(options),
      ['BOOTPROTO', 'none'],
      ['IPV6INIT', 'no'],
      ['MTU', device.mtu],
      ...(port === undefined ? [] : portVariables(port, bridge.name)),
    ]),
  );
}

function kindVariables(device: PortDevice): readonly Variable[] {
  if (device.type === 'nic' || device.type === 'vxlan') return [['TYPE', 'Ethernet']];
  if (device.type === 'vlan')
    return [
      ['TYPE', 'Vlan'],
      ['VLAN', 'yes'],
      ['PHYSDEV', device.parent.name],
      ['VLAN_ID', device.id],
    ];
  return [
    ['TYPE', 'Bond'],
    ['BONDING_MASTER', 'yes'],
    ['BONDING_OPTS', optionText(bondOptions(device))],
  ];
}

const portVariables = ({ pathCost, priority, hairpin, vlans }: BridgePort, bridge: string): readonly Variable[] => [
  ['BRIDGE', bridge],
  [
    'BRIDGING_OPTS',
    optionText([
      ['path_cost', pathCost],
      ['priority', priority],
      ['hairpin_mode', hairpin ? 1 : undefined],
    ]),
  ],
  ['BRIDGE_PORT_VLANS', vlanArguments(vlans)],
];

const memberFile = (name: string, bond: BondPort, { autostart }: ReadyBridge, options: BackendOptions): RenderedFile =>
  file(
    `ifcfg-${name}`,
    printDouble([
      ['DEVICE', name],
      ['TYPE', 'Ethernet'],
      ['ONBOOT', yesNo(autostart)],
      owned(options),
      ['BOOTPROTO', 'none'],
      ['MTU', bond.mtu],
      ['MASTER', bond.name],
      ['SLAVE', 'yes'],
    ]),
  );

/** Lines for `ip route add`; the older form with ADDRESS0 loses the metric. */
function routeFiles({ name, routes }: ReadyBridge): readonly RenderedFile[] {
  const [v4, v6] = [routes.filter(({ to }) => !to.includes(':')), routes.filter(({ to }) => to.includes(':'))];
  const text = (list: readonly BridgeRoute[]): string =>
    list.map((route) => `${routeArguments(name, route)}\n`).join('');
  return [
    ...(v4.length === 0 ? [] : [file(`route-${name}`, text(v4))]),
    ...(v6.length === 0 ? [] : [file(`route6-${name}`, text(v6))]),
  ];
}
