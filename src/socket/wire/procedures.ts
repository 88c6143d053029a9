// Numbers and layouts of libvirt's remote protocol, as far as networks need it. A test compares them with libvirt's own
// description of its protocol.
import { type Codec, type ValueOf, xdr } from './xdr.js';

/** One thing that a daemon can be asked, or tells by itself. */
export interface Procedure<Args, Reply> {
  readonly number: number;
  readonly args: Codec<Args>;
  readonly reply: Codec<Reply>;
}

/** A row of the table of procedures. */
export const procedure = <Args, Reply>(
  number: number,
  args: Codec<Args>,
  reply: Codec<Reply>,
): Procedure<Args, Reply> => ({
  number,
  args,
  reply,
});

/** Limits of the protocol. */
export const LIMITS = {
  /** Bytes of a text. */
  text: 4_194_304,
  /** Bytes of a message, its length aside. */
  message: 33_554_432,
  networks: 16_384,
  interfaces: 16_384,
  ports: 16_384,
  leases: 65_536,
  authTypes: 20,
  saslData: 65_536,
} as const;

const { int, unsigned, uuid, nothing, maybe, list, struct } = xdr;
const text = xdr.text(LIMITS.text);
const network = struct({ name: text, uuid });
const hostInterface = struct({ name: text, mac: text });
const port = struct({ net: network, uuid });
const lease = struct({
  iface: text,
  expirytime: xdr.hyper,
  type: int,
  mac: maybe(text),
  iaid: maybe(text),
  ipaddr: text,
  prefix: unsigned,
  hostname: maybe(text),
  clientid: maybe(text),
});
/** A guest as the protocol names it. */
export const guestName = struct({ name: text, uuid, id: int });
const saslData = xdr.chars(LIMITS.saslData);
const saslReply = struct({ complete: int, nil: int, data: saslData });
const ofNetwork = struct({ net: network });
const xmlOnly = struct({ xml: text });
const xmlWithFlags = struct({ xml: text, flags: unsigned });
const listed = struct({ need_results: int, flags: unsigned });

/** A network as the protocol names it. */
export type NetworkName = ValueOf<typeof network>;

/** A lease as the protocol has it. */
export type RemoteLease = ValueOf<typeof lease>;

/** The body of an answer that says no. */
export const remoteError = struct({
  code: int,
  domain: int,
  message: maybe(text),
  level: int,
  dom: maybe(guestName),
  str1: maybe(text),
  str2: maybe(text),
  str3: maybe(text),
  int1: int,
  int2: int,
  net: maybe(network),
});

