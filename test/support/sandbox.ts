import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { treePart } from '../lab/parts.js';
import { type OLDEST_RELEASE, RELEASES, type Release, type TreeName } from '../lab/recipes.js';
import { run, runOrThrow } from './run.js';

const project = fileURLToPath(new URL('../..', import.meta.url));
/** Folder of the tools. */
export const tools = join(project, 'test/lab/sandbox');
const tool = join(tools, 'libvirt-sandbox');

/** A real daemon in namespaces of its own. */
export interface Sandbox {
  readonly uri: string;
  /** What stands before a command that runs on the daemon's "host". */
  readonly enter: readonly [file: string, ...args: string[]];
  /** Folder of the sandbox. */
  readonly dir: string;
  /** Folder that the daemon's programs are in; empty for the machine's own. */
  readonly root: string;
  /** The virsh that belongs to the daemon. */
  readonly virsh: string;
  readonly version: string;
  /** A process that lives as long as the sandbox, in its namespaces. */
  readonly pid: number;
  /** Runs plain virsh against the daemon, from outside of the library. */
  ask(...args: string[]): string;
  /** Runs many commands in one process and tells what each printed; none may complain. Nothing is quoted. */
  askAll(...commands: string[]): string[];
  /** Runs a shell script on the daemon's "host": its namespaces, as root. */
  inside(script: string): string;
  /** Runs the tool's own verbs on this sandbox: guests, the outside. */
  tool(verb: string, ...args: string[]): string;
  /** Sends a packet and tells in JSON what came of it; a failed probe does not throw. */
  probe(from: string, kind: string, to: string, ...args: string[]): string;
  /** Sends many packets at once from one place, a line of `netprobe` each, and tells of each in JSON. */
  probes(from: string, lines: readonly string[]): unknown[];
  /** The URI of another driver of the same daemon. */
  uriOf(driver: 'qemu' | 'interface'): string;
  /** Ends or starts the daemon alone. */
  daemon(verb: 'start' | 'kill'): void;
  stop(): void;
}

/** The releases of which a daemon can be started. */
export { RELEASES };
export type SandboxRelease = Release | typeof OLDEST_RELEASE;

/** Starts a daemon of a release; 11.3 and later have two firewalls to choose from. */
export function startSandbox(release: SandboxRelease, firewallBackend: 'iptables' | 'nftables' = 'nftables'): Sandbox {
  const dir = mkdtempSync(join(tmpdir(), 'libvirt-network-sandbox-'));
  const root = release === '9.0' ? '' : rootOf(release);
  const other = root === '' ? [] : ['--root', root, '--firewall-backend', firewallBackend];
  const printed = runOrThrow(tool, ['start', '--dir', dir, '--tie-to', String(process.pid), ...other], {
    seconds: 120,
  });
  const value = (name: string): string => new RegExp(`^export ${name}='?([^'\n]*)'?$`, 'm').exec(printed)?.[1] ?? '';
  const [uri, virsh] = [value('LIBVIRT_DEFAULT_URI'), value('LIBVIRT_SANDBOX_VIRSH')];
  const pid = Number(value('LIBVIRT_SANDBOX_PID'));
  const enter = enterOf(dir, pid);
  const ask = (...args: string[]) =>
    runOrThrow(virsh, ['-q', '-c', uri, ...args], { env: { ...process.env, LC_ALL: 'C' } });
  const env = { ...process.env, LIBVIRT_SANDBOX_DIR: dir };
  return {
    uri,
    virsh,
    enter,
    dir,
    root,
    version: value('LIBVIRT_SANDBOX_VERSION'),
    pid,
    ask,
    askAll: (...commands) => {
      const line = commands.map((command) => `${command}; echo ${MARK}`).join('; ');
      const { stdout, stderr } = run(virsh, ['-q', '-c', uri, line]);
      if (stderr !== '') throw new Error(`${line}: ${stderr}`);
      return stdout.split(MARK, commands.length);
    },
    inside: (script) => runOrThrow(enter[0], [...enter.slice(1), 'sh', '-c', script]),
    tool: (...args) => runOrThrow(tool, args, { env }),
    probe: (...args) => run(tool, ['probe', '--dir', dir, ...args]).stdout.trim(),
    probes: (from, lines) => {
      const verb = { host: ['exec'], outside: ['outside', 'exec'] }[from] ?? ['guest', 'exec', from];
      // It ends with 1 when one of them got no answer.
      const input = lines.map((line) => `${line}\n`).join('');
      const { stdout } = run(tool, [...verb, '--', join(tools, 'netprobe'), 'batch'], { env, input });
      return stdout
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line));
    },
    uriOf: (driver) => uri.replace(/^network/, driver),
    daemon: (verb) => void runOrThrow(tool, ['daemon', verb, '--dir', dir]),
    stop: () => {
      run(tool, ['stop', '--dir', dir]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Stands between the outputs of commands. */
const MARK = '@@next@@';

/** As the tool itself does it for root, which takes twenty times as long to begin. */
function enterOf(dir: string, pid: number): readonly [string, ...string[]] {
  if (process.getuid?.() !== 0) return [tool, 'exec', '--dir', dir, '--'];
  const kinds = { net: 'net', mount: 'mnt', uts: 'uts', pid: 'pid', ipc: 'ipc' };
  const namespaces = Object.entries(kinds).map(([option, kind]) => `--${option}=/proc/${pid}/ns/${kind}`);
  return ['nsenter', ...namespaces, `--wdns=${process.cwd()}`, '--'];
}

/** The folder with a release that is not the machine's own. */
function rootOf(release: TreeName): string {
  const { folder } = treePart(release);
  if (!existsSync(join(folder, '.complete'))) throw new Error(`libvirt ${release} is not in the cache: ${folder}`);
  return folder;
}
