import { distinct, firstBy, groupedBy } from '../../lists/group.js';
import { parseAddress } from '../../schema/address.js';
import { normalizeMac } from '../../schema/scalar.js';
import { compact } from '../../schema/values.js';
import { namesOf } from '../devices.js';
import type { AutoOverrides, BridgePort, BridgePortOptions, HostBridgeDocument, VlanFiltering } from '../document.js';
import { addressingOf, type HostAddressing, type HostDevices, type HostNetworkDevice } from '../network/host-device.js';
import { keyfileItems, keyfileNumber, keyfileNumberTo, keyfileTruth } from '../text/keyfile.js';
import { chooseBridge, type ReadContext, type SourceFile } from './context.js';
import { bondMode, type Definitions, deviceNamed, hashPolicy, lacpRate, vlanInName } from './devices.js';
import { macOf } from './networkd.js';
import { nearOnly, routeGateways, routesOf, withMetric } from './nm-addresses.js';
import { byChoice, type ProfileRank } from './nm-choice.js';
import { familySetup, profileFile, uuidIn } from './nm-verify.js';
import type { SectionFile, SettingTracker } from './setting-tracker.js';
import { MANAGER_USUAL, skipUsual } from './usual.js';
import { bytesBy, clientIdOf, vlanList } from './values.js';
import { endText, vxlanOf } from './vxlans.js';

type Family = 'ipv4' | 'ipv6';

/** Reads the profiles of a bridge and of its ports. */
export function readNetworkManager(files: readonly SourceFile[], context: ReadContext): HostBridgeDocument {
  const profiles = files.map((file) => profileOf(profileFile(file, context), context));
  const related = relatedProfiles(profiles);
  const name = chooseBridge(
    profiles.flatMap(({ type, device }) => (type === 'bridge' ? [device] : [])),
    context,
  );
  const document = documentOf(name, related, context);
  const used = namesOf(document);
  for (const profile of profiles) if (used.has(profile.device)) finishProfile(profile, context);
  return document;
}

/** Reads every device of a host. */
export function managerDevices(files: readonly SourceFile[], context: ReadContext): HostDevices {
  const all = files.map((file) => profileOf(profileFile(file, context), context));
  const profiles = all.filter(isReadable);
  const others = all.filter((one) => !isReadable(one));
  for (const other of others) tellOther(other, context);
  const related = relatedProfiles(profiles);
  const chosen = [...profiles].sort((a, b) => byChoice(rankOf(a), rankOf(b)));
  const used = new Set(firstBy(chosen, ({ device }) => device).values());
  const devices = profiles.filter((one) => used.has(one)).map((one) => hostDevice(one, related, context));
  for (const profile of profiles)
    if (used.has(profile)) finishProfile(profile, context);
    else context.leaveOut(profile.file.source, 1, `a further profile for ${profile.device}`);
  return { devices, others: others.map((one) => ({ name: one.device, what: kindOf(one) })) };
}

/** Types whose devices have a place in the model. A profile without a type has that of its sections. */
const TYPES = ['', 'ethernet', 'bond', 'vlan', 'vxlan', 'bridge'];
const isReadable = ({ type }: Profile): boolean => TYPES.includes(type);
const kindOf = ({ type }: Profile): string => `a profile of the type ${type}`;

function tellOther(profile: Profile, { leaveOut }: ReadContext): void {
  const { file, device } = profile;
  leaveOut(file.source, file.section('connection').lineOf('type') ?? 1, `${device} (${kindOf(profile)})`);
}

function rankOf({ file }: Profile): ProfileRank {
  const connection = file.section('connection');
  const [autoconnect, priority, timestamp] = ['autoconnect', 'autoconnect-priority', 'timestamp'].map((key) =>
    connection.peek(key),
  );
  return { autoconnect, priority, timestamp };
}

function hostDevice(
  { file, device: name, type, master: named }: Profile,
  profiles: Profiles,
  context: ReadContext,
): HostNetworkDevice {
  const master = named && (profiles.byName.get(named)?.device ?? named);
  if (type === 'bridge') {
    const bridge = documentOf(name, profiles, context);
    return compact({ name, type: 'bridge' as const, bridge, master, ...addressingOf(bridge) });
  }
  const port = deviceNamed(name, profiles.definitions);
  const ethernet = ethernetOf(file);
  const mac = ethernet.one(macText, 'cloned-mac-address') ?? ethernet.one(macText, 'mac-address');
  return compact({
    name,
    type: port.type,
    port,
    master,
    mac,
    ...(master === undefined ? readAddresses(file, context) : {}),
  });
}

