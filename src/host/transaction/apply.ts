import { randomBytes } from 'node:crypto';
import { HostBridgeError, LibvirtError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import type { Rendering } from '../../host-bridge/render/rendering.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { readFiles } from '../observe/host-files.js';
import { type Observation, observe, portsOfBridge } from '../observe/observe.js';
import type { ExpectedBridge } from '../plan/expected.js';
import { type BridgePlan, planRendering } from '../plan/plan.js';
import { planRemoval } from '../plan/removal.js';
import { localRunner, type Runner } from '../runner/runner.js';
import { DEFAULT_PATHS, type StatePaths } from './host-change.js';
import { readRecord, recordPath } from './record.js';
import { type Confirm, type Outcome, type Progress, runTransaction } from './run-transaction.js';

/** Options of changes of a host. */
export interface ChangeOptions {
  /** The way to the host. Default: this machine. */
  readonly runner?: Runner | undefined;
  /**
   * Who decides when the change is made and looks well: `automatic` keeps it, `manual` gives the trial to the caller, a
   * function is asked. Default: `automatic`.
   */
  readonly confirm?: Confirm | undefined;
  /**
   * Milliseconds after which the host takes an undecided change back by itself, at least 2,000. Default: 60,000, and
   * with STP the time that it takes to forward.
   */
  readonly timeoutMs?: number | undefined;
  /** Plans and does nothing. Default: false. */
  readonly dryRun?: boolean | undefined;
  /** Replaces files, and removes bridges, that are not this library's; they are kept in the folder of the records. Default: false. */
  readonly force?: boolean | undefined;
  /** A plan that was shown before: refused when the host has changed since. */
  readonly plan?: BridgePlan | undefined;
  /** Told how far the change is. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Takes the change back, unless it is committed already; the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Where the host keeps the state of changes. Default: `/run/libvirt-network` and `/var/lib/libvirt-network`. */
  readonly paths?: Partial<StatePaths> | undefined;
}

/** Options of {@link applyRendering}. */
export interface ApplyRenderingOptions extends ChangeOptions {
  /** Commands for the trial of a backend that has none without traces. Default: those that move the connection with `ip`. */
  readonly trial?: Rendering['apply'] | undefined;
}

const CHANGE_OPTIONS: OptionNames<ChangeOptions> = {
  runner: true,
  confirm: true,
  timeoutMs: true,
  dryRun: true,
  force: true,
  plan: true,
  onProgress: true,
  signal: true,
  paths: true,
};

/** The options of {@link applyRendering}. */
export const RENDERING_OPTIONS: OptionNames<ApplyRenderingOptions> = { ...CHANGE_OPTIONS, trial: true };

/**
 * Makes a bridge on a host so that a mistake costs no connection: the host itself takes the change back when it is not
 * confirmed in time, whatever becomes of this process or of the connection. Until then nothing outlives a restart.
 *
 * @param rendering - files and commands for the host's network system
 * @param expected - what must be true when it is done
 * @param options - runner, confirmation, time
 * @throws `ValidationError` with everything that speaks against it, before anything is done;
 *   `HostBridgeError` codes `HOST_BRIDGE_PENDING`, `HOST_BRIDGE_STALE_PLAN`, `HOST_BRIDGE_NOT_BEGUN`, and after it was
 *   taken back `HOST_BRIDGE_APPLY_FAILED`, `HOST_BRIDGE_VERIFY_FAILED`, `HOST_BRIDGE_PERSIST_FAILED`,
 *   `HOST_BRIDGE_ROLLED_BACK`; `HOST_BRIDGE_UNDECIDED` when the host cannot be asked
 */
export async function applyRendering(
  rendering: Rendering,
  expected: ExpectedBridge,
  options: ApplyRenderingOptions = {},
): Promise<Outcome> {
  const known = optionsOf(options, RENDERING_OPTIONS, 'applyRendering');
  const { runner } = settingsOf(known);
  return applyToObserved(await observe(runner, { signal: known.signal }), rendering, expected, known);
}

/** {@link applyRendering} for a host that was looked at before. */
export async function applyToObserved(
  before: Observation,
  rendering: Rendering,
  expected: ExpectedBridge,
  options: ApplyRenderingOptions,
): Promise<Outcome> {
  const { signal, force = false, trial } = options;
  const { runner, paths, id, timeoutMs } = settingsOf(options);
  const recorded = recordPath(paths, expected.name);
  const files = await readFiles(runner, [...rendering.files.map(({ path }) => path), recorded], { signal });
  const record = readRecord(files[recorded]?.content);
  const plan = planRendering({ before, files, record, rendering, expected, trial, force, paths, id, timeoutMs });
  return planOrRun(options, { plan, before, id, devices: [expected.name, ...expected.ports] });
}

/**
 * Takes a bridge away and gives its addresses and routes to its first port, with the same protection. Files that it
 * replaced come back.
 *
 * @param bridge - its name
 * @param options - runner, confirmation, time
 * @throws `ValidationError` when guests are attached, or when the bridge is not one of this library and `force` is
 *   not given; `HostBridgeError` as {@link applyRendering}
 */
export async function removeHostBridge(bridge: string, options: ChangeOptions = {}): Promise<Outcome> {
  const known = optionsOf(options, CHANGE_OPTIONS, 'removeHostBridge');
  const { signal, force = false } = known;
  const { runner, paths, id, timeoutMs } = settingsOf(known);
  const before = await observe(runner, { signal });
  const path = recordPath(paths, bridge);
  const record = readRecord((await readFiles(runner, [path], { signal }))[path]?.content);
  const wanted = (record?.files ?? []).flatMap((file) => [file.path, file.backup ?? file.path]);
  const files = await readFiles(runner, [...new Set(wanted)], { signal });
  const plan = planRemoval({ before, bridge, record, files, force, paths, timeoutMs });
  const ports = portsOfBridge(before, bridge).map(({ name }) => name);
  return planOrRun(known, { plan, before, id, devices: [bridge, ...ports] });
}

interface Prepared {
  readonly plan: BridgePlan;
  readonly before: Observation;
  readonly id: string;
  readonly devices: readonly string[];
}

async function planOrRun(options: ChangeOptions, prepared: Prepared): Promise<Outcome> {
  const { plan } = prepared;
  const { runner, paths } = settingsOf(options);
  if (options.plan !== undefined && options.plan.fingerprint !== plan.fingerprint) throw stalePlan(plan);
  const { confirm = 'automatic', onProgress, signal } = options;
  onProgress?.({ phase: 'planned', transaction: prepared.id });
  const { warnings } = plan;
  if (options.dryRun === true) return { state: 'planned', plan, warnings };
  const trial = await runTransaction({ ...prepared, runner, paths, confirm, onProgress, signal });
  return trial === undefined ? { state: 'committed', plan, warnings } : { state: 'trial', plan, warnings, trial };
}

const LEAST_MS = 2000;
const MOST_MS = 24 * 60 * 60 * 1000;

function settingsOf({ runner = localRunner(), paths = {}, timeoutMs }: ChangeOptions) {
  if (timeoutMs !== undefined && !(timeoutMs >= LEAST_MS && timeoutMs <= MOST_MS))
    throw new LibvirtError('INVALID_ARGUMENT', `timeoutMs must be from ${LEAST_MS} to ${MOST_MS}, not ${timeoutMs}`);
  const id = randomBytes(6).toString('hex');
  return { runner, id, timeoutMs, paths: { ...DEFAULT_PATHS, ...paths } };
}

function stalePlan({ bridge, host }: BridgePlan): HostBridgeError {
  const message = `cannot apply the plan for bridge "${bridge}" on ${host}: the network of the host is not what it was`;
  return new HostBridgeError('HOST_BRIDGE_STALE_PLAN', message, { hint: REMEDIES.HOST_BRIDGE_STALE_PLAN });
}
