import { type Issue, ValidationError } from '../../errors/index.js';
import type { Command } from '../../host-bridge/render/rendering.js';
import { cidrOf, globalAddresses, type HostDevice, isUplink } from '../../host-facts/devices.js';
import { inOrderOfAdding } from '../../host-facts/routes.js';
import { compact } from '../../schema/values.js';
import { quote } from '../../shell/quote.js';
import { digestOfFile, type HostFiles } from '../observe/host-files.js';
import { findDevice, fingerprintOf, type Observation, portsOfBridge } from '../observe/observe.js';
import type { HostChange, StatePaths } from '../transaction/host-change.js';
import { type BridgeRecord, type RecordedFile, recordPath } from '../transaction/record.js';
import { commandsToRestore } from '../transaction/restore.js';
import type { ReleasedPort } from './expected.js';
import { addAddress, addRoute, deleteLink, setLink } from './ip-commands.js';
import type { BridgePlan } from './plan.js';
import { failedPrecondition } from './preconditions.js';
import { routesToRestore } from './routes-to-restore.js';

/** Input of the plan of a removal. */
export interface RemovalInput {
  readonly before: Observation;
  readonly bridge: string;
  /** Record of the bridge. */
  readonly record: BridgeRecord | undefined;
  /** The recorded files, and the copies of what stood there before, as they are now. */
  readonly files: HostFiles;
  /** Removes bridges that were not made by this library, and files that were changed since. */
  readonly force: boolean;
  readonly paths: StatePaths;
  readonly timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 60_000;

/**
 * Plans the removal of a bridge: its first port gets its addresses and routes. Pure.
 *
 * @param input - what the host is like, and what is remembered of the bridge
 * @throws `ValidationError` with everything that speaks against it, such as guests that are attached
 */
export function planRemoval(input: RemovalInput): BridgePlan {
  const { before, bridge, files, paths } = input;
  const issues = removalIssues(input);
  if (issues.length > 0) throw new ValidationError(`removing bridge "${bridge}" on ${before.label}`, issues);
  const ports = portsToRelease(input);
  const change = changeToRemove(input, ports);
  const removed = change.remove.filter((path) => path !== recordPath(paths, bridge));
  return compact({
    action: 'remove' as const,
    bridge,
    host: before.label,
    steps: change.apply,
    files: [
      ...change.write.map(({ file: { path, content } }) =>
        compact({ path, before: files[path]?.content, after: content }),
      ),
      ...removed.map((path) => compact({ path, before: files[path]?.content })),
    ],
    inverse: change.undo,
    warnings: [],
    timeoutMs: input.timeoutMs ?? TIMEOUT_MS,
    fingerprint: fingerprintOf(before),
    released: expectedAfterRemoval(before, bridge, ports),
    change,
  });
}

function expectedAfterRemoval(
  before: Observation,
  bridge: string,
  [port]: readonly string[],
): ReleasedPort | undefined {
  const device = findDevice(before, bridge);
  if (device === undefined || port === undefined) return undefined;
  const defaults = routesToRestore(before, [bridge]).filter(({ to, table }) => to === 'default' && table === undefined);
  return {
    bridge,
    port,
    addresses: globalAddresses(device).map(cidrOf),
    gateways: defaults.flatMap(({ gateway }) => gateway ?? []),
  };
}

function removalIssues({ before, bridge, record, files, force }: RemovalInput): readonly Issue[] {
  const device = findDevice(before, bridge);
  const changed = (record?.files ?? []).filter(({ path, sha256 }) => {
    const now = files[path];
    return now !== undefined && digestOfFile(now) !== sha256;
  });
  return [
    ...(device?.bridge === undefined && record === undefined
      ? [failedPrecondition('HOST_BRIDGE_MISSING', '', `there is no bridge ${bridge}`)]
      : []),
    ...(device?.bridge !== undefined && record === undefined && !force
      ? [
          failedPrecondition(
            'HOST_BRIDGE_FOREIGN',
            '',
            `${bridge} was not made by this library, or is not stored`,
            'use force if it is yours',
          ),
        ]
      : []),
    ...guestsOnBridge(before, bridge, record).map(({ name, kind }) =>
      failedPrecondition(
        'HOST_BRIDGE_GUESTS',
        '',
        `${name} (${kind}) is attached to ${bridge}`,
        'stop or detach the guests first',
      ),
    ),
    ...(force ? [] : changed).map(({ path }) =>
      failedPrecondition(
        'HOST_FILE_CHANGED',
        '',
        `${path} was changed since it was written`,
        'look at it; with force it is taken away',
      ),
    ),
  ];
}

/** Ports that are not the bridge's own: ends of guests and containers. */
const guestsOnBridge = (before: Observation, bridge: string, record: BridgeRecord | undefined): readonly HostDevice[] =>
  portsOfBridge(before, bridge).filter((port) =>
    record === undefined ? !isUplink(port) : !record.ports.includes(port.name),
  );

const portsToRelease = ({ before, bridge, record }: RemovalInput): readonly string[] => {
  const now = portsOfBridge(before, bridge).map(({ name }) => name);
  const first = (record?.ports ?? []).filter((name) => now.includes(name));
  return [...first, ...now.filter((name) => !first.includes(name))];
};

function changeToRemove({ before, bridge, record, files, paths }: RemovalInput, ports: readonly string[]): HostChange {
  const recorded = record?.files ?? [];
  const kept = recorded.flatMap((file) => backupOf(file, files));
  const backups = recorded.flatMap(({ backup }) => backup ?? []);
  const profiles = record?.backend === 'networkmanager' ? profilesIn(recorded, files) : [];
  const gone = recorded.filter(({ path }) => !kept.some(({ file }) => file.path === path)).map(({ path }) => path);
  return {
    trialFiles: [],
    apply:
      findDevice(before, bridge) === undefined
        ? []
        : [...profiles.map(disableAutoconnect), ...commandsToGiveBack(before, bridge, ports, record?.backend)],
    undo: [...commandsToRestore(before, [bridge, ...ports]), ...profiles.map(enableAutoconnect)],
    write: kept,
    remove: record === undefined ? [] : [...gone, ...backups, recordPath(paths, bridge)],
    afterwards: [
      ...(record?.revert ?? []).filter(isReload),
      ...profiles.map((uuid) => ['nmcli', 'connection', 'delete', 'uuid', uuid]),
      ...(record?.backend === 'networkd' ? ports.map(reconfigurePort) : []),
    ],
    prune: backups.map((path) => path.slice(0, path.lastIndexOf('/'))),
  };
}

/** Finds the backup that is restored. */
const backupOf = ({ path, backup }: RecordedFile, files: HostFiles) => {
  const old = backup === undefined ? undefined : files[backup];
  return old === undefined || backup === undefined ? [] : [{ file: { ...old, path }, copyOf: backup }];
};

/** The uuids of NetworkManager's profiles in our files. */
const profilesIn = (recorded: readonly RecordedFile[], files: HostFiles): readonly string[] =>
  recorded.flatMap(({ path }) => /^uuid=([0-9a-fA-F-]{36})$/m.exec(files[path]?.content ?? '')?.[1] ?? []);

const autoconnect = (uuid: string, value: 'yes' | 'no'): Command => [
  ...['nmcli', 'connection', 'modify', '--temporary', 'uuid', uuid],
  ...['connection.autoconnect', value],
];

/** NetworkManager makes a bridge again whose profile it has; until the next restart it must not. */
const disableAutoconnect = (uuid: string): Command => autoconnect(uuid, 'no');
const enableAutoconnect = (uuid: string): Command => autoconnect(uuid, 'yes');

/** systemd-networkd gives up a port whose bridge is gone, and takes it up only on request. */
const reconfigurePort = (port: string): Command => ['networkctl', 'reconfigure', port];

/** Commands that have a daemon read its files again; the others of a rendering undo what is undone already. */
const isReload = (command: Command): boolean =>
  ['networkctl reload', 'nmcli connection reload', 'netplan generate'].includes(command.join(' '));

/** Moves what the bridge has to its first port. */
function commandsToGiveBack(
  before: Observation,
  bridge: string,
  ports: readonly string[],
  backend: string | undefined,
): readonly Command[] {
  const connection = connectionCommands(before, bridge, ports[0]);
  return [
    ...ports.map((port) => setLink(port, 'nomaster')),
    deleteLink(bridge),
    ...(backend === 'networkmanager' && connection.length > 0 ? [untilAllSucceed(connection)] : connection),
  ];
}

/** Commands that give a port the addresses and routes of a bridge. */
function connectionCommands(before: Observation, bridge: string, port: string | undefined): readonly Command[] {
  const device = findDevice(before, bridge);
  if (device === undefined || port === undefined) return [];
  const routes = routesToRestore(before, [bridge]);
  return [
    ...globalAddresses(device).map(({ label: _, ...address }) => addAddress(port, address)),
    ...inOrderOfAdding(routes).map((route) => addRoute(route, 'replace', (on) => (on === bridge ? port : on))),
  ];
}

/**
 * NetworkManager brings a port up by itself once it is free, and flushes it: between an address and the route over it, the
 * route fails. All is done again then, for at most about five seconds.
 */
const untilAllSucceed = (commands: readonly Command[]): Command => [
  'sh',
  '-c',
  `left=25; until ${commands.map((command) => command.map(quote).join(' ')).join(' && ')}
do [ "$left" -gt 0 ] || exit 1; left=$((left - 1)); sleep 0.2 2>/dev/null || sleep 1; done`,
];
