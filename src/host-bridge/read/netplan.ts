import { parseAddress } from '../../schema/address.js';
import { compact } from '../../schema/values.js';
import { familyOf, parseCidr } from '../address.js';
import { namesOf } from '../devices.js';
import type { AutoOverrides, BridgePort, BridgeRoute, HostBridgeDocument, Ipv6Setup } from '../document.js';
import {
  addressingOf,
  type HostAddressing,
  type HostDevices,
  type HostNetworkDevice,
  type OtherHostDevice,
} from '../network/host-device.js';
import type { NetplanRenderer } from '../render/rendering.js';
import { chooseBridge, type ReadContext, type SourceFile } from './context.js';
import { bondMode, type Definitions, deviceNamed, hashPolicy, lacpRate } from './devices.js';
import { type NetplanFiles, readNetplanFiles } from './netplan-files.js';
import { OTHER_DEVICES } from './netplan-keys.js';
import { macOf } from './networkd.js';
import { networkdCidr } from './networkd-addresses.js';
import { isOneOf, networkText } from './routes.js';
import { Tree } from './tree.js';
import { skipUsualOfNetplan } from './usual.js';
import { bytesBy, clientIdOf, onlyNo, onlyYes, timeSpan, truth, wholeNumber } from './values.js';
import { endText, vxlanOf } from './vxlans.js';

/** Reads a bridge from netplan files. */
export function readNetplan(files: readonly SourceFile[], context: ReadContext): HostBridgeDocument {
  const read = readNetplanFiles(files, context);
  const tree = new Tree(read.value);
  const network = tree.at('network');
  const name = chooseBridge(network.at('bridges').keys, context);
  const document = documentOf(name, network, definitionsOf(network));
  tellLeft(tree, namesOf(document), read, context);
  return document;
}

/** Reports only what concerns this bridge, whatever kind of device it is set for. */
function tellLeft(tree: Tree, used: ReadonlySet<string>, { placeOf }: NetplanFiles, { leaveOut }: ReadContext): void {
  for (const path of tree.left()) {
    const [, , device = ''] = path;
    const place = placeOf(path);
    if (used.has(device) && place !== undefined) leaveOut(place.file, place.line, path.slice(1).join('.'));
  }
}

/** Reads every device of a host. */
export function netplanDevices(files: readonly SourceFile[], context: ReadContext): HostDevices {
  const read = readNetplanFiles(files, context);
  const tree = new Tree(read.value);
  const network = tree.at('network');
  checkDefined(network, read, context);
  const definitions = definitionsOf(network);
  const masters = mastersOf(network);
  const devices = Object.entries(DEVICE_KINDS).flatMap(([kind, type]) =>
    namesUnder(network, kind)
      .filter((name) => kind !== 'tunnels' || isVxlan(network.at(kind).at(name)))
      .filter((name) => !isForMany(network.at(kind).at(name)))
      .map((name) => hostDevice(name, type, { network, definitions, masters })),
  );
  tellLeft(tree, new Set(devices.map(({ name }) => name)), read, context);
  const renderer = network.text('renderer') === 'NetworkManager' ? 'NetworkManager' : 'networkd';
  return { devices, others: [...patterns(network, read, context), ...otherDevices(network, read, context)], renderer };
}