/** A profile that names no device may be for several, or for the one with its MAC address. */
function finishProfile({ file, device, isNamed, master }: Profile, context: ReadContext): void {
  const what = master === undefined ? 'a profile' : 'a port';
  if (!isNamed)
    context.leaveOut(
      file.source,
      file.lineOf('connection'),
      `${what} without interface-name, here called '${device}',`,
    );
  finish(file, context);
}

function finish(file: SectionFile, context: ReadContext): void {
  for (const [name, usual] of Object.entries(MANAGER_USUAL)) skipUsual(file.section(name), usual);
  file.skipEmpty();
  file.finish(context);
}

interface Profile {
  readonly file: SectionFile;
  readonly device: string;
  /** False where the profile goes by something else than the device's name. */
  readonly isNamed: boolean;
  readonly type: string;
  /** Names that a profile may use to refer to it as a master. */
  readonly names: readonly string[];
  readonly master: string | undefined;
}

/** Old and new names of the same things; the type can stand under two names as well. */
function profileOf(file: SectionFile, context: ReadContext): Profile {
  const connection = file.section('connection');
  const uuid = uuidIn(file, connection, context);
  const [id = '', typed = ''] = ['id', 'type'].map((key) => connection.text(key));
  const type = plainType(typed);
  const named = connection.text('interface-name') ?? file.section(type).text('interface-name');
  if (named === undefined && (type === 'bridge' || type === 'bond'))
    context.refuse(file.source, file.lineOf('connection'), 'connection.interface-name: it is missing');
  connection.skip('autoconnect-slaves', 'autoconnect-ports', 'slave-type', 'port-type', 'timestamp');
  const device = named ?? vlanName(file) ?? id;
  return {
    file,
    device,
    isNamed: device !== id || named !== undefined,
    type,
    names: [device, id, uuid],
    master: connection.text('master', 'controller'),
  };
}

/** NetworkManager names a VLAN by its parent and its id. */
function vlanName(file: SectionFile): string | undefined {
  const [parent, id] = [file.section('vlan').peek('parent'), file.section('vlan').peek('id')];
  return parent === undefined || id === undefined ? undefined : `${parent}.${id}`;
}

const plainType = (type: string): string => (type === '802-3-ethernet' ? 'ethernet' : type);

function documentOf(name: string, profiles: Profiles, context: ReadContext): HostBridgeDocument {
  const bridge = profiles.bridges.get(name);
  const ports = bridge === undefined ? [] : readPorts(bridge, profiles, context);
  const file = bridge?.file;
  if (file === undefined) return { name };
  const ethernet = ethernetOf(file);
  return compact({
    name,
    ports: ports.length === 0 ? undefined : ports,
    mac: macOf(
      ethernet.one(macText, 'cloned-mac-address') ?? file.section('bridge').one(macText, 'mac-address'),
      ports,
    ),
    mtu: ethernet.one(bytesBy(keyfileNumberTo(0xffff_ffff)), 'mtu'),
    ...switchOf(file.section('bridge')),
    ...readAddresses(file, context),
    autostart: file.section('connection').one(keyfileTruth, 'autoconnect'),
  });
}

/** An address; other words, such as `random` and `stable`, mean one that nobody knows beforehand. */
const macText = (text: string): string | undefined =>
  /^(?:[0-9a-f]{1,2}[:-]){5}[0-9a-f]{1,2}$/i.test(text) ? normalizeMac(text.replaceAll('-', ':')) : undefined;

const ethernetOf = (file: SectionFile): SettingTracker => {
  const short = file.section('ethernet');
  return short.isEmpty ? file.section('802-3-ethernet') : short;
};

function readPorts(bridge: Profile, profiles: Profiles, context: ReadContext): readonly BridgePort[] {
  return profiles.membersOf(bridge).flatMap((profile) => {
    const { device, file } = profile;
    if (!isReadable(profile)) {
      tellOther(profile, context);
      return [];
    }
    return [{ ...deviceNamed(device, profiles.definitions), ...portOptions(file.section('bridge-port')) }];
  });
}

