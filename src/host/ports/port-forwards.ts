import { CALL_OPTIONS } from '../../async/deadline.js';
import type { CallOptions, Conflict } from '../../client/index.js';
import { portConflictsWith } from '../../client/preflight/port-conflicts.js';
import { LibvirtError } from '../../errors/index.js';
import type { NatNetwork } from '../../model/kinds/virtual-kinds.js';
import { type OptionNames, optionsOf, partOf } from '../../options/options.js';
import { FIREWALL_OPTIONS, type FirewallOptions } from '../../preview/firewall/index.js';
import { hookGuard } from '../../preview/port-forward/hook.js';
import { NOTE, readHookNote } from '../../preview/port-forward/hook-notes.js';
import { earlyHookFileName } from '../../preview/port-forward/identity.js';
import { type HostFile, portForwardHook } from '../../preview/port-forward/index.js';
import { runScript } from '../../process/run-script.js';
import { quote } from '../../shell/quote.js';
import { readFiles } from '../observe/host-files.js';
import { localRunner, type Runner } from '../runner/runner.js';
import { folderOf, installScript, removeScript } from './scripts.js';

/** Options of {@link installPortForwards} and {@link removePortForwards}. */
export interface PortForwardOptions extends FirewallOptions, CallOptions {
  /** The host. Default: this one. */
  readonly runner?: Runner;
  /** Only tells what would be done. Default: false. */
  readonly dryRun?: boolean;
  /** Folder of the hooks. Default: `/etc/libvirt/hooks/network.d`. */
  readonly directory?: string;
  /** Replaces a file of the same name that this library did not write. Default: false. */
  readonly force?: boolean;
}

const OPTIONS: OptionNames<PortForwardOptions> = {
  ...FIREWALL_OPTIONS,
  ...CALL_OPTIONS,
  runner: true,
  dryRun: true,
  directory: true,
  force: true,
};

/** Changes on the host, made or planned. */
export interface PortForwardChange {
  /** The hook, with its place on the host. */
  readonly file: HostFile;
  /** True if the file was not so before. */
  readonly changed: boolean;
  /** The command by which the rules of a running network are made, or taken away, at once. */
  readonly command: readonly string[];
  /**
   * True if the host had no network hook at all: a running daemon looks for them only when it starts, so it must be
   * restarted before the next start of the network. Networks and guests go on meanwhile.
   */
  readonly daemonRestartNeeded: boolean;
  /**
   * Ports of the host that hooks of other networks forward as well, code `PORT_IN_USE`: the network that starts last gets
   * the packets. Only hooks of this library are known. None after a removal.
   */
  readonly conflicts: readonly Conflict[];
}

/**
 * Puts the hook for a network's port forwards on a host, and makes the rules at once where the network runs. Done again,
 * it changes nothing: rules that are as they should be are not made again. The file appears whole and executable or not at
 * all, and nothing else of this library changes port forwards of the host meanwhile. A hook of an early version of this
 * library is replaced.
 *
 * @param network - with a bridge name and its port forwards
 * @param options - the host, its firewall backend and libvirt release
 * @throws `ValidationError` for forwards that cannot work, and for a network that libvirt would not define
 * @throws `LibvirtError` code `INVALID_ARGUMENT` when the file of the hook's name is somebody else's
 * @throws `TransportError` code `UNEXPECTED_REPLY` with the host's words when a step fails there
 */
export async function installPortForwards(
  network: NatNetwork,
  options: PortForwardOptions,
): Promise<PortForwardChange> {
  const { runner = localRunner(), dryRun = false } = optionsOf(options, OPTIONS, 'installPortForwards');
  const hook = await findHook(network, options, runner);
  const conflicts = await findPortConflicts(network, folderOf(hook.file.path), { ...options, runner });
  const daemonRestartNeeded = hook.changed && (await hasNoHook(hook.file.path, runner, options));
  if (!dryRun) {
    await runScript(runner, {
      what: `install port forwards of network "${network.name}"`,
      script: installScript(network.name, hook),
      changes: true,
      ...options,
    });
  }
  return { file: hook.file, changed: hook.changed, command: hook.call('reload'), daemonRestartNeeded, conflicts };
}

