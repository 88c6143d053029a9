import {
  type Address,
  addressOf,
  bitsOf,
  type Family,
  lastAddress,
  naturalPrefix,
  networkAddress,
  prefixOfNetmask,
  sameSubnet,
} from '../address.js';
import type { Dhcp, DhcpHost, DhcpRange, Ip, Lease, Route } from '../network/ip.js';
import { RELEASE_10, RELEASE_12_2 } from '../release.js';
import { isMulticastMac, normalizeMac } from '../scalar.js';
import { addressIn, eachOf, type Reporter, type RuleContext } from './context.js';

/**
 * The prefix that libvirt computes for a subnet: the one given, that of the netmask, or the natural one.
 * `undefined` when there is none, as for a netmask with gaps.
 */
export function effectivePrefix(ip: Pick<Ip, 'address' | 'netmask' | 'prefix'>): number | undefined {
  const address = addressIn(ip.address);
  if (address === undefined) return undefined;
  if (ip.prefix !== undefined && ip.prefix > 0) return ip.prefix <= bitsOf(address.family) ? ip.prefix : undefined;
  const netmask = addressIn(ip.netmask);
  return netmask === undefined ? naturalPrefix(address) : prefixOfNetmask(netmask);
}

/** A route with the address that libvirt takes where it has none. */
export const destinationOf = (route: Route): Route & { readonly address: string } => ({
  ...route,
  address: route.address ?? (route.family === 'ipv6' ? '::' : '0.0.0.0'),
});

/** Subnets with DHCP and TFTP, and routes. */
export function checkAddressing(context: RuleContext): void {
  const { document } = context;
  eachOf(document.ips, 'ips', (ip, path) => checkIp(context, ip, path));
  checkSingleDhcp(context);
  eachOf(document.routes, 'routes', (route, path) => {
    const gateway = checkRoute(context, route, path);
    if (gateway !== undefined) checkReachable(context, gateway, path);
  });
}

function checkIp(context: RuleContext, ip: Ip, path: string): void {
  const address = addressIn(ip.address);
  if (address === undefined) return;
  checkFamily(context, ip, address, path);
  checkMask(context, ip, address, path);
  if (ip.tftp !== undefined && address.family === 'ipv6') context.report('TFTP_V6', `${path}.tftp`);
  if (ip.dhcp !== undefined) checkDhcp(context, ip, address, ip.dhcp, `${path}.dhcp`);
  checkPrefixAtStart(context, ip, address, path);
}

function checkFamily({ report }: RuleContext, ip: Ip, address: Address, path: string): void {
  const given = ip.family ?? 'ipv4';
  if (given === address.family) return;
  report(given === 'ipv4' ? 'IP_FAMILY4' : 'IP_FAMILY6', `${path}.address`, {
    value: address.text,
    family: ip.family ?? 'no',
  });
}

function checkMask({ report }: RuleContext, ip: Ip, address: Address, path: string): void {
  const prefix = ip.prefix ?? 0;
  if (ip.netmask !== undefined) {
    if (address.family === 'ipv6') report('IP_NETMASK_V6', `${path}.netmask`, { address: address.text });
    else if (addressIn(ip.netmask)?.family === 'ipv6')
      report('IP_NETMASK_FAMILY', `${path}.netmask`, { value: ip.netmask, address: address.text });
    if (prefix > 0 && address.family === 'ipv4') report('IP_NETMASK_AND_PREFIX', `${path}.prefix`);
  }
  const limit = bitsOf(address.family);
  if (prefix > limit) report('IP_PREFIX_RANGE', `${path}.prefix`, { value: prefix, limit, family: address.family });
}

function checkPrefixAtStart({ report }: RuleContext, ip: Ip, address: Address, path: string): void {
  const prefix = effectivePrefix(ip);
  if (prefix === undefined) {
    if ((ip.prefix ?? 0) <= bitsOf(address.family))
      report('PREFIX_INVALID', `${path}.address`, { value: address.text });
    return;
  }
  if (!ip.localPtr) return;
  const fine =
    address.family === 'ipv4'
      ? prefix % 8 === 0 && prefix >= 8 && prefix <= 24
      : prefix % 4 === 0 && prefix >= 4 && prefix <= 124;
  if (!fine) report('LOCALPTR_PREFIX', `${path}.localPtr`, { prefix, family: address.family });
}

