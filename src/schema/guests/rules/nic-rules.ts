import { define, parse, type Rule, start, unsafe, warn } from '../../rules/rule.js';

/** The end of many texts. */
export const notWith = /* @__NO_SIDE_EFFECTS__ */ (what: string): string => `${what} is not possible with type {type}`;

/** Rules that NICs of every type can break. */
export const NIC_RULES = {
  GUEST_HOST_IP: define(notWith('an <ip> or <route> in <source>')),
  GUEST_NO_NETWORK: start('the network has no name'),

  GUEST_MODEL: parse("model '{value}' has other characters than letters, digits, _ and -"),
  GUEST_VIRTIO_OPTION: define('{option} is only possible with a virtio model'),
  GUEST_QUEUE_SIZE: define('{option} {value} is not a power of two'),
  GUEST_ROM: define('a disabled ROM has neither bar nor file'),
  GUEST_TEAMING_PERSISTENT: define("teaming of type 'persistent' names no other NIC"),
  GUEST_TEAMING_NEEDS: define("teaming of type 'transient' needs the persistent NIC"),
  GUEST_TEAMING_MODEL: define("teaming of type 'persistent' needs model virtio"),
  GUEST_ISOLATED: define('isolated is not possible with {what}'),
  GUEST_CLASSID: parse('classID is not possible'),
  GUEST_UNMANAGED: define(notWith("managed='no'")),
  GUEST_VLAN: start('VLAN tags are not supported on {what}', 'use Open vSwitch, passthrough or hostdev'),
  GUEST_VPORT: start("virtualport of type '{type}' is not supported on {what}", '{what} takes {takes}'),
  GUEST_PORTGROUP: warn("the network '{network}' has no port group '{value}'", 'its port groups: {known}'),
  GUEST_FLOOR_NETWORK: start("floor needs a limit in the network '{network}'"),

  GUEST_IP: define(notWith('an <ip> of the guest')),
  GUEST_IP_FAMILY: parse('{value} is not of family {family}'),
  GUEST_IP_PREFIX: parse('prefix {value} is above {limit}'),
  GUEST_ROUTE: define('a <route> of the guest is not possible'),
  GUEST_PASST: define(notWith('passt')),
  GUEST_PORT_FORWARD: define('<portForward> needs passt', 'use type user with passt', {
    since: '11.1.0',
  }),
  GUEST_TARGET_NAME: start("Linux has no device with the name '{value}'"),
  GUEST_SCRIPT: start(notWith('a script')),
  GUEST_MTU_BIG: start('mtu {value} is above 65535'),
  GUEST_QUEUES_MANY: start('{value} queues are above what a tap can have, 256'),
  GUEST_QUEUE_RANGE: start('{option} {value} is not from 256 to 1024'),
  GUEST_FILTER_PARAMETER: unsafe(
    "libvirt drops {name}='{value}', and filters without it",
    'use letters, digits, _ . :',
  ),
  GUEST_FILTER_VPORT: start('a filter is not possible with virtualport type {port}'),
} as const satisfies Record<string, Rule>;
