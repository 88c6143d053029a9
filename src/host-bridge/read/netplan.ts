import { compact, isRecord } from '../../schema/values.js';
import { familyOf } from '../address.js';
import { namesOf } from '../devices.js';
import type { BridgePort, BridgeRoute, HostBridgeDocument, Ipv6Setup } from '../document.js';
import { type ReadYaml, readYaml } from '../text/read-yaml.js';
import { chooseBridge, type ReadContext, type SourceFile } from './context.js';
import { bondMode, type Definitions, deviceNamed } from './devices.js';
import { macOf } from './networkd.js';
import { networkText } from './routes.js';
import { Tree } from './tree.js';
import { clientIdOf, timeSpan, truth, wholeNumber } from './values.js';

/** Reads netplan files as netplan does: sorted by name, the later ones adding to the earlier ones. */
export function readNetplan(files: readonly SourceFile[], context: ReadContext): HostBridgeDocument {
  const sorted = [...files].sort((a, b) => (baseName(a) < baseName(b) ? -1 : 1));
  const read = sorted.map((file) => ({ file, yaml: parsed(file, context) }));
  const tree = new Tree(read.reduce<unknown>((all, { yaml }) => merged(all, yaml.value), {}));
  const network = tree.at('network');
  const name = chooseBridge(network.at('bridges').keys, context);
  const document = documentOf(name, network);
  tellLeft(tree, namesOf(document), read, context);
  return document;
}

const baseName = ({ path }: SourceFile): string => path.slice(path.lastIndexOf('/') + 1);

function parsed(file: SourceFile, { refuse }: ReadContext): ReadYaml {
  const yaml = readYaml(file.content);
  const [flaw] = yaml.flaws;
  return flaw === undefined ? yaml : refuse(file, flaw.line, flaw.message);
}

/** Maps are put together, lists grow, and of other values the last one counts. */
function merged(a: unknown, b: unknown): unknown {
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b.filter((item) => !a.includes(item))];
  if (!isRecord(a) || !isRecord(b)) return b ?? a;
  const entries = Object.entries(b).map(([key, value]) => [key, Object.hasOwn(a, key) ? merged(a[key], value) : value]);
  return { ...a, ...Object.fromEntries(entries) };
}

const KINDS = ['ethernets', 'bonds', 'vlans', 'bridges'];

/** Reports only what concerns this bridge. */
function tellLeft(
  tree: Tree,
  used: ReadonlySet<string>,
  read: readonly { readonly file: SourceFile; readonly yaml: ReadYaml }[],
  { leaveOut }: ReadContext,
): void {
  for (const path of tree.left()) {
    const [, kind = '', device = ''] = path;
    if (!KINDS.includes(kind) || !used.has(device)) continue;
    const source = read.find(({ yaml }) => yaml.lineOf(path) > 1) ?? read[0];
    if (source !== undefined) leaveOut(source.file, source.yaml.lineOf(path), path.slice(1).join('.'));
  }
}

function documentOf(name: string, network: Tree): HostBridgeDocument {
  const bridge = network.at('bridges').at(name);
  const ports = readPorts(bridge, network);
  const isManaged = (bridge.text('renderer') ?? network.text('renderer')) === 'NetworkManager';
  bridge.skip('optional');
  return compact({
    name,
    ports: ports.length === 0 ? undefined : ports,
    mac: macOf(bridge.text('macaddress'), ports),
    mtu: bridge.one(wholeNumber, 'mtu'),
    ...switchOf(bridge),
    ...readAddresses(bridge, isManaged),
    autostart: bridge.one((text) => (text === 'manual' ? false : undefined), 'activation-mode'),
  });
}

function readPorts(bridge: Tree, network: Tree): readonly BridgePort[] {
  const definitions = definitionsOf(network);
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
  const [ethernets, bonds, vlans] = [network.at('ethernets'), network.at('bonds'), network.at('vlans')];
  const mtuOf = (name: string): number | undefined =>
    [ethernets, bonds, vlans].map((kind) => kind.at(name).one(wholeNumber, 'mtu')).find((mtu) => mtu !== undefined);
  for (const kind of [ethernets, bonds, vlans]) for (const name of kind.keys) skipSilence(kind.at(name));
  return {
    bonds: new Map(bonds.keys.map((name) => [name, bondOf(bonds.at(name), mtuOf)])),
    vlans: new Map(vlans.keys.flatMap((name) => readVlanDevice(name, vlans.at(name)))),
    mtuOf,
  };
}

/** Ports have no addresses, whether files say so or not. */
function skipSilence(device: Tree): void {
  for (const key of ['dhcp4', 'dhcp6', 'accept-ra'])
    device.one((text) => (truth(text) === false ? true : undefined), key);
  device.skip('renderer', 'optional', 'link-local');
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
  });
}

/** Without a unit netplan takes these for milliseconds. */
const milliseconds = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) / 1000 : timeSpan(text));

function readVlanDevice(name: string, vlan: Tree): readonly (readonly [string, { id: number; parent: string }])[] {
  const id = vlan.one(wholeNumber, 'id');
  const parent = vlan.text('link');
  return id === undefined || parent === undefined ? [] : [[name, { id, parent }]];
}

/** As soon as there is any parameter, the spanning tree is on unless it is switched off. */
function switchOf(bridge: Tree): Partial<HostBridgeDocument> {
  const parameters = bridge.at('parameters');
  const stp = parameters.one(truth, 'stp');
  return compact({
    stp: compact({
      enabled: stp ?? parameters.keys.length > 0,
      forwardDelay: parameters.one(timeSpan, 'forward-delay'),
      helloTime: parameters.one(timeSpan, 'hello-time'),
      maxAge: parameters.one(timeSpan, 'max-age'),
      priority: parameters.one(wholeNumber, 'priority'),
    }),
    ageingTime: parameters.one(timeSpan, 'ageing-time') ?? parameters.one(timeSpan, 'aging-time'),
  });
}

function readAddresses(bridge: Tree, isManaged: boolean): Partial<HostBridgeDocument> {
  const addresses = bridge.texts('addresses');
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
      addresses: v4,
      gateway: bridge.text('gateway4'),
    }),
    ipv6: compact({
      auto: auto6,
      addresses: v6,
      gateway: bridge.text('gateway6'),
    }),
    dns: { servers: servers.texts('addresses'), search: servers.texts('search') },
    routes: bridge.maps('routes').flatMap(routeOf),
  });
}

/** networkd listens to router advertisements unless a setting forbids it; NetworkManager only when it is asked for DHCP. */
function auto6Of(bridge: Tree, isManaged: boolean): Ipv6Setup['auto'] {
  const isDhcp = bridge.one(truth, 'dhcp6') ?? false;
  const accepts = bridge.one(truth, 'accept-ra') ?? true;
  if (isManaged) return isDhcp ? 'slaac' : undefined;
  return isDhcp ? 'dhcp' : accepts ? 'slaac' : undefined;
}

function routeOf(route: Tree): readonly BridgeRoute[] {
  const [to, via] = [route.text('to'), route.text('via')];
  const scope = route.text('scope');
  if (to === undefined || (scope !== undefined && scope !== 'link' && scope !== 'global')) return [];
  return [
    compact({
      to: networkText(to, via),
      via,
      metric: route.one(wholeNumber, 'metric'),
      table: route.one(wholeNumber, 'table'),
      onLink: route.one(truth, 'on-link'),
    }),
  ];
}