/**
 * Takes the rules of a network's port forwards and their hook from a host. Done again, it changes nothing.
 *
 * @param network - whose forwards they are; what forwards it has does not matter
 * @param options - the host, its firewall backend and libvirt release
 * @throws `LibvirtError` code `INVALID_ARGUMENT` when the file of the hook's name is somebody else's
 * @throws `TransportError` code `UNEXPECTED_REPLY` with the host's words when a step fails there
 */
export async function removePortForwards(network: NatNetwork, options: PortForwardOptions): Promise<PortForwardChange> {
  const { runner = localRunner(), dryRun = false } = optionsOf(options, OPTIONS, 'removePortForwards');
  const hook = await findHook(network, options, runner);
  const changed = hook.before !== undefined || hook.early !== undefined;
  if (changed && !dryRun) {
    await runScript(runner, {
      what: `remove port forwards of network "${network.name}"`,
      script: removeScript(network.name, hook),
      changes: true,
      ...options,
    });
  }
  return { file: hook.file, changed, command: hook.call('stopped'), daemonRestartNeeded: false, conflicts: [] };
}

async function findHook(network: NatNetwork, options: PortForwardOptions, runner: Runner) {
  const { file } = portForwardHook(network, partOf<FirewallOptions>(options, FIREWALL_OPTIONS));
  const folder = options.directory ?? folderOf(file.path);
  const path = `${folder}/${file.path.slice(file.path.lastIndexOf('/') + 1)}`;
  const early = `${folder}/${earlyHookFileName(network.name)}`;
  const found = await readFiles(runner, [path, early], options);
  const before = found[path];
  if (before !== undefined && !isHookOf(network.name, before) && options.force !== true) throw notOurs(path, runner);
  const hasEarly = found[early] !== undefined && isHookOf(network.name, found[early]);
  return {
    file: { ...file, path },
    call: (operation: string) => [path, network.name, operation, 'begin', '-'],
    before,
    early: hasEarly ? early : undefined,
    changed: before?.content !== file.content || !isExecutable(before) || hasEarly,
  };
}

/** Mark near the top of every hook of this library. */
const MARK = '# Made by libvirt-network.';

/** Tells whether a file is one of ours; without the line that names a network it can only be that of its path. */
function isHookOf(network: string, { content }: Pick<HostFile, 'content'>): boolean {
  const guard = content.split('\n').find((line) => line.startsWith('[ "$1" = '));
  return content.includes(MARK) && (guard === undefined || guard === hookGuard(network));
}

const isExecutable = ({ mode }: Pick<HostFile, 'mode'>): boolean => (mode & 0o100) !== 0;

const notOurs = (path: string, runner: Runner): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `${path} on ${runner.label} was not written by this library`, {
    hint: 'look at the file; pass { force: true } to replace it',
  });

/** libvirt looks for `network` and for programs in `network.d` beside it. */
export async function hasNoHook(path: string, runner: Runner, options: CallOptions): Promise<boolean> {
  const folder = folderOf(path);
  const script = `for f in ${quote(folder.replace(/\.d$/, ''))} ${quote(folder)}/*; do [ -f "$f" ] && [ -x "$f" ] && echo found; done; true`;
  return (await runScript(runner, { what: 'look for hooks', script, ...options })) === '';
}

/** Finds other networks whose hooks forward the same ports of the host. */
async function findPortConflicts(
  network: NatNetwork,
  folder: string,
  { runner, ...options }: CallOptions & { readonly runner: Runner },
): Promise<readonly Conflict[]> {
  const notes = await runScript(runner, {
    what: 'look for other port forwards',
    script: notesScript(folder),
    ...options,
  });
  const others = notes.split('\n').flatMap((line) => readHookNote(line) ?? []);
  return portConflictsWith(
    network.portForwards,
    others.filter(({ name }) => name !== network.name),
  );
}

/** Prints the notes of all hooks in a folder, in plain shell. */
const notesScript = (folder: string): string => `for f in ${quote(folder)}/*; do
  [ -f "$f" ] && while read -r line; do
    case $line in '${NOTE}'*) printf '%s\\n' "$line"; break ;; esac
  done <"$f"
done
true`;
