import { LibvirtError } from '../../errors/index.js';
import { firstBy, groupedBy } from '../../lists/group.js';
import { parseAddress, prefixOfNetmask } from '../../schema/address.js';
import { compact } from '../../schema/values.js';
import { namesOf } from '../devices.js';
import type { BridgePort, BridgeRoute, HostBridgeDocument, Ipv6Setup } from '../document.js';
import { readAssignments } from '../text/assignments.js';
import { eachJoinedLine } from '../text/sections.js';
import { chooseBridge, type ReadContext, type SourceFile } from './context.js';
import { bondMode, type Definitions, deviceNamed, hashPolicy, lacpRate, vlanInName } from './devices.js';
import { routesIn } from './ifcfg-routes.js';
import { macOf } from './networkd.js';
import { SettingTracker } from './setting-tracker.js';
import { bytes, decimal, onlyNo, truth, vlanList, wholeNumber, wordsOf } from './values.js';

/** Reads the ifcfg and route files of a bridge and of its ports. */
export function readIfcfg(files: readonly SourceFile[], context: ReadContext): HostBridgeDocument {
  const devices = files.flatMap((file) => (/^ifcfg-/.test(baseName(file)) ? [deviceOf(file, context)] : []));
  const name = chooseBridge(
    devices.flatMap(({ type, device }) => (type === 'Bridge' ? [device] : [])),
    context,
  );
  const routes = files.flatMap((file) => (isRouteFile(file, name) ? routesIn(file, name, context) : []));
  const document = documentOf(name, devices, routes, context);
  const used = namesOf(document);
  for (const { device, settings } of devices) if (used.has(ownerOf(device))) settings.finish(context);
  for (const file of files) tellUnread(file, used, context);
  return document;
}

const baseName = ({ path }: SourceFile): string => path.slice(path.lastIndexOf('/') + 1);
const isRouteFile = (file: SourceFile, name: string): boolean =>
  [`route-${name}`, `route6-${name}`].includes(baseName(file));

/** The device that a file for further addresses belongs to: `br0` of `br0:1` and `br0-range0`. */
const ownerOf = (device: string): string => device.replace(/(?::.*|-range\d+)$/s, '');

/** Settings for the whole host that say nothing of addresses. */
const HARMLESS = /^(?:HOSTNAME|NETWORKING|NOZEROCONF)=/;

/** Reports files beside those of devices and routes: rules, and settings for the whole host. */
function tellUnread(file: SourceFile, used: ReadonlySet<string>, { leaveOut }: ReadContext): void {
  const name = baseName(file);
  const [, device] = /^(?:ifcfg|route6?|rule6?)-(.*)$/s.exec(name) ?? [];
  if (device !== undefined && !(name.startsWith('rule') && used.has(device))) return;
  eachJoinedLine(file.content, (text, line) => {
    if (!HARMLESS.test(text)) leaveOut(file, line, text);
  });
}

interface Device {
  readonly device: string;
  readonly type: string | undefined;
  readonly settings: SettingTracker;
}

function deviceOf(file: SourceFile, context: ReadContext): Device {
  const settings = new SettingTracker(
    file,
    readAssignments(file.content, ({ text, line }) => context.leaveOut(file, line, text)),
  );
  const device = settings.text('DEVICE') ?? baseName(file).replace('ifcfg-', '');
  settings.skip('NAME', 'UUID', 'HWADDR', 'NM_CONTROLLED', 'USERCTL', 'DEFROUTE');
  return { device, type: settings.text('TYPE'), settings };
}

function documentOf(
  name: string,
  devices: readonly Device[],
  routes: readonly BridgeRoute[],
  context: ReadContext,
): HostBridgeDocument {
  const settings = devices.find(({ type, device }) => type === 'Bridge' && device === name)?.settings;
  if (settings === undefined) return { name };
  const ports = readPorts(name, devices);
  return compact({
    name,
    ports: ports.length === 0 ? undefined : ports,
    mac: macOf(settings.text('MACADDR'), ports),
    mtu: settings.one(bytes, 'MTU'),
    ...switchOf(name, settings, context),
    ...readAddresses(settings),
    routes,
    autostart: settings.one(truth, 'ONBOOT'),
  });
}

