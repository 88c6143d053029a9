// Numbers and layouts of libvirt's remote protocol for guests; they load with the first operation of guests.
import { guestName as guest, LIMITS, procedure } from './procedures.js';
import { type ValueOf, xdr } from './xdr.js';

const { int, unsigned, hyper, uuid, nothing, list, maybe, struct } = xdr;
/** Most guests that a list holds. */
const LISTED = 16_384;
/** Most devices of a guest, and most addresses of a device. */
const ADDRESSES = 2048;
const text = xdr.text(LIMITS.text);
const ofGuest = struct({ dom: guest });
const guestDevice = struct({ dom: guest, xml: text, flags: unsigned });
const guestAddress = struct({ type: int, addr: text, prefix: unsigned });
const guestInterface = struct({ name: text, hwaddr: maybe(text), addrs: list(guestAddress, ADDRESSES) });
const xmlOnly = struct({ xml: text });
const device = { dom: guest, devAlias: text };
const listed = struct({ need_results: int, flags: unsigned });

/** A guest as the protocol names it. */
export type GuestName = ValueOf<typeof guest>;

/** What a daemon can be asked of guests. */
export const GUEST_CALLS = {
  DOMAIN_GET_XML_DESC: procedure(14, struct({ dom: guest, flags: unsigned }), xmlOnly),
  DOMAIN_LOOKUP_BY_NAME: procedure(23, struct({ name: text }), ofGuest),
  DOMAIN_LOOKUP_BY_UUID: procedure(24, struct({ uuid }), ofGuest),
  DOMAIN_INTERFACE_STATS: procedure(
    65,
    struct({ dom: guest, device: text }),
    struct({
      rx_bytes: hyper,
      rx_packets: hyper,
      rx_errs: hyper,
      rx_drop: hyper,
      tx_bytes: hyper,
      tx_packets: hyper,
      tx_errs: hyper,
      tx_drop: hyper,
    }),
  ),
  DOMAIN_IS_ACTIVE: procedure(150, ofGuest, struct({ active: int })),
  DOMAIN_IS_PERSISTENT: procedure(151, ofGuest, struct({ persistent: int })),
  DOMAIN_ATTACH_DEVICE_FLAGS: procedure(160, guestDevice, nothing),
  DOMAIN_DETACH_DEVICE_FLAGS: procedure(161, guestDevice, nothing),
  DOMAIN_UPDATE_DEVICE_FLAGS: procedure(174, guestDevice, nothing),
  DOMAIN_GET_STATE: procedure(212, struct({ dom: guest, flags: unsigned }), struct({ state: int, reason: int })),
  CONNECT_LIST_ALL_DOMAINS: procedure(273, listed, struct({ domains: list(guest, LISTED), ret: unsigned })),
  CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY: procedure(
    316,
    struct({ eventID: int, dom: maybe(guest) }),
    struct({ callbackID: int }),
  ),
  DOMAIN_INTERFACE_ADDRESSES: procedure(
    353,
    struct({ dom: guest, source: unsigned, flags: unsigned }),
    struct({ ifaces: list(guestInterface, ADDRESSES) }),
  ),
};

/** What a daemon tells of guests by itself. */
export const GUEST_EVENTS = {
  DOMAIN_EVENT_CALLBACK_LIFECYCLE: procedure(
    318,
    nothing,
    struct({ callbackID: int, msg: struct({ dom: guest, event: int, detail: int }) }),
  ),
  DOMAIN_EVENT_CALLBACK_DEVICE_REMOVED: procedure(333, nothing, struct({ callbackID: int, msg: struct(device) })),
  DOMAIN_EVENT_CALLBACK_DEVICE_ADDED: procedure(354, nothing, struct({ callbackID: int, ...device })),
  DOMAIN_EVENT_CALLBACK_DEVICE_REMOVAL_FAILED: procedure(367, nothing, struct({ callbackID: int, ...device })),
};
