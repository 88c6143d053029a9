import { naturalPrefix, parseAddress } from '../../schema/address.js';
import { compact } from '../../schema/values.js';
import { familyOf, parseCidr } from '../address.js';
import { namesOf } from '../devices.js';
import type {
  AutoOverrides,
  BridgePort,
  BridgePortOptions,
  BridgeRoute,
  HostBridgeDocument,
  Ipv6Setup,
  VlanMember,
} from '../document.js';
import {
  addressingOf,
  type HostAddressing,
  type HostDevices,
  type HostNetworkDevice,
  type OtherHostDevice,
} from '../network/host-device.js';
import { chooseBridge, type ReadContext, type SourceFile } from './context.js';
import { bondMode, type Definitions, deviceNamed, hashPolicy, lacpRate } from './devices.js';
import { matchOf, readUnits } from './networkd-units.js';
import { isOneOf, networkText } from './routes.js';
import type { SectionFile, SettingTracker } from './setting-tracker.js';
import { NETWORKD_USUAL, skipUsual } from './usual.js';
import { clientIdOf, decimal, onlyNo, timeSpan, truth, vlanId, wholeNumber, wordsOf } from './values.js';

/** Reads the `.netdev` and `.network` files of a bridge and of its ports. */
export function readNetworkd(files: readonly SourceFile[], context: ReadContext): HostBridgeDocument {
  const units = readUnits(files, context);
  const devices = devicesIn(units, context.devices ?? []);
  const bridges = [...devices].flatMap(([name, { kind }]) => (kind === 'bridge' ? [name] : []));
  const name = chooseBridge(bridges, context);
  const document = documentOf(name, devices);
  const used = namesOf(document);
  tellUnknown(units, used, context);
  const told = [...used].flatMap((one) => [devices.get(one)?.netdev, devices.get(one)?.network]);
  for (const file of new Set(told)) finish(file, context);
  return document;
}

/** Reads every device of a host. */
export function networkdDevices(files: readonly SourceFile[], context: ReadContext): HostDevices {
  const units = readUnits(files, context);
  const all = [...devicesIn(units, context.devices ?? [])];
  const found = new Map(all.filter(([, device]) => otherKind(device) === undefined));
  const others = all.flatMap(([name, device]) => otherDevice(name, device, context) ?? []);
  const definitions = definitionsOf(found);
  const devices = [...found].map(([name, device]) => hostDevice(name, device, definitions, found));
  const used = new Set([...found.values()].flatMap(({ netdev, network }) => [netdev, network]));
  for (const unit of units) if (used.has(unit)) finish(unit, context);
  const told = new Set(all.flatMap(([, { netdev, network }]) => [netdev, network]));
  for (const unit of units.filter((one) => isNetwork(one) && !told.has(one))) tellMatch(unit, context);
  tellUnknown(
    units.filter((unit) => used.has(unit)),
    new Set(found.keys()),
    context,
  );
  return { devices, others };
}

const KINDS = ['bridge', 'bond', 'vlan'];
const TYPES = ['ether', ...KINDS];

/** What a device is that has no place in the model: `Kind=wireguard`. */
function otherKind({ kind, network }: Device): string | undefined {
  if (kind !== undefined && !KINDS.includes(kind)) return `Kind=${kind}`;
  const types = wordsOf(network?.section('Match').peek('Type') ?? '');
  const isOther = types.length > 0 && !types.some((type) => type.startsWith('!') || TYPES.includes(type));
  const wireless = ['SSID', 'WLANInterfaceType'].find((key) => network?.section('Match').has(key));
  return isOther ? `Type=${types.join(' ')}` : wireless && `${wireless}=`;
}

function otherDevice(name: string, device: Device, { leaveOut }: ReadContext): OtherHostDevice | undefined {
  const what = otherKind(device);
  const { netdev, network } = device;
  const file = netdev ?? network;
  if (what === undefined || file === undefined) return undefined;
  const section = netdev === undefined ? 'Match' : 'NetDev';
  leaveOut(file.source, file.section(section).lineOf(what.split('=')[0] ?? '') ?? 1, `${name} (${what})`);
  return { name, what: `a device with ${what}` };
}

function hostDevice(
  name: string,
  { kind, network, bridge, bond }: Device,
  definitions: Definitions,
  devices: ReadonlyMap<string, Device>,
): HostNetworkDevice {
  const master = bridge ?? bond;
  if (kind === 'bridge') {
    const document = documentOf(name, devices);
    return compact({ name, type: 'bridge' as const, bridge: document, master, ...addressingOf(document) });
  }
  const port = deviceNamed(name, definitions);
  const match = network?.section('Match');
  const mac = network?.section('Link').text('MACAddress') ?? match?.text('MACAddress', 'PermanentMACAddress');
  const addressing = readAddresses(network);
  const own =
    master === undefined ? addressing : { ...addressing, ipv6: compact({ addresses: addressing.ipv6?.addresses }) };
  return compact({ name, type: port.type, port, master, mac, ...own });
}

