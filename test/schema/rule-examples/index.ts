import { ATTRIBUTES } from './attributes.js';
import { BRIDGE, MODES } from './bridge.js';
import { DATA } from './data.js';
import { DNS } from './dns.js';
import type { RuleExample } from './example.js';
import { DEVICES, FORWARD, NAT } from './forward.js';
import { IDENTITY } from './identity.js';
import { BANDWIDTH, PORT_GROUPS, VIRTUAL_PORTS, VLANS } from './ports.js';
import { HOST_INTERFACES, PORTS } from './small-formats.js';
import { STARTS } from './start.js';
import { HOSTS, RANGES, ROUTES, SUBNETS } from './subnets.js';
import { PORT_FORWARDS, UNSAFE } from './unsafe.js';
import { DROPPED, IGNORED, MISTAKES, REWRITTEN } from './warnings.js';

/** Every rule with the smallest documents that break it. */
export const RULE_EXAMPLES: readonly RuleExample[] = [
  ...ATTRIBUTES,
  ...IDENTITY,
  ...BANDWIDTH,
  ...VLANS,
  ...VIRTUAL_PORTS,
  ...PORT_GROUPS,
  ...BRIDGE,
  ...MODES,
  ...FORWARD,
  ...NAT,
  ...DEVICES,
  ...SUBNETS,
  ...RANGES,
  ...HOSTS,
  ...ROUTES,
  ...DNS,
  ...STARTS,
  ...PORTS,
  ...HOST_INTERFACES,
  ...DATA,
  ...UNSAFE,
  ...PORT_FORWARDS,
  ...IGNORED,
  ...REWRITTEN,
  ...DROPPED,
  ...MISTAKES,
];
