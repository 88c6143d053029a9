import { naturalPrefix, parseAddress, prefixOfNetmask, readAddress } from '../../schema/address.js';
import { compact } from '../../schema/values.js';
import { EVERYWHERE, isOn, parseCidr } from '../address.js';
import { namesOf } from '../devices.js';
import type { BridgePort, BridgePortOptions, BridgeRoute, HostBridgeDocument } from '../document.js';
import { addressingOf, type HostAddressing, type HostDevices, type HostNetworkDevice } from '../network/host-device.js';
import { chooseBridge, type ReadContext, type SourceFile } from './context.js';
import { bondMode, type Definitions, deviceNamed, hashPolicy, lacpRate, vlanInName } from './devices.js';
import { readInterfaces, type Stanza } from './ifupdown-files.js';
import { otherDevices } from './ifupdown-others.js';
import { matching, portWords } from './ifupdown-ports.js';
import { macOf } from './networkd.js';
import { pairsOf, routeIn } from './routes.js';
import type { SettingTracker } from './setting-tracker.js';
import { decimal, truth, wholeNumber, wordsOf } from './values.js';

/** Reads the stanzas of a bridge and of its ports. */
export function readIfupdown(files: readonly SourceFile[], context: ReadContext): HostBridgeDocument {
  const { stanzas, auto } = readInterfaces(files, context);
  const bridges = stanzas.flatMap(({ device, settings }) => (settings.has('bridge-ports') ? [device] : []));
  const name = chooseBridge([...new Set(bridges)], context);
  const document = documentOf(name, stanzas, auto.has(name), context);
  tellLeft(stanzas, namesOf(document), context);
  return document;
}

/** Reads every device of a host. */
export function ifupdownDevices(files: readonly SourceFile[], context: ReadContext): HostDevices {
  const { stanzas: all, auto } = readInterfaces(files, context);
  const others = otherDevices(all, context);
  const left = new Set(others.map(({ name }) => name));
  const stanzas = all.filter(({ device }) => !left.has(device));
  const names = [...new Set(stanzas.flatMap(({ device, method }) => (method === 'loopback' ? [] : [device])))];
  const bridges = names.flatMap((name) => {
    const main = stanzas.find(({ device, settings }) => device === name && settings.has('bridge-ports'));
    return main === undefined ? [] : [documentOf(name, stanzas, auto.has(name), context)];
  });
  const definitions = definitionsOf(stanzas, names);
  const devices = names.map((name) => hostDevice(name, { stanzas, bridges, definitions }));
  tellLeft(stanzas, new Set(names), context);
  return { devices, others };
}

function hostDevice(
  name: string,
  {
    stanzas,
    bridges,
    definitions,
  }: {
    readonly stanzas: readonly Stanza[];
    readonly bridges: readonly HostBridgeDocument[];
    readonly definitions: Definitions;
  },
): HostNetworkDevice {
  const own = stanzas.filter(({ device }) => device === name);
  const bridge = bridges.find((one) => one.name === name);
  const bond = [...definitions.bonds].find(([, { devices }]) => devices.includes(name))?.[0];
  const master = bridges.find(({ ports = [] }) => ports.some((port) => port.name === name))?.name ?? bond;
  if (bridge !== undefined) return compact({ name, type: 'bridge' as const, bridge, master, ...addressingOf(bridge) });
  const port = deviceNamed(name, definitions);
  const [mac] = own.flatMap(({ settings }) => settings.one(macText, 'hwaddress') ?? []);
  return compact({ name, type: port.type, port, master, mac, ...addressingIn(name, own) });
}

/** Methods that the model has words for; those of ports say nothing. */
const METHODS = ['', 'static', 'manual', 'dhcp', 'auto'];

function tellLeft(stanzas: readonly Stanza[], used: ReadonlySet<string>, context: ReadContext): void {
  for (const { device, label, family, method, line, file, settings } of stanzas) {
    if (!used.has(device)) continue;
    if (label !== undefined) context.leaveOut(file, line, `the label ${label}`);
    if (!METHODS.includes(method)) context.leaveOut(file, line, `${label ?? device} ${family} ${method}`);
    settings.finish(context, `${label ?? device} ${family}: `);
  }
}