/** `BRIDGING_OPTS` and `BONDING_OPTS`: words with a value each. */
function optionsOf(settings: SettingTracker, key: string, known: readonly string[]): Map<string, string> {
  const text = wordsOf(settings.peek(key) ?? '');
  // One word that has no place in the model keeps the whole line from being taken.
  if (text.every((word) => known.includes(word.split('=')[0] ?? ''))) settings.skip(key);
  const words = text.map((word) => word.split('='));
  return new Map(words.flatMap(([name = '', value]) => (value === undefined ? [] : [[name, value]])));
}

const numberIn = (options: ReadonlyMap<string, string>, key: string): number | undefined =>
  decimal(options.get(key) ?? '');

function readPorts(bridge: string, devices: readonly Device[]): readonly BridgePort[] {
  const definitions = definitionsOf(devices);
  return devices.flatMap(({ device, settings }) => {
    if (settings.text('BRIDGE') !== bridge) return [];
    const options = optionsOf(settings, 'BRIDGING_OPTS', ['path_cost', 'priority', 'hairpin_mode']);
    const port: BridgePort = compact({
      ...deviceNamed(device, definitions),
      pathCost: numberIn(options, 'path_cost'),
      priority: numberIn(options, 'priority'),
      hairpin: truth(options.get('hairpin_mode') ?? ''),
      vlans: settings.one(vlanList, 'BRIDGE_PORT_VLANS'),
    });
    return [port];
  });
}

function definitionsOf(devices: readonly Device[]): Definitions {
  const others = devices.filter(({ type }) => type !== 'Bridge');
  for (const { settings } of others) skipSilence(settings);
  const members = groupedBy(others, ({ settings }) => settings.peek('MASTER'));
  const byDevice = firstBy(others, ({ device }) => device);
  return {
    bonds: new Map(
      others.flatMap((one) => (isBond(one) ? [[one.device, bondOf(one, members.get(one.device) ?? [])] as const] : [])),
    ),
    vlans: new Map(others.flatMap(readVlanDevice)),
    mtuOf: (name) => byDevice.get(name)?.settings.one(bytes, 'MTU'),
  };
}

/** Ports have no addresses, whether their files say so or not. */
function skipSilence(settings: SettingTracker): void {
  settings.one((text) => (text === 'none' || text === '' ? true : undefined), 'BOOTPROTO');
  settings.one((text) => (truth(text) === false ? true : undefined), 'IPV6INIT');
  settings.skip('ONBOOT', 'VLAN', 'SLAVE', 'BONDING_MASTER');
}

const isBond = ({ type, settings }: Device): boolean => type === 'Bond' || settings.has('BONDING_OPTS');

function bondOf({ settings }: Device, members: readonly Device[]) {
  const options = optionsOf(settings, 'BONDING_OPTS', ['mode', 'miimon', 'lacp_rate', 'xmit_hash_policy', 'primary']);
  const interval = numberIn(options, 'miimon');
  // The card has its MTU from the bond.
  for (const member of members) member.settings.skip('MTU', 'MASTER');
  return compact({
    devices: members.map((member) => member.device),
    mode: bondMode(options.get('mode')) ?? ('balance-rr' as const),
    monitorInterval: interval === undefined ? undefined : interval / 1000,
    lacpRate: lacpRate(options.get('lacp_rate') ?? ''),
    transmitHashPolicy: hashPolicy(options.get('xmit_hash_policy') ?? ''),
    primary: options.get('primary'),
  });
}

function readVlanDevice({
  device,
  type,
  settings,
}: Device): readonly (readonly [string, { id: number; parent: string }])[] {
  const named = vlanInName(device);
  const id = settings.one(wholeNumber, 'VLAN_ID') ?? named?.id;
  const parent = settings.text('PHYSDEV') ?? named?.parent;
  const isVlan = type === 'Vlan' || named !== undefined;
  return isVlan && id !== undefined && parent !== undefined ? [[device, { id, parent }]] : [];
}

const TIMES = ['hello_time', 'max_age', 'ageing_time'];
const OTHERS = ['priority', 'multicast_snooping', 'vlan_filtering', 'default_pvid'];

