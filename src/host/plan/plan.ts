import { type Issue, ValidationError } from '../../errors/index.js';
import type { Command, Rendering } from '../../host-bridge/render/rendering.js';
import { compact } from '../../schema/values.js';
import { digestOf, digestOfFile, type FoundFile, type HostFiles } from '../observe/host-files.js';
import { fingerprintOf, type Observation } from '../observe/observe.js';
import type { HostChange, StatePaths, WrittenFile } from '../transaction/host-change.js';
import { commandsToFlushRoutes, commandsToMoveAddresses } from '../transaction/move-addresses.js';
import { type BridgeRecord, isOurs, printRecord, recordPath } from '../transaction/record.js';
import { commandsToRestore } from '../transaction/restore.js';
import type { ExpectedBridge, ReleasedPort } from './expected.js';
import { failedPrecondition, failedPreconditions } from './preconditions.js';
import { isVolatile, trialFiles, trialKindOf, withTrialPaths } from './trial-files.js';
import { bridgeWarnings } from './warnings.js';

/** Plan of a change of a host: plain data, to show to people before anything is done. */
export interface BridgePlan {
  readonly action: 'apply' | 'remove';
  readonly bridge: string;
  /** Names the host. */
  readonly host: string;
  /** Commands that bring it about, in order. */
  readonly steps: readonly Command[];
  /** Files that are written or taken away for good at the end. */
  readonly files: readonly FileChange[];
  /** Commands that take it back. */
  readonly inverse: readonly Command[];
  readonly warnings: readonly Issue[];
  /** Milliseconds after which the host takes an undecided change back by itself. */
  readonly timeoutMs: number;
  /** Is another one when the host's network is another one. */
  readonly fingerprint: string;
  /** State that is expected afterwards; absent for a removal. */
  readonly expected?: ExpectedBridge;
  /** The same for a bridge that is removed; absent where it has no port. */
  readonly released?: ReleasedPort;
  /** Everything that the transaction does, in the form in which it does it. */
  readonly change: HostChange;
}

/** A file that a plan changes. */
export interface FileChange {
  readonly path: string;
  /** Content so far; absent for a new file. */
  readonly before?: string;
  /** Content to be; absent for a file that is taken away. */
  readonly after?: string;
  /** Where what stood there before is kept. */
  readonly backup?: string;
}

/** Input of a plan. */
export interface PlanInput {
  readonly before: Observation;
  /** The rendering's files as they are now. */
  readonly files: HostFiles;
  /** Record of a bridge of that name. */
  readonly record?: BridgeRecord | undefined;
  readonly rendering: Rendering;
  readonly expected: ExpectedBridge;
  /** Commands for the trial of a backend that has none without traces. Default: those that move the connection with `ip`. */
  readonly trial?: readonly Command[] | undefined;
  /** Overwrites files that somebody else has written, and keeps them in the folder of the records. */
  readonly force: boolean;
  readonly paths: StatePaths;
  /** Id of the transaction. */
  readonly id: string;
  readonly timeoutMs?: number | undefined;
}

/**
 * Plans a bridge. Pure: nothing is asked and nothing is done.
 *
 * @param input - the state of the host, and the desired bridge
 * @throws `ValidationError` with everything that speaks against it
 */
export function planRendering(input: PlanInput): BridgePlan {
  const { before, rendering, expected, files } = input;
  const issues = [...failedPreconditions(before, rendering, expected), ...foreignFileIssues(input)];
  if (issues.length > 0) throw new ValidationError(`bridge "${expected.name}" on ${before.label}`, issues);
  const change = changeToApply(input);
  return {
    action: 'apply',
    bridge: expected.name,
    host: before.label,
    steps: change.apply,
    files: change.write.map((written) => fileChangeFor(written, files)),
    inverse: change.undo,
    warnings: bridgeWarnings(before, rendering, expected),
    timeoutMs: input.timeoutMs ?? timeoutFor(expected),
    fingerprint: fingerprintOf(before),
    expected,
    change,
  };
}

const TIMEOUT_MS = 60_000;
/** Time that a gateway gets to answer once STP lets the first frame through. */
const SETTLE_MS = 7_000;

const timeoutFor = ({ stp = false, forwardDelay = 0 }: ExpectedBridge): number =>
  stp ? TIMEOUT_MS + 2000 * forwardDelay + SETTLE_MS : TIMEOUT_MS;

const fileChangeFor = ({ file, backup }: WrittenFile, files: HostFiles): FileChange =>
  compact({ path: file.path, before: files[file.path]?.content, after: file.content, backup });