function documentOf(
  name: string,
  stanzas: readonly Stanza[],
  isAuto: boolean,
  context: ReadContext,
): HostBridgeDocument {
  const own = stanzas.filter(({ device }) => device === name);
  const main = own.find((one) => one.settings.has('bridge-ports'));
  if (main === undefined) return { name };
  const { settings } = main;
  const scripts = scriptsOf(name, own);
  const names = portNames(main, stanzas, context);
  const ports = portsOf(names, settings, definitionsOf(stanzas, names), scripts);
  return compact({
    name,
    ports: ports.length === 0 ? undefined : ports,
    mac: macOf(settings.one(macText, 'hwaddress', 'bridge-hw'), ports),
    mtu: settings.one(wholeNumber, 'mtu') ?? scripts.mtu,
    ...switchOf(settings),
    multicastSnooping: settings.one(truth, 'bridge-mcsnoop') ?? scripts.snooping,
    ...addressingIn(name, own, scripts),
    autostart: isAuto ? undefined : false,
  });
}

const addressingIn = (name: string, own: readonly Stanza[], scripts = scriptsOf(name, own)): HostAddressing => ({
  ...readAddresses(own),
  dns: {
    servers: namesIn(own, 'dns-nameservers', 'dns-nameserver'),
    search: namesIn(own, 'dns-search', 'dns-domain'),
  },
  routes: [...gatewaysIn(own), ...scripts.routes],
});

const macText = (text: string): string | undefined => /(?:^|\s)([0-9a-f]{2}(?::[0-9a-f]{2}){5})$/i.exec(text)?.[1];

const namesIn = (stanzas: readonly Stanza[], ...keys: readonly string[]): readonly string[] => [
  ...new Set(stanzas.flatMap(({ settings }) => settings.many(wordsOf, ...keys).flat())),
];

function switchOf(settings: SettingTracker): Partial<HostBridgeDocument> {
  settings.skip('bridge-maxwait', 'bridge-waitport');
  return compact({
    stp: compact({
      enabled: settings.one(truth, 'bridge-stp') ?? false,
      forwardDelay: settings.one(decimal, 'bridge-fd'),
      helloTime: settings.one(decimal, 'bridge-hello'),
      maxAge: settings.one(decimal, 'bridge-maxage'),
      priority: settings.one(wholeNumber, 'bridge-bridgeprio'),
    }),
    ageingTime: settings.one(decimal, 'bridge-ageing'),
    vlanFiltering: settings.one(truth, 'bridge-vlan-aware') ? {} : undefined,
  });
}

/** The names of the ports; patterns are tried on the devices that are known. */
function portNames(
  { file, device, settings }: Stanza,
  stanzas: readonly Stanza[],
  context: ReadContext,
): readonly string[] {
  const line = settings.lineOf('bridge-ports') ?? 1;
  const { names, patterns } = portWords(settings.text('bridge-ports') ?? '');
  if (patterns.length > 0 && context.devices === undefined)
    context.leaveOut(file, line, `bridge-ports ${patterns.join(' ')} (which devices these are is not known)`);
  const known = context.devices ?? stanzas.map((one) => one.device);
  const matched = matching(
    patterns,
    known.filter((name) => name !== device),
  );
  return [...new Set([...names, ...matched])];
}

function portsOf(
  names: readonly string[],
  settings: SettingTracker,
  definitions: Definitions,
  scripts: Scripts,
): readonly BridgePort[] {
  const costs = settings.pairs('bridge-pathcost');
  const priorities = settings.pairs('bridge-portprio');
  return names.map((name) =>
    compact({
      ...deviceNamed(name, definitions),
      pathCost: costs.get(name),
      priority: priorities.get(name),
      ...scripts.ports.get(name),
    }),
  );
}

function definitionsOf(stanzas: readonly Stanza[], ports: readonly string[]): Definitions {
  // bridge-utils makes a VLAN that is named as a port and not set up otherwise.
  const made = ports.flatMap((name) => {
    const vlan = vlanInName(name);
    return vlan === undefined ? [] : [[name, vlan] as const];
  });
  const set = stanzas.flatMap(({ device, settings }) => readVlanDevice(device, settings));
  return {
    bonds: new Map(stanzas.flatMap(bondsIn)),
    vlans: new Map([...made, ...set]),
    mtuOf: (name) =>
      stanzas.flatMap(({ device, settings }) => (device === name ? (settings.one(wholeNumber, 'mtu') ?? []) : []))[0],
  };
}

