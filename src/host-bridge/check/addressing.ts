import { type Address, bitsOf, type Family, lastAddress, networkAddress, parseAddress } from '../../schema/address.js';
import { type Cidr, insideOf, networkOf, parseCidr } from '../address.js';
import type { BridgeRoute, HostBridgeDocument, Ipv4Setup, Ipv6Setup } from '../document.js';
import type { Report } from './context.js';
import { checkRange } from './range.js';

const EXAMPLE: Readonly<Record<Family, string>> = { ipv4: '192.168.1.10/24', ipv6: '2001:db8::10/64' };
const LABEL: Readonly<Record<Family, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' };
const UINT32_MAX = 0xffff_ffff;

/** The host's addresses on the bridge, and the routes that need them. */
export function checkAddressing(document: HostBridgeDocument, report: Report): void {
  const { ipv4, ipv6, routes = [] } = document;
  const subnets = [...checkFamily('ipv4', ipv4, report), ...checkFamily('ipv6', ipv6, report)];
  const isOnLink = insideOf(subnets);
  if (ipv4?.clientId !== undefined && ipv4.auto === undefined) report('HB_CLIENT_ID_UNUSED', 'ipv4.clientId');
  const isOpen = { ipv4: ipv4?.auto !== undefined, ipv6: ipv6?.auto !== undefined };
  const seen = new Set<string>();
  routes.forEach((route, i) => {
    checkRoute(route, `routes[${i}]`, { isOnLink, isOpen, seen }, report);
  });
}

/** Returns the addresses, as far as they can be read. */
function checkFamily(family: Family, setup: Ipv4Setup | Ipv6Setup = {}, report: Report): readonly Cidr[] {
  checkRange(setup.routeMetric, `${family}.routeMetric`, { min: 0, max: UINT32_MAX }, report);
  for (const property of ['routeMetric', 'useDns'] as const)
    if (setup.auto === undefined && setup[property] !== undefined)
      report('HB_OVERRIDE_UNUSED', `${family}.${property}`, { property });
  const found = (setup.addresses ?? []).flatMap((text, i) =>
    checkAddress(family, text, `${family}.addresses[${i}]`, report),
  );
  const seen = new Set<string>();
  found.forEach(({ address: { text } }, i) => {
    if (seen.has(text)) report('HB_ADDRESS_TWICE', `${family}.addresses[${i}]`, { value: text });
    seen.add(text);
  });
  if (setup.gateway !== undefined)
    checkGateway(family, setup.gateway, { subnets: found, isOpen: setup.auto !== undefined }, report);
  return found;
}

function checkAddress(family: Family, text: string, path: string, report: Report): readonly Cidr[] {
  const cidr = parseCidr(text);
  if (cidr?.address.family !== family) {
    report('HB_ADDRESS_INVALID', path, { value: text, family: LABEL[family], example: EXAMPLE[family] });
    return [];
  }
  const reason = unusable(cidr);
  if (reason !== undefined) report('HB_ADDRESS_UNUSABLE', path, { value: text, reason });
  return [cidr];
}

function unusable({ address, prefix }: Cidr): string | undefined {
  if (isMulticast(address)) return 'it is a multicast address';
  if (address.value === 0n || prefix === 0) return 'it names no host';
  if (address.family === 'ipv4' && address.value >> 24n === 127n) return 'it is a loopback address';
  if (address.family === 'ipv6' && address.value === 1n) return 'it is a loopback address';
  if (address.family === 'ipv6' || bitsOf(address.family) - prefix < 2) return undefined;
  if (address.value === networkAddress(address, prefix).value) return 'it is the address of the network itself';
  return address.value === lastAddress(address, prefix).value ? 'it is the broadcast address' : undefined;
}

export const isMulticast = ({ family, value }: Cidr['address']): boolean =>
  family === 'ipv4' ? value >> 28n >= 14n : value >> 120n === 0xffn;

export const isLinkLocal = ({ family, value }: Cidr['address']): boolean =>
  family === 'ipv6' && value >> 118n === 0x3fan;

/** The subnets that routers can be in. */
interface Reachable {
  readonly isOnLink: (address: Address) => boolean;
  /** Whether DHCP may bring others. */
  readonly isOpen: boolean;
}

function checkGateway(
  family: Family,
  text: string,
  { subnets, isOpen }: { readonly subnets: readonly Cidr[]; readonly isOpen: boolean },
  report: Report,
): void {
  const path = `${family}.gateway`;
  const gateway = parseAddress(text);
  if (gateway?.family !== family) return report('HB_GATEWAY_INVALID', path, { value: text, family: LABEL[family] });
  if (subnets.some(({ address }) => address.value === gateway.value)) report('HB_GATEWAY_SELF', path, { value: text });
  else if (!isOpen && !isLinkLocal(gateway) && !insideOf(subnets)(gateway))
    report('HB_GATEWAY_OUTSIDE', path, { value: text });
}

interface Known {
  readonly isOnLink: Reachable['isOnLink'];
  /** Families whose subnets are not all known beforehand. */
  readonly isOpen: Readonly<Record<Family, boolean>>;
  readonly seen: Set<string>;
}

function checkRoute(route: BridgeRoute, path: string, known: Known, report: Report): void {
  checkRange(route.metric, `${path}.metric`, { min: 0, max: UINT32_MAX }, report);
  checkRange(route.table, `${path}.table`, { min: 1, max: UINT32_MAX }, report);
  if (route.onLink && route.via === undefined) report('HB_ROUTE_ON_LINK', `${path}.onLink`);
  const to = parseCidr(route.to);
  if (to === undefined) return report('HB_ROUTE_TO', `${path}.to`, { value: route.to });
  if (networkOf(to) !== to.text)
    report('HB_ROUTE_HOST_BITS', `${path}.to`, { value: route.to, network: networkOf(to) });
  const key = `${networkOf(to)} ${route.metric ?? ''} ${route.table ?? ''}`;
  if (known.seen.has(key)) report('HB_ROUTE_TWICE', path, { value: route.to });
  known.seen.add(key);
  const { family } = to.address;
  checkVia(route, family, { path, isOnLink: known.isOnLink, isOpen: known.isOpen[family] }, report);
}

function checkVia(
  { via, onLink }: BridgeRoute,
  family: Family,
  { path, isOnLink, isOpen }: Reachable & { readonly path: string },
  report: Report,
): void {
  if (via === undefined) return;
  const router = parseAddress(via);
  if (router?.family !== family) return report('HB_ROUTE_VIA', `${path}.via`, { value: via, family: LABEL[family] });
  const isReachable = isLinkLocal(router) || isOnLink(router);
  if (!onLink && !isOpen && !isReachable) report('HB_ROUTE_OUTSIDE', `${path}.via`, { value: via });
}
