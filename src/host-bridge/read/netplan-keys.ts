import { isRecord } from '../../schema/values.js';
import { parseCidr } from '../address.js';
import type { ReadYaml } from '../text/read-yaml.js';
import { truth } from './values.js';

/** What netplan accepts at a place: a kind of value, or a map with its keys. */
type Grammar = 'text' | 'bool' | 'number' | 'list' | 'map' | 'addresses' | { readonly [key: string]: Grammar };

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
  ...all('list', 'link-local', 'optional-addresses', 'routes', 'routing-policy'),
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

type Path = readonly (string | number)[];
type Refuse = (line: number, why: string) => never;

/** Refuses what netplan refuses: a key that it does not know where it stands, and a value of another kind. */
export function checkNetplan({ value, lineOf }: ReadYaml, refuse: Refuse): void {
  const fail = (path: Path, why: string): never => refuse(lineOf(path), why);
  // A file without any setting is none of netplan's business.
  if (value === null || value === undefined) return;
  const network = mapAt(value, [], ['network'], fail)['network'];
  if (network === undefined) return;
  const version = isRecord(network) ? (network['version'] ?? 2) : 2;
  if (version !== 2) fail(['network', 'version'], 'netplan supports version 2 only');
  for (const [kind, devices] of Object.entries(
    mapAt(network, ['network'], [...OTHERS, ...OTHER_DEVICES, ...Object.keys(DEVICES)], fail),
  ))
    if (Object.hasOwn(DEVICES, kind)) checkDevices(devices, kind, fail);
}

type Fail = (path: Path, why: string) => never;

function checkDevices(devices: unknown, kind: string, fail: Fail): void {
  const grammar = DEVICES[kind];
  // The renderer may stand among the devices, as it did once.
  for (const [name, device] of Object.entries(mapAt(devices, ['network', kind], undefined, fail)))
    if (grammar !== undefined && name !== 'renderer') checkValue(device, ['network', kind, name], grammar, fail);
}

/** The map at a path, whose keys are known; `undefined` for any keys. */
function mapAt(
  value: unknown,
  path: Path,
  known: readonly string[] | undefined,
  fail: Fail,
): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) return fail(path, 'a map is expected here (check the indentation)');
  const stranger = known && Object.keys(value).find((key) => !known.includes(key));
  return stranger === undefined ? value : fail([...path, stranger], `netplan knows no key '${stranger}' here`);
}

function checkValue(value: unknown, path: Path, grammar: Grammar, fail: Fail): void {
  if (typeof grammar === 'object')
    for (const [key, item] of Object.entries(mapAt(value, path, Object.keys(grammar), fail)))
      checkValue(item, [...path, key], grammar[key] ?? 'text', fail);
  else if (grammar === 'map') mapAt(value, path, undefined, fail);
  else if (grammar === 'list' || grammar === 'addresses') checkList(value, path, grammar, fail);
  else checkScalar(value, path, grammar, fail);
}

function checkList(value: unknown, path: Path, grammar: 'list' | 'addresses', fail: Fail): void {
  if (!Array.isArray(value)) return fail(path, 'a list is expected here');
  if (grammar === 'addresses')
    value.forEach((item, i) => {
      for (const text of isRecord(item) ? Object.keys(item) : [String(item)])
        if (parseCidr(text) === undefined) fail([...path, i], `'${text}' is not an address with a prefix`);
    });
}

function checkScalar(value: unknown, path: Path, grammar: 'text' | 'bool' | 'number', fail: Fail): void {
  if (value === null || typeof value === 'object') return fail(path, 'a single value is expected here');
  const text = String(value);
  if (grammar === 'bool' && truth(text) === undefined) fail(path, `'${text}' is not a truth value`);
  if (grammar === 'number' && !/^\d+$/.test(text)) fail(path, `'${text}' is not a whole number`);
}
