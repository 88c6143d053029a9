// Numbers and layouts of libvirt's remote protocol for network filters; they load with the first operation of filters.
import { LIMITS, procedure } from './procedures.js';
import { type ValueOf, xdr } from './xdr.js';

const { unsigned, uuid, nothing, list, struct } = xdr;
/** Most filters and bindings that a list holds. */
const LISTED = 16_384;
const text = xdr.text(LIMITS.text);
const filter = struct({ name: text, uuid });
const binding = struct({ portdev: text, filtername: text });
const ofFilter = struct({ nwfilter: filter });
const ofBinding = struct({ nwfilter: binding });
const xmlOnly = struct({ xml: text });
const listed = struct({ need_results: xdr.int, flags: unsigned });

/** A filter as the protocol names it. */
export type FilterIdentity = ValueOf<typeof filter>;

/** What a daemon can be asked of filters. */
export const FILTER_CALLS = {
  NWFILTER_LOOKUP_BY_NAME: procedure(175, struct({ name: text }), ofFilter),
  NWFILTER_LOOKUP_BY_UUID: procedure(176, struct({ uuid }), ofFilter),
  NWFILTER_GET_XML_DESC: procedure(177, struct({ nwfilter: filter, flags: unsigned }), xmlOnly),
  NWFILTER_DEFINE_XML: procedure(180, xmlOnly, ofFilter),
  NWFILTER_UNDEFINE: procedure(181, ofFilter, nothing),
  CONNECT_LIST_ALL_NWFILTERS: procedure(286, listed, struct({ filters: list(filter, LISTED), ret: unsigned })),
  NWFILTER_BINDING_LOOKUP_BY_PORT_DEV: procedure(397, struct({ name: text }), ofBinding),
  NWFILTER_BINDING_GET_XML_DESC: procedure(398, struct({ nwfilter: binding, flags: unsigned }), xmlOnly),
  NWFILTER_BINDING_CREATE_XML: procedure(399, struct({ xml: text, flags: unsigned }), ofBinding),
  NWFILTER_BINDING_DELETE: procedure(400, ofBinding, nothing),
  CONNECT_LIST_ALL_NWFILTER_BINDINGS: procedure(
    401,
    listed,
    struct({ bindings: list(binding, LISTED), ret: unsigned }),
  ),
};
