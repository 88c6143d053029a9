import { compact } from '../../schema/values.js';
import { familyOf, parseCidr } from '../address.js';
import { namesOf } from '../devices.js';
import type {
  BridgePort,
  BridgePortOptions,
  BridgeRoute,
  HostBridgeDocument,
  Ipv6Setup,
  VlanMember,
} from '../document.js';
import { readSections } from '../text/sections.js';
import { chooseBridge, type ReadContext, type SourceFile } from './context.js';
import { bondMode, type Definitions, deviceNamed } from './devices.js';
import { SectionFile, type SettingTracker } from './setting-tracker.js';
import { clientIdOf, decimal, timeSpan, truth, vlanId, wholeNumber, wordsOf } from './values.js';

/** Reads the `.netdev` and `.network` files of a bridge and of its ports. */
export function readNetworkd(files: readonly SourceFile[], context: ReadContext): HostBridgeDocument {
  const read = [...files]
    .map((file) => sectionFile(file, context))
    // systemd sorts by name, whatever the folder.
    .sort((a, b) => (a.baseName < b.baseName ? -1 : 1));
  const devices = new Map<string, Device>();
  for (const file of read.filter(({ baseName }) => baseName.endsWith('.netdev'))) addNetdev(file, devices);
  for (const file of read.filter(({ baseName }) => baseName.endsWith('.network'))) addNetwork(file, devices);
  const bridges = [...devices].flatMap(([name, { kind }]) => (kind === 'bridge' ? [name] : []));
  const name = chooseBridge(bridges, context);
  const document = documentOf(name, devices);
  for (const used of namesOf(document)) {
    devices.get(used)?.netdev?.finish(context);
    devices.get(used)?.network?.finish(context);
  }
  return document;
}

const sectionFile = (file: SourceFile, { leaveOut }: ReadContext): SectionFile =>
  new SectionFile(
    file,
    readSections(file.content, (line) => leaveOut(file, line, 'a line that is not a setting')),
  );

interface Device {
  readonly kind?: string | undefined;
  readonly netdev?: SectionFile;
  readonly network?: SectionFile;
  readonly bridge?: string | undefined;
  readonly bond?: string | undefined;
  readonly vlans?: readonly string[];
}

function addNetdev(file: SectionFile, devices: Map<string, Device>): void {
  const about = file.section('NetDev');
  const name = about.text('Name');
  if (name !== undefined && !devices.has(name)) devices.set(name, { kind: about.text('Kind'), netdev: file });
}

/** The first file that matches a device is the one that counts. */
function addNetwork(file: SectionFile, devices: Map<string, Device>): void {
  const names = wordsOf(file.section('Match').text('Name') ?? '');
  const network = file.section('Network');
  const [bridge, bond] = [network.text('Bridge'), network.text('Bond')];
  const vlans = network.many((text) => text, 'VLAN');
  for (const name of names) {
    const known = devices.get(name) ?? {};
    if (known.network === undefined) devices.set(name, { ...known, network: file, bridge, bond, vlans });
  }
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
  return compact({
    devices: [...devices].flatMap(([member, { bond }]) => (bond === name ? [member] : [])),
    mode: settings?.one(bondMode, 'Mode') ?? 'balance-rr',
    monitorInterval: settings?.one(timeSpan, 'MIIMonitorSec'),
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

function readAddresses(file: SectionFile | undefined): Partial<HostBridgeDocument> {
  if (file === undefined) return {};
  const network = file.section('Network');
  const dhcp = network.one((text) => (text === 'ipv4' || text === 'ipv6' ? text : truth(text)), 'DHCP');
  const addresses = [
    ...network.many((text) => parseCidr(text) && text, 'Address'),
    ...file.sections('Address').flatMap((one) => one.many((text) => parseCidr(text) && text, 'Address')),
  ];
  const routes = [
    ...network.many((via) => via, 'Gateway').map(gatewayRoute),
    ...file.sections('Route').flatMap(routeOf),
  ];
  const search = network.many(wordsOf, 'Domains').flat();
  const servers = network.many(wordsOf, 'DNS').flat();
  const [v4, v6] = [
    addresses.filter((one) => familyOf(one) === 'ipv4'),
    addresses.filter((one) => familyOf(one) === 'ipv6'),
  ];
  network.skip('ConfigureWithoutCarrier');
  const policy = file.section('Link').one((text) => ({ manual: false, up: true })[text], 'ActivationPolicy');
  return compact({
    ipv4: compact({
      auto: dhcp === true || dhcp === 'ipv4' ? ('dhcp' as const) : undefined,
      clientId: clientIdIn(file),
      addresses: v4,
    }),
    ipv6: compact({ auto: auto6(dhcp === true || dhcp === 'ipv6', network), addresses: v6 }),
    dns: { servers, search },
    routes,
    autostart: policy,
  });
}

/** The section had a shorter name once. */
const clientIdIn = (file: SectionFile): 'mac' | 'duid' | undefined =>
  file.section('DHCPv4').one(clientIdOf, 'ClientIdentifier') ??
  file.section('DHCP').one(clientIdOf, 'ClientIdentifier');

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
  const via = settings.text('Gateway');
  const to = settings.one((text) => parseCidr(text) && text, 'Destination');
  settings.skip('Scope', 'Protocol');
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
