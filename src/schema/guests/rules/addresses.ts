import { bitsOf } from '../../address.js';
import { RELEASE_12_2 } from '../../release.js';
import { checkRoute } from '../../rules/addressing.js';
import { addressIn, eachOf, type ForeignReporter } from '../../rules/context.js';
import type { NicIp } from '../addresses.js';
import type { NicDocument } from '../nic.js';
import { NIC_RULES } from './nic-rules.js';

/** Addresses, routes and forwarded ports of the guest, and the addresses of the host's end of a tap. */
export function checkAddresses(nic: NicDocument, context: ForeignReporter): void {
  eachOf(nic.ips, 'ips', (ip, path) => checkIp(ip, path, context));
  checkPasst(nic, context);
  checkGuestIps(nic, context);
  checkGuestRoutes(nic, context);
}

/** An address by itself. */
export function checkIp({ address, family, prefix }: NicIp, path: string, { reportFrom }: ForeignReporter): void {
  const parsed = addressIn(address);
  if (parsed === undefined) return;
  const wanted = family ?? parsed.family;
  if (parsed.family !== wanted)
    reportFrom(NIC_RULES, 'GUEST_IP_FAMILY', `${path}.address`, { value: address, family: wanted });
  const limit = bitsOf(wanted);
  if (prefix !== undefined && prefix > limit)
    reportFrom(NIC_RULES, 'GUEST_IP_PREFIX', `${path}.prefix`, { value: prefix, limit });
}

/** Tells whether passt makes the connections of a guest. */
export const isPasst = ({ type, backend }: NicDocument): boolean =>
  backend?.type === 'passt' && (type === undefined || type === 'user' || type === 'vhostuser');

function checkPasst(nic: NicDocument, { release, reportFrom }: ForeignReporter): void {
  const { type = 'user', backend, portForwards } = nic;
  if (backend?.type === 'passt' && !isPasst(nic)) reportFrom(NIC_RULES, 'GUEST_PASST', 'backend.type', { type });
  // The release is assumed: 9.0 ignores them without passt, 11.3 refuses them.
  if ((portForwards?.length ?? 0) > 0 && !isPasst(nic) && release >= 11_001_000)
    reportFrom(NIC_RULES, 'GUEST_PORT_FORWARD', 'portForwards');
}

/** The release is assumed: 9.0 does not look at the addresses of a vDPA device, 11.3 does. */
const isOverlooked = ({ type }: NicDocument, { release }: ForeignReporter): boolean =>
  type === 'vdpa' && release < 11_001_000;

function checkGuestIps(nic: NicDocument, context: ForeignReporter): void {
  const { type = 'user', ips = [] } = nic;
  if (ips.length === 0 || isOverlooked(nic, context)) return;
  if (type !== 'user' && !isPasst(nic)) context.reportFrom(NIC_RULES, 'GUEST_IP', 'ips', { type });
}

function checkGuestRoutes(nic: NicDocument, context: ForeignReporter): void {
  eachOf(nic.routes, 'routes', (route, path) => {
    checkRoute(context, route, path);
    const isDefault = route.address === undefined && route.prefix === undefined && route.netmask === undefined;
    const isTaken = isPasst(nic) && isDefault && context.release >= RELEASE_12_2;
    if (!isTaken && !isOverlooked(nic, context)) context.reportFrom(NIC_RULES, 'GUEST_ROUTE', path);
  });
}
