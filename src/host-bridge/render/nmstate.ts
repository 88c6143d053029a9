import { compact } from '../../schema/values.js';
import { type Backend, partlyLacks, type ReadyBridge, wholeSeconds, withoutVxlans } from '../backend.js';
import { bondOptions, devicesOf, devicesToRemove } from '../devices.js';
import type { AutoOverrides, BondPort, BridgePort, NicPort, PortDevice, VlanMember } from '../document.js';
import { printYaml } from '../text/yaml/print.js';
import { allRoutes } from './route-args.js';

const NO_WORD = 'nmstate has no word for it';
const needsTree = partlyLacks(
  'nmstate takes whole seconds, and only with the spanning tree on',
  ({ value }, { stp }) => {
    return !stp.enabled || !Number.isInteger(value);
  },
);

/** nmstate, a declarative state that it carries out through NetworkManager. */
export const nmstate: Backend<'nmstate'> = {
  name: 'nmstate',
  title: 'nmstate',
  isPersistent: true,
  trial: 'direct',
  tool: 'nmstatectl',
  ownedBy: ['networkmanager'],
  lacks: {
    ...withoutVxlans('this library does not write it for nmstate'),
    forwardDelay: needsTree,
    helloTime: needsTree,
    maxAge: needsTree,
    priority: needsTree,
    ageingTime: wholeSeconds,
    isolated: NO_WORD,
    vlanFiltering: partlyLacks(
      'nmstate filters VLANs as soon as a port has some, and not otherwise',
      (_, { ports }) => !ports.some(({ vlans }) => vlans !== undefined),
    ),
    defaultPvid: NO_WORD,
    ownVlans: NO_WORD,
    portVlans: partlyLacks(
      'nmstate has access ports with one VLAN, and trunks with at most one that is native',
      ({ value }) => !isPlain(Array.isArray(value) ? value : []),
    ),
    autostart: NO_WORD,
    routeOnLink: NO_WORD,
  },
  render(bridge) {
    const path = `/run/libvirt-network/${bridge.name}.state.yaml`;
    const undo = `/run/libvirt-network/${bridge.name}.absent.yaml`;
    return {
      files: [
        { path, mode: 0o600, owner: 'root', content: printYaml(stateOf(bridge)) },
        { path: undo, mode: 0o600, owner: 'root', content: printYaml(absence(bridge)) },
      ],
      apply: [['nmstatectl', 'apply', path]],
      revert: [['nmstatectl', 'apply', undo]],
      warnings: bridge.dns === undefined ? [] : [['HB_DNS_ELSEWHERE', 'dns']],
    };
  },
};

/** Untagged frames have one VLAN, which is the same both ways. */
function isPlain(vlans: readonly VlanMember[]): boolean {
  return vlans.every(({ pvid, untagged }) => pvid === untagged);
}

function stateOf(bridge: ReadyBridge): object {
  const { nics, bonds, vlans } = devicesOf(bridge.ports);
  const routes = routesOf(bridge);
  const { dns } = bridge;
  return compact({
    interfaces: [...nics.map(cardOf), ...bonds.flatMap(bondOf), ...vlans.map(nmstateVlan), bridgeOf(bridge)],
    routes: routes.length === 0 ? undefined : { config: routes },
    'dns-resolver': dns && { config: compact({ server: dns.servers, search: dns.search }) },
  });
}

const absence = (bridge: ReadyBridge): object => ({
  interfaces: devicesToRemove(bridge).map((name) => ({ name, state: 'absent' })),
});

const SILENT = { ipv4: { enabled: false }, ipv6: { enabled: false } };

const cardOf = ({ name, mtu }: NicPort): object => compact({ name, type: 'ethernet', state: 'up', mtu, ...SILENT });

