import type {
  BondPort,
  BridgePort,
  BridgePortOptions,
  BridgeRoute,
  DnsSetup,
  HostBridgeDocument,
  Ipv4Setup,
  Ipv6Setup,
  NicPort,
  SpanningTree,
  VlanFiltering,
  VlanMember,
  VlanPort,
  VxlanPort,
} from '../document.js';
import { bool, either, type Fields, list, number, object, type Shape, text, variants, whole, word } from './shape.js';

const vlanMember: Shape<VlanMember> = object<VlanMember>(
  {
    id: either(
      whole,
      object<{ readonly from: number; readonly to: number }>({ from: whole, to: whole }, ['from', 'to']),
    ),
    pvid: bool,
    untagged: bool,
  },
  ['id'],
);

const portOptions: Fields<BridgePortOptions> = {
  pathCost: whole,
  priority: whole,
  hairpin: bool,
  isolated: bool,
  vlans: list(vlanMember),
};

const nic: Fields<NicPort> = { type: word('nic'), name: text, mtu: whole };
const bond: Fields<BondPort> = {
  type: word('bond'),
  name: text,
  devices: list(text),
  mode: word('balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad', 'balance-tlb', 'balance-alb'),
  monitorInterval: number,
  lacpRate: word('slow', 'fast'),
  transmitHashPolicy: word('layer2', 'layer2+3', 'layer3+4', 'encap2+3', 'encap3+4', 'vlan+srcmac'),
  primary: text,
  mtu: whole,
};
const vlan: Fields<VlanPort> = {
  type: word('vlan'),
  name: text,
  id: whole,
  parent: variants<NicPort | BondPort>({
    nic: object<NicPort>(nic, ['name']),
    bond: object<BondPort>(bond, ['name', 'devices', 'mode']),
  }),
  mtu: whole,
};

const vxlan: Fields<VxlanPort> = {
  type: word('vxlan'),
  name: text,
  id: whole,
  local: text,
  remotes: list(text),
  group: text,
  device: text,
  port: whole,
  learning: bool,
  mtu: whole,
};

const port: Shape<BridgePort> = variants<BridgePort>({
  nic: object<NicPort & BridgePortOptions>({ ...nic, ...portOptions }, ['name']),
  bond: object<BondPort & BridgePortOptions>({ ...bond, ...portOptions }, ['name', 'devices', 'mode']),
  vlan: object<VlanPort & BridgePortOptions>({ ...vlan, ...portOptions }, ['name', 'id', 'parent']),
  vxlan: object<VxlanPort & BridgePortOptions>({ ...vxlan, ...portOptions }, ['name', 'id']),
});

/** The shape of a whole document. */
export const documentShape: Shape<HostBridgeDocument> = object<HostBridgeDocument>(
  {
    name: text,
    ports: list(port),
    mac: either(text, object<{ readonly copyFrom: string }>({ copyFrom: text }, ['copyFrom'])),
    mtu: whole,
    stp: object<SpanningTree>(
      { enabled: bool, forwardDelay: number, helloTime: number, maxAge: number, priority: whole },
      ['enabled'],
    ),
    ageingTime: number,
    multicastSnooping: bool,
    vlanFiltering: object<VlanFiltering>({ defaultPvid: whole, vlans: list(vlanMember) }),
    ipv4: object<Ipv4Setup>({
      auto: word('dhcp'),
      clientId: word('mac', 'duid'),
      routeMetric: whole,
      useDns: bool,
      addresses: list(text),
      gateway: text,
    }),
    ipv6: object<Ipv6Setup>({
      auto: word('slaac', 'dhcp'),
      routeMetric: whole,
      useDns: bool,
      addresses: list(text),
      gateway: text,
    }),
    dns: object<DnsSetup>({ servers: list(text), search: list(text) }),
    routes: list(object<BridgeRoute>({ to: text, via: text, metric: whole, table: whole, onLink: bool }, ['to'])),
    autostart: bool,
  },
  ['name'],
);
