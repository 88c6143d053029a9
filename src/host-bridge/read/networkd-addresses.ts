import { naturalPrefix, parseAddress } from '../../schema/address.js';
import { compact } from '../../schema/values.js';
import { familyOf, parseCidr } from '../address.js';
import type { AutoOverrides, BridgeRoute, Ipv6Setup } from '../document.js';
import type { HostAddressing } from '../network/host-device.js';
import { isOneOf, networkText } from './routes.js';
import type { SectionFile, SettingTracker } from './setting-tracker.js';
import { clientIdOf, cNumber, onlyNo, onlyYes, truth } from './values.js';

const DHCP_WORDS = new Map<string, 'ipv4' | 'ipv6' | boolean>([
  ['ipv4', 'ipv4'],
  ['ipv6', 'ipv6'],
  ['v4', 'ipv4'],
  ['v6', 'ipv6'],
  ['both', true],
  ['none', false],
]);

/** An address with a prefix, which may be a number of another base; `undefined` for what networkd does not take. */
export function networkdCidr(text: string): string | undefined {
  if (parseCidr(text) !== undefined) return text;
  const slash = text.indexOf('/');
  const plain = `${text.slice(0, slash)}/${cNumber(text.slice(slash + 1))}`;
  return parseCidr(plain) && plain;
}

/** An IPv4 address without a prefix has that of its class. */
function addressIn(text: string): string | undefined {
  const whole = networkdCidr(text);
  if (whole !== undefined) return whole;
  const address = parseAddress(text);
  return address?.family === 'ipv4' ? `${text}/${naturalPrefix(address) ?? 32}` : undefined;
}

/** Reads the addressing in a `.network` file. */
export function readAddresses(file: SectionFile): HostAddressing & { readonly autostart?: boolean } {
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
  compact({ routeMetric: inDhcp4(file, cNumber, 'RouteMetric'), useDns: inDhcp4(file, onlyNo, 'UseDNS') });

/** Name servers come with the advertisements and from DHCP: both must be without them. */
function overrides6(file: SectionFile, auto: Ipv6Setup['auto']): AutoOverrides {
  if (auto === undefined) return {};
  const ra = file.section('IPv6AcceptRA');
  const dhcp = [file.section('DHCPv6'), file.section('DHCP')];
  const isOff = (one: SettingTracker): boolean => onlyNo(one.peek('UseDNS') ?? '') === false;
  const hasNone = isOff(ra) && (auto === 'slaac' || dhcp.some(isOff));
  if (hasNone) for (const one of [ra, ...dhcp]) one.one(onlyNo, 'UseDNS');
  return compact({ routeMetric: ra.one(cNumber, 'RouteMetric'), useDns: hasNone ? false : undefined });
}

/** networkd listens to router advertisements unless a setting forbids it or it has no link-local address to do it with. */
function auto6(isDhcp: boolean, network: SettingTracker): Ipv6Setup['auto'] {
  const local = network.one(
    (text) => (text === 'ipv6' || text === 'ipv4' ? text === 'ipv6' : truth(text)),
    'LinkLocalAddressing',
  );
  // DHCPv6 without router advertisements has no name here: the setting is left, and reported.
  const accepts = network.one(isDhcp ? onlyYes : truth, 'IPv6AcceptRA') ?? local ?? true;
  return isDhcp ? 'dhcp' : accepts ? 'slaac' : undefined;
}

const gatewayRoute = (via: string): BridgeRoute => ({ to: familyOf(via) === 'ipv4' ? '0.0.0.0/0' : '::/0', via });

function routeOf(settings: SettingTracker): readonly BridgeRoute[] {
  // A route of another kind, or to a router that is only known later, is left as a whole; networkd drops one with a wrong address.
  const isPlain = isOneOf(settings.peek('Type'), 'unicast') && isOneOf(settings.peek('Scope'), 'link', 'global');
  const [via, given] = [settings.peek('Gateway'), settings.peek('Destination')];
  const to = given === undefined ? undefined : networkText(networkdCidr(given) ?? given, via);
  const isRead = (to === undefined || parseCidr(to)) && (via === undefined || parseAddress(via));
  if (!isPlain || !isRead) return [];
  settings.skip('Gateway', 'Destination', 'Scope', 'Protocol', 'Type');
  if (to === undefined && via === undefined) return [];
  return [
    compact({
      to: to ?? gatewayRoute(via ?? '').to,
      via,
      metric: settings.one(cNumber, 'Metric'),
      table: settings.one(cNumber, 'Table'),
      onLink: settings.one(truth, 'GatewayOnLink', 'GatewayOnlink'),
    }),
  ];
}
