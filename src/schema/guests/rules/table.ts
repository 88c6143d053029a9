import { NIC_RULES } from './nic-rules.js';
import { TYPE_RULES } from './type-rules.js';

/**
 * Rules of guests' NICs beside those that all formats share. Ids, phases and releases follow libvirt 9.0, 11.3 and 12.9
 * with the qemu driver. What only the whole guest can tell, such as shared memory or two devices with one boot order, is
 * not among them.
 */
export const GUEST_RULES = { ...NIC_RULES, ...TYPE_RULES } as const;

/** The id of a rule of guests' NICs. */
export type GuestRuleId = keyof typeof GUEST_RULES;
