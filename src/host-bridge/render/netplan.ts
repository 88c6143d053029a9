import { compact } from '../../schema/values.js';
import {
  type Backend,
  type BackendOptions,
  isBelowPorts,
  type PartialLack,
  partlyLacks,
  type ReadyBridge,
  wholeSeconds,
} from '../backend.js';
import { indexIn } from '../capabilities.js';
import { devicesOf, devicesToRemove, monitorMs } from '../devices.js';
import type { AutoOverrides, BondPort, BridgePort, BridgeRoute, NicPort, VlanPort, VxlanPort } from '../document.js';
import { printYaml } from '../text/yaml/print.js';
import { vxlanPeer } from '../vxlan.js';
import { familyLacks } from './nm-profiles.js';
import type { NetplanRenderer } from './rendering.js';
import { allRoutes } from './route-args.js';

const NO_WORD = 'netplan has no word for it';
const UNDERLAY = 'netplan sets up the device below it as well, which has its settings in files of its own';
const forManager = (reason: string) => partlyLacks(reason, (_, __, { renderer }) => renderer === 'NetworkManager');

/** Turns a lack of NetworkManager into one of netplan with that renderer. */
const underManager = ({ reason, when }: PartialLack): PartialLack =>
  partlyLacks(reason, (use, bridge, options) => options.renderer === 'NetworkManager' && when(use, bridge, options));
const droppedZero = partlyLacks('netplan drops a priority of 0 in silence', ({ value }) => value === 0);

/** netplan, of Ubuntu and others: one YAML file, carried out by networkd or NetworkManager. */
export const netplan: Backend<'netplan'> = {
  name: 'netplan',
  title: 'netplan',
  isPersistent: true,
  trial: 'volatile',
  tool: 'netplan',
  ownedBy: ['netplan'],
  lacks: {
    multicastSnooping: NO_WORD,
    vlanFiltering: NO_WORD,
    defaultPvid: NO_WORD,
    ownVlans: NO_WORD,
    portVlans: NO_WORD,
    hairpin: NO_WORD,
    isolated: NO_WORD,
    clientId: forManager('for NetworkManager, netplan drops it in silence'),
    dhcp6: forManager('NetworkManager is only told to take what routers advertise'),
    autoMetric4: underManager(familyLacks.autoMetric4),
    autoMetric6: partlyLacks(
      'for networkd netplan has no word for it, and NetworkManager gives the metric to fixed routes too',
      (use, bridge, { renderer }) =>
        renderer === 'networkd' ||
        bridge.ipv6.auto !== 'slaac' ||
        familyLacks.autoMetric6.when(use, bridge, { renderer }),
    ),
    noDns4: partlyLacks(
      'for NetworkManager netplan drops it, and for networkd it is one word for DHCP of both families',
      (_, { ipv6 }, { renderer }) => renderer === 'NetworkManager' || ipv6.auto === 'dhcp',
    ),
    noDns6: 'netplan has it for DHCP only, and name servers that routers advertise are used all the same',
    vxlanPort: partlyLacks('netplan takes an id of 0 for none', ({ path }, { ports }) => hasNoId(ports[indexIn(path)])),
    vxlanRemotes: 'netplan has a word for one host only',
    vxlanGroup: UNDERLAY,
    vxlanDevice: UNDERLAY,
    portMtu: partlyLacks(
      'netplan has networkd make the bridge with its MTU, which goes when the first port comes',
      (_, bridge, { renderer }) => renderer === 'networkd' && isBelowPorts(bridge),
    ),
    priority: droppedZero,
    portPriority: droppedZero,
    forwardDelay: underManager(wholeSeconds),
    helloTime: underManager(wholeSeconds),
    maxAge: underManager(wholeSeconds),
    ageingTime: underManager(wholeSeconds),
    dnsServers: underManager(familyLacks.dnsServers),
    dnsSearch: underManager(familyLacks.dnsSearch),
    routes: underManager(familyLacks.routes),
    autostart: forManager('NetworkManager has no such mode'),
  },
  render(bridge, options) {
    const removed = devicesToRemove(bridge).map((name) => ['ip', 'link', 'del', 'dev', name]);
    return {
      files: [
        {
          path: `/etc/netplan/90-${bridge.name}.yaml`,
          mode: 0o600,
          owner: 'root',
          content: printYaml(yamlOf(bridge, options)),
        },
      ],
      apply: [
        ['netplan', 'generate'],
        ['netplan', 'apply'],
      ],
      revert: [['netplan', 'apply'], ...removed],
      warnings: [['HB_NETPLAN_MERGES', 'ports']],
    };
  },
};

const hasNoId = (port: BridgePort | undefined): boolean => port?.type === 'vxlan' && port.id === 0;

