import { parseCidr } from '../address.js';
import type { YamlMap, YamlPart } from '../text/yaml/read.js';

/** What netplan accepts at a place: a kind of value, or a map with its keys. */
type Grammar = 'text' | 'bool' | 'number' | 'list' | 'maps' | 'map' | 'addresses' | { readonly [key: string]: Grammar };

const all = (kind: Grammar, ...keys: readonly string[]): Readonly<Record<string, Grammar>> =>
  Object.fromEntries(keys.map((key) => [key, kind]));

const OVERRIDES = {
  ...all('text', 'hostname', 'use-domains'),
  ...all('bool', 'send-hostname', 'use-dns', 'use-hostname', 'use-mtu', 'use-ntp', 'use-routes'),
  'route-metric': 'number',
} as const;

const COMMON: Readonly<Record<string, Grammar>> = {
  ...all('bool', 'accept-ra', 'critical', 'ignore-carrier', 'dhcp4', 'dhcp6', 'ipv6-privacy', 'optional'),
  ...all('bool', 'hairpin', 'port-mac-learning', 'neigh-suppress'),
  ...all('text', 'activation-mode', 'dhcp-identifier', 'gateway4', 'gateway6', 'macaddress', 'renderer'),
  ...all('text', 'ipv6-address-generation', 'ipv6-address-token'),
  ...all('number', 'ipv6-mtu', 'mtu'),
  ...all('list', 'link-local', 'optional-addresses'),
  ...all('maps', 'routes', 'routing-policy'),
  ...all('map', 'networkmanager', 'openvswitch', 'ra-overrides'),
  addresses: 'addresses',
  nameservers: all('list', 'addresses', 'search'),
  'dhcp4-overrides': OVERRIDES,
  'dhcp6-overrides': OVERRIDES,
};

const ETHERNET: Readonly<Record<string, Grammar>> = {
  ...COMMON,
  ...all('map', 'match', 'auth'),
  ...all('text', 'set-name', 'link', 'embedded-switch-mode', 'infiniband-mode'),
  ...all('bool', 'wakeonlan', 'emit-lldp', 'receive-checksum-offload', 'transmit-checksum-offload'),
  ...all('bool', 'tcp-segmentation-offload', 'tcp6-segmentation-offload', 'generic-segmentation-offload'),
  ...all('bool', 'generic-receive-offload', 'large-receive-offload', 'delay-virtual-functions-rebind'),
  'virtual-function-count': 'number',
};

const BOND_PARAMETERS: Readonly<Record<string, Grammar>> = {
  ...all('text', 'mode', 'lacp-rate', 'mii-monitor-interval', 'transmit-hash-policy', 'ad-select', 'arp-interval'),
  ...all('text', 'arp-validate', 'arp-all-targets', 'up-delay', 'down-delay', 'fail-over-mac-policy', 'primary'),
  ...all('text', 'primary-reselect-policy', 'learn-packet-interval'),
  ...all('number', 'min-links', 'gratuitous-arp', 'gratuitious-arp', 'packets-per-slave', 'packets-per-member'),
  'resend-igmp': 'number',
  ...all('bool', 'all-slaves-active', 'all-members-active'),
  'arp-ip-targets': 'list',
};

const BRIDGE_PARAMETERS: Readonly<Record<string, Grammar>> = {
  ...all('text', 'ageing-time', 'aging-time', 'forward-delay', 'hello-time', 'max-age'),
  ...all('map', 'path-cost', 'port-priority'),
  priority: 'number',
  stp: 'bool',
};

/** The kinds of devices that are read; of the others only the names. */
const DEVICES: Readonly<Record<string, Grammar>> = {
  ethernets: ETHERNET,
  bonds: { ...COMMON, interfaces: 'list', parameters: BOND_PARAMETERS },
  bridges: { ...COMMON, interfaces: 'list', parameters: BRIDGE_PARAMETERS },
  vlans: { ...COMMON, id: 'number', link: 'text' },
};

const OTHERS = ['version', 'renderer', 'openvswitch'];
/** The kinds of devices whose settings are not read. */
export const OTHER_DEVICES = ['wifis', 'modems', 'tunnels', 'vrfs', 'dummy-devices', 'virtual-ethernets', 'nm-devices'];

