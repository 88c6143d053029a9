import { define, parse, type Rule, start } from '../../rules/rule.js';

/**
 * Rules of guests' NICs beside those that all formats share. Ids, phases and releases follow libvirt 9.0, 11.3 and 12.9
 * with the qemu driver.
 */
export const GUEST_RULES = {
  GUEST_MODEL: parse("model '{value}' has other characters than letters, digits, _ and -"),
  GUEST_ISOLATED: define('isolated is not possible with {what}', 'only ports of a Linux bridge can be isolated'),
  GUEST_FLOOR: parse('floor is not possible with type {type}', 'it needs a network that has a limit itself'),
  GUEST_VLAN: start(
    'VLAN tags are not supported on {what}',
    'use Open vSwitch, passthrough, hostdev, or a Linux bridge with libvirt 11.0 or later',
  ),
  GUEST_VPORT: start("virtualport of type '{type}' is not supported on {what}", '{what} takes {takes}'),
  GUEST_PORTGROUP: start("the network '{network}' has no port group '{value}'", 'its port groups: {known}'),
} as const satisfies Record<string, Rule>;

/** The id of a rule of guests' NICs. */
export type GuestRuleId = keyof typeof GUEST_RULES;
