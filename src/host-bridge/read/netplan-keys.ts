import { familyOf } from '../address.js';
import type { YamlMap, YamlPart } from '../text/yaml/read.js';
import { isNetplanAddress, TEXTS, type TextKind } from './netplan-values.js';

/** Values that are not single ones. */
type Special = 'map' | 'addresses' | 'drivers' | 'numbers' | 'priorities';

/** What netplan accepts at a place: a kind of value, a list of one, or a map with its keys. */
type Grammar = TextKind | Special | readonly [Grammar] | { readonly [key: string]: Grammar };

const all = (kind: Grammar, ...keys: readonly string[]): Readonly<Record<string, Grammar>> =>
  Object.fromEntries(keys.map((key) => [key, kind]));

const OVERRIDES = {
  ...all('text', 'hostname', 'use-domains'),
  ...all('bool', 'send-hostname', 'use-dns', 'use-hostname', 'use-mtu', 'use-ntp', 'use-routes'),
  'route-metric': 'number',
} as const;

const ROUTE: Readonly<Record<string, Grammar>> = {
  type: 'route-type',
  scope: 'scope',
  ...all('number', 'table', 'metric', 'mtu', 'congestion-window', 'advertised-receive-window'),
  ...all('hop', 'via', 'from'),
  to: 'network',
  'on-link': 'bool',
};

const COMMON: Readonly<Record<string, Grammar>> = {
  ...all('bool', 'accept-ra', 'critical', 'ignore-carrier', 'dhcp4', 'dhcp6', 'ipv6-privacy', 'optional'),
  ...all('bool', 'hairpin', 'port-mac-learning', 'neigh-suppress'),
  gateway4: 'ipv4',
  gateway6: 'ipv6',
  macaddress: 'mac',
  renderer: 'renderer',
  'activation-mode': 'activation',
  'dhcp-identifier': 'identifier',
  'ipv6-address-generation': 'generation',
  'ipv6-address-token': 'ipv6',
  ...all('number', 'ipv6-mtu', 'mtu'),
  'link-local': ['family'],
  'optional-addresses': ['optional'],
  routes: [ROUTE],
  'routing-policy': ['map'],
  ...all('map', 'networkmanager', 'openvswitch', 'ra-overrides'),
  addresses: 'addresses',
  nameservers: { addresses: ['ip'], search: ['text'] },
  'dhcp4-overrides': OVERRIDES,
  'dhcp6-overrides': OVERRIDES,
};

const ETHERNET: Readonly<Record<string, Grammar>> = {
  ...COMMON,
  match: { name: 'pattern', macaddress: 'mac', driver: 'drivers' },
  auth: 'map',
  ...all('text', 'set-name', 'link', 'embedded-switch-mode', 'infiniband-mode'),
  ...all('bool', 'wakeonlan', 'emit-lldp', 'receive-checksum-offload', 'transmit-checksum-offload'),
  ...all('bool', 'tcp-segmentation-offload', 'tcp6-segmentation-offload', 'generic-segmentation-offload'),
  ...all('bool', 'generic-receive-offload', 'large-receive-offload', 'delay-virtual-functions-rebind'),
  'virtual-function-count': 'number',
};

const BOND_PARAMETERS: Readonly<Record<string, Grammar>> = {
  mode: 'bond',
  ...all('text', 'lacp-rate', 'mii-monitor-interval', 'transmit-hash-policy', 'ad-select', 'arp-interval'),
  ...all('text', 'arp-validate', 'arp-all-targets', 'up-delay', 'down-delay', 'fail-over-mac-policy', 'primary'),
  ...all('text', 'primary-reselect-policy', 'learn-packet-interval'),
  ...all('number', 'min-links', 'gratuitous-arp', 'gratuitious-arp', 'packets-per-slave', 'packets-per-member'),
  'resend-igmp': 'number',
  ...all('bool', 'all-slaves-active', 'all-members-active'),
  'arp-ip-targets': ['ipv4'],
};

const BRIDGE_PARAMETERS: Readonly<Record<string, Grammar>> = {
  ...all('text', 'ageing-time', 'aging-time', 'forward-delay', 'hello-time', 'max-age'),
  'path-cost': 'numbers',
  'port-priority': 'priorities',
  priority: 'number',
  stp: 'bool',
};

/** The kinds of devices that are read; of the others only the names. */
const DEVICES: Readonly<Record<string, Grammar>> = {
  ethernets: ETHERNET,
  bonds: { ...COMMON, interfaces: ['text'], parameters: BOND_PARAMETERS },
  bridges: { ...COMMON, interfaces: ['text'], parameters: BRIDGE_PARAMETERS },
  vlans: { ...COMMON, id: 'vlan', link: 'text' },
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
  eachEntry(part, ['network'], fail, ({ value }) => checkNetwork(value, fail));
  return part.kind === 'map' ? part : undefined;
}

