import { parseAddress, prefixOfNetmask } from '../../schema/address.js';
import { compact } from '../../schema/values.js';
import { familyOf } from '../address.js';
import { namesOf } from '../devices.js';
import type { BridgePort, BridgePortOptions, BridgeRoute, HostBridgeDocument } from '../document.js';
import { type ReadStanza, readStanzas } from '../text/stanzas.js';
import { chooseBridge, type ReadContext, type SourceFile } from './context.js';
import { bondMode, type Definitions, deviceNamed, vlanInName } from './devices.js';
import { macOf } from './networkd.js';
import { pairsOf, routeIn } from './routes.js';
import { Settings } from './setting-tracker.js';
import { decimal, truth, wholeNumber, wordsOf } from './values.js';

/** Reads the stanzas of a bridge and of its ports. */
export function readIfupdown(files: readonly SourceFile[], context: ReadContext): HostBridgeDocument {
  const stanzas: Stanza[] = [];
  const auto = new Set<string>();
  for (const file of files) {
    const read = readStanzas(file.content);
    for (const { line, text } of read.others) context.leaveOut(file, line, text);
    for (const name of read.auto) auto.add(name);
    stanzas.push(...read.stanzas.map((stanza) => stanzaOf(file, stanza)));
  }
  const bridges = stanzas.flatMap(({ device, settings }) => (settings.has('bridge-ports') ? [device] : []));
  const name = chooseBridge([...new Set(bridges)], context);
  const document = documentOf(name, stanzas, auto.has(name));
  const used = namesOf(document);
  for (const { device, family, settings } of stanzas)
    if (used.has(device)) settings.finish(context, `${device} ${family}: `);
  return document;
}

interface Stanza extends Pick<ReadStanza, 'device' | 'family' | 'method'> {
  readonly settings: Settings;
}

const stanzaOf = (file: SourceFile, { device, family, method, options }: ReadStanza): Stanza => ({
  device,
  family,
  method,
  settings: new Settings(file, options),
});

function documentOf(name: string, stanzas: readonly Stanza[], isAuto: boolean): HostBridgeDocument {
  const own = stanzas.filter(({ device }) => device === name);
  const settings = own.find((one) => one.settings.has('bridge-ports'))?.settings;
  if (settings === undefined) return { name };
  const scripts = scriptsOf(name, own);
  const ports = portsOf(settings, stanzas, scripts);
  return compact({
    name,
    ports: ports.length === 0 ? undefined : ports,
    mac: macOf(settings.one(macText, 'hwaddress', 'bridge-hw'), ports),
    mtu: settings.one(wholeNumber, 'mtu') ?? scripts.mtu,
    ...switchOf(settings),
    multicastSnooping: settings.one(truth, 'bridge-mcsnoop') ?? scripts.snooping,
    ...addressesOf(own),
    dns: {
      servers: namesIn(own, 'dns-nameservers', 'dns-nameserver'),
      search: namesIn(own, 'dns-search', 'dns-domain'),
    },
    routes: scripts.routes,
    autostart: isAuto ? undefined : false,
  });
}

const macText = (text: string): string | undefined => /(?:^|\s)([0-9a-f]{2}(?::[0-9a-f]{2}){5})$/i.exec(text)?.[1];

const namesIn = (stanzas: readonly Stanza[], ...keys: readonly string[]): readonly string[] => [
  ...new Set(stanzas.flatMap(({ settings }) => settings.many(wordsOf, ...keys).flat())),
];

function switchOf(settings: Settings): Partial<HostBridgeDocument> {
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

function portsOf(settings: Settings, stanzas: readonly Stanza[], scripts: Scripts): readonly BridgePort[] {
  const names = wordsOf(settings.text('bridge-ports') ?? '').filter((name) => name !== 'none');
  const costs = settings.pairs('bridge-pathcost');
  const priorities = settings.pairs('bridge-portprio');
  const definitions = definitionsOf(stanzas);
  return names.map((name) =>
    compact({
      ...deviceNamed(name, definitions),
      pathCost: costs.get(name),
      priority: priorities.get(name),
      ...scripts.ports.get(name),
    }),
  );
}

function definitionsOf(stanzas: readonly Stanza[]): Definitions {
  const mtus = new Map(stanzas.map(({ device, settings }) => [device, () => settings.one(wholeNumber, 'mtu')]));
  return {
    bonds: new Map(stanzas.flatMap(bondsIn)),
    vlans: new Map(stanzas.flatMap(({ device, settings }) => vlanOf(device, settings))),
    mtuOf: (name) => mtus.get(name)?.(),
  };
}

type Bond = readonly [string, NonNullable<ReturnType<Definitions['bonds']['get']>>];

function bondsIn({ device, settings }: Stanza, _: number, stanzas: readonly Stanza[]): readonly Bond[] {
  if (!settings.has('bond-slaves') && !settings.has('bond-mode')) return [];
  const listed = wordsOf(settings.text('bond-slaves', 'slaves') ?? '').filter((name) => name !== 'none');
  const mastered = stanzas.flatMap((one) => (one.settings.peek('bond-master') === device ? [one.device] : []));
  const devices = [...new Set([...listed, ...mastered])];
  // The card has its MTU from the bond.
  for (const one of stanzas) if (devices.includes(one.device)) one.settings.skip('mtu', 'bond-master');
  const interval = settings.one(wholeNumber, 'bond-miimon');
  return [
    [
      device,
      compact({
        devices,
        mode: settings.one(bondMode, 'bond-mode') ?? ('balance-rr' as const),
        monitorInterval: interval === undefined ? undefined : interval / 1000,
      }),
    ],
  ];
}

function vlanOf(device: string, settings: Settings): readonly (readonly [string, { id: number; parent: string }])[] {
  const parent = settings.text('vlan-raw-device');
  const id = settings.one(wholeNumber, 'vlan-id') ?? vlanInName(device)?.id ?? wholeNumber(device.replace(/^vlan/, ''));
  const below = parent ?? vlanInName(device)?.parent;
  return id === undefined || below === undefined ? [] : [[device, { id, parent: below }]];
}

function addressesOf(stanzas: readonly Stanza[]): Partial<HostBridgeDocument> {
  const [v4, v6] = ['inet', 'inet6'].map((family) => stanzas.filter((one) => one.family === family));
  const auto6 = v6?.find(({ method }) => method === 'auto' || method === 'dhcp')?.method;
  return {
    ipv4: compact({
      auto: v4?.some(({ method }) => method === 'dhcp') ? ('dhcp' as const) : undefined,
      ...fixedOf(v4),
    }),
    ipv6: compact({
      auto: auto6 === 'auto' ? ('slaac' as const) : auto6 === 'dhcp' ? ('dhcp' as const) : undefined,
      ...fixedOf(v6),
    }),
  };
}

function fixedOf(stanzas: readonly Stanza[] = []) {
  const addresses = stanzas.flatMap(({ settings }) => addressIn(settings));
  const [gateway] = stanzas.flatMap(({ settings }) => settings.text('gateway') ?? []);
  for (const { settings } of stanzas) settings.skip('accept-ra', 'network', 'broadcast');
  return compact({ addresses, gateway });
}

function addressIn(settings: Settings): readonly string[] {
  const address = settings.text('address');
  const mask = settings.text('netmask');
  if (address === undefined || address.includes('/')) return address === undefined ? [] : [address];
  const parsed = parseAddress(mask ?? '');
  const prefix = parsed === undefined ? wholeNumber(mask ?? '') : prefixOfNetmask(parsed);
  return [`${address}/${prefix ?? (familyOf(address) === 'ipv4' ? 24 : 64)}`];
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
