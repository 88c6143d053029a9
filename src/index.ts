export * from './build-entry.js';
export * from './client-entry.js';
export { BRIDGE_RULES, type BridgeRule, type BridgeRuleId } from './host-bridge/check/rules.js';
export type {
  BondPort,
  BridgeMac,
  BridgePort,
  BridgePortOptions,
  BridgeRoute,
  HostBridgeDocument,
  LacpRate,
  NicPort,
  SpanningTree,
  TransmitHashPolicy,
  VlanFiltering,
  VlanPort,
  VxlanPort,
} from './host-bridge/document.js';
export {
  HostBridge,
  type TakeOverOptions,
  type VlanPortOptions,
  type VxlanPortOptions,
} from './host-bridge/host-bridge.js';
export type { HostAddressing, HostNetworkDevice, OtherHostDevice } from './host-bridge/network/host-device.js';
export type { EditableSystem, HostNetworkReading } from './host-bridge/network/host-network.js';
export type { RenderOptions } from './host-bridge/render/render-options.js';
export type { BackendName, RenderedFile, Rendering } from './host-bridge/render/rendering.js';
export { editXml } from './model/edit.js';
export { FilterBinding } from './model/filter/filter-binding.js';
export { NwFilter } from './model/filter/nw-filter.js';
export { GuestNic } from './model/guest-nic/guest-nic.js';
export { OtherNetwork } from './model/kinds/bridged-networks.js';
export { type AnyNetwork, Network } from './model/network.js';
