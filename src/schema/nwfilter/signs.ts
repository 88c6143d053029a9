import type { FilterRuleMatches } from './filter.js';
import type { FilterProtocol } from './matches.js';
import { FILTER_PROTOCOLS } from './protocols.js';

/** Attributes that take the sign of another one, whatever `match` of their own element says. */
type Signs = Readonly<Record<string, string>>;

const FRAME: Signs = { srcmacmask: 'srcmacaddr', dstmacmask: 'dstmacaddr' };
const ADDRESSES: Signs = { srcipmask: 'srcipaddr', dstipmask: 'dstipaddr' };
const PACKET: Signs = { ...ADDRESSES, srcipto: 'srcipfrom', dstipto: 'dstipfrom' };
const PORTS: Signs = {
  ...PACKET,
  srcportend: 'srcportstart',
  dstportstart: 'srcportstart',
  dstportend: 'srcportstart',
};
const STP: Signs = {
  srcmacmask: 'srcmacaddr',
  rootPriorityHi: 'rootPriority',
  rootAddressMask: 'rootAddress',
  rootCostHi: 'rootCost',
  senderPriorityHi: 'senderPriority',
  senderAddressMask: 'senderAddress',
  portHi: 'port',
  ageHi: 'age',
  maxAgeHi: 'maxAge',
  helloTimeHi: 'helloTime',
  forwardDelayHi: 'forwardDelay',
};

const SPECIAL: { readonly [P in FilterProtocol]?: Signs } = {
  mac: FRAME,
  vlan: FRAME,
  stp: STP,
  arp: {},
  rarp: {},
  ip: ADDRESSES,
  ipv6: { ...ADDRESSES, typeend: 'type', code: 'type', codeend: 'type' },
  icmp: { ...PACKET, code: 'type' },
  icmpv6: { ...PACKET, code: 'type' },
};

/** The attributes of a protocol whose sign is that of another. */
export function signsOf(protocol: FilterProtocol): Signs {
  const name = protocol.replace(/-ipv6$/, '');
  return SPECIAL[protocol] ?? (/^(?:tcp|udp|sctp)$/.test(name) ? PORTS : PACKET);
}

/** The protocol of a rule: the first that the rule has matches of. */
export const protocolOf = (rule: FilterRuleMatches): FilterProtocol | undefined =>
  FILTER_PROTOCOLS.find((protocol) => rule[protocol] !== undefined);
