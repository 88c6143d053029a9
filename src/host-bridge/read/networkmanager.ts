import { compact } from '../../schema/values.js';
import { namesOf } from '../devices.js';
import type { BridgePort, BridgePortOptions, BridgeRoute, HostBridgeDocument, VlanFiltering } from '../document.js';
import { chooseBridge, type ReadContext, type SourceFile } from './context.js';
import { bondMode, type Definitions, deviceNamed, vlanInName } from './devices.js';
import { macOf } from './networkd.js';
import { SectionFile, type Settings } from './setting-tracker.js';
import { clientIdOf, truth, vlanList, wholeNumber } from './values.js';

/** Reads the profiles of a bridge and of its ports. */
export function readNetworkManager(files: readonly SourceFile[], context: ReadContext): HostBridgeDocument {
  const profiles = files.map((file) => profileOf(new SectionFile(file, context)));
  const name = chooseBridge(
    profiles.flatMap(({ type, device }) => (type === 'bridge' ? [device] : [])),
    context,
  );
  const document = documentOf(name, profiles);
  const used = namesOf(document);
  for (const { device, file } of profiles) if (used.has(device)) file.finish(context);
  return document;
}

interface Profile {
  readonly file: SectionFile;
  readonly device: string;
  readonly type: string;
  /** Names that a profile may use to refer to it as a master. */
  readonly names: readonly string[];
  readonly master: string | undefined;
}

/** Old and new names of the same things; the type can stand under two names as well. */
function profileOf(file: SectionFile): Profile {
  const connection = file.section('connection');
  const [id = '', uuid = '', type = ''] = ['id', 'uuid', 'type'].map((key) => connection.text(key));
  const device = connection.text('interface-name') ?? id;
  connection.skip('autoconnect-slaves', 'autoconnect-ports', 'slave-type', 'port-type', 'timestamp');
  return {
    file,
    device,
    type: plainType(type),
    names: [device, id, uuid],
    master: connection.text('master', 'controller'),
  };
}

const plainType = (type: string): string => (type === '802-3-ethernet' ? 'ethernet' : type);

function documentOf(name: string, profiles: readonly Profile[]): HostBridgeDocument {
  const bridge = profiles.find(({ type, device }) => type === 'bridge' && device === name);
  const ports = bridge === undefined ? [] : portsOf(bridge, profiles);
  const file = bridge?.file;
  if (file === undefined) return { name };
  const ethernet = ethernetOf(file);
  return compact({
    name,
    ports: ports.length === 0 ? undefined : ports,
    mac: macOf(ethernet.text('cloned-mac-address') ?? file.section('bridge').text('mac-address'), ports),
    mtu: ethernet.one(wholeNumber, 'mtu'),
    ...switchOf(file.section('bridge')),
    ...addressesOf(file),
    autostart: file.section('connection').one(truth, 'autoconnect'),
  });
}

const ethernetOf = (file: SectionFile): Settings => {
  const short = file.section('ethernet');
  return short.isEmpty ? file.section('802-3-ethernet') : short;
};

function portsOf(bridge: Profile, profiles: readonly Profile[]): readonly BridgePort[] {
  const definitions = definitionsOf(profiles);
  return profiles.flatMap(({ master, device, file }) => {
    if (master === undefined || !bridge.names.includes(master)) return [];
    return [{ ...deviceNamed(device, definitions), ...portOptions(file.section('bridge-port')) }];
  });
}