/** Profiles, and what they are to each other. */
interface Profiles {
  readonly bridges: ReadonlyMap<string, Profile>;
  /** The first profile of each name that another may use. */
  readonly byName: ReadonlyMap<string, Profile>;
  /** The ports of a bridge, or the devices of a bond. */
  readonly membersOf: (master: Profile) => readonly Profile[];
  readonly definitions: Definitions;
}

function relatedProfiles(profiles: readonly Profile[]): Profiles {
  const bridges = firstBy(
    profiles.filter(({ type }) => type === 'bridge'),
    ({ device }) => device,
  );
  const names = profiles.flatMap((profile) => profile.names.map((name) => ({ name, profile })));
  const byName = new Map([...firstBy(names, ({ name }) => name)].map(([name, { profile }]) => [name, profile]));
  const places = new Map(profiles.map((profile, i) => [profile, i]));
  const byMaster = groupedBy(profiles, ({ master }) => master);
  const membersOf = (master: Profile): readonly Profile[] =>
    [...new Set(master.names)]
      .flatMap((name) => byMaster.get(name) ?? [])
      .sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  return { bridges, byName, membersOf, definitions: definitionsOf(profiles, byName, membersOf) };
}

function definitionsOf(
  profiles: readonly Profile[],
  byName: Profiles['byName'],
  membersOf: Profiles['membersOf'],
): Definitions {
  const others = profiles.filter(({ type }) => type !== 'bridge');
  for (const { file, type, master } of others) skipNothing(file, type, master);
  const mtus = new Map(
    others.map(({ device, file }) => [device, ethernetOf(file).one(bytesBy(keyfileNumberTo(0xffff_ffff)), 'mtu')]),
  );
  return {
    bonds: new Map(others.flatMap((one) => (one.type === 'bond' ? [[one.device, bondOf(one, membersOf(one))]] : []))),
    vlans: new Map(others.flatMap((one) => (one.type === 'vlan' ? readVlanDevice(one, byName) : []))),
    vxlans: new Map(others.flatMap((one) => (one.type === 'vxlan' ? vxlansOf(one, byName) : []))),
    mtuOf: (name) => mtus.get(name),
  };
}

/** Ports have no addresses, whether their profiles say so or not. */
function skipNothing(file: SectionFile, type: string, master: string | undefined): void {
  file.section('connection').skip('autoconnect');
  if (type === 'vlan') file.section('vlan').skip('flags');
  for (const family of ['ipv4', 'ipv6']) {
    const ip = file.section(family);
    if (master !== undefined || ip.peek('method') === 'disabled' || ip.peek('method') === 'ignore')
      ip.skip('method', 'addr-gen-mode');
  }
}

function bondOf(bond: Profile, members: readonly Profile[]) {
  const settings = bond.file.section('bond');
  return compact({
    devices: members.map(({ device }) => device),
    mode: settings.one(bondMode, 'mode') ?? 'balance-rr',
    monitorInterval: settings.one((text) => milliseconds(text), 'miimon'),
    lacpRate: settings.one(lacpRate, 'lacp_rate'),
    transmitHashPolicy: settings.one(hashPolicy, 'xmit_hash_policy'),
    primary: settings.text('primary'),
  });
}

const milliseconds = (text: string): number | undefined => {
  const count = keyfileNumber(text);
  return count === undefined ? undefined : count / 1000;
};

type Vlan = readonly [string, { readonly id: number; readonly parent: string }];

function readVlanDevice({ device, file }: Profile, byName: Profiles['byName']): readonly Vlan[] {
  const settings = file.section('vlan');
  const id = settings.one(keyfileNumberTo(4095), 'id') ?? vlanInName(device)?.id;
  const parent = settings.text('parent') ?? vlanInName(device)?.parent;
  if (id === undefined || parent === undefined) return [];
  return [[device, { id, parent: byName.get(parent)?.device ?? parent }]];
}

function vxlansOf({ device, file }: Profile, byName: Profiles['byName']): ReturnType<typeof vxlanOf> {
  const settings = file.section('vxlan');
  const parent = settings.text('parent');
  return vxlanOf(device, {
    // Left out where it is the default.
    id: settings.one(keyfileNumber, 'id') ?? 0,
    local: settings.one(endText, 'local'),
    remote: settings.one(endText, 'remote'),
    device: parent && (byName.get(parent)?.device ?? parent),
    port: settings.one(keyfileNumberTo(65_535), 'destination-port'),
    learning: settings.one(keyfileTruth, 'learning'),
  });
}

