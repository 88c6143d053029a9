import type { AnyFound } from './context.js';
import type { RuleId } from './table.js';

/** Parts, of what a rule is about or beside it, that it goes by: where one cannot be read, nothing can be said of the rule. */
const GOES_BY: Readonly<Record<string, readonly string[]>> = {
  FWD_NEEDS_IP: ['mode'],
  HOST_KEY_V4: ['mac'],
  DNS_FWD_EMPTY: ['addr'],
  BW_NO_AVERAGE: ['average', 'floor'],
  LEASE_TOO_SHORT: ['unit'],
  DROPPED: ['name', 'root', 'expiry'],
  IP_FAMILY4: ['family'],
  ROUTE_FAMILY: ['family'],
  ROUTE_NOT_NETWORK: ['prefix', 'netmask'],
} satisfies Partial<Record<RuleId, readonly string[]>>;

/**
 * Tells whether a finding only follows from a part that could not be read, which is reported already.
 *
 * @param unread - paths of those parts
 */
export const isSuppressed = ({ rule, path }: AnyFound, unread: ReadonlySet<string>): boolean =>
  GOES_BY[rule]?.some((part) => unread.has(`${path}.${part}`) || unread.has(`${around(path)}.${part}`)) === true;

const around = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('.'), 0));