/** Tells whether a definition can be that of several cards: by a pattern, by the driver, or of all cards. */
function isForMany(device: Tree): boolean {
  const match = device.at('match');
  if (!device.has('match') || match.peek('macaddress') !== undefined) return false;
  const name = match.peek('name');
  return name === undefined || /[*?[]/.test(name);
}

/** Definitions of more than one card, each listed with its place: a bridge in place of all of them would join them. */
const patterns = (network: Tree, { placeOf }: NetplanFiles, { leaveOut }: ReadContext): readonly OtherHostDevice[] =>
  namesUnder(network, 'ethernets').flatMap((name) => {
    if (!isForMany(network.at('ethernets').at(name))) return [];
    const place = placeOf(['network', 'ethernets', name, 'match']);
    if (place !== undefined) leaveOut(place.file, place.line, `ethernets.${name}.match`);
    return [
      { name, what: 'the definition of every card that matches, so give the card a definition of its own first' },
    ];
  });

/** Refuses what netplan refuses: a device that stands on another which no file defines, and one that is in two bridges or bonds. */
function checkDefined(network: Tree, { placeOf }: NetplanFiles, { refuse }: ReadContext): void {
  const kinds = [...Object.keys(DEVICE_KINDS), ...OTHER_DEVICES];
  const defined = new Set(kinds.flatMap((kind) => namesUnder(network, kind)));
  const masters = new Map<string, string>();
  for (const kind of ['bonds', 'bridges', 'vlans'])
    for (const name of namesUnder(network, kind))
      for (const { below, path, isMember } of belowOf(network.at(kind).at(name))) {
        const why = defined.has(below)
          ? inTwo(below, isMember ? name : undefined, masters)
          : `no file defines '${below}'`;
        const place = why === undefined ? undefined : placeOf(['network', kind, name, ...path]);
        if (place !== undefined) refuse(place.file, place.line, `${name}: ${why}`);
      }
}

/** Remembers the master of a device, and tells of another that it has. */
function inTwo(device: string, master: string | undefined, masters: Map<string, string>): string | undefined {
  if (master === undefined) return undefined;
  const other = masters.get(device);
  masters.set(device, master);
  return other === undefined ? undefined : `'${device}' is in ${other} already`;
}

/** A device that another names, and the path of the name. */
interface Named {
  readonly below: string;
  readonly path: readonly string[];
  /** True if it is in the other. */
  readonly isMember?: true;
}

/** The devices that another stands on or says something of. */
function belowOf(device: Tree): readonly Named[] {
  const members = device
    .texts('interfaces')
    .map((below, i): Named => ({ below, path: ['interfaces', String(i)], isMember: true }));
  const parameters = device.at('parameters');
  const [link, primary] = [device.peek('link'), parameters.peek('primary')];
  const ports = ['path-cost', 'port-priority'].flatMap((key) =>
    parameters.at(key).keys.map((below): Named => ({ below, path: ['parameters', key, below] })),
  );
  return [
    ...members,
    ...(link === undefined ? [] : [{ below: link, path: ['link'] }]),
    ...(primary === undefined ? [] : [{ below: primary, path: ['parameters', 'primary'] }]),
    ...ports,
  ];
}

/** The devices of a kind. Among them may stand the renderer of all of them. */
const namesUnder = (network: Tree, kind: string): readonly string[] =>
  network.at(kind).keys.filter((name) => name !== 'renderer');

/** The devices of all other kinds, each listed with its place. */
function otherDevices(network: Tree, { placeOf }: NetplanFiles, { leaveOut }: ReadContext): readonly OtherHostDevice[] {
  return OTHER_DEVICES.flatMap((kind) =>
    namesUnder(network, kind).flatMap((name) => {
      if (kind === 'tunnels' && isVxlan(network.at(kind).at(name))) return [];
      const place = placeOf(['network', kind, name]);
      if (place !== undefined) leaveOut(place.file, place.line, `${kind}.${name}`);
      return [{ name, what: `a device under ${kind}` }];
    }),
  );
}

const DEVICE_KINDS = { ethernets: 'nic', bonds: 'bond', vlans: 'vlan', tunnels: 'vxlan', bridges: 'bridge' } as const;

interface Surroundings {
  readonly network: Tree;
  readonly definitions: Definitions;
  readonly masters: ReadonlyMap<string, string>;
}

function hostDevice(
  name: string,
  type: HostNetworkDevice['type'],
  { network, definitions, masters }: Surroundings,
): HostNetworkDevice {
  const master = masters.get(name);
  if (type === 'bridge') {
    const bridge = documentOf(name, network, definitions);
    const renderer = rendererOf('bridges', name, network);
    return compact({ name, type, bridge, master, ...addressingOf(bridge), renderer });
  }
  const kind = type === 'nic' ? 'ethernets' : type === 'vxlan' ? 'tunnels' : `${type}s`;
  const device = network.at(kind).at(name);
  const mac = device.text('macaddress') ?? device.at('match').text('macaddress');
  const setName = device.text('set-name');
  device.skip('match');
  const port = deviceNamed(name, definitions);
  const renderer = rendererOf(kind, name, network);
  const addressing = readAddresses(device, renderer === 'NetworkManager');
  const own = master === undefined ? addressing : withoutAuto6(addressing);
  return compact({ name, type, port, master, mac, ...own, setName, renderer });
}

/** netplan makes a port silent as long as nothing else is asked for. */
const withoutAuto6 = ({ ipv6, ...others }: HostAddressing): HostAddressing => ({
  ...others,
  ipv6: compact({ addresses: ipv6?.addresses }),
});

/** The bond or the bridge of each device that is in one. */
function mastersOf(network: Tree): ReadonlyMap<string, string> {
  const entries = ['bonds', 'bridges'].flatMap((kind) =>
    network.at(kind).keys.flatMap((master) =>
      network
        .at(kind)
        .at(master)
        .texts('interfaces')
        .map((name) => [name, master] as const),
    ),
  );
  return new Map(entries);
}

/** The renderer of a device: its own, that of its kind, or that of all. */
function rendererOf(kind: string, name: string, network: Tree): NetplanRenderer {
  const devices = network.at(kind);
  const own = devices.at(name).text('renderer') ?? devices.text('renderer') ?? network.text('renderer');
  return own === 'NetworkManager' ? 'NetworkManager' : 'networkd';
}

function documentOf(name: string, network: Tree, definitions: Definitions): HostBridgeDocument {
  const bridge = network.at('bridges').at(name);
  const ports = readPorts(bridge, definitions);
  const isManaged = rendererOf('bridges', name, network) === 'NetworkManager';
  bridge.skip('optional');
  skipUsualOfNetplan(bridge);
  return compact({
    name,
    ports: ports.length === 0 ? undefined : ports,
    mac: macOf(bridge.text('macaddress'), ports),
    mtu: bridge.one(mtuIn, 'mtu'),
    ...switchOf(bridge),
    ...readAddresses(bridge, isManaged),
    autostart: bridge.one((text) => (text === 'manual' ? false : undefined), 'activation-mode'),
  });
}

function readPorts(bridge: Tree, definitions: Definitions): readonly BridgePort[] {
  const parameters = bridge.at('parameters');
  return bridge.texts('interfaces').map((name) =>
    compact({
      ...deviceNamed(name, definitions),
      pathCost: parameters.at('path-cost').one(wholeNumber, name),
      priority: parameters.at('port-priority').one(wholeNumber, name),
    }),
  );
}

function definitionsOf(network: Tree): Definitions {
  const kinds = [network.at('ethernets'), network.at('bonds'), network.at('vlans'), network.at('tunnels')] as const;
  const [, bonds, vlans, tunnels] = kinds;
  const mtuOf = (name: string): number | undefined =>
    kinds.map((kind) => kind.at(name).one(mtuIn, 'mtu')).find((mtu) => mtu !== undefined);
  for (const kind of kinds) for (const name of kind.keys) skipSilence(kind.at(name));
  return {
    bonds: new Map(bonds.keys.map((name) => [name, bondOf(bonds.at(name), mtuOf)])),
    vlans: new Map(vlans.keys.flatMap((name) => readVlanDevice(name, vlans.at(name)))),
    vxlans: new Map(
      tunnels.keys.flatMap((name) => (isVxlan(tunnels.at(name)) ? vxlansOf(name, tunnels.at(name)) : [])),
    ),
    mtuOf,
  };
}

/** Ports have no addresses, whether files say so or not. */
function skipSilence(device: Tree): void {
  for (const key of ['dhcp4', 'dhcp6', 'accept-ra'])
    device.one((text) => (truth(text) === false ? true : undefined), key);
  device.skip('renderer', 'optional', 'link-local');
  skipUsualOfNetplan(device);
}

function bondOf(bond: Tree, mtuOf: (name: string) => number | undefined) {
  const parameters = bond.at('parameters');
  const devices = bond.texts('interfaces');
  // The card has its MTU from the bond.
  for (const name of devices) mtuOf(name);
  return compact({
    devices,
    mode: parameters.one(bondMode, 'mode') ?? ('balance-rr' as const),
    monitorInterval: parameters.one(milliseconds, 'mii-monitor-interval'),
    lacpRate: parameters.one(lacpRate, 'lacp-rate'),
    transmitHashPolicy: parameters.one(hashPolicy, 'transmit-hash-policy'),
    primary: parameters.text('primary'),
  });
}

/** Without a unit netplan takes these for milliseconds. */
const mtuIn = bytesBy((text) => wholeNumber(text.trimStart()));

const milliseconds = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) / 1000 : timeSpan(text));

