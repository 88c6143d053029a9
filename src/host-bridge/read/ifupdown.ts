import { distinct, firstBy, groupedBy } from '../../lists/group.js';
import { naturalPrefix, parseAddress, prefixOfNetmask, readAddress } from '../../schema/address.js';
import { compact } from '../../schema/values.js';
import { EVERYWHERE, insideOf, parseCidr } from '../address.js';
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
import { bytes, decimal, truth, wholeNumber, wordsOf } from './values.js';

/** Reads the stanzas of a bridge and of its ports. */
export function readIfupdown(files: readonly SourceFile[], context: ReadContext): HostBridgeDocument {
  const { stanzas, auto } = readInterfaces(files, context);
  const name = chooseBridge([...makersIn(stanzas).keys()], context);
  const host = hostOf(stanzas, { auto, context, wanted: name });
  const document = documentOf(name, host);
  tellLeft(stanzas, namesOf(document), context);
  return document;
}

/** Reads every device of a host. */
export function ifupdownDevices(files: readonly SourceFile[], context: ReadContext): HostDevices {
  const { stanzas: all, auto } = readInterfaces(files, context);
  const others = otherDevices(all, context);
  const left = new Set(others.map(({ name }) => name));
  const stanzas = all.filter(({ device }) => !left.has(device));
  const host = hostOf(stanzas, { auto, context });
  const named = stanzas.flatMap(({ device, method }) => (method === 'loopback' ? [] : [device]));
  const bridges = new Map([...host.bridges.keys()].map((name) => [name, documentOf(name, host)]));
  const masters = mastersOf([...bridges.values()], host);
  // Ports and cards in bonds need no stanza.
  const names = distinct([named, [...masters.keys()].filter((name) => !left.has(name))]);
  const devices = names.map((name) => hostDevice(name, bridges.get(name), masters.get(name), host));
  tellLeft(stanzas, new Set(names), context);
  return { devices, others };
}

/** The bridge of each port, and the bond of each card in one. */
function mastersOf(bridges: readonly HostBridgeDocument[], { definitions }: Host): ReadonlyMap<string, string> {
  const ports = bridges.flatMap(({ name, ports = [] }) => ports.map((port) => ({ name: port.name, master: name })));
  const cards = [...definitions.bonds].flatMap(([master, { devices }]) => devices.map((name) => ({ name, master })));
  return new Map([...firstBy([...ports, ...cards], ({ name }) => name)].map(([name, { master }]) => [name, master]));
}

function hostDevice(
  name: string,
  bridge: HostBridgeDocument | undefined,
  master: string | undefined,
  { stanzasOf, definitions }: Host,
): HostNetworkDevice {
  if (bridge !== undefined) return compact({ name, type: 'bridge' as const, bridge, master, ...addressingOf(bridge) });
  const own = stanzasOf(name);
  const port = deviceNamed(name, definitions);
  const [mac] = own.flatMap(({ settings }) => settings.one(macText, 'hwaddress') ?? []);
  return compact({ name, type: port.type, port, master, mac, ...addressingIn(name, own) });
}

/** Methods that the model has words for; those of ports say nothing. */
const METHODS = ['', 'static', 'manual', 'dhcp', 'auto'];
const FAMILIES = ['inet', 'inet6'];

function tellLeft(stanzas: readonly Stanza[], used: ReadonlySet<string>, context: ReadContext): void {
  for (const { device, label, family, method, line, file, settings } of stanzas) {
    if (!used.has(device)) continue;
    if (label !== undefined) context.leaveOut(file, line, `the label ${label}`);
    if (!METHODS.includes(method) || !FAMILIES.includes(family))
      context.leaveOut(file, line, `${label ?? device} ${family} ${method}`);
    settings.finish(context, `${label ?? device} ${family}: `);
  }
}

/** Stanzas, and what their devices are to each other. */
interface Host {
  readonly stanzasOf: (device: string) => readonly Stanza[];
  /** The stanza that makes each bridge, and the names of its ports. */
  readonly bridges: ReadonlyMap<string, { readonly main: Stanza; readonly ports: readonly string[] }>;
  readonly auto: ReadonlySet<string>;
  readonly definitions: Definitions;
}

