// The doctor: finds out why guests of a host have no network.

export { LibvirtError } from '../errors/index.js';
export { type DiagnoseOptions, diagnose, type GatherOptions, gatherEvidence } from './diagnose.js';
export type { HostEvidence, LeaseEvidence, NetworkEvidence, NicEvidence, NotSeen, ProbeEvidence } from './evidence.js';
export {
  type Evidence,
  type FaultOwner,
  FINDINGS,
  type Finding,
  type FindingId,
  type FindingKind,
  type Loss,
  type LostNeed,
  type Remedy,
  type Severity,
} from './findings.js';
export { LOOKS, type Look, type LookName } from './gather/looks.js';
export { type Diagnosis, judge } from './judge.js';
export { renderDiagnosis } from './render.js';
export {
  COMPLAINTS,
  type Complaint,
  type ComplaintTarget,
  type DiagnosisTarget,
  type GuestTarget,
  type NetworkPlace,
  type NetworkTarget,
} from './target.js';