/** What a daemon can be asked. */
export const CALLS = {
  CONNECT_OPEN: procedure(1, struct({ name: maybe(text), flags: unsigned }), nothing),
  CONNECT_CLOSE: procedure(2, nothing, nothing),
  NETWORK_CREATE: procedure(39, ofNetwork, nothing),
  NETWORK_CREATE_XML: procedure(40, xmlOnly, ofNetwork),
  NETWORK_DEFINE_XML: procedure(41, xmlOnly, ofNetwork),
  NETWORK_DESTROY: procedure(42, ofNetwork, nothing),
  NETWORK_GET_XML_DESC: procedure(43, struct({ net: network, flags: unsigned }), xmlOnly),
  NETWORK_GET_AUTOSTART: procedure(44, ofNetwork, struct({ autostart: int })),
  NETWORK_GET_BRIDGE_NAME: procedure(45, ofNetwork, struct({ name: text })),
  NETWORK_LOOKUP_BY_NAME: procedure(46, struct({ name: text }), ofNetwork),
  NETWORK_LOOKUP_BY_UUID: procedure(47, struct({ uuid }), ofNetwork),
  NETWORK_SET_AUTOSTART: procedure(48, struct({ net: network, autostart: int }), nothing),
  NETWORK_UNDEFINE: procedure(49, ofNetwork, nothing),
  CONNECT_SUPPORTS_FEATURE: procedure(60, struct({ feature: int }), struct({ supported: int })),
  AUTH_LIST: procedure(66, nothing, struct({ types: list(int, LIMITS.authTypes) })),
  AUTH_SASL_INIT: procedure(67, nothing, struct({ mechlist: text })),
  AUTH_SASL_START: procedure(68, struct({ mech: text, nil: int, data: saslData }), saslReply),
  AUTH_SASL_STEP: procedure(69, struct({ nil: int, data: saslData }), saslReply),
  AUTH_POLKIT: procedure(70, nothing, struct({ complete: int })),
  INTERFACE_LOOKUP_BY_NAME: procedure(128, struct({ name: text }), struct({ iface: hostInterface })),
  INTERFACE_GET_XML_DESC: procedure(130, struct({ iface: hostInterface, flags: unsigned }), xmlOnly),
  NETWORK_IS_ACTIVE: procedure(152, ofNetwork, struct({ active: int })),
  NETWORK_IS_PERSISTENT: procedure(153, ofNetwork, struct({ persistent: int })),
  CONNECT_GET_LIB_VERSION: procedure(157, nothing, struct({ lib_ver: xdr.unsignedHyper })),
  CONNECT_LIST_ALL_NETWORKS: procedure(283, listed, struct({ nets: list(network, LIMITS.networks), ret: unsigned })),
  CONNECT_LIST_ALL_INTERFACES: procedure(
    284,
    listed,
    struct({ ifaces: list(hostInterface, LIMITS.interfaces), ret: unsigned }),
  ),
  NETWORK_UPDATE: procedure(
    291,
    struct({ net: network, command: unsigned, section: unsigned, parentIndex: int, xml: text, flags: unsigned }),
    nothing,
  ),
  CONNECT_NETWORK_EVENT_REGISTER_ANY: procedure(
    313,
    struct({ eventID: int, net: maybe(network) }),
    struct({ callbackID: int }),
  ),
  CONNECT_NETWORK_EVENT_DEREGISTER_ANY: procedure(314, struct({ callbackID: int }), nothing),
  NETWORK_GET_DHCP_LEASES: procedure(
    341,
    struct({ net: network, mac: maybe(text), need_results: int, flags: unsigned }),
    struct({ leases: list(lease, LIMITS.leases), ret: unsigned }),
  ),
  NETWORK_LIST_ALL_PORTS: procedure(
    404,
    struct({ network, need_results: int, flags: unsigned }),
    struct({ ports: list(port, LIMITS.ports), ret: unsigned }),
  ),
  NETWORK_PORT_CREATE_XML: procedure(406, struct({ network, xml: text, flags: unsigned }), struct({ port })),
  NETWORK_PORT_GET_XML_DESC: procedure(409, struct({ port, flags: unsigned }), xmlOnly),
  NETWORK_PORT_DELETE: procedure(410, struct({ port, flags: unsigned }), nothing),
  NETWORK_DEFINE_XML_FLAGS: procedure(432, xmlWithFlags, ofNetwork),
  NETWORK_CREATE_XML_FLAGS: procedure(437, xmlWithFlags, ofNetwork),
  NETWORK_SET_METADATA: procedure(
    444,
    struct({ network, type: int, metadata: maybe(text), key: maybe(text), uri: maybe(text), flags: unsigned }),
    nothing,
  ),
  NETWORK_GET_METADATA: procedure(
    445,
    struct({ network, type: int, uri: maybe(text), flags: unsigned }),
    struct({ metadata: text }),
  ),
} as const;

/** What a daemon tells by itself. */
export const EVENTS = {
  NETWORK_EVENT_LIFECYCLE: procedure(315, nothing, struct({ callbackID: int, net: network, event: int, detail: int })),
  NETWORK_EVENT_CALLBACK_METADATA_CHANGE: procedure(
    446,
    nothing,
    struct({ callbackID: int, net: network, type: int, nsuri: maybe(text) }),
  ),
} as const;