function readVlanDevice(name: string, vlan: Tree): readonly (readonly [string, { id: number; parent: string }])[] {
  const id = vlan.one(wholeNumber, 'id');
  const parent = vlan.text('link');
  return id === undefined || parent === undefined ? [] : [[name, { id, parent }]];
}

const isVxlan = (tunnel: Tree): boolean => tunnel.peek('mode') === 'vxlan';

function vxlansOf(name: string, tunnel: Tree): ReturnType<typeof vxlanOf> {
  tunnel.skip('mode');
  return vxlanOf(name, {
    id: tunnel.one(wholeNumber, 'id') ?? tunnel.one(wholeNumber, 'key'),
    local: tunnel.one(endText, 'local'),
    remote: tunnel.one(endText, 'remote'),
    device: tunnel.text('link'),
    port: tunnel.one(wholeNumber, 'port'),
    learning: tunnel.one(truth, 'mac-learning'),
  });
}

/** As soon as there is any parameter, the spanning tree is on unless it is switched off. */
function switchOf(bridge: Tree): Partial<HostBridgeDocument> {
  const parameters = bridge.at('parameters');
  const stp = parameters.one(truth, 'stp');
  return compact({
    stp: compact({
      enabled: stp ?? bridge.has('parameters'),
      forwardDelay: parameters.one(timeSpan, 'forward-delay'),
      helloTime: parameters.one(timeSpan, 'hello-time'),
      maxAge: parameters.one(timeSpan, 'max-age'),
      priority: parameters.one(wholeNumber, 'priority'),
    }),
    ageingTime: parameters.one(timeSpan, 'ageing-time') ?? parameters.one(timeSpan, 'aging-time'),
  });
}

