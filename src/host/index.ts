export type { BackendName, Command, NetworkSystem, RenderedFile, Rendering } from '../host-bridge/render/rendering.js';
export type { BondSettings, BridgeSettings, DeviceAddress, HostDevice } from '../host-facts/devices.js';
export type { HostRoute, RouteHop } from '../host-facts/routes.js';
export type { Exec, ExecRequest, ExecResult } from '../process/exec.js';
export type { BridgeKind, FoundBridge, LibvirtNetwork } from './observe/bridges.js';
export { type DiscoverOptions, discover, type HostNetwork } from './observe/discover.js';
export type { FoundFile, HostFiles } from './observe/host-files.js';
export { type LocalView, type LocalViewOptions, localView } from './observe/local-view.js';
export { type NicChoice, type NicOptions, nicChoices } from './observe/nic-choices.js';
export { type Observation, observe } from './observe/observe.js';
export { backendFor, type HostManager, managerOf, type Owner, ownersOf } from './observe/owners.js';
export type { SystemTraces } from './observe/systems.js';
export {
  installedOpenings,
  installOpenings,
  type OpeningChange,
  type OpeningOptions,
  removeOpenings,
} from './openings/openings.js';
export type { ExpectedBridge, ReleasedPort } from './plan/expected.js';
export { type BridgePlan, type FileChange, type PlanInput, planRendering } from './plan/plan.js';
export { planRemoval, type RemovalInput } from './plan/removal.js';
export { type RequireOptions, requireBridge } from './plan/require-bridge.js';
export {
  installPortForwards,
  type PortForwardChange,
  type PortForwardOptions,
  removePortForwards,
} from './ports/port-forwards.js';
export {
  type LocalRunnerOptions,
  localRunner,
  type RecordingRunner,
  type Runner,
  recordingRunner,
} from './runner/runner.js';
export { type SshRunnerOptions, sshRunner } from './runner/ssh.js';
export {
  type ApplyRenderingOptions,
  applyRendering,
  type ChangeOptions,
  removeHostBridge,
} from './transaction/apply.js';
export { type ApplyBridgeOptions, applyHostBridge } from './transaction/apply-bridge.js';
export type { HostChange, StatePaths, TrialFile, WrittenFile } from './transaction/host-change.js';
export { type PendingChange, type PendingOptions, pending } from './transaction/pending.js';
export type { BridgeRecord, RecordedFile } from './transaction/record.js';
export type { BridgeTrial, Confirm, Outcome, Progress } from './transaction/run-transaction.js';
