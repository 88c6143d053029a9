import { BRIDGED, MAC, network, port, type RuleExample, SUBNET, swap } from './example.js';

const onPrivate = (...parts: readonly string[]): string => network("<forward mode='private'/>", ...parts);
const onBridge = (...parts: readonly string[]): string => network(...BRIDGED, ...parts);

/** The bridge device. */
export const BRIDGE: readonly RuleExample[] = [
  { rule: 'BRIDGE_DELAY', is: 'parse', at: 'bridge.delay', ...swap(network("<bridge delay='@'/>"), '1s', '1') },
  {
    rule: 'BRIDGE_MTM',
    is: 'parse',
    at: 'bridge.macTableManager',
    ...swap(network("<bridge macTableManager='@'/>"), 'host', 'libvirt'),
  },
  {
    rule: 'BRIDGE_MTM',
    what: 'of a port',
    is: 'parse',
    at: 'plug.macTableManager',
    format: 'port',
    ...swap(port("<plug type='bridge' bridge='br0' macTableManager='@'/>"), 'host', 'libvirt'),
  },
  {
    rule: 'MAC_INVALID',
    is: 'parse',
    at: 'mac.address',
    ...swap(network("<mac address='52:54:00:00:00@'/>"), '', ':01'),
  },
  {
    rule: 'MAC_INVALID',
    what: 'of a port',
    is: 'parse',
    at: 'mac.address',
    format: 'port',
    ...swap(port().replace(MAC, "<mac address='52:54:00:00:00@'/>"), '', ':01'),
  },
  {
    rule: 'MAC_MULTICAST',
    is: 'parse',
    at: 'mac.address',
    ...swap(network("<mac address='@:54:00:00:00:01'/>"), '53', '52'),
  },
  {
    rule: 'MAC_MULTICAST',
    what: 'of a guest',
    is: 'parse',
    at: 'mac.address',
    format: 'guest interface',
    broken: { type: 'bridge', mac: { address: '01:00:5e:00:00:01' }, source: { bridge: 'br0' } },
    right: { type: 'bridge', mac: { address: '00:00:5e:00:00:01' }, source: { bridge: 'br0' } },
  },
  { rule: 'MTU_INVALID', is: 'parse', at: 'mtu.size', ...swap(network("<mtu size='@'/>"), '9k', '9000') },
];

/** What a forward mode does not allow. */
export const MODES: readonly RuleExample[] = [
  {
    rule: 'MTU_MODE',
    is: 'parse',
    at: 'mtu',
    ...swap(onBridge("<mtu size='@'/>"), '9000', '0'),
  },
  {
    rule: 'BRIDGE_NAME_MODE',
    is: 'parse',
    at: 'bridge.name',
    ...swap(network("<forward mode='@'/>", "<bridge name='br0'/>"), 'private', 'bridge'),
    line: 4,
  },
  {
    rule: 'BRIDGE_ZONE_MODE',
    is: 'parse',
    at: 'bridge.zone',
    also: [['BRIDGE_STP_MODE', 'parse', 'bridge', 4]],
    ...swap(onPrivate('<bridge@/>'), " zone='public'", ''),
  },
  {
    rule: 'BRIDGE_MTM_MODE',
    is: 'parse',
    at: 'bridge.macTableManager',
    ...swap(onPrivate('<bridge@/>'), " macTableManager='libvirt'", ''),
  },
  ...["stp='on'", "delay='1'", "zone='public'"].map(
    (attribute): RuleExample => ({
      rule: 'BRIDGE_STP_MODE',
      what: attribute,
      is: 'parse',
      at: 'bridge',
      ...swap(network(BRIDGED[0], "<bridge name='br0' @/>"), attribute, ''),
    }),
  ),
  {
    rule: 'BRIDGE_OR_DEV',
    is: 'parse',
    at: 'bridge.name',
    line: 4,
    ...withDevice("dev='eth0'"),
  },
  {
    rule: 'MAC_MODE',
    is: 'define',
    at: 'mac',
    line: 5,
    broken: onBridge(MAC),
    right: network(MAC),
  },
  { rule: 'IP_MODE', is: 'define', at: 'ips', line: 5, broken: onBridge(SUBNET), right: network(SUBNET) },
  ...[
    "<txt name='t' value='v'/>",
    "<host ip='10.0.0.2'><hostname>h</hostname></host>",
    "<srv service='s' protocol='tcp'/>",
  ].map(
    (record): RuleExample => ({
      rule: 'DNS_MODE',
      what: record,
      is: 'define',
      at: 'dns',
      line: 5,
      broken: onBridge('<dns>', record, '</dns>'),
      right: onBridge('<dns>', "<forwarder addr='10.0.0.2'/>", '</dns>'),
    }),
  ),
  {
    rule: 'DOMAIN_MODE',
    is: 'define',
    at: 'domain',
    line: 5,
    broken: onBridge("<domain name='d'/>"),
    right: network("<domain name='d'/>"),
  },
];

function withDevice(attribute: string): Pick<RuleExample, 'broken' | 'right'> {
  const whole = (dev: string) => network(`<forward mode='bridge' ${dev}/>`, "<bridge name='br0'/>");
  return { broken: whole(attribute), right: whole('') };
}
