import { BridgedNetwork, NatNetwork } from '../../../src/build-entry.js';
import type { RuleExample } from './example.js';

const guest = (parts: object): object => ({ type: 'bridge', source: { bridge: 'br0' }, ...parts });
const NAT = NatNetwork.create('nat');
const LAN = BridgedNetwork.create({ name: 'lan', bridge: 'br0' }).portGroup({ name: 'web' });

/** Interfaces of guests. */
export const GUESTS: readonly RuleExample[] = (
  [
    [
      'GUEST_SOURCE',
      'parse',
      'source.network',
      { type: 'network', source: {} },
      { type: 'network', source: { network: 'n' } },
    ],
    ['GUEST_SOURCE', 'parse', 'source.bridge', { source: {} }, {}],
    [
      'GUEST_SOURCE',
      'parse',
      'source.dev',
      { type: 'direct', source: {} },
      { type: 'direct', source: { dev: 'eth0' } },
    ],
    ['ATTR_ENUM', 'parse', 'type', { type: 'user' }, {}],
    [
      'ATTR_ENUM',
      'parse',
      'source.mode',
      { source: { bridge: 'br0', mode: 'x' } },
      { source: { bridge: 'br0', mode: 'vepa' } },
    ],
    ['ATTR_ENUM', 'parse', 'link.state', { link: { state: 'on' } }, { link: { state: 'up' } }],
    ['ATTR_INVALID', 'parse', 'mtu.size', { mtu: { size: -1 } }, { mtu: { size: 0 } }],
    ['GUEST_MODEL', 'parse', 'model.type', { model: { type: 'a b' } }, { model: { type: 'a-b' } }],
    [
      'GUEST_ISOLATED',
      'define',
      'port.isolated',
      { type: 'direct', source: { dev: 'eth0' }, port: { isolated: true } },
      { type: 'direct', source: { dev: 'eth0' }, port: { isolated: false } },
    ],
    [
      'GUEST_ISOLATED',
      'define',
      'port.isolated',
      { virtualport: { type: 'openvswitch' }, port: { isolated: true } },
      { port: { isolated: true } },
    ],
    [
      'GUEST_FLOOR',
      'define',
      'bandwidth.inbound.floor',
      { bandwidth: { inbound: { average: 1, floor: 1 } } },
      { type: 'network', source: { network: 'n' }, bandwidth: { inbound: { average: 1, floor: 1 } } },
    ],
    [
      'GUEST_VLAN',
      'start',
      'vlan',
      { type: 'direct', source: { dev: 'eth0', mode: 'bridge' }, vlan: { tags: [{ id: 5 }] } },
      { type: 'direct', source: { dev: 'eth0', mode: 'passthrough' }, vlan: { tags: [{ id: 5 }] } },
    ],
    [
      'UNESCAPED_CHARACTER',
      'unsafe',
      'virtualport.parameters.profileid',
      { virtualport: { type: 'openvswitch', parameters: { profileid: "a'b" } } },
      { virtualport: { type: 'openvswitch', parameters: { profileid: 'a-b' } } },
    ],
  ] as const
)
  .map(
    ([rule, is, at, broken, right]): RuleExample => ({
      rule,
      is,
      at,
      what: JSON.stringify(broken),
      format: 'guest interface',
      broken: guest(broken),
      right: guest(right),
    }),
  )
  .concat({
    rule: 'ELEMENT_REQUIRED',
    is: 'parse',
    at: 'source',
    format: 'guest interface',
    broken: { type: 'bridge' },
    also: [['GUEST_SOURCE', 'parse', 'source.bridge']],
    right: guest({}),
  })
  .concat({
    rule: 'GUEST_VPORT',
    is: 'start',
    at: 'virtualport',
    format: 'guest interface',
    broken: () => NAT.guestInterface({ virtualPort: { type: 'openvswitch' } }).validate(),
    right: () => LAN.guestInterface({ virtualPort: { type: 'openvswitch' } }).validate(),
  })
  .concat({
    rule: 'GUEST_PORTGROUP',
    is: 'start',
    at: 'source.portgroup',
    format: 'guest interface',
    broken: () => LAN.guestInterface({ portGroup: 'db' }).validate(),
    right: () => LAN.guestInterface({ portGroup: 'web' }).validate(),
  });
