import { attribute, type ElementTable, element, one, optional } from '../element.js';
import { looseYes, oneOf, type Scalar } from '../scalar.js';
import { WORD } from './card.js';
import { hostdevNicDriverTable } from './driver.js';
import {
  ATTRIBUTES,
  BACKEND,
  type BridgeNicDocument,
  type ClientNicDocument,
  type DirectNicDocument,
  EMULATED,
  type EthernetNicDocument,
  FILTERED,
  FIRST,
  type HostdevNicDocument,
  type InternalNicDocument,
  LAST,
  MAC,
  type MulticastNicDocument,
  maybeSourced,
  type NicKind,
  type NullNicDocument,
  type OtherNicDocument,
  type ServerNicDocument,
  sourced,
  TAG,
  typed,
  type UdpNicDocument,
  type UserNicDocument,
  type VdpaNicDocument,
  type VdsNicDocument,
  type VhostUserNicDocument,
} from './nic.js';
import {
  bridgeNicSourceTable,
  directNicSourceTable,
  ethernetNicSourceTable,
  hostdevNicSourceTable,
  internalNicSourceTable,
  serverNicSourceTable,
  socketNicSourceTable,
  udpNicSourceTable,
  userNicSourceTable,
  vdpaNicSourceTable,
  vdsNicSourceTable,
  vhostUserNicSourceTable,
} from './sources.js';

export const bridgeNicTable: ElementTable<BridgeNicDocument> = element(TAG, {
  ...typed('bridge'),
  ...ATTRIBUTES,
  ...MAC,
  ...sourced(bridgeNicSourceTable),
  ...FILTERED,
});
export const directNicTable: ElementTable<DirectNicDocument> = element(TAG, {
  ...typed('direct'),
  ...ATTRIBUTES,
  ...MAC,
  ...sourced(directNicSourceTable),
  ...EMULATED,
});
export const ethernetNicTable: ElementTable<EthernetNicDocument> = element(TAG, {
  ...typed('ethernet'),
  ...ATTRIBUTES,
  ...MAC,
  ...maybeSourced(ethernetNicSourceTable),
  ...FILTERED,
});
export const userNicTable: ElementTable<UserNicDocument> = element(TAG, {
  type: optional(attribute('type', oneOf('user'), WORD)),
  ...ATTRIBUTES,
  ...MAC,
  ...maybeSourced(userNicSourceTable),
  ...EMULATED,
});
export const vhostUserNicTable: ElementTable<VhostUserNicDocument> = element(TAG, {
  ...typed('vhostuser'),
  ...ATTRIBUTES,
  ...MAC,
  ...maybeSourced(vhostUserNicSourceTable),
  ...EMULATED,
});
export const vdpaNicTable: ElementTable<VdpaNicDocument> = element(TAG, {
  ...typed('vdpa'),
  ...ATTRIBUTES,
  ...MAC,
  ...sourced(vdpaNicSourceTable),
  ...EMULATED,
});
export const hostdevNicTable: ElementTable<HostdevNicDocument> = element(TAG, {
  ...typed('hostdev'),
  managed: optional(attribute('managed', looseYes)),
  ...ATTRIBUTES,
  ...MAC,
  driver: optional(one(hostdevNicDriverTable)),
  ...sourced(hostdevNicSourceTable),
  ...FIRST,
  ...BACKEND,
  ...LAST,
});
export const internalNicTable: ElementTable<InternalNicDocument> = element(TAG, {
  ...typed('internal'),
  ...ATTRIBUTES,
  ...MAC,
  ...sourced(internalNicSourceTable),
  ...EMULATED,
});
export const udpNicTable: ElementTable<UdpNicDocument> = element(TAG, {
  ...typed('udp'),
  ...ATTRIBUTES,
  ...MAC,
  ...sourced(udpNicSourceTable),
  ...EMULATED,
});
export const serverNicTable: ElementTable<ServerNicDocument> = element(TAG, {
  ...typed('server'),
  ...ATTRIBUTES,
  ...MAC,
  ...sourced(serverNicSourceTable),
  ...EMULATED,
});
export const clientNicTable: ElementTable<ClientNicDocument> = element(TAG, {
  ...typed('client'),
  ...ATTRIBUTES,
  ...MAC,
  ...sourced(socketNicSourceTable),
  ...EMULATED,
});
export const multicastNicTable: ElementTable<MulticastNicDocument> = element(TAG, {
  ...typed('mcast'),
  ...ATTRIBUTES,
  ...MAC,
  ...sourced(socketNicSourceTable),
  ...EMULATED,
});
export const nullNicTable: ElementTable<NullNicDocument> = element(TAG, {
  ...typed('null'),
  ...ATTRIBUTES,
  ...MAC,
  ...EMULATED,
});
export const vdsNicTable: ElementTable<VdsNicDocument> = element(TAG, {
  ...typed('vds'),
  ...ATTRIBUTES,
  ...MAC,
  ...sourced(vdsNicSourceTable),
  ...EMULATED,
});
/** Every type that libvirt 12.9 knows, in its order. */
export const NIC_KINDS = [
  ...(['user', 'ethernet', 'vhostuser', 'server', 'client', 'mcast', 'network', 'bridge'] as const),
  ...(['internal', 'direct', 'hostdev', 'udp', 'vdpa', 'null', 'vds'] as const),
] satisfies readonly NicKind[];

/** A type that none of the tables above is for. */
const unknownType: Scalar<'other'> = {
  label: NIC_KINDS.map((kind) => `'${kind}'`).join(', '),
  values: NIC_KINDS,
  read: () => undefined,
  write: String,
  accepts: () => false,
};

/** For types that are newer than this library. */
export const otherNicTable: ElementTable<OtherNicDocument> = element(TAG, {
  type: optional(attribute('type', unknownType, WORD)),
  ...ATTRIBUTES,
  ...MAC,
  ...EMULATED,
});
