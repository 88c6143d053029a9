import { CALL_OPTIONS } from '../../async/deadline.js';
import type { CallOptions } from '../../client/index.js';
import { LibvirtError } from '../../errors/index.js';
import type { NatNetwork } from '../../model/kinds/virtual-kinds.js';
import { type OptionNames, optionsOf, partOf } from '../../options/options.js';
import { FIREWALL_OPTIONS, type FirewallOptions } from '../../preview/firewall/index.js';
import { type HostFile, portForwardHook } from '../../preview/port-forward/index.js';
import { quote } from '../../process/argument.js';
import { readFiles } from '../observe/host-files.js';
import { runScript } from '../runner/run-script.js';
import { localRunner, type Runner } from '../runner/runner.js';

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
}

/** Mark near the top of every hook of this library. */
const MARK = '# Made by libvirt-network.';

/**
 * Puts the hook for a network's port forwards on a host, and makes the rules at once where the network runs. Done again,
 * it changes nothing. The file appears whole or not at all.
 *
 * @param network - with a bridge name and its port forwards
 * @param options - the host, its firewall backend and libvirt release
 * @throws `ValidationError` for forwards that cannot work, and for a network that libvirt would not define
 * @throws `LibvirtError` code `INVALID_ARGUMENT` when somebody else's file has the name
 * @throws `TransportError` code `UNEXPECTED_REPLY` with the host's words when a step fails there
 */
export async function installPortForwards(
  network: NatNetwork,
  options: PortForwardOptions,
): Promise<PortForwardChange> {
  const { runner = localRunner(), dryRun = false } = optionsOf(options, OPTIONS, 'installPortForwards');
  const { file, call, before } = await findHook(network, options, runner);
  const changed = before !== file.content;
  const daemonRestartNeeded = changed && (await hasNoHook(file.path, runner, options));
  if (!dryRun) {
    const write = changed ? writeScript(file) : '';
    const bridge = quote(`/sys/class/net/${network.document.bridge?.name ?? ''}`);
    const script = `set -e\n${write}if [ -e ${bridge} ]; then ${call('reload').map(quote).join(' ')}; fi\n`;
    await runScript(runner, {
      what: `install port forwards of network "${network.name}"`,
      script,
      changes: true,
      ...options,
    });
  }
  return { file, changed, command: call('reload'), daemonRestartNeeded };
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
  const { file, call, before } = await findHook(network, options, runner);
  const changed = before !== undefined;
  if (changed && !dryRun) {
    const script = `set -e\n${call('stopped').map(quote).join(' ')}\nrm -f ${quote(file.path)}\n`;
    await runScript(runner, {
      what: `remove port forwards of network "${network.name}"`,
      script,
      changes: true,
      ...options,
    });
  }
  return { file, changed, command: call('stopped'), daemonRestartNeeded: false };
}

async function findHook(network: NatNetwork, options: PortForwardOptions, runner: Runner) {
  const hook = portForwardHook(network, partOf<FirewallOptions>(options, FIREWALL_OPTIONS));
  const name = hook.file.path.slice(hook.file.path.lastIndexOf('/') + 1);
  const path = options.directory === undefined ? hook.file.path : `${options.directory}/${name}`;
  const before = (await readFiles(runner, [path], options))[path]?.content;
  if (before !== undefined && !before.includes(MARK) && options.force !== true) throw notOurs(path, runner);
  const call = (operation: string) => [path, network.name, operation, 'begin', '-'];
  return { file: { ...hook.file, path }, call, before };
}

const notOurs = (path: string, runner: Runner): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `${path} on ${runner.label} was not written by this library`, {
    hint: 'look at the file; pass { force: true } to replace it',
  });

/** libvirt looks for `network` and for programs in `network.d` beside it. */
async function hasNoHook(path: string, runner: Runner, options: CallOptions): Promise<boolean> {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const script = `for f in ${quote(folder.replace(/\.d$/, ''))} ${quote(folder)}/*; do [ -f "$f" ] && [ -x "$f" ] && echo found; done; true`;
  return (await runScript(runner, { what: 'look for hooks', script, ...options })) === '';
}

/** The new file gets its name when it is whole; what libvirt finds under another name meanwhile is not a program. */
const writeScript = ({ path, content, mode }: HostFile): string => `
folder=${quote(path.slice(0, path.lastIndexOf('/')))}
mkdir -p "$folder"
new=$(mktemp "$folder/.new.XXXXXX")
trap 'rm -f "$new"' EXIT
printf %s ${quote(content)} > "$new"
mv -f "$new" ${quote(path)}
chmod ${mode.toString(8)} ${quote(path)}
`;
