export { checkHostBridge } from './check/index.js';
export { BRIDGE_RULES, type BridgeRule, type BridgeRuleId } from './check/rules.js';
export type * from './document.js';
export { HostBridge, type TakeOverOptions, type VlanPortOptions, type VxlanPortOptions } from './host-bridge.js';
export type { HostAddressing, HostNetworkDevice, OtherHostDevice } from './network/host-device.js';
export type { EditableSystem, HostNetworkReading } from './network/host-network.js';
export { type HostNetworkOptions, readHostNetwork } from './network/read-host-network.js';
export type { SourceFile } from './read/context.js';
export { type BridgeReading, type BridgeReadOptions, type ReadableBackend, readHostBridge } from './read/index.js';
export { renderHostBridge } from './render/render-host-bridge.js';
export type { RenderOptions } from './render/render-options.js';
export type {
  BackendName,
  Command,
  IfcfgConsumer,
  NetplanRenderer,
  RenderedFile,
  Rendering,
} from './render/rendering.js';
