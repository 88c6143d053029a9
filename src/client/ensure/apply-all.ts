import { CALL_OPTIONS, type CallOptions } from '../../async/deadline.js';
import { inParallel } from '../../async/parallel.js';
import type { BaseNetwork } from '../../model/base.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import type { Host } from '../host.js';
import type { PlanStep } from '../plan/types.js';
import { type EnsureAllOptions, loadCalls } from './ensure-api.js';
import type { Applied, ApplyStatus, ManyProgress } from './ensure-many.js';

/** Desired networks of one host. The options apply to all of them. */
export interface ApplyTarget
  extends Omit<EnsureAllOptions, 'perHost' | 'dryRun' | 'onProgress' | 'signal' | 'timeoutMs'> {
  readonly host: Host;
  /** Networks that should exist. Default: none. */
  readonly networks?: readonly BaseNetwork[] | undefined;
}

/** Options of {@link applyAll}. */
export interface ApplyAllOptions extends CallOptions {
  /** Networks that are worked on at a time on each host. Default: 4. */
  readonly perHost?: number | undefined;
  /** True to return the steps without taking them. Default: false. */
  readonly dryRun?: boolean | undefined;
  /** Called whenever something begins or ends, such as what {@link progressLine} gives. */
  readonly onProgress?: ((progress: ApplyProgress) => void) | undefined;
}

const APPLY_OPTIONS: OptionNames<ApplyAllOptions> = { ...CALL_OPTIONS, perHost: true, dryRun: true, onProgress: true };

/** Progress of {@link applyAll}. */
export interface ApplyProgress {
  /** Names the daemon, without secrets. */
  readonly host: string;
  /** The network that this is about; absent while a host is read. */
  readonly network?: string | undefined;
  /** `reading`: the host is asked what it has; `working`: a step begins; else how a network ended. */
  readonly status: 'reading' | 'working' | ApplyStatus;
  /** The step that begins. */
  readonly step?: PlanStep | undefined;
  /** Networks that are done with, of all hosts, failed ones included. */
  readonly done: number;
  /** Networks of all hosts. */
  readonly total: number;
  /** Networks that failed or were skipped. */
  readonly failed: number;
}

/** Result for one network on one host. */
export interface ApplyResult extends Applied {
  /** Names the daemon, without secrets. */
  readonly host: string;
}

/** Result of {@link applyAll}. */
export interface ApplyReport {
  /** True if every network is up to date; one that waits for a restart counts as up to date. */
  readonly ok: boolean;
  /** Results for each network on each host, in the given order, removals first. */
  readonly results: readonly ApplyResult[];
}

/**
 * Ensures many networks on many hosts, each as `Networks.ensure` does: hosts in parallel, and several networks at a time on each. A failure on one network or host does not stop the others and is part of the report. Calling it again completes what was not done; networks that are up to date only cost reading them.
 *
 * @param targets - desired networks of each host
 * @param options - `timeoutMs` is for each network
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` before anything is done when a list names a network more than once; the signal's own reason after an abort; everything else is in the report
 *
 * @example
 * ```ts
 * const report = await applyAll([{ host: kvm1, networks }, { host: kvm2, networks }], {
 *   onProgress: progressLine(process.stderr),
 * });
 * for (const { host, network, error } of report.results) if (error) console.error(host, network, error.message);
 * ```
 */
export async function applyAll(targets: readonly ApplyTarget[], options: ApplyAllOptions = {}): Promise<ApplyReport> {
  const { onProgress, ...known } = optionsOf(options, APPLY_OPTIONS, 'applyAll');
  const { assertList } = await loadCalls();
  for (const { networks = [], absent = [] } of targets) assertList(networks, absent, known);
  const progress = new Progress(targets, onProgress);
  const results = (await inParallel(targets, targets.length, (target) => applyTo(target, known, progress))).flat();
  return { ok: results.every(({ status }) => status === 'changed' || status === 'unchanged'), results };
}

async function applyTo(
  { host, networks = [], absent = [], ...rest }: ApplyTarget,
  { perHost, dryRun, signal, timeoutMs }: ApplyAllOptions,
  progress: Progress,
): Promise<ApplyResult[]> {
  const { label } = host;
  const onProgress = (one: ManyProgress) => progress.tell(label, one);
  const options = { ...rest, perHost, dryRun, signal, timeoutMs, onProgress };
  const results = await host.networks.ensureAll(networks, { ...options, absent });
  return results.map((result) => ({ host: label, ...result }));
}

/** Counts over all hosts. */
class Progress {
  readonly #total: number;
  readonly #onProgress: ApplyAllOptions['onProgress'];
  #done = 0;
  #failed = 0;

  constructor(targets: readonly ApplyTarget[], onProgress: ApplyAllOptions['onProgress']) {
    this.#total = targets.reduce((sum, { networks = [], absent = [] }) => sum + networks.length + absent.length, 0);
    this.#onProgress = onProgress;
  }

  tell(host: string, { network, status, step }: ManyProgress): void {
    if (status !== 'reading' && status !== 'working') this.#done++;
    if (status === 'failed' || status === 'skipped') this.#failed++;
    this.#onProgress?.({ host, network, status, step, done: this.#done, total: this.#total, failed: this.#failed });
  }
}
