import { define, parse, type Rule, start } from '../../rules/rule.js';
import { notWith } from './nic-rules.js';

/** Rules that no NIC on a network can break. */
export const TYPE_RULES = {
  GUEST_NEEDED: parse("<source> of <interface type='{type}'> needs {needed}"),
  GUEST_HOSTDEV_ADDRESS: parse('<source> names no device', "write <address type='pci' .../>"),
  GUEST_RECONNECT: define("<reconnect> is not possible with mode='server'"),
  GUEST_UNSUPPORTED: start('QEMU starts no guest with a NIC of type {type}', 'libvirt 9.0 ends when it tries'),
  GUEST_MODEL_VIRTIO: define("model '{value}' is not possible with type {type}", 'use virtio'),
  GUEST_TEAMING_TYPE: define("teaming of type 'transient' is not possible with type {type}", 'use type hostdev'),

  GUEST_FLOOR: parse(notWith('floor'), 'it needs a network that has a limit itself'),
  GUEST_MTU: define(notWith('an MTU'), 'set it on the device of the host, or in the guest'),
  GUEST_COALESCE: define(notWith('coalesce')),
  GUEST_VPORT_KIND: parse(notWith('<virtualport>')),
  GUEST_VPORT_TYPE: parse('<virtualport> of type {type} needs a type'),
  GUEST_VPORT_NEEDS: parse("virtualport of type '{port}' needs {needed}"),
  GUEST_VLAN_TYPE: define('VLAN tags are not supported on {what}', 'use a bridge, a network or mode passthrough', {
    since: '12.0.0',
  }),
  GUEST_IP_TWO: define('there is more than one {family} address', 'keep one of each family'),
  GUEST_IP_SLIRP: define('prefix {value} is not possible here', 'use 4 to 27 for IPv4 and 64 for IPv6'),
  GUEST_IP_PEER: define('a peer is not possible for a guest'),
  GUEST_PORT_RANGE: define('a range of ports needs start'),

  GUEST_TARGET_NEEDED: start("managed='no' needs the name of the tap"),
  GUEST_QUEUES: start('more than one queue is not possible with type {type}'),
  GUEST_TAP: start(notWith('a tap of another path')),
} as const satisfies Record<string, Rule>;
