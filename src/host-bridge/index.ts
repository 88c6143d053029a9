export { checkHostBridge } from './check/index.js';
export { BRIDGE_RULES, type BridgeRule, type BridgeRuleId } from './check/rules.js';
export type * from './document.js';
export { HostBridge, type VlanPortOptions } from './host-bridge.js';
export type { SourceFile } from './read/context.js';
export { type BridgeReading, type BridgeReadOptions, type ReadableBackend, readHostBridge } from './read/index.js';
export { renderHostBridge } from './render/render-host-bridge.js';
export type {
  BackendName,
  Command,
  IfcfgConsumer,
  NetplanRenderer,
  RenderedFile,
  Rendering,
  RenderOptions,
} from './render/rendering.js';
