import type { ElementTable } from '../element.js';
import type { SmallFormat } from '../small-formats/format.js';
import { canonicalNic, isVirtio } from './canonical.js';
import {
  bridgeNicTable,
  clientNicTable,
  directNicTable,
  ethernetNicTable,
  hostdevNicTable,
  internalNicTable,
  multicastNicTable,
  type NicDocument,
  networkNicTable,
  nullNicTable,
  otherNicTable,
  serverNicTable,
  udpNicTable,
  userNicTable,
  vdpaNicTable,
  vdsNicTable,
  vhostUserNicTable,
} from './nic.js';
import { VIRTIO_OPTIONS } from './rules/card.js';
import { checkNic } from './rules/check.js';

/** What reading, checking and writing one type of `<interface>` takes. */
export type NicFormat<D extends NicDocument> = SmallFormat<D>;

const isVirtioOption = (key: string | number): boolean => VIRTIO_OPTIONS.some((option) => option === key);

/** The format of a type of `<interface>`. libvirt looks at `<driver>` of virtio cards alone, and of devices of the host. */
export const nicFormat = /* @__NO_SIDE_EFFECTS__ */ <D extends NicDocument>(table: ElementTable<D>): NicFormat<D> => ({
  table,
  check: checkNic,
  canonical: canonicalNic,
  looksAt: ([part, key], nic) =>
    part !== 'driver' || key === undefined || isVirtioOption(key) || nic.type === 'hostdev' || isVirtio(nic.model),
});

export const networkNicFormat = /* @__PURE__ */ nicFormat(networkNicTable);
export const bridgeNicFormat = /* @__PURE__ */ nicFormat(bridgeNicTable);
export const directNicFormat = /* @__PURE__ */ nicFormat(directNicTable);
export const ethernetNicFormat = /* @__PURE__ */ nicFormat(ethernetNicTable);
export const userNicFormat = /* @__PURE__ */ nicFormat(userNicTable);
export const vhostUserNicFormat = /* @__PURE__ */ nicFormat(vhostUserNicTable);
export const vdpaNicFormat = /* @__PURE__ */ nicFormat(vdpaNicTable);
export const hostdevNicFormat = /* @__PURE__ */ nicFormat(hostdevNicTable);
export const internalNicFormat = /* @__PURE__ */ nicFormat(internalNicTable);
export const udpNicFormat = /* @__PURE__ */ nicFormat(udpNicTable);
export const serverNicFormat = /* @__PURE__ */ nicFormat(serverNicTable);
export const clientNicFormat = /* @__PURE__ */ nicFormat(clientNicTable);
export const multicastNicFormat = /* @__PURE__ */ nicFormat(multicastNicTable);
export const nullNicFormat = /* @__PURE__ */ nicFormat(nullNicTable);
export const vdsNicFormat = /* @__PURE__ */ nicFormat(vdsNicTable);
export const otherNicFormat = /* @__PURE__ */ nicFormat(otherNicTable);
