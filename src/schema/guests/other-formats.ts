import { canonicalSource } from './canonical-source.js';
import { nicFormat } from './format.js';
import {
  bridgeNicTable,
  clientNicTable,
  directNicTable,
  ethernetNicTable,
  hostdevNicTable,
  internalNicTable,
  multicastNicTable,
  nullNicTable,
  otherNicTable,
  serverNicTable,
  udpNicTable,
  userNicTable,
  vdpaNicTable,
  vdsNicTable,
  vhostUserNicTable,
} from './other-tables.js';
import { checkOtherType } from './rules/other-types.js';

const OTHER = { sourceOf: canonicalSource, check: checkOtherType };

export const bridgeNicFormat = /* @__PURE__ */ nicFormat(bridgeNicTable, OTHER);
export const directNicFormat = /* @__PURE__ */ nicFormat(directNicTable, OTHER);
export const ethernetNicFormat = /* @__PURE__ */ nicFormat(ethernetNicTable, OTHER);
export const userNicFormat = /* @__PURE__ */ nicFormat(userNicTable, OTHER);
export const vhostUserNicFormat = /* @__PURE__ */ nicFormat(vhostUserNicTable, OTHER);
export const vdpaNicFormat = /* @__PURE__ */ nicFormat(vdpaNicTable, OTHER);
export const hostdevNicFormat = /* @__PURE__ */ nicFormat(hostdevNicTable, OTHER);
export const internalNicFormat = /* @__PURE__ */ nicFormat(internalNicTable, OTHER);
export const udpNicFormat = /* @__PURE__ */ nicFormat(udpNicTable, OTHER);
export const serverNicFormat = /* @__PURE__ */ nicFormat(serverNicTable, OTHER);
export const clientNicFormat = /* @__PURE__ */ nicFormat(clientNicTable, OTHER);
export const multicastNicFormat = /* @__PURE__ */ nicFormat(multicastNicTable, OTHER);
export const nullNicFormat = /* @__PURE__ */ nicFormat(nullNicTable, OTHER);
export const vdsNicFormat = /* @__PURE__ */ nicFormat(vdsNicTable, OTHER);
export const otherNicFormat = /* @__PURE__ */ nicFormat(otherNicTable, OTHER);