function definitionsOf(profiles: readonly Profile[]): Definitions {
  const others = profiles.filter(({ type }) => type !== 'bridge');
  for (const { file, type, master } of others) skipNothing(file, type, master);
  const mtus = new Map(others.map(({ device, file }) => [device, ethernetOf(file).one(wholeNumber, 'mtu')]));
  return {
    bonds: new Map(others.flatMap((one) => (one.type === 'bond' ? [[one.device, bondOf(one, profiles)]] : []))),
    vlans: new Map(others.flatMap((one) => (one.type === 'vlan' ? vlanOf(one, profiles) : []))),
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

function bondOf(bond: Profile, profiles: readonly Profile[]) {
  const settings = bond.file.section('bond');
  return compact({
    devices: profiles.flatMap(({ master, device }) =>
      master !== undefined && bond.names.includes(master) ? [device] : [],
    ),
    mode: settings.one(bondMode, 'mode') ?? 'balance-rr',
    monitorInterval: settings.one((text) => milliseconds(text), 'miimon'),
  });
}

const milliseconds = (text: string): number | undefined => {
  const count = wholeNumber(text);
  return count === undefined ? undefined : count / 1000;
};

type Vlan = readonly [string, { readonly id: number; readonly parent: string }];

function vlanOf({ device, file }: Profile, profiles: readonly Profile[]): readonly Vlan[] {
  const settings = file.section('vlan');
  const id = settings.one(wholeNumber, 'id') ?? vlanInName(device)?.id;
  const parent = settings.text('parent') ?? vlanInName(device)?.parent;
  if (id === undefined || parent === undefined) return [];
  const named = profiles.find(({ names }) => names.includes(parent));
  return [[device, { id, parent: named?.device ?? parent }]];
}

const portOptions = (port: Settings): BridgePortOptions =>
  compact({
    pathCost: port.one(wholeNumber, 'path-cost'),
    priority: port.one(wholeNumber, 'priority'),
    hairpin: port.one(truth, 'hairpin-mode'),
    vlans: port.one(vlanList, 'vlans'),
  });

/** NetworkManager alone switches the spanning tree on where a profile does not mention it. */
function switchOf(bridge: Settings): Partial<HostBridgeDocument> {
  return compact({
    stp: compact({
      enabled: bridge.one(truth, 'stp') ?? true,
      forwardDelay: bridge.one(wholeNumber, 'forward-delay'),
      helloTime: bridge.one(wholeNumber, 'hello-time'),
      maxAge: bridge.one(wholeNumber, 'max-age'),
      priority: bridge.one(wholeNumber, 'priority'),
    }),
    ageingTime: bridge.one(wholeNumber, 'ageing-time'),
    multicastSnooping: bridge.one(truth, 'multicast-snooping'),
    vlanFiltering: filteringOf(bridge),
  });
}

function filteringOf(bridge: Settings): VlanFiltering | undefined {
  if (!bridge.one(truth, 'vlan-filtering')) return undefined;
  return compact({
    defaultPvid: bridge.one(wholeNumber, 'vlan-default-pvid'),
    vlans: bridge.one(vlanList, 'vlans'),
  });
}

function addressesOf(file: SectionFile): Partial<HostBridgeDocument> {
  const [v4, v6] = [file.section('ipv4'), file.section('ipv6')];
  const [method4, method6] = [v4.text('method'), v6.text('method')];
  v6.skip('addr-gen-mode');
  const [fixed4, fixed6] = [fixedOf(v4), fixedOf(v6)];
  return compact({
    ipv4: compact({
      auto: method4 === 'auto' ? ('dhcp' as const) : undefined,
      clientId: v4.one(clientIdOf, 'dhcp-client-id'),
      ...fixed4,
    }),
    ipv6: compact({
      auto: method6 === 'auto' ? ('slaac' as const) : method6 === 'dhcp' ? ('dhcp' as const) : undefined,
      ...fixed6,
    }),
    dns: {
      servers: [...v4.lists('dns'), ...v6.lists('dns')],
      // netplan writes them twice.
      search: [...new Set([...v4.lists('dns-search'), ...v6.lists('dns-search')])],
    },
    routes: [...routesOf(v4), ...routesOf(v6)],
  });
}

/** `address1=10.0.0.2/24,10.0.0.1`: the second part is the gateway, which can also stand by itself. */
function fixedOf(ip: Settings) {
  const numbered = byNumber(ip, /^address(es)?\d*$/).flatMap((key) => ip.text(key) ?? []);
  const parts = numbered.map((text) => text.split(',').map((part) => part.trim()));
  const gateway = ip.text('gateway') ?? parts.find(([, second]) => second !== undefined && second !== '')?.[1];
  return compact({ addresses: parts.flatMap(([address]) => address ?? []), gateway });
}

const byNumber = (ip: Settings, pattern: RegExp): readonly string[] =>
  [...new Set(ip.keys(pattern))].sort((a, b) => Number(a.replace(/\D/g, '')) - Number(b.replace(/\D/g, '')));

function routesOf(ip: Settings): readonly BridgeRoute[] {
  return byNumber(ip, /^routes?\d*$/).flatMap((key) => {
    const [to, via, metric] =
      ip
        .text(key)
        ?.split(',')
        .map((part) => part.trim()) ?? [];
    const options = new Map((ip.text(`${key}_options`) ?? '').split(',').map((one) => pair(one)));
    if (to === undefined) return [];
    return [
      compact({
        to,
        via: via === undefined || /^(|0\.0\.0\.0|::)$/.test(via) ? undefined : via,
        metric: metric === undefined || metric === '' ? undefined : wholeNumber(metric),
        table: wholeNumber(options.get('table') ?? ''),
        onLink: truth(options.get('onlink') ?? ''),
      }),
    ];
  });
}

const pair = (text: string): readonly [string, string] => {
  const [key = '', value = ''] = text.split('=');
  return [key.trim(), value.trim()];
};