function finish(file: SectionFile | undefined, context: ReadContext): void {
  if (file === undefined) return;
  for (const [name, usual] of Object.entries(NETWORKD_USUAL)) skipUsual(file.section(name), usual);
  file.finish(context);
}

interface Device {
  readonly kind?: string | undefined;
  readonly netdev?: SectionFile;
  readonly network?: SectionFile;
  readonly bridge?: string | undefined;
  readonly bond?: string | undefined;
  readonly vlans?: readonly string[];
}

const isNetwork = ({ baseName }: SectionFile): boolean => baseName.endsWith('.network');

/** Every device that has a name: in a file that makes it, in a match that writes it out, or known to the caller. */
function devicesIn(units: readonly SectionFile[], known: readonly string[]): ReadonlyMap<string, Device> {
  const devices = new Map<string, Device>();
  for (const file of units.filter((unit) => !isNetwork(unit))) addNetdev(file, devices);
  const networks = units.filter(isNetwork).map((file) => ({ file, match: matchOf(file) }));
  const named = networks.flatMap(({ match }) => match?.names ?? []);
  for (const name of [...devices.keys(), ...named, ...known]) {
    const device = devices.get(name) ?? {};
    // The first file that matches a device is the one that counts.
    const network = networks.find(({ match }) => match?.matches(name, device.kind))?.file;
    if (network === undefined) devices.set(name, device);
    else devices.set(name, { ...device, ...rolesOf(network), network });
  }
  return devices;
}

function addNetdev(file: SectionFile, devices: Map<string, Device>): void {
  const about = file.section('NetDev');
  const name = about.text('Name');
  if (name !== undefined && !devices.has(name)) devices.set(name, { kind: about.text('Kind'), netdev: file });
}

function rolesOf(file: SectionFile): Pick<Device, 'bridge' | 'bond' | 'vlans'> {
  const network = file.section('Network');
  return { bridge: network.text('Bridge'), bond: network.text('Bond'), vlans: network.many((text) => text, 'VLAN') };
}

/** Reports files that may give the bridge or a bond more devices than those with a name. */
function tellUnknown(units: readonly SectionFile[], used: ReadonlySet<string>, context: ReadContext): void {
  if (context.devices !== undefined) return;
  for (const file of units.filter(isNetwork)) {
    const { bridge = '', bond = '' } = rolesOf(file);
    const match = file.section('Match');
    if (!(used.has(bridge) || used.has(bond)) || match.isEmpty || matchOf(file)?.isExact) continue;
    tellMatch(file, context);
  }
}

function tellMatch(file: SectionFile, { leaveOut }: ReadContext): void {
  const name = file.section('Match').peek('Name');
  const what = name === undefined ? 'a file without Name=' : `Name=${name}`;
  leaveOut(file.source, file.lineOf('Match'), `[Match] ${what} (which devices it is for is not known)`);
}

function documentOf(name: string, devices: ReadonlyMap<string, Device>): HostBridgeDocument {
  const { netdev, network } = devices.get(name) ?? {};
  const about = netdev?.section('NetDev');
  const link = network?.section('Link');
  // netplan says the same in both places.
  if (about?.has('MACAddress')) link?.skip('MACAddress');
  if (about?.has('MTUBytes')) link?.skip('MTUBytes');
  const ports = readPorts(name, devices);
  return compact({
    name,
    ports: ports.length === 0 ? undefined : ports,
    mac: macOf(about?.text('MACAddress') ?? link?.text('MACAddress'), ports),
    mtu: about?.one(wholeNumber, 'MTUBytes') ?? link?.one(wholeNumber, 'MTUBytes'),
    ...switchOf(netdev?.section('Bridge'), network),
    ...readAddresses(network),
  });
}

/** Without an address in the file, systemd makes one of its own: none of the ports'. */
export const macOf = (mac: string | undefined, ports: readonly unknown[]): string | undefined => {
  if (mac !== undefined && mac !== 'none') return mac;
  return ports.length === 0 ? undefined : 'kernel';
};

function readPorts(bridge: string, devices: ReadonlyMap<string, Device>): readonly BridgePort[] {
  const definitions = definitionsOf(devices);
  return [...devices].flatMap(([name, device]) => {
    if (device.bridge !== bridge) return [];
    device.network?.section('Network').skip('LinkLocalAddressing', 'IPv6AcceptRA', 'DHCP');
    return [{ ...deviceNamed(name, definitions), ...portOptions(device.network) }];
  });
}