type Bond = readonly [string, NonNullable<ReturnType<Definitions['bonds']['get']>>];

function bondsIn({ device, settings }: Stanza, _: number, stanzas: readonly Stanza[]): readonly Bond[] {
  if (!settings.has('bond-slaves') && !settings.has('bond-mode')) return [];
  const listed = wordsOf(settings.text('bond-slaves', 'slaves') ?? '').filter((name) => name !== 'none');
  const mastered = stanzas.flatMap((one) => (one.settings.peek('bond-master') === device ? [one.device] : []));
  const devices = [...new Set([...listed, ...mastered])];
  // The card has its MTU from the bond.
  const members = stanzas.filter((one) => devices.includes(one.device));
  for (const one of members) one.settings.skip('mtu', 'bond-master');
  const interval = settings.one(wholeNumber, 'bond-miimon');
  return [
    [
      device,
      compact({
        devices,
        mode: settings.one(bondMode, 'bond-mode') ?? ('balance-rr' as const),
        monitorInterval: interval === undefined ? undefined : interval / 1000,
        lacpRate: settings.one(lacpRate, 'bond-lacp-rate'),
        transmitHashPolicy: settings.one(hashPolicy, 'bond-xmit-hash-policy'),
        primary: primaryIn([settings, ...members.map((one) => one.settings)]),
      }),
    ],
  ];
}

/** The primary is named at the bond, or at any card in it. */
const primaryIn = (settings: readonly SettingTracker[]): string | undefined =>
  settings.map((one) => one.text('bond-primary')).find((name) => name !== undefined);

function readVlanDevice(
  device: string,
  settings: SettingTracker,
): readonly (readonly [string, { id: number; parent: string }])[] {
  const parent = settings.text('vlan-raw-device');
  const id = settings.one(wholeNumber, 'vlan-id') ?? vlanInName(device)?.id ?? wholeNumber(device.replace(/^vlan/, ''));
  const below = parent ?? vlanInName(device)?.parent;
  return id === undefined || below === undefined ? [] : [[device, { id, parent: below }]];
}

function readAddresses(stanzas: readonly Stanza[]): HostAddressing {
  const [v4, v6] = ['inet', 'inet6'].map((family) => stanzas.filter((one) => one.family === family));
  const dhcp4 = v4?.find(({ method }) => method === 'dhcp');
  const auto6 = v6?.find(({ method }) => method === 'auto' || method === 'dhcp')?.method;
  return {
    ipv4: compact({
      auto: dhcp4 === undefined ? undefined : ('dhcp' as const),
      routeMetric: dhcp4?.settings.one(wholeNumber, 'metric'),
      ...fixedOf(v4),
    }),
    ipv6: compact({
      auto: auto6 === 'auto' ? ('slaac' as const) : auto6 === 'dhcp' ? ('dhcp' as const) : undefined,
      ...fixedOf(v6),
    }),
  };
}

const isFixed = ({ method }: Stanza): boolean => method === 'static' || method === '';

function fixedOf(stanzas: readonly Stanza[] = []) {
  for (const { settings } of stanzas) settings.skip('accept-ra', 'network', 'broadcast');
  return compact({ addresses: stanzas.filter(isFixed).flatMap(({ settings }) => addressIn(settings)) });
}

/** ifupdown takes each gateway for reachable, whether it is in a subnet or not. */
function gatewaysIn(stanzas: readonly Stanza[]): readonly BridgeRoute[] {
  const fixed = stanzas.filter(isFixed);
  const subnets = fixed.flatMap(({ settings }) => addressIn(settings)).flatMap((text) => parseCidr(text) ?? []);
  return fixed.flatMap(({ settings }): readonly BridgeRoute[] => {
    const via = settings.one((text) => parseAddress(text) && text, 'gateway');
    const router = via === undefined ? undefined : parseAddress(via);
    if (via === undefined || router === undefined) return [];
    const isNear = via.startsWith('fe80:') || subnets.some((subnet) => isOn(subnet, router));
    const metric = settings.one(wholeNumber, 'metric');
    return [compact({ to: EVERYWHERE[router.family], via, metric, onLink: isNear ? undefined : true })];
  });
}