function checkDhcp(context: RuleContext, ip: Ip, address: Address, dhcp: Dhcp, path: string): void {
  eachOf(dhcp.ranges, `${path}.ranges`, (range, at) => {
    checkRange(context, ip, address, range, at);
    checkLease(context, range.lease, `${at}.lease`);
  });
  if (
    dhcp.bootp?.file === undefined &&
    dhcp.bootp !== undefined &&
    address.family === 'ipv4' &&
    context.release >= RELEASE_10
  ) {
    context.report('ATTR_REQUIRED', `${path}.bootp.file`, { attribute: 'file', element: 'bootp' });
  }
  eachOf(dhcp.hosts, `${path}.hosts`, (host, at) => {
    checkHost(context, host, address.family, at);
    checkLease(context, host.lease, `${at}.lease`);
  });
}

function checkLease({ report }: RuleContext, lease: Lease | undefined, path: string): void {
  if (lease?.expiry === undefined) return;
  const expiry = Number(lease.expiry);
  const unit = lease.unit ?? 'minutes';
  const least = unit === 'seconds' ? 120 : unit === 'minutes' ? 2 : 0;
  if (expiry > 0 && expiry < least) report('LEASE_TOO_SHORT', `${path}.expiry`, { value: lease.expiry, unit });
}

const MAX_SPAN = 65_535n;

function checkRange({ release, report }: RuleContext, ip: Ip, address: Address, range: DhcpRange, path: string): void {
  const start = addressIn(range.start);
  const end = addressIn(range.end);
  if (start === undefined || end === undefined) return;
  const params = { start: start.text, end: end.text, address: address.text };
  if (start.family !== end.family || start.family !== address.family) return report('RANGE_FAMILY', path, params);
  const prefix = effectivePrefix(ip);
  if (prefix === undefined) return report('RANGE_BAD_PREFIX', path, { ...params, netmask: ip.netmask ?? '' });
  const [first, last] = [networkAddress(address, prefix), lastAddress(address, prefix)];
  if (!sameSubnet(start, address, prefix) || !sameSubnet(end, address, prefix)) {
    return report('DHCP_RANGE_OUTSIDE_SUBNET', path, { ...params, prefix, first: first.text, last: last.text });
  }
  if (start.family === 'ipv4' && start.value === first.value)
    report('RANGE_NETADDR', `${path}.start`, { ...params, prefix, value: start.text });
  if (start.family === 'ipv4' && end.value === last.value)
    report('RANGE_BROADCAST', `${path}.end`, { ...params, prefix, value: end.text });
  const problem = spanProblem(start, end, release);
  if (problem !== undefined) report(problem, path, { ...params, prefix });
}

/** Describes the problem of a block of addresses by itself, if there is one. */
export function spanProblem(
  start: Address,
  end: Address,
  release: number,
): 'RANGE_REVERSED' | 'RANGE_TOO_LARGE' | undefined {
  // libvirt compares all but the last 16 bits before the order; of IPv4 it no longer does.
  const hasBlocks = start.family === 'ipv6' || release < RELEASE_10;
  if (hasBlocks && start.value >> 16n !== end.value >> 16n) return 'RANGE_TOO_LARGE';
  if (start.value > end.value) return 'RANGE_REVERSED';
  return end.value - start.value > MAX_SPAN ? 'RANGE_TOO_LARGE' : undefined;
}

function checkHost({ report }: RuleContext, host: DhcpHost, family: Family, path: string): void {
  const { mac, id, name } = host;
  if (mac !== undefined && family === 'ipv6') report('HOST_MAC_V6', `${path}.mac`, { value: mac });
  else if (mac !== undefined && isMulticastMac(normalizeMac(mac) ?? ''))
    report('HOST_MAC_MULTICAST', `${path}.mac`, { value: mac });
  const bad = id === undefined ? undefined : /[^0-9a-fA-F:]/.exec(id)?.[0];
  if (bad !== undefined) report('HOST_ID_CHAR', `${path}.id`, { value: id ?? '', character: bad });
  if (name !== undefined && !/^[A-Za-z0-9]/.test(name)) report('HOST_NAME', `${path}.name`, { value: name });
  if (name !== undefined) return;
  if (family === 'ipv4' && mac === undefined) report('HOST_KEY_V4', path);
  if (family === 'ipv6' && id === undefined) report('HOST_KEY_V6', path);
}