/** Refuses a text: the line, and why. */
type Fail = (line: number, why: string) => never;

/**
 * Refuses what netplan refuses: a key that it does not know where it stands, and a value of another kind. Returns the
 * map of the file; `undefined` for a file without any setting.
 */
export function checkNetplan(part: YamlPart | undefined, fail: Fail): YamlMap | undefined {
  if (part === undefined) return undefined;
  const file = mapIn(part, ['network'], fail);
  for (const { value } of file.entries) checkNetwork(value, fail);
  return file;
}

function checkNetwork(part: YamlPart, fail: Fail): void {
  const kinds = [...OTHERS, ...OTHER_DEVICES, ...Object.keys(DEVICES)];
  for (const { key, line, value } of mapIn(part, kinds, fail).entries) {
    const grammar = Object.hasOwn(DEVICES, key) ? DEVICES[key] : undefined;
    if (grammar !== undefined) checkDevices(value, grammar, fail);
    if (key === 'version' && !(value.kind === 'text' && Number(value.text) === 2))
      fail(line, 'netplan supports version 2 only');
  }
}

function checkDevices(part: YamlPart, grammar: Grammar, fail: Fail): void {
  // The renderer may stand among the devices, as it did once.
  for (const { key, value } of mapIn(part, undefined, fail).entries)
    if (key !== 'renderer') checkValue(value, grammar, fail);
}

/** The map at a place, whose keys are known; `undefined` for any keys. */
function mapIn(part: YamlPart, known: readonly string[] | undefined, fail: Fail): YamlMap {
  if (part.kind !== 'map') return fail(part.line, 'a map is expected here (check the indentation)');
  const stranger = known && part.entries.find(({ key }) => !known.includes(key));
  return stranger === undefined ? part : fail(stranger.line, `netplan knows no key '${stranger.key}' here`);
}

function checkValue(part: YamlPart, grammar: Grammar, fail: Fail): void {
  if (typeof grammar === 'object')
    for (const { key, value } of mapIn(part, Object.keys(grammar), fail).entries)
      checkValue(value, grammar[key] ?? 'text', fail);
  else if (grammar === 'map') mapIn(part, undefined, fail);
  else if (grammar === 'text' || grammar === 'bool' || grammar === 'number') checkText(part, grammar, fail);
  else checkList(part, grammar, fail);
}

/** What the items of a list are. */
const ITEMS = { addresses: 'an address', maps: 'a map', list: 'a single value' } as const;

function checkList(part: YamlPart, grammar: keyof typeof ITEMS, fail: Fail): void {
  if (part.kind !== 'list') return fail(part.line, 'a list is expected here');
  for (const item of part.items) {
    const fits = grammar === 'addresses' ? item.kind !== 'list' : item.kind === (grammar === 'maps' ? 'map' : 'text');
    if (!fits) fail(item.line, `${ITEMS[grammar]} is expected here`);
    if (grammar === 'addresses') checkAddress(item, fail);
  }
}

function checkAddress(item: YamlPart, fail: Fail): void {
  const texts = item.kind === 'map' ? item.entries.map(({ key }) => key) : item.kind === 'text' ? [item.text] : [];
  for (const text of texts)
    if (parseCidr(text) === undefined) fail(item.line, `'${text}' is not an address with a prefix`);
}

function checkText(part: YamlPart, grammar: 'text' | 'bool' | 'number', fail: Fail): void {
  if (part.kind !== 'text') return fail(part.line, 'a single value is expected here');
  const { text, line } = part;
  if (grammar === 'bool' && netplanTruth(text) === undefined) fail(line, `'${text}' is not a truth value`);
  if (grammar === 'number' && !/^\d+$/.test(text)) fail(line, `'${text}' is not a whole number`);
}

/** A truth value: netplan knows fewer words than others. */
export function netplanTruth(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (['true', 'on', 'yes', 'y'].includes(word)) return true;
  return ['false', 'off', 'no', 'n'].includes(word) ? false : undefined;
}
