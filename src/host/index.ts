export type { BackendName, Command, RenderedFile, Rendering } from '../bridge/rendering.js';
export type { Exec, ExecRequest, ExecResult } from '../process/exec.js';
export { type ApplyOptions, applyRendering, type ChangeOptions, removeHostBridge } from './apply.js';
export { type ApplyBridgeOptions, applyHostBridge } from './apply-bridge.js';
export type { BridgeKind, FoundBridge, LibvirtNetwork } from './bridges.js';
export type { BridgeTrial, Confirm, Outcome, Progress } from './carry-out.js';
export type { Change, StatePaths, TrialFile, WrittenFile } from './change.js';
export { type NicChoice, type NicOptions, nicChoices } from './choices.js';
export { type DiscoverOptions, discover, type HostNetwork } from './discover.js';
export type { ExpectedBridge, ReleasedPort } from './expected.js';
export type { HostFiles } from './host-files.js';
export type { BridgeSettings, DeviceAddress, HostDevice } from './links.js';
export { type LocalViewOptions, localView, type Run } from './local-view.js';
export { type Observation, observe, type SystemTraces } from './observe.js';
export { backendFor, type HostManager, managerOf, type NetworkSystem, type Owner, ownersOf } from './owners.js';
export { type PendingChange, type PendingOptions, pending } from './pending.js';
export { type BridgePlan, type FileChange, type PlanInput, planRendering } from './plan.js';
export {
  installPortForwards,
  type PortForwardChange,
  type PortForwardOptions,
  removePortForwards,
} from './port-forwards.js';
export type { BridgeRecord, RecordedFile } from './record.js';
export { planRemoval, type RemovalInput } from './removal.js';
export { type RequireOptions, requireBridge } from './require.js';
export type { HostRoute, RouteHop } from './routes.js';
export { type LocalRunnerOptions, localRunner, type RecordingRunner, type Runner, recordingRunner } from './runner.js';
export { type SshRunnerOptions, sshRunner } from './ssh.js';
