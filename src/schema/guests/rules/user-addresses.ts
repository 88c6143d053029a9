import { RELEASE_12 } from '../../release.js';
import { checkRoute } from '../../rules/addressing.js';
import { addressIn, eachOf, type ForeignReporter } from '../../rules/context.js';
import type { NicIp } from '../addresses.js';
import type { NicDocument } from '../nic.js';
import { checkIp, isPasst } from './addresses.js';
import { TYPE_RULES } from './type-rules.js';

/** Addresses and ports that only some types have: those of slirp and passt, and of the host's end of a tap. */
export function checkOwnAddresses(nic: NicDocument, context: ForeignReporter): void {
  checkRanges(nic, context);
  if (nic.type === undefined || nic.type === 'user' || isPasst(nic)) checkUserIps(nic, context);
  if (nic.type !== 'ethernet') return;
  eachOf(nic.source?.ips, 'source.ips', (ip, path) => checkIp(ip, path, context));
  eachOf(nic.source?.routes, 'source.routes', (route, path) => checkRoute(context, route, path));
}

/** Ranges of ports that passt forwards. */
function checkRanges(nic: NicDocument, { reportFrom }: ForeignReporter): void {
  if (!isPasst(nic)) return;
  eachOf(nic.portForwards, 'portForwards', (forward, path) => {
    eachOf(forward.ranges, `${path}.ranges`, ({ start, end, to, exclude }, at) => {
      if (start === undefined && (end !== undefined || to !== undefined || exclude !== undefined))
        reportFrom(TYPE_RULES, 'GUEST_PORT_RANGE', at);
    });
  });
}

function checkUserIps(nic: NicDocument, context: ForeignReporter): void {
  const { ips = [] } = nic;
  for (const family of ['ipv4', 'ipv6'] as const) {
    if (ips.filter((ip) => familyOf(ip) === family).length > 1)
      context.reportFrom(TYPE_RULES, 'GUEST_IP_TWO', 'ips', { family });
  }
  const isFree = isPasst(nic) && context.release >= RELEASE_12;
  eachOf(ips, 'ips', (ip, path) => checkSlirpIp(ip, path, isFree, context));
}

const familyOf = ({ address, family }: NicIp): string => family ?? addressIn(address)?.family ?? 'ipv4';

function checkSlirpIp(ip: NicIp, path: string, isFree: boolean, { reportFrom }: ForeignReporter): void {
  const { prefix = 0, peer } = ip;
  if (peer !== undefined) reportFrom(TYPE_RULES, 'GUEST_IP_PEER', `${path}.peer`);
  const fits = familyOf(ip) === 'ipv6' ? prefix === 64 : prefix >= 4 && prefix <= 27;
  if (prefix > 0 && !fits && !isFree) reportFrom(TYPE_RULES, 'GUEST_IP_SLIRP', `${path}.prefix`, { value: prefix });
}
