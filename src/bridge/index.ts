export { checkHostBridge } from './check/index.js';
export { BRIDGE_RULES, type BridgeRule, type BridgeRuleId } from './check/rules.js';
export type * from './document.js';
export { HostBridge, type VlanPortOptions } from './host-bridge.js';
export type { SourceFile } from './read/context.js';
export { type BridgeReading, type ReadableBackend, type ReadOptions, readHostBridge } from './reading.js';
export {
  type BackendName,
  type Command,
  type IfcfgConsumer,
  type NetplanRenderer,
  type RenderedFile,
  type Rendering,
  type RenderOptions,
  renderHostBridge,
} from './rendering.js';
