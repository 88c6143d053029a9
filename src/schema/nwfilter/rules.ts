import { define, parse, type Rule, unsafe, warn } from '../rules/rule.js';

/**
 * The rules for filters of guests' traffic by their ids, beside those for every format in `RULES`. Phases follow libvirt
 * 9.0, 11.3 and 12.9.
 */
export const FILTER_RULES = {
  FILTER_NAME_SLASH: define("the name '{value}' has a slash", 'the name is also a file name: leave the slash out'),
  FILTER_CHAIN_LONG: parse("the chain '{value}' is longer than 12 characters", 'use a shorter name'),
  FILTER_CHAIN_CHARACTER: parse(
    "the chain '{value}' has characters that are not possible there",
    'use letters, digits and _ . : -',
  ),
  FILTER_CHAIN_NAME: parse(
    "'{value}' cannot be the name of a chain",
    'use root, or a name that begins with mac, vlan, stp, arp, rarp, ipv4 or ipv6',
  ),
  FILTER_PORTS: parse(
    '<{protocol}> with ports needs a protocol that has ports',
    "set protocol to 'tcp', 'udp', 33 (DCCP) or 'sctp'",
  ),
  FILTER_SELF: define("the filter includes itself, '{value}'", 'name another filter'),
  FILTER_EXTRA: unsafe(
    'extra holds {name}, which has a property of its own',
    'set the property, and take it out of extra',
  ),
  FILTER_ENTRY: unsafe('an entry is either a rule or a filterref', 'make two entries of it'),
  FILTER_PROTOCOLS: unsafe('the rule is about {protocols}, and a rule has one protocol', 'make a rule for each'),
  FILTER_NO_MATCH: unsafe(
    'the list of <{protocol}> is empty',
    'leave it out for a rule for all traffic, or put in an empty object for all of {protocol}',
  ),
  FILTER_OTHER_PROTOCOL: warn(
    'libvirt ignores <{value}> in a rule that begins with <{protocol}>',
    'make a rule of its own for <{value}>',
  ),
  FILTER_FOR_ALL: unsafe(
    'libvirt knows none of the elements in the rule, which is then for all traffic of the chain',
    'use a protocol that libvirt knows, such as tcp, or leave the rule out',
  ),
  FILTER_SET_DROPPED: unsafe(
    'libvirt drops the set of <{protocol}>: it keeps sets of <all> and <all-ipv6> only',
    'use <all> or <all-ipv6>, or name addresses',
  ),
  FILTER_SET_FLAGS: warn(
    "libvirt adds ipsetflags='src' to the set of <{protocol}>, and drops both when the filter is defined again from what it prints",
    'use <all> or <all-ipv6>',
  ),
  FILTER_FLAGS_DROPPED: unsafe('libvirt drops the flags of <tcp-ipv6>', 'the rule is for packets with any flags'),
  FILTER_COMMENT_LOST: warn(
    'libvirt prints a number in place of the comment, because dscp comes in an element after it',
    'put the comment into the element with dscp',
  ),
  FILTER_SIGN: unsafe(
    'libvirt takes match of {property} from {other}: the rule is for packets {meaning} this {property}',
    'put {other} beside it, or make two rules of it',
  ),
  FILTER_PRIORITY_DROPPED: warn('libvirt drops the priority of a filter without a chain', 'name the chain'),
  FILTER_PRIORITY_ZERO: warn(
    "libvirt does not print a priority of 0, and takes {value} for chain '{chain}' when it reads that again",
    'use 1 or -1',
  ),
  FILTER_PARAMETER_DROPPED: unsafe(
    "libvirt drops the parameter '{name}' with the value '{value}'",
    'a name has letters, digits and _, a value letters, digits and _ . : alone; for a list repeat the parameter',
  ),
  FILTER_COMMENT_CUT: warn('libvirt cuts the comment after {limit} bytes', 'use a shorter comment'),
} as const satisfies Record<string, Rule>;

/** The id of a rule for filters. */
export type FilterRuleId = keyof typeof FILTER_RULES;