function readAddresses(bridge: Tree, isManaged: boolean): HostAddressing {
  const cidrIn = isManaged ? managedCidr : networkdCidr;
  const addresses = bridge.names(cidrIn, 'addresses');
  const [v4, v6] = [
    addresses.filter((one) => familyOf(one) === 'ipv4'),
    addresses.filter((one) => familyOf(one) === 'ipv6'),
  ];
  const servers = bridge.at('nameservers');
  const auto6 = auto6Of(bridge, isManaged);
  return compact({
    ipv4: compact({
      auto: bridge.one(truth, 'dhcp4') ? ('dhcp' as const) : undefined,
      clientId: bridge.one(clientIdOf, 'dhcp-identifier'),
      ...overrides4Of(bridge, isManaged),
      addresses: v4,
      gateway: bridge.text('gateway4'),
    }),
    ipv6: compact({
      auto: auto6,
      ...overrides6Of(bridge, isManaged),
      addresses: v6,
      gateway: bridge.text('gateway6'),
    }),
    dns: { servers: servers.texts('addresses'), search: servers.texts('search') },
    routes: bridge.maps('routes').flatMap((route) => routeOf(route, cidrIn)),
  });
}

/** NetworkManager takes decimal numbers for prefixes, with zeros before them as well. */
function managedCidr(text: string): string | undefined {
  const plain = text.replace(/\/0+(?=\d)/, '/');
  return parseCidr(plain) && plain;
}

const isAsked = (bridge: Tree, key: 'dhcp4' | 'dhcp6'): boolean => truth(bridge.peek(key) ?? '') === true;

/** Overrides count where there is DHCP; netplan drops use-dns for NetworkManager. */
function overrides4Of(bridge: Tree, isManaged: boolean): AutoOverrides {
  const overrides = bridge.at('dhcp4-overrides');
  if (!isAsked(bridge, 'dhcp4')) return {};
  const useDns = isManaged ? undefined : overrides.one(onlyNo, 'use-dns');
  return compact({ routeMetric: overrides.one(wholeNumber, 'route-metric'), useDns });
}

/** For networkd the metric has no effect on IPv6, and must be the same as that of IPv4. */
function overrides6Of(bridge: Tree, isManaged: boolean): AutoOverrides {
  const overrides = bridge.at('dhcp6-overrides');
  if (!isAsked(bridge, 'dhcp6')) return {};
  if (isManaged) return compact({ routeMetric: overrides.one(wholeNumber, 'route-metric') });
  if (overrides.peek('route-metric') === bridge.at('dhcp4-overrides').peek('route-metric'))
    overrides.skip('route-metric');
  return {};
}

/** networkd listens to router advertisements unless a setting forbids it; NetworkManager only when it is asked for DHCP. */
function auto6Of(bridge: Tree, isManaged: boolean): Ipv6Setup['auto'] {
  const isDhcp = bridge.one(truth, 'dhcp6') ?? false;
  // Without a link-local address there is nothing to listen with.
  const local = bridge.items((text) => (text === 'ipv6' ? text : undefined), 'link-local');
  const hasLocal = !bridge.has('link-local') || local.length > 0;
  // DHCPv6 without router advertisements has no name here: the setting is left, and reported.
  const accepts = bridge.one(isDhcp ? onlyYes : truth, 'accept-ra') ?? hasLocal;
  if (isManaged) return isDhcp ? 'slaac' : undefined;
  return isDhcp ? 'dhcp' : accepts ? 'slaac' : undefined;
}

function routeOf(route: Tree, cidrIn: typeof managedCidr): readonly BridgeRoute[] {
  const isPlain = isOneOf(route.peek('scope'), 'link', 'global') && isOneOf(route.peek('type'), 'unicast');
  const to = route.peek('to');
  const via = route.peek('via');
  const network = to === undefined ? '' : networkText(cidrIn(to) ?? to, via);
  const isRead = parseCidr(network) !== undefined && (via === undefined || parseAddress(via) !== undefined);
  // A route of another kind is left as a whole.
  if (!isPlain || !isRead) return [];
  route.skip('scope', 'type', 'to', 'via');
  return [
    compact({
      to: network,
      via,
      metric: route.one(wholeNumber, 'metric'),
      table: route.one(wholeNumber, 'table'),
      onLink: route.one(truth, 'on-link'),
    }),
  ];
}
