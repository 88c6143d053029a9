// Both have options of this name: a host bridge's say so.
export type { ReadOptions as BridgeReadOptions } from './bridge/index.js';
export * from './bridge/index.js';
export * from './build-entry.js';
export type { ReadOptions } from './client/index.js';
export * from './client/index.js';
export { editXml } from './model/edit.js';
export { OtherNetwork } from './model/guests.js';
export { type AnyNetwork, Network } from './model/network.js';
export * from './preview/index.js';
export { readHostInterface, readNetworkPort, writeHostInterface, writeNetworkPort } from './schema/companion.js';