const bondOf = (bond: BondPort): readonly object[] => {
  const aggregation = { mode: bond.mode, port: bond.devices };
  const given = bondOptions(bond).filter(([key, value]) => key !== 'mode' && value !== undefined);
  const options = given.length === 0 ? {} : { options: Object.fromEntries(given) };
  return [
    ...bond.devices.map((name) => cardOf({ type: 'nic', name, ...compact({ mtu: bond.mtu }) })),
    compact({
      ...{ name: bond.name, type: 'bond', state: 'up', mtu: bond.mtu, ...SILENT },
      'link-aggregation': { ...aggregation, ...options },
    }),
  ];
};

const nmstateVlan = ({ name, id, parent, mtu }: PortDevice & { type: 'vlan' }): object =>
  compact({ name, type: 'vlan', state: 'up', mtu, ...SILENT, vlan: { 'base-iface': parent.name, id } });

function bridgeOf(bridge: ReadyBridge): object {
  const { name, mac, mtu, stp, ageingTime, multicastSnooping } = bridge;
  return compact({
    ...{ name, type: 'linux-bridge', state: 'up', 'mac-address': mac, mtu },
    ipv4: ipv4Of(bridge),
    ipv6: ipv6Of(bridge),
    bridge: {
      options: compact({
        'mac-ageing-time': ageingTime,
        'multicast-snooping': multicastSnooping,
        stp: compact({
          enabled: stp.enabled,
          'forward-delay': stp.forwardDelay,
          'hello-time': stp.helloTime,
          'max-age': stp.maxAge,
          priority: stp.priority,
        }),
      }),
      port: bridge.ports.map(portOf),
    },
  });
}

const portOf = ({ name, pathCost, priority, hairpin, vlans }: BridgePort): object =>
  compact({
    name,
    'stp-path-cost': pathCost,
    'stp-priority': priority,
    'stp-hairpin-mode': hairpin,
    vlan: vlans && portVlans(vlans),
  });

/** Writes the VLANs of a port: a single untagged VLAN makes an access port; everything else is a trunk, with or without a native VLAN. */
function portVlans(vlans: readonly VlanMember[]): object {
  const native = vlans.find(({ pvid }) => pvid);
  const tagged = vlans.filter((member) => member !== native);
  if (native !== undefined && tagged.length === 0) return { mode: 'access', tag: native.id };
  return compact({
    mode: 'trunk',
    'enable-native': native === undefined ? undefined : true,
    tag: native?.id,
    'trunk-tags': tagged.map(({ id }) =>
      typeof id === 'number' ? { id } : { 'id-range': { min: id.from, max: id.to } },
    ),
  });
}

function ipv4Of({ ipv4 }: ReadyBridge): object {
  const address = nmstateAddresses(ipv4.addresses);
  if (ipv4.auto === undefined && address === undefined) return { enabled: false };
  const clientId = { mac: 'll', duid: 'iaid+duid' };
  return compact({
    enabled: true,
    dhcp: ipv4.auto === 'dhcp',
    'dhcp-client-id': ipv4.clientId && clientId[ipv4.clientId],
    ...overridesOf(ipv4),
    address,
  });
}

/** Enabled without an address means the link-local one. */
const ipv6Of = ({ ipv6 }: ReadyBridge): object =>
  compact({
    enabled: true,
    dhcp: ipv6.auto === 'dhcp',
    autoconf: ipv6.auto !== undefined,
    ...overridesOf(ipv6),
    address: nmstateAddresses(ipv6.addresses),
  });

/** nmstate keeps name servers and the metric of what comes by itself apart from the fixed ones. */
const overridesOf = ({ useDns, routeMetric }: AutoOverrides) => ({
  'auto-dns': useDns === false ? false : undefined,
  'auto-route-metric': routeMetric,
});

const nmstateAddresses = (addresses: readonly string[] | undefined): readonly object[] | undefined =>
  addresses?.map((cidr) => {
    const [ip = '', prefix] = cidr.split('/');
    return { ip, 'prefix-length': Number(prefix) };
  });

function routesOf(bridge: ReadyBridge): readonly object[] {
  return allRoutes(bridge).map(({ to, via, metric, table }) =>
    compact({
      destination: to,
      'next-hop-address': via,
      'next-hop-interface': bridge.name,
      metric,
      'table-id': table,
    }),
  );
}