function checkSingleDhcp({ document, report }: RuleContext): void {
  const serving = new Set<Family>();
  eachOf(document.ips, 'ips', ({ address, dhcp }, path) => {
    const family = addressIn(address)?.family;
    if (family === undefined || ((dhcp?.ranges?.length ?? 0) === 0 && (dhcp?.hosts?.length ?? 0) === 0)) return;
    if (serving.has(family)) report('DHCP_MULTIPLE', `${path}.dhcp`, { family: family === 'ipv4' ? 'IPv4' : 'IPv6' });
    serving.add(family);
  });
}

/** A route by itself. Returns its gateway where nothing is wrong with it. */
export function checkRoute(context: Reporter, route: Route, path: string): Address | undefined {
  const { release, report } = context;
  if (route.metric === 0) report('ATTR_ZERO', `${path}.metric`, { attribute: 'metric', element: 'route' });
  if (route.address === undefined && release < RELEASE_12_2) {
    report('ROUTE_ATTR', `${path}.address`, { attribute: 'address', element: 'route' });
    return undefined;
  }
  const address = addressIn(destinationOf(route).address);
  const gateway = addressIn(route.gateway);
  if (address === undefined || gateway === undefined) return undefined;
  const family = route.family ?? 'ipv4';
  const specified = route.family === undefined ? 'No family' : family === 'ipv4' ? 'IPv4 family' : 'ipv6 family';
  const params = { family, specified, address: route.address ?? '(null)', value: address.text };
  if (address.family !== family) {
    report('ROUTE_FAMILY', `${path}.address`, { ...params, attribute: 'address' });
    return undefined;
  }
  const isSame = gateway.family === family;
  if (!isSame) report('ROUTE_FAMILY', `${path}.gateway`, { ...params, attribute: 'gateway', value: gateway.text });
  if (!checkRouteMask(context, route, family, path)) return undefined;
  checkDestination(context, route, address, path);
  return isSame ? gateway : undefined;
}

function checkRouteMask({ report }: Reporter, route: Route, family: Family, path: string): boolean {
  const { netmask, prefix } = route;
  const limit = bitsOf(family);
  const problem =
    netmask !== undefined && family === 'ipv6'
      ? 'ROUTE_NETMASK_V6'
      : netmask !== undefined && addressIn(netmask)?.family !== 'ipv4'
        ? 'ROUTE_NETMASK_FAMILY'
        : netmask !== undefined && prefix !== undefined
          ? 'ROUTE_NETMASK_BOTH'
          : undefined;
  if (problem !== undefined) report(problem, `${path}.netmask`, { value: netmask ?? '' });
  else if (prefix !== undefined && prefix > limit) report('ROUTE_PREFIX', `${path}.prefix`, { value: prefix, limit });
  else return true;
  return false;
}

/** A route without prefix and netmask is one of prefix 0: only legal for 0.0.0.0 and ::. */
function checkDestination({ report }: Reporter, route: Route, address: Address, path: string): void {
  const netmask = addressIn(route.netmask);
  // libvirt does not mind gaps in a netmask here.
  const network =
    netmask === undefined
      ? networkAddress(address, route.prefix ?? 0)
      : addressOf(address.family, address.value & netmask.value);
  if (network.value === address.value) return;
  const prefix = netmask === undefined ? (route.prefix ?? 0) : (prefixOfNetmask(netmask) ?? netmask.text);
  report('ROUTE_NOT_NETWORK', `${path}.address`, { value: address.text, network: network.text, prefix });
}

function checkReachable({ document, report }: RuleContext, gateway: Address, path: string): void {
  const reachable = document.ips?.some((ip) => {
    const address = addressIn(ip.address);
    const prefix = effectivePrefix(ip);
    return address !== undefined && prefix !== undefined && sameSubnet(address, gateway, prefix);
  });
  if (!reachable) report('ROUTE_UNREACHABLE', `${path}.gateway`, { value: gateway.text });
}