function definitionsOf(devices: ReadonlyMap<string, Device>): Definitions {
  const bonds: [string, NonNullable<ReturnType<Definitions['bonds']['get']>>][] = [];
  const vlans: [string, NonNullable<ReturnType<Definitions['vlans']['get']>>][] = [];
  const mtus = new Map<string, number | undefined>();
  for (const [name, { kind, netdev, network }] of devices) {
    if (kind === 'bridge') continue;
    network?.section('Network').skip('LinkLocalAddressing', 'IPv6AcceptRA', 'ConfigureWithoutCarrier');
    const mtu = network?.section('Link').one(wholeNumber, 'MTUBytes');
    mtus.set(name, netdev?.section('NetDev').one(wholeNumber, 'MTUBytes') ?? mtu);
    const id = netdev?.section('VLAN').one(wholeNumber, 'Id');
    const parent = [...devices].find(([, { vlans: names }]) => names?.includes(name))?.[0];
    if (kind === 'vlan' && id !== undefined && parent !== undefined) vlans.push([name, { id, parent }]);
    if (kind === 'bond') bonds.push([name, bondOf(name, netdev?.section('Bond'), devices)]);
  }
  return { bonds: new Map(bonds), vlans: new Map(vlans), mtuOf: (name) => mtus.get(name) };
}

function bondOf(name: string, settings: SettingTracker | undefined, devices: ReadonlyMap<string, Device>) {
  const members = [...devices].filter(([, { bond }]) => bond === name);
  return compact({
    devices: members.map(([member]) => member),
    mode: settings?.one(bondMode, 'Mode') ?? 'balance-rr',
    monitorInterval: settings?.one(timeSpan, 'MIIMonitorSec'),
    lacpRate: settings?.one(lacpRate, 'LACPTransmitRate'),
    transmitHashPolicy: settings?.one(hashPolicy, 'TransmitHashPolicy'),
    primary: members.find(([, { network }]) => network?.section('Network').one(truth, 'PrimarySlave'))?.[0],
  });
}

function portOptions(network: SectionFile | undefined): BridgePortOptions {
  const port = network?.section('Bridge');
  return compact({
    pathCost: port?.one(wholeNumber, 'Cost'),
    priority: port?.one(wholeNumber, 'Priority'),
    hairpin: port?.one(truth, 'HairPin'),
    isolated: port?.one(truth, 'Isolated'),
    vlans: readPortVlans(network),
  });
}

function readPortVlans(network: SectionFile | undefined): readonly VlanMember[] | undefined {
  const members = network?.sections('BridgeVLAN').flatMap((one): readonly VlanMember[] => {
    const pvid = one.one(wholeNumber, 'PVID');
    const untagged = one.one(vlanId, 'EgressUntagged');
    // Each of the three makes the port a member.
    const id = one.one(vlanId, 'VLAN') ?? pvid ?? untagged;
    if (id === undefined) return [];
    return [
      compact({ id, pvid: pvid === undefined ? undefined : true, untagged: untagged === undefined ? undefined : true }),
    ];
  });
  return members === undefined || members.length === 0 ? undefined : members;
}

function switchOf(bridge: SettingTracker | undefined, network: SectionFile | undefined): Partial<HostBridgeDocument> {
  const pvid = bridge?.one((text) => (text === 'none' ? 0 : wholeNumber(text)), 'DefaultPVID');
  const vlans = readPortVlans(network);
  const isFiltering = bridge?.one(truth, 'VLANFiltering') ?? false;
  return compact({
    stp: compact({
      enabled: bridge?.one(truth, 'STP') ?? false,
      forwardDelay: bridge?.one(timeSpan, 'ForwardDelaySec'),
      helloTime: bridge?.one(timeSpan, 'HelloTimeSec'),
      maxAge: bridge?.one(timeSpan, 'MaxAgeSec'),
      priority: bridge?.one(decimal, 'Priority'),
    }),
    ageingTime: bridge?.one(timeSpan, 'AgeingTimeSec'),
    multicastSnooping: bridge?.one(truth, 'MulticastSnooping'),
    vlanFiltering: isFiltering ? compact({ defaultPvid: pvid, vlans }) : undefined,
  });
}

const DHCP_WORDS = new Map<string, 'ipv4' | 'ipv6' | boolean>([
  ['ipv4', 'ipv4'],
  ['ipv6', 'ipv6'],
  ['v4', 'ipv4'],
  ['v6', 'ipv6'],
  ['both', true],
  ['none', false],
]);

/** An IPv4 address without a prefix has that of its class. */
function addressIn(text: string): string | undefined {
  if (parseCidr(text) !== undefined) return text;
  const address = parseAddress(text);
  return address?.family === 'ipv4' ? `${text}/${naturalPrefix(address) ?? 32}` : undefined;
}