/** A netmask of its own counts before the prefix in the address. */
function addressIn(settings: SettingTracker): readonly string[] {
  const [address, inText] = (settings.one(cidrText, 'address') ?? '').split('/');
  if (address === undefined || address === '') return [];
  return [`${address}/${settings.one(prefixIn, 'netmask') ?? inText ?? prefixByClass(address)}`];
}

const cidrText = (text: string): string | undefined =>
  parseCidr(text) !== undefined || parseAddress(text) !== undefined ? text : undefined;

function prefixIn(mask: string): number | undefined {
  if (/^\d+$/.test(mask)) return Number(mask);
  const read = readAddress(mask);
  return read && prefixOfNetmask(read);
}

/** Without one an IPv4 address has the netmask of its class, and an IPv6 address is alone. */
function prefixByClass(text: string): number {
  const address = parseAddress(text);
  return address?.family === 'ipv4' ? (naturalPrefix(address) ?? 32) : 128;
}

/** Settings in commands, as far as they are plain calls of ip. */
interface Scripts {
  readonly routes: BridgeRoute[];
  readonly ports: Map<string, BridgePortOptions>;
  mtu?: number;
  snooping?: boolean;
}

function scriptsOf(bridge: string, stanzas: readonly Stanza[]): Scripts {
  const scripts: Scripts = { routes: [], ports: new Map() };
  for (const { settings } of stanzas) {
    settings.many((command) => takeCommand(command, bridge, scripts), 'post-up', 'up');
    settings.many((command) => isUndoing(command, bridge), 'pre-down', 'down');
  }
  return scripts;
}

const isUndoing = (command: string, bridge: string): true | undefined =>
  /^(?:\/s?bin\/)?ip (?:-[46] )?route del /.test(command) && command.replaceAll('$IFACE', bridge).includes(bridge)
    ? true
    : undefined;

/** Gives `true` when a command has a place in the model. */
function takeCommand(command: string, bridge: string, scripts: Scripts): true | undefined {
  const text = command.replaceAll('$IFACE', bridge).replace(/^\/(?:usr\/)?s?bin\//, '');
  if (text === `sysctl -q -w net/ipv6/conf/${bridge}/accept_ra=0 || true`) return true;
  const [, mtu] = new RegExp(`^ip link set dev ${escaped(bridge)} mtu (\\d+)$`).exec(text) ?? [];
  const [, snooping] =
    new RegExp(`^ip link set dev ${escaped(bridge)} type bridge mcast_snooping ([01])$`).exec(text) ?? [];
  const [, port = '', options] = /^ip link set dev (\S+) type bridge_slave (.+)$/.exec(text) ?? [];
  const [, route] = /^ip (?:-[46] )?route (?:add|replace) (.+)$/.exec(text) ?? [];
  if (mtu !== undefined) scripts.mtu = Number(mtu);
  else if (snooping !== undefined) scripts.snooping = snooping === '1';
  else if (options !== undefined) return takePort(port, options, scripts);
  else if (route !== undefined) return takeRoute(route, bridge, scripts);
  else return undefined;
  return true;
}

const escaped = (text: string): string => text.replace(/[.+]/g, '\\$&');

function takePort(port: string, text: string, { ports }: Scripts): true | undefined {
  const words = pairsOf(text);
  if (
    words === undefined ||
    [...words.keys()].some((key) => !['cost', 'priority', 'hairpin', 'isolated'].includes(key))
  )
    return undefined;
  const options: BridgePortOptions = compact({
    pathCost: wholeNumber(words.get('cost') ?? ''),
    priority: wholeNumber(words.get('priority') ?? ''),
    hairpin: truth(words.get('hairpin') ?? ''),
    isolated: truth(words.get('isolated') ?? ''),
  });
  ports.set(port, { ...ports.get(port), ...options });
  return true;
}

function takeRoute(text: string, bridge: string, { routes }: Scripts): true | undefined {
  const route = routeIn(text, bridge);
  if (route === undefined) return undefined;
  routes.push(route);
  return true;
}