function yamlOf(bridge: ReadyBridge, { renderer }: BackendOptions): object {
  const { nics, bonds, vlans, vxlans } = devicesOf(bridge.ports);
  const members = bonds.flatMap(({ devices, mtu }) =>
    devices.map((name) => nicOf({ type: 'nic', name, ...compact({ mtu }) })),
  );
  return {
    network: compact({
      version: 2,
      renderer,
      ethernets: named([...nics.map(nicOf), ...members]),
      bonds: named(bonds.map(bondOf)),
      vlans: named(vlans.map(netplanVlan)),
      tunnels: named(vxlans.map(tunnelOf)),
      bridges: { [bridge.name]: bridgeOf(bridge, renderer) },
    }),
  };
}

type Named = readonly [name: string, value: object];
const named = (entries: readonly Named[]): object | undefined =>
  entries.length === 0 ? undefined : Object.fromEntries(entries);

/** A port has no addresses of its own, not even those that routers advertise. */
const SILENT = { dhcp4: false, dhcp6: false, 'accept-ra': false, 'link-local': [] };

const nicOf = ({ name, mtu }: NicPort): Named => [name, compact({ ...SILENT, mtu })];

const bondOf = (bond: BondPort): Named => [
  bond.name,
  compact({
    ...SILENT,
    interfaces: bond.devices,
    mtu: bond.mtu,
    parameters: compact({
      mode: bond.mode,
      'mii-monitor-interval': monitorMs(bond),
      'lacp-rate': bond.lacpRate,
      'transmit-hash-policy': bond.transmitHashPolicy,
      primary: bond.primary,
    }),
  }),
];

const netplanVlan = ({ name, id, parent, mtu }: VlanPort): Named => [
  name,
  compact({ ...SILENT, id, link: parent.name, mtu }),
];

const tunnelOf = (vxlan: VxlanPort): Named => [
  vxlan.name,
  compact({
    ...SILENT,
    mode: 'vxlan',
    id: vxlan.id,
    local: vxlan.local,
    remote: vxlanPeer(vxlan),
    port: vxlan.port,
    'mac-learning': vxlan.learning ?? true,
    mtu: vxlan.mtu,
  }),
];

function bridgeOf(bridge: ReadyBridge, renderer: NetplanRenderer): object {
  const { ipv4, ipv6, dns } = bridge;
  const addresses = [...(ipv4.addresses ?? []), ...(ipv6.addresses ?? [])];
  const routes = allRoutes(bridge).map(routeOf);
  return compact({
    interfaces: bridge.ports.map(({ name }) => name),
    macaddress: bridge.mac,
    mtu: bridge.mtu,
    dhcp4: ipv4.auto === 'dhcp',
    'dhcp-identifier': ipv4.clientId,
    'dhcp4-overrides': overridesOf(ipv4),
    'dhcp6-overrides': ipv6.auto === 'dhcp' || renderer === 'NetworkManager' ? overrides6(bridge, renderer) : undefined,
    // this word alone makes NetworkManager listen to advertisements.
    dhcp6: ipv6.auto === 'dhcp' || (ipv6.auto === 'slaac' && renderer === 'NetworkManager'),
    'accept-ra': ipv6.auto !== undefined,
    addresses: addresses.length === 0 ? undefined : addresses,
    routes: routes.length === 0 ? undefined : routes,
    nameservers: dns && compact({ addresses: dns.servers, search: dns.search }),
    'activation-mode': bridge.autostart ? undefined : 'manual',
    parameters: parametersOf(bridge),
  });
}

const overridesOf = ({ routeMetric, useDns }: AutoOverrides): object | undefined =>
  routeMetric === undefined && useDns === undefined
    ? undefined
    : compact({ 'route-metric': routeMetric, 'use-dns': useDns });

/** For networkd netplan wants one metric in both, although it has no effect on IPv6. */
const overrides6 = ({ ipv4, ipv6 }: ReadyBridge, renderer: NetplanRenderer): object | undefined =>
  overridesOf(
    renderer === 'networkd' && ipv4.auto === 'dhcp' ? compact({ ...ipv6, routeMetric: ipv4.routeMetric }) : ipv6,
  );

/** A route without a router reaches its network on the LAN itself. */
const routeOf = ({ to, via, metric, table, onLink }: BridgeRoute): object =>
  compact({ to, via, scope: via === undefined ? 'link' : undefined, metric, table, 'on-link': onLink });

/** netplan switches the spanning tree on as soon as there is any parameter, so it is always written. */
function parametersOf({ stp, ageingTime, ports }: ReadyBridge): object {
  const byPort = (key: 'pathCost' | 'priority'): object | undefined => {
    const given = ports.flatMap((port) => (port[key] === undefined ? [] : [[port.name, port[key]] as const]));
    return given.length === 0 ? undefined : Object.fromEntries(given);
  };
  return compact({
    stp: stp.enabled,
    'forward-delay': stp.forwardDelay,
    'hello-time': stp.helloTime,
    'max-age': stp.maxAge,
    priority: stp.priority,
    'ageing-time': ageingTime,
    'path-cost': byPort('pathCost'),
    'port-priority': byPort('priority'),
  });
}