function readAddresses(file: SectionFile | undefined): HostAddressing & { readonly autostart?: boolean } {
  if (file === undefined) return {};
  const network = file.section('Network');
  const dhcp = network.one((text) => DHCP_WORDS.get(text) ?? truth(text), 'DHCP');
  const addresses = [
    ...network.many(addressIn, 'Address'),
    ...file.sections('Address').flatMap((one) => one.many(addressIn, 'Address')),
  ];
  const routes = [
    ...network.many((via) => parseAddress(via) && gatewayRoute(via), 'Gateway'),
    ...file.sections('Route').flatMap(routeOf),
  ];
  const search = network.words('Domains', (word) => (/^[\w.-]+$/.test(word) ? word : undefined));
  const servers = network.words('DNS', (word) => parseAddress(word) && word);
  const [v4, v6] = [
    addresses.filter((one) => familyOf(one) === 'ipv4'),
    addresses.filter((one) => familyOf(one) === 'ipv6'),
  ];
  network.skip('ConfigureWithoutCarrier');
  const isDhcp4 = dhcp === true || dhcp === 'ipv4';
  const isAuto6 = auto6(dhcp === true || dhcp === 'ipv6', network);
  const policy = file.section('Link').one((text) => ({ manual: false, up: true })[text], 'ActivationPolicy');
  return compact({
    ipv4: compact({
      auto: isDhcp4 ? ('dhcp' as const) : undefined,
      clientId: clientIdIn(file),
      ...(isDhcp4 ? overrides4(file) : {}),
      addresses: v4,
    }),
    ipv6: compact({ auto: isAuto6, ...overrides6(file, isAuto6), addresses: v6 }),
    dns: { servers, search },
    routes,
    autostart: policy,
  });
}

/** The section had a shorter name once. */
const inDhcp4 = <T>(file: SectionFile, read: (text: string) => T | undefined, key: string): T | undefined =>
  file.section('DHCPv4').one(read, key) ?? file.section('DHCP').one(read, key);

const clientIdIn = (file: SectionFile): 'mac' | 'duid' | undefined => inDhcp4(file, clientIdOf, 'ClientIdentifier');

const overrides4 = (file: SectionFile): AutoOverrides =>
  compact({ routeMetric: inDhcp4(file, wholeNumber, 'RouteMetric'), useDns: inDhcp4(file, onlyNo, 'UseDNS') });

/** Name servers come with the advertisements and from DHCP: both must be without them. */
function overrides6(file: SectionFile, auto: Ipv6Setup['auto']): AutoOverrides {
  if (auto === undefined) return {};
  const ra = file.section('IPv6AcceptRA');
  const dhcp = [file.section('DHCPv6'), file.section('DHCP')];
  const isOff = (one: SettingTracker): boolean => onlyNo(one.peek('UseDNS') ?? '') === false;
  const hasNone = isOff(ra) && (auto === 'slaac' || dhcp.some(isOff));
  if (hasNone) for (const one of [ra, ...dhcp]) one.one(onlyNo, 'UseDNS');
  return compact({ routeMetric: ra.one(wholeNumber, 'RouteMetric'), useDns: hasNone ? false : undefined });
}

/** networkd listens to router advertisements unless a setting forbids it or it has no link-local address to do it with. */
function auto6(isDhcp: boolean, network: SettingTracker): Ipv6Setup['auto'] {
  const local = network.one(
    (text) => (text === 'ipv6' || text === 'ipv4' ? text === 'ipv6' : truth(text)),
    'LinkLocalAddressing',
  );
  const accepts = network.one(truth, 'IPv6AcceptRA') ?? local ?? true;
  return isDhcp ? 'dhcp' : accepts ? 'slaac' : undefined;
}

const gatewayRoute = (via: string): BridgeRoute => ({ to: familyOf(via) === 'ipv4' ? '0.0.0.0/0' : '::/0', via });

function routeOf(settings: SettingTracker): readonly BridgeRoute[] {
  // A route of another kind, or to a router that is only known later, is left as a whole.
  const isPlain = isOneOf(settings.peek('Type'), 'unicast') && isOneOf(settings.peek('Scope'), 'link', 'global');
  const given = settings.peek('Gateway');
  if (!isPlain || (given !== undefined && parseAddress(given) === undefined)) return [];
  const via = settings.text('Gateway');
  const to = settings.one((text) => networkText(text, via), 'Destination');
  settings.skip('Scope', 'Protocol', 'Type');
  if (to === undefined && via === undefined) return [];
  return [
    compact({
      to: to ?? gatewayRoute(via ?? '').to,
      via,
      metric: settings.one(wholeNumber, 'Metric'),
      table: settings.one(wholeNumber, 'Table'),
      onLink: settings.one(truth, 'GatewayOnLink', 'GatewayOnlink'),
    }),
  ];
}