function foreignFileIssues({ rendering, files, record, force }: PlanInput): readonly Issue[] {
  if (force) return [];
  return rendering.files.flatMap(({ path, content }, i) => {
    const now = files[path];
    if (now === undefined || hasContent(now, content) || isOurs(record, now)) return [];
    const message = `${path} is there already, and was not written by this library or was changed since`;
    return [
      failedPrecondition('HOST_FILE_EXISTS', `files[${i}]`, message, 'look at it; with force it is replaced, and kept'),
    ];
  });
}

function changeToApply(input: PlanInput): HostChange {
  const { before, rendering, expected, paths, id } = input;
  const direct = trialKindOf(rendering) !== 'kernel' && !isShadowed(input);
  const files = direct ? trialFiles(rendering, `${paths.state}/tx-${id}`) : [];
  const devices = [expected.name, ...expected.ports];
  const written = writtenFiles(input);
  return {
    trialFiles: files,
    apply: direct
      ? [...withTrialPaths(rendering.apply, files), ...strayRouteCommands(input)]
      : (input.trial ?? commandsToMoveAddresses(before, expected)),
    undo: [
      ...(direct ? [...withTrialPaths(rendering.revert, files), ...settleCommands(input)] : []),
      ...commandsToRestore(before, devices),
    ],
    write: [...written, ...recordFile(input, written)],
    remove: [],
    afterwards: direct ? commandsAfterMove(rendering) : commandsAfterTrial(rendering, expected),
    prune: [],
  };
}

/** A daemon that reads its files again takes away, a moment later, what is not in them. */
const settleCommands = ({ before, rendering, expected }: PlanInput): readonly Command[] => [
  ...connectedPorts(before, rendering, expected).map((port) => ['nmcli', '-w', '15', 'device', 'connect', port]),
  ...(trialKindOf(rendering) === 'volatile' ? [['sleep', '2']] : []),
];

/** Ports that NetworkManager had up, and does not bring up again by itself after a request to let them go. */
const connectedPorts = ({ systems }: Observation, { backend }: Rendering, { ports }: ExpectedBridge) =>
  backend === 'networkmanager' ? ports.filter((port) => systems.networkmanager?.[port] === 'connected') : [];

/** systemd-networkd does not look at a twin of a file that is in `/etc` already. */
const isShadowed = ({ rendering, files }: PlanInput): boolean =>
  rendering.backend === 'networkd' && rendering.files.some(({ path }) => files[path] !== undefined);

/** A daemon takes the old routes of a port away; nobody else does. */
const strayRouteCommands = ({ before, rendering, expected }: PlanInput): readonly Command[] =>
  rendering.backend === 'iproute2' ? expected.ports.flatMap((port) => commandsToFlushRoutes(before, port)) : [];

/** NetworkManager remembers where its files are, and must reload when they have moved. */
const commandsAfterMove = ({ backend }: Rendering): readonly Command[] =>
  backend === 'networkmanager' ? [['nmcli', 'connection', 'reload']] : [];

/** A client for leased addresses is not part of a trial made with `ip`. */
const commandsAfterTrial = (rendering: Rendering, { dynamic = [] }: ExpectedBridge): readonly Command[] =>
  dynamic.length > 0 || trialKindOf(rendering) !== 'kernel' ? rendering.apply : [];

const hasContent = (now: FoundFile | undefined, content: string): boolean =>
  now !== undefined && digestOfFile(now) === digestOf(content);

function writtenFiles({ rendering, files, record, paths, id }: PlanInput): readonly WrittenFile[] {
  return rendering.files
    .filter((file) => !isVolatile(file) && !hasContent(files[file.path], file.content))
    .map((file, i) => {
      const now = files[file.path];
      const isForeign = now !== undefined && !isOurs(record, now);
      return { file, ...(isForeign ? { backup: `${paths.records}/backup/${id}/${i}` } : {}) };
    });
}

/** Records the written files, including those of earlier changes: their backups are still needed. */
function recordFile(input: PlanInput, written: readonly WrittenFile[]): readonly WrittenFile[] {
  const { rendering, expected, record, paths } = input;
  const files = rendering.files.flatMap((file) => {
    if (isVolatile(file)) return [];
    const earlier = record?.files.find(({ path }) => path === file.path)?.backup;
    const backup = earlier ?? written.find((other) => other.file === file)?.backup;
    return [compact({ path: file.path, sha256: digestOf(file.content), backup })];
  });
  const { backend, revert } = rendering;
  const content = printRecord({ bridge: expected.name, backend, ports: expected.ports, files, revert });
  return [{ file: { path: recordPath(paths, expected.name), mode: 0o600, owner: 'root:root', content } }];
}
