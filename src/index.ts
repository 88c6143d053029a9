// Both have options of this name: a host bridge's say so.

export * from './build-entry.js';
export type { ReadOptions } from './client/index.js';
export * from './client/index.js';
export type { ReadOptions as BridgeReadOptions } from './host-bridge/index.js';
export * from './host-bridge/index.js';
export { editXml } from './model/edit.js';
export { OtherNetwork } from './model/kinds/bridged-networks.js';
export { type AnyNetwork, Network } from './model/network.js';
export * from './preview/index.js';
export { writeHostInterface } from './schema/small-formats/interface.js';
export { writeNetworkPort } from './schema/small-formats/networkport.js';
export { readHostInterface, readNetworkPort } from './schema/small-formats/read.js';