function switchOf(name: string, settings: SettingTracker, { consumer }: ReadContext): Partial<HostBridgeDocument> {
  const options = optionsOf(settings, 'BRIDGING_OPTS', [...TIMES, ...OTHERS]);
  const delay = settings.one(decimal, 'DELAY');
  const timed = TIMES.filter((key) => options.has(key));
  if (consumer === undefined && (timed.length > 0 || (delay !== undefined && delay !== 0))) refuseTimes(name);
  const time = (key: string): number | undefined => {
    const value = numberIn(options, key);
    return value === undefined || consumer === 'NetworkManager' ? value : value / 100;
  };
  return compact({
    stp: compact({
      enabled: settings.one(truth, 'STP') ?? false,
      forwardDelay: delay === undefined || consumer !== 'network-scripts-8+' ? delay : delay / 100,
      helloTime: time('hello_time'),
      maxAge: time('max_age'),
      priority: numberIn(options, 'priority'),
    }),
    ageingTime: time('ageing_time'),
    multicastSnooping: truth(options.get('multicast_snooping') ?? ''),
    vlanFiltering: truth(options.get('vlan_filtering') ?? '')
      ? compact({ defaultPvid: numberIn(options, 'default_pvid'), vlans: settings.one(vlanList, 'BRIDGE_VLANS') })
      : undefined,
  });
}

function refuseTimes(name: string): never {
  throw new LibvirtError('INVALID_ARGUMENT', `cannot read the times of the bridge '${name}': their unit is not known`, {
    hint: "say who reads the files: 'network-scripts-7', 'network-scripts-8+' or 'NetworkManager' as consumer",
  });
}

function readAddresses(settings: SettingTracker): Partial<HostBridgeDocument> {
  const secondaries = wordsOf(settings.text('IPV6ADDR_SECONDARIES') ?? '');
  const first = settings.text('IPV6ADDR');
  const isDhcp6 = settings.one(truth, 'DHCPV6C') ?? false;
  const isOn6 = settings.one(truth, 'IPV6INIT') ?? false;
  // What is switched on without an address takes one from the advertisements.
  const autoconf = settings.one(truth, 'IPV6_AUTOCONF') ?? first === undefined;
  const auto6: Ipv6Setup['auto'] = isDhcp6 ? 'dhcp' : autoconf ? 'slaac' : undefined;
  return compact({
    ipv4: compact({
      auto: settings.one(bootProtocol, 'BOOTPROTO') === 'dhcp' ? ('dhcp' as const) : undefined,
      useDns: settings.one(onlyNo, 'PEERDNS'),
      addresses: numbered(settings, /^IPADDR\d*$/).flatMap((number) => addressAt(settings, number)),
      gateway: settings.text('GATEWAY'),
    }),
    ipv6: isOn6
      ? compact({
          auto: auto6,
          useDns: settings.one(onlyNo, 'IPV6_PEERDNS'),
          addresses: [...(first === undefined ? [] : [first]), ...secondaries].map(withPrefix),
          gateway: settings.text('IPV6_DEFAULTGW'),
        })
      : undefined,
    dns: {
      servers: numbered(settings, /^DNS\d$/).flatMap((number) => settings.text(`DNS${number}`) ?? []),
      search: wordsOf(settings.text('DOMAIN') ?? ''),
    },
  });
}

const bootProtocol = (text: string): 'dhcp' | 'none' | undefined => {
  if (text === 'dhcp' || text === 'bootp') return 'dhcp';
  return text === 'none' || text === 'static' || text === '' ? 'none' : undefined;
};

const withPrefix = (address: string): string => (address.includes('/') ? address : `${address}/64`);

/** The numbers after a key, in their order; the first has none. */
const numbered = (settings: SettingTracker, pattern: RegExp): readonly string[] =>
  settings
    .keys(pattern)
    .map((key) => key.replace(/^[A-Z]+/, ''))
    .sort((a, b) => Number(a) - Number(b));

function addressAt(settings: SettingTracker, number: string): readonly string[] {
  const address = settings.text(`IPADDR${number}`);
  const mask = parseAddress(settings.text(`NETMASK${number}`) ?? '');
  const prefix = settings.text(`PREFIX${number}`) ?? (mask && prefixOfNetmask(mask)) ?? 24;
  return address === undefined ? [] : [`${address}/${prefix}`];
}
