export { BridgeUnsupportedError, LibvirtError, ValidationError } from './errors/index.js';
export { checkHostBridge } from './host-bridge/check/index.js';
export type * from './host-bridge/document.js';
export type { HostAddressing, HostNetworkDevice, OtherHostDevice } from './host-bridge/network/host-device.js';
export type { EditableSystem, HostNetworkReading } from './host-bridge/network/host-network.js';
export { type HostNetworkOptions, readHostNetwork } from './host-bridge/network/read-host-network.js';
export type { SourceFile } from './host-bridge/read/context.js';
export {
  type BridgeReading,
  type BridgeReadOptions,
  type ReadableBackend,
  readHostBridge,
} from './host-bridge/read/index.js';
export { renderHostBridge } from './host-bridge/render/render-host-bridge.js';
export type { RenderOptions } from './host-bridge/render/render-options.js';
export type {
  BackendName,
  Command,
  IfcfgConsumer,
  NetplanRenderer,
  RenderedFile,
  Rendering,
} from './host-bridge/render/rendering.js';
