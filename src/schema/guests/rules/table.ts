import { define, parse, type Rule, start, warn } from '../../rules/rule.js';

const notWith = /* @__NO_SIDE_EFFECTS__ */ (what: string): string => `${what} is not possible with type {type}`;

/**
 * Rules of guests' NICs beside those that all formats share. Ids, phases and releases follow libvirt 9.0, 11.3 and 12.9
 * with the qemu driver. What only the whole guest can tell, such as shared memory or two devices with one boot order, is
 * not among them.
 */
export const GUEST_RULES = {
  // Sources
  GUEST_NEEDED: parse("<source> of <interface type='{type}'> needs {needed}"),
  GUEST_HOSTDEV_ADDRESS: parse('<source> names no device', "write <address type='pci' .../>"),
  GUEST_HOST_IP: define(notWith('an <ip> or <route> in <source>'), 'only type ethernet has addresses of the host'),
  GUEST_RECONNECT: define("<reconnect> is not possible with mode='server'"),
  GUEST_UNSUPPORTED: start('QEMU starts no guest with a NIC of type {type}', 'libvirt 9.0 ends when it tries'),
  GUEST_NO_NETWORK: start('the name of the network is empty'),

  // The card
  GUEST_MODEL: parse("model '{value}' has other characters than letters, digits, _ and -"),
  GUEST_MODEL_VIRTIO: define("model '{value}' is not possible with type {type}", 'use virtio'),
  GUEST_VIRTIO_OPTION: define('{option} is only possible with a virtio model'),
  GUEST_QUEUE_SIZE: define('{option} {value} is not a power of two', 'QEMU takes 256, 512 and 1024'),
  GUEST_ROM: define('a ROM that is disabled has neither bar nor file'),
  GUEST_TEAMING_PERSISTENT: define("teaming of type 'persistent' names no other NIC"),
  GUEST_TEAMING_NEEDS: define("teaming of type 'transient' needs the alias of the persistent NIC"),
  GUEST_TEAMING_MODEL: define("teaming of type 'persistent' needs model virtio"),
  GUEST_TEAMING_TYPE: define("teaming of type 'transient' is not possible with type {type}", 'use type hostdev'),

  // Switches
  GUEST_ISOLATED: define('isolated is not possible with {what}', 'only ports of a Linux bridge can be isolated'),
  GUEST_FLOOR: parse(notWith('floor'), 'it needs a network that has a limit itself'),
  GUEST_CLASSID: parse('classID is not possible in a NIC', 'libvirt assigns it itself'),
  GUEST_MTU: define(notWith('an MTU'), 'set it on the device of the host, or in the guest'),
  GUEST_COALESCE: define(notWith('coalesce')),
  GUEST_UNMANAGED: define(notWith("managed='no'"), 'only type ethernet uses a tap that is there already'),
  GUEST_VPORT_KIND: parse(notWith('<virtualport>')),
  GUEST_VPORT_TYPE: parse('<virtualport> of type {type} needs a type'),
  GUEST_VPORT_NEEDS: parse("virtualport of type '{port}' needs {needed}"),
  GUEST_VLAN_TYPE: define('VLAN tags are not supported on {what}', 'use a bridge, a network or mode passthrough', {
    since: '12.0.0',
  }),
  GUEST_VLAN: start(
    'VLAN tags are not supported on {what}',
    'use Open vSwitch, passthrough, hostdev, or a Linux bridge with libvirt 11.0 or later',
  ),
  GUEST_VPORT: start("virtualport of type '{type}' is not supported on {what}", '{what} takes {takes}'),
  GUEST_PORTGROUP: warn(
    "the network '{network}' has no port group '{value}': libvirt starts the guest without one",
    'its port groups: {known}',
  ),
  GUEST_FLOOR_NETWORK: start(
    "floor needs a limit of incoming traffic in the network '{network}'",
    'give the network a bandwidth',
  ),

  // Addresses
  GUEST_IP: define(notWith('an <ip> of the guest'), 'the guest gets its address by DHCP or by itself'),
  GUEST_IP_FAMILY: parse('{value} is not of family {family}', "IPv6 addresses need family='ipv6'"),
  GUEST_IP_PREFIX: parse('prefix {value} is above {limit}'),
  GUEST_IP_TWO: define('there is more than one {family} address', 'keep one of each family'),
  GUEST_IP_SLIRP: define('prefix {value} is not possible here', 'use 4 to 27 for IPv4 and 64 for IPv6'),
  GUEST_IP_PEER: define('a peer is not possible for a guest'),
  GUEST_ROUTE: define('a <route> of the guest is not possible', 'set it in the guest'),
  GUEST_PASST: define(notWith('passt'), 'use type user or vhostuser'),
  GUEST_PORT_FORWARD: define('<portForward> needs passt', "add <backend type='passt'/> to a NIC of type user", {
    since: '11.1.0',
  }),
  GUEST_PORT_RANGE: define('a range of ports needs start'),

  // What a definition takes and the start does not
  GUEST_TARGET_LONG: start("the device name '{value}' is longer than 15 bytes", 'Linux allows at most 15 bytes'),
  GUEST_TARGET_NAME: start("Linux has no device with the name '{value}'", 'leave out blanks and slashes'),
  GUEST_TARGET_NEEDED: start("managed='no' needs the name of the tap"),
  GUEST_SCRIPT: start(notWith('a script')),
  GUEST_MTU_BIG: start('mtu {value} is above what a tap can have, 65535'),
  GUEST_QUEUES: start('more than one queue is not possible with type {type}'),
  GUEST_QUEUES_MANY: start('{value} queues are more than a tap can have, 256'),
  GUEST_QUEUE_RANGE: start('{option} {value} is not from 256 to 1024'),
  GUEST_TAP: start(notWith('a tap of another path')),
  GUEST_FILTER_VPORT: start('a filter is not possible with virtualport type {port}'),
} as const satisfies Record<string, Rule>;

/** The id of a rule of guests' NICs. */
export type GuestRuleId = keyof typeof GUEST_RULES;