const portOptions = (port: SettingTracker): BridgePortOptions =>
  compact({
    pathCost: port.one(keyfileNumberTo(65_535), 'path-cost'),
    priority: port.one(keyfileNumberTo(63), 'priority'),
    hairpin: port.one(keyfileTruth, 'hairpin-mode'),
    vlans: port.one(vlanList, 'vlans'),
  });

/** NetworkManager alone switches the spanning tree on where a profile does not mention it. */
function switchOf(bridge: SettingTracker): Partial<HostBridgeDocument> {
  return compact({
    stp: compact({
      enabled: bridge.one(keyfileTruth, 'stp') ?? true,
      forwardDelay: bridge.one(keyfileNumberTo(30), 'forward-delay'),
      helloTime: bridge.one(keyfileNumberTo(10), 'hello-time'),
      maxAge: bridge.one(keyfileNumberTo(40), 'max-age'),
      priority: bridge.one(keyfileNumberTo(65_535), 'priority'),
    }),
    ageingTime: bridge.one(keyfileNumberTo(1_000_000), 'ageing-time'),
    multicastSnooping: bridge.one(keyfileTruth, 'multicast-snooping'),
    vlanFiltering: filteringOf(bridge),
  });
}

function filteringOf(bridge: SettingTracker): VlanFiltering | undefined {
  if (!bridge.one(keyfileTruth, 'vlan-filtering')) return undefined;
  return compact({
    defaultPvid: bridge.one(keyfileNumberTo(4094), 'vlan-default-pvid'),
    vlans: bridge.one(vlanList, 'vlans'),
  });
}

function readAddresses(file: SectionFile, context: ReadContext): HostAddressing {
  const [v4, v6] = [familySetup(file, 'ipv4', context), familySetup(file, 'ipv6', context)];
  const [ip4, ip6] = [file.section('ipv4'), file.section('ipv6')];
  ip6.skip('addr-gen-mode');
  const [metric4, metric6] = [ip4.one(metricIn, 'route-metric'), ip6.one(metricIn, 'route-metric')];
  return compact({
    ipv4: compact({
      auto: v4.method === 'auto' ? ('dhcp' as const) : undefined,
      ...(v4.method === 'auto' ? overridesIn(ip4, metric4) : {}),
      clientId: ip4.one(clientIdOf, 'dhcp-client-id'),
      ...nearOnly(v4.fixed, metric4),
    }),
    ipv6: compact({
      auto: v6.method === 'auto' ? ('slaac' as const) : v6.method === 'dhcp' ? ('dhcp' as const) : undefined,
      ...(v6.method === 'auto' || v6.method === 'dhcp' ? overridesIn(ip6, metric6) : {}),
      ...nearOnly(v6.fixed, metric6),
    }),
    dns: {
      servers: [...serversIn(ip4, 'ipv4'), ...serversIn(ip6, 'ipv6')],
      // netplan writes them twice.
      search: distinct([domainsIn(ip4), domainsIn(ip6)]),
    },
    routes: [
      ...withMetric([...routeGateways(v4.fixed, metric4), ...routesOf(ip4, 'ipv4')], metric4),
      ...withMetric([...routeGateways(v6.fixed, metric6), ...routesOf(ip6, 'ipv6')], metric6),
    ],
  });
}

/** -1 stands for the default. */
const metricIn = keyfileNumberTo(0xffff_ffff);

const overridesIn = (ip: SettingTracker, routeMetric: number | undefined): AutoOverrides =>
  compact({ routeMetric, useDns: ip.one((text) => (keyfileTruth(text) ? false : undefined), 'ignore-auto-dns') });

const serversIn = (ip: SettingTracker, family: Family): readonly string[] =>
  ip.items('dns', keyfileItems, (item) => (parseAddress(item)?.family === family ? item : undefined));

const domainsIn = (ip: SettingTracker): readonly string[] =>
  ip.items('dns-search', keyfileItems, (item) => (/^[\w.-]+$/.test(item) ? item : undefined));
