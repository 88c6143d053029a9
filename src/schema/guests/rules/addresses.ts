import { bitsOf } from '../../address.js';
import { RELEASE_12, RELEASE_12_2 } from '../../release.js';
import { checkRoute } from '../../rules/addressing.js';
import { addressIn, eachOf, type ForeignReporter } from '../../rules/context.js';
import type { NicIp } from '../addresses.js';
import type { NicDocument } from '../nic.js';
import { GUEST_RULES } from './table.js';

/** Addresses, routes and forwarded ports of the guest, and the addresses of the host's end of a tap. */
export function checkAddresses(nic: NicDocument, context: ForeignReporter): void {
  eachOf(nic.ips, 'ips', (ip, path) => checkIp(ip, path, context));
  checkPasst(nic, context);
  checkGuestIps(nic, context);
  checkGuestRoutes(nic, context);
  if (nic.type !== 'ethernet') return;
  eachOf(nic.source?.ips, 'source.ips', (ip, path) => checkIp(ip, path, context));
  eachOf(nic.source?.routes, 'source.routes', (route, path) => checkRoute(context, route, path));
}

function checkIp({ address, family, prefix }: NicIp, path: string, { reportFrom }: ForeignReporter): void {
  const parsed = addressIn(address);
  if (parsed === undefined) return;
  const wanted = family ?? parsed.family;
  if (parsed.family !== wanted)
    reportFrom(GUEST_RULES, 'GUEST_IP_FAMILY', `${path}.address`, { value: address, family: wanted });
  const limit = bitsOf(wanted);
  if (prefix !== undefined && prefix > limit)
    reportFrom(GUEST_RULES, 'GUEST_IP_PREFIX', `${path}.prefix`, { value: prefix, limit });
}

const isPasst = ({ type, backend }: NicDocument): boolean =>
  backend?.type === 'passt' && (type === undefined || type === 'user' || type === 'vhostuser');

function checkPasst(nic: NicDocument, { release, reportFrom }: ForeignReporter): void {
  const { type = 'user', backend, portForwards } = nic;
  if (backend?.type === 'passt' && !isPasst(nic)) reportFrom(GUEST_RULES, 'GUEST_PASST', 'backend.type', { type });
  // The release is assumed: 9.0 ignores them without passt, 11.3 refuses them.
  if ((portForwards?.length ?? 0) > 0 && !isPasst(nic) && release >= 11_001_000)
    reportFrom(GUEST_RULES, 'GUEST_PORT_FORWARD', 'portForwards');
  if (!isPasst(nic)) return;
  eachOf(portForwards, 'portForwards', (forward, path) => {
    eachOf(forward.ranges, `${path}.ranges`, ({ start, end, to, exclude }, at) => {
      if (start === undefined && (end !== undefined || to !== undefined || exclude !== undefined))
        reportFrom(GUEST_RULES, 'GUEST_PORT_RANGE', at);
    });
  });
}

/** The release is assumed: 9.0 does not look at the addresses of a vDPA device, 11.3 does. */
const isOverlooked = ({ type }: NicDocument, { release }: ForeignReporter): boolean =>
  type === 'vdpa' && release < 11_001_000;

function checkGuestIps(nic: NicDocument, context: ForeignReporter): void {
  const { type = 'user', ips = [] } = nic;
  if (ips.length === 0 || isOverlooked(nic, context)) return;
  if (type !== 'user' && !isPasst(nic)) return context.reportFrom(GUEST_RULES, 'GUEST_IP', 'ips', { type });
  for (const family of ['ipv4', 'ipv6'] as const) {
    if (ips.filter((ip) => familyOf(ip) === family).length > 1)
      context.reportFrom(GUEST_RULES, 'GUEST_IP_TWO', 'ips', { family });
  }
  const isFree = isPasst(nic) && context.release >= RELEASE_12;
  eachOf(ips, 'ips', (ip, path) => checkSlirpIp(ip, path, isFree, context));
}

const familyOf = ({ address, family }: NicIp): string => family ?? addressIn(address)?.family ?? 'ipv4';

function checkSlirpIp(ip: NicIp, path: string, isFree: boolean, { reportFrom }: ForeignReporter): void {
  const { prefix = 0, peer } = ip;
  if (peer !== undefined) reportFrom(GUEST_RULES, 'GUEST_IP_PEER', `${path}.peer`);
  const fits = familyOf(ip) === 'ipv6' ? prefix === 64 : prefix >= 4 && prefix <= 27;
  if (prefix > 0 && !fits && !isFree) reportFrom(GUEST_RULES, 'GUEST_IP_SLIRP', `${path}.prefix`, { value: prefix });
}

function checkGuestRoutes(nic: NicDocument, context: ForeignReporter): void {
  eachOf(nic.routes, 'routes', (route, path) => {
    checkRoute(context, route, path);
    const isDefault = route.address === undefined && route.prefix === undefined && route.netmask === undefined;
    const isTaken = isPasst(nic) && isDefault && context.release >= RELEASE_12_2;
    if (!isTaken && !isOverlooked(nic, context)) context.reportFrom(GUEST_RULES, 'GUEST_ROUTE', path);
  });
}