function checkNetwork(part: YamlPart, fail: Fail): void {
  const kinds = [...OTHERS, ...OTHER_DEVICES, ...Object.keys(DEVICES)];
  eachEntry(part, kinds, fail, ({ key, line, value }) => {
    if (Object.hasOwn(DEVICES, key)) checkDevices(value, key, fail);
    if (key === 'renderer') checkText(value, 'renderer', fail);
    if (key === 'version' && !(value.kind === 'text' && Number(value.text) === 2))
      fail(line, 'netplan supports version 2 only');
  });
}

function checkDevices(part: YamlPart, kind: string, fail: Fail): void {
  // The renderer may stand among the devices, as it did once.
  eachEntry(part, undefined, fail, ({ key, value }) => {
    if (key === 'renderer') return;
    checkValue(value, DEVICES[kind] ?? 'map', fail);
    const has = (name: string): boolean => value.kind === 'map' && value.entries.some((one) => one.key === name);
    for (const needed of NEEDED[kind] ?? []) if (!has(needed)) fail(value.line, `${key}: '${needed}' is missing`);
    if (has('set-name') && !has('match')) fail(value.line, `${key}: 'set-name' needs 'match' beside it`);
  });
}

/** Without these netplan makes no device. */
const NEEDED: Readonly<Record<string, readonly string[]>> = { vlans: ['id', 'link'] };

/** The entries of the map at a place, one after the other, as netplan reads them: the first that is wrong counts. */
function eachEntry(
  part: YamlPart,
  known: readonly string[] | undefined,
  fail: Fail,
  check: (entry: YamlMap['entries'][number]) => void = () => {},
): void {
  if (part.kind !== 'map') return fail(part.line, 'a map is expected here (check the indentation)');
  for (const entry of part.entries) {
    if (known?.includes(entry.key) === false) fail(entry.line, `netplan knows no key '${entry.key}' here`);
    check(entry);
  }
}

function checkValue(part: YamlPart, grammar: Grammar, fail: Fail): void {
  if (typeof grammar === 'string') checkKind(part, grammar, fail);
  else if (isListOf(grammar)) for (const item of itemsIn(part, fail)) checkValue(item, grammar[0], fail);
  else {
    const checkFamily = grammar === ROUTE ? familyCheck(fail) : undefined;
    eachEntry(part, Object.keys(grammar), fail, (entry) => {
      checkValue(entry.value, grammar[entry.key] ?? 'text', fail);
      checkFamily?.(entry);
    });
  }
}

/** A route is of one family. */
function familyCheck(fail: Fail): (entry: YamlMap['entries'][number]) => void {
  let first: string | undefined;
  return ({ key, line, value }) => {
    if (!['to', 'via', 'from'].includes(key) || value.kind !== 'text' || value.text === 'default') return;
    first ??= value.text;
    if (familyOf(value.text) !== familyOf(first)) fail(line, `'${value.text}' is of another family than '${first}'`);
  };
}

const isListOf = (grammar: object): grammar is readonly [Grammar] => Array.isArray(grammar);

function itemsIn(part: YamlPart, fail: Fail): readonly YamlPart[] {
  return part.kind === 'list' ? part.items : fail(part.line, 'a list is expected here');
}

function checkKind(part: YamlPart, kind: TextKind | Special, fail: Fail): void {
  if (kind === 'map') eachEntry(part, undefined, fail);
  else if (kind === 'numbers') eachEntry(part, undefined, fail, ({ value }) => checkText(value, 'number', fail));
  else if (kind === 'priorities') eachEntry(part, undefined, fail, ({ value }) => checkText(value, 'priority', fail));
  else if (kind === 'addresses') for (const item of itemsIn(part, fail)) checkAddress(item, fail);
  else if (kind === 'drivers')
    for (const one of part.kind === 'list' ? part.items : [part]) checkText(one, 'driver', fail);
  else checkText(part, kind, fail);
}

function checkAddress(item: YamlPart, fail: Fail): void {
  if (item.kind === 'list') fail(item.line, 'an address is expected here');
  const texts = item.kind === 'map' ? item.entries.map(({ key }) => key) : item.kind === 'text' ? [item.text] : [];
  for (const text of texts) if (!isNetplanAddress(text)) fail(item.line, `'${text}' is not an address with a prefix`);
}

function checkText(part: YamlPart, kind: TextKind, fail: Fail): void {
  if (part.kind !== 'text') return fail(part.line, 'a single value is expected here');
  const { expected, accepts } = TEXTS[kind];
  if (!accepts(part.text)) fail(part.line, `'${part.text}' is not ${expected}`);
}