/** The first stanza of each bridge that names its ports. */
const makersIn = (stanzas: readonly Stanza[]): ReadonlyMap<string, Stanza> =>
  firstBy(
    stanzas.filter(({ settings }) => settings.has('bridge-ports')),
    ({ device }) => device,
  );

/** Relates stanzas to each other: for all bridges, or for the one that is wanted. */
function hostOf(
  stanzas: readonly Stanza[],
  {
    auto,
    context,
    wanted,
  }: { readonly auto: ReadonlySet<string>; readonly context: ReadContext; readonly wanted?: string },
): Host {
  const byDevice = groupedBy(stanzas, ({ device }) => device);
  const known = context.devices ?? [...byDevice.keys()];
  const makers = [...makersIn(stanzas)].filter(([name]) => wanted === undefined || name === wanted);
  const bridges = new Map(
    makers.map(([name, main]) => [name, { main, ports: portNames(main, known, context) }] as const),
  );
  const ports = [...bridges.values()].flatMap((bridge) => bridge.ports);
  return {
    stanzasOf: (device) => byDevice.get(device) ?? [],
    bridges,
    auto,
    definitions: definitionsOf(stanzas, new Set([...ports, ...byDevice.keys()]), byDevice),
  };
}

function documentOf(name: string, { stanzasOf, bridges, auto, definitions }: Host): HostBridgeDocument {
  const bridge = bridges.get(name);
  if (bridge === undefined) return { name };
  const { settings } = bridge.main;
  const own = stanzasOf(name);
  const scripts = scriptsOf(name, own);
  const ports = portsOf(bridge.ports, settings, definitions, scripts);
  return compact({
    name,
    ports: ports.length === 0 ? undefined : ports,
    mac: macOf(settings.one(macText, 'hwaddress', 'bridge-hw'), ports),
    mtu: settings.one(bytes, 'mtu') ?? scripts.mtu,
    ...switchOf(settings),
    multicastSnooping: settings.one(truth, 'bridge-mcsnoop') ?? scripts.snooping,
    ...addressingIn(name, own, scripts),
    autostart: auto.has(name) ? undefined : false,
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

const namesIn = (stanzas: readonly Stanza[], ...keys: readonly string[]): readonly string[] =>
  distinct(stanzas.flatMap(({ settings }) => settings.many(wordsOf, ...keys)));

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
  known: readonly string[],
  context: ReadContext,
): readonly string[] {
  const line = settings.lineOf('bridge-ports') ?? 1;
  const { names, patterns } = portWords(settings.text('bridge-ports') ?? '');
  if (patterns.length === 0) return [...new Set(names)];
  if (context.devices === undefined)
    context.leaveOut(file, line, `bridge-ports ${patterns.join(' ')} (which devices these are is not known)`);
  const matched = matching(
    patterns,
    known.filter((name) => name !== device),
  );
  return distinct([names, matched]);
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

function definitionsOf(
  stanzas: readonly Stanza[],
  names: ReadonlySet<string>,
  byDevice: ReadonlyMap<string, readonly Stanza[]>,
): Definitions {
  // bridge-utils makes a VLAN that is named as a port and not set up otherwise.
  const made = [...names].flatMap((name) => {
    const vlan = vlanInName(name);
    return vlan === undefined ? [] : [[name, vlan] as const];
  });
  const set = stanzas.flatMap(({ device, settings }) => readVlanDevice(device, settings));
  return {
    bonds: bondsIn(stanzas, byDevice),
    vlans: new Map([...made, ...set]),
    mtuOf: (name) =>
      byDevice
        .get(name)
        ?.map(({ settings }) => settings.one(bytes, 'mtu'))
        .find((mtu) => mtu !== undefined),
  };
}

function bondsIn(stanzas: readonly Stanza[], byDevice: ReadonlyMap<string, readonly Stanza[]>): Definitions['bonds'] {
  const mastered = groupedBy(stanzas, ({ settings }) => settings.peek('bond-master'));
  const bonds = stanzas.filter(({ settings }) => settings.has('bond-slaves') || settings.has('bond-mode'));
  return new Map(
    bonds.map(({ device, settings }) => {
      const listed = wordsOf(settings.text('bond-slaves', 'slaves') ?? '').filter((name) => name !== 'none');
      const devices = distinct([listed, (mastered.get(device) ?? []).map((one) => one.device)]);
      const members = devices.flatMap((name) => byDevice.get(name) ?? []);
      return [device, bondOf(settings, devices, members)] as const;
    }),
  );
}

function bondOf(settings: SettingTracker, devices: readonly string[], members: readonly Stanza[]) {
  // The card has its MTU from the bond.
  for (const one of members) one.settings.skip('mtu', 'bond-master');
  const interval = settings.one(wholeNumber, 'bond-miimon');
  return compact({
    devices,
    mode: settings.one(bondMode, 'bond-mode') ?? ('balance-rr' as const),
    monitorInterval: interval === undefined ? undefined : interval / 1000,
    lacpRate: settings.one(lacpRate, 'bond-lacp-rate'),
    transmitHashPolicy: settings.one(hashPolicy, 'bond-xmit-hash-policy'),
    primary: primaryIn([settings, ...members.map((one) => one.settings)]),
  });
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
  const listens = v6?.map(listensIn).some((one) => one);
  return {
    ipv4: compact({
      auto: dhcp4 === undefined ? undefined : ('dhcp' as const),
      clientId: dhcp4?.settings.one((text) => (text === 'no' ? ('mac' as const) : undefined), 'client'),
      routeMetric: dhcp4?.settings.one(wholeNumber, 'metric'),
      ...fixedOf(v4),
    }),
    ipv6: compact({
      auto: auto6 === 'dhcp' ? ('dhcp' as const) : auto6 === 'auto' || listens ? ('slaac' as const) : undefined,
      ...fixedOf(v6),
    }),
  };
}

/**
 * Tells whether a stanza takes addresses from advertisements beside fixed ones. Advertisements that bring routes without
 * addresses have no place in the model: the options are left.
 */
function listensIn({ settings, method }: Stanza): boolean {
  const [accepts, makes] = [settings.peek('accept-ra'), settings.peek('autoconf')];
  const isOn = accepts === '1' || accepts === '2';
  const isOpen = method === 'auto' || method === 'dhcp';
  const isBoth = isOn && makes === '1';
  if (isOpen ? isOn : accepts === '0' || isBoth) settings.skip('accept-ra');
  if (makes === (isOpen || isBoth ? '1' : '0')) settings.skip('autoconf');
  return !isOpen && isBoth;
}

const isFixed = ({ method }: Stanza): boolean => method === 'static' || method === '';

function fixedOf(stanzas: readonly Stanza[] = []) {
  for (const { settings } of stanzas) settings.skip('network', 'broadcast');
  return compact({ addresses: stanzas.filter(isFixed).flatMap(({ settings }) => addressIn(settings)) });
}

/** ifupdown takes each gateway for reachable, whether it is in a subnet or not. */
function gatewaysIn(stanzas: readonly Stanza[]): readonly BridgeRoute[] {
  const fixed = stanzas.filter(isFixed);
  const isOnLink = insideOf(
    fixed.flatMap(({ settings }) => addressIn(settings)).flatMap((text) => parseCidr(text) ?? []),
  );
  return fixed.flatMap(({ settings }): readonly BridgeRoute[] => {
    if (addressIn(settings).length === 0) return [];
    const via = settings.one((text) => parseAddress(text) && text, 'gateway');
    const router = via === undefined ? undefined : parseAddress(via);
    if (via === undefined || router === undefined) return [];
    const isNear = via.startsWith('fe80:') || isOnLink(router);
    const metric = settings.one(wholeNumber, 'metric');
    return [compact({ to: EVERYWHERE[router.family], via, metric, onLink: isNear ? undefined : true })];
  });
}

/** A netmask of its own counts before the prefix in the address. */
function addressIn(settings: SettingTracker): readonly string[] {
  // With a netmask that cannot be read, the subnet would be a guess.
  if (settings.has('netmask') && prefixIn(settings.peek('netmask') ?? '') === undefined) return [];
  const [address, inText] = (settings.one(cidrText, 'address') ?? '').split('/');
  if (address === undefined || address === '') return [];
  return [`${address}/${settings.one(prefixIn, 'netmask') ?? inText ?? prefixByClass(address)}`];
}

/** ifup reads the prefix of an IPv4 address as far as there are digits, whatever follows, such as a remark. */
function cidrText(text: string): string | undefined {
  const read = /^[\d.]+\/\d+/.exec(text)?.[0] ?? text;
  return parseCidr(read) !== undefined || parseAddress(read) !== undefined ? read : undefined;
}

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
