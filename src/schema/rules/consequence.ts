import type { Found } from './context.js';
import type { RuleId } from './table.js';

/** Parts that a rule goes by: where one of them stands but cannot be read, nothing can be said of the rule. */
const GOES_BY: Readonly<Partial<Record<RuleId, readonly string[]>>> = {
  FWD_NEEDS_IP: ['mode'],
  HOST_KEY_V4: ['mac'],
  DNS_FWD_EMPTY: ['addr'],
  BW_NO_AVERAGE: ['average', 'floor'],
};

/**
 * Whether a finding only follows from a part that could not be read, which is told already.
 *
 * @param unread - paths of those parts
 */
export const isConsequence = ({ rule, path }: Found, unread: ReadonlySet<string>): boolean =>
  GOES_BY[rule]?.some((part) => unread.has(`${path}.${part}`)) === true;
