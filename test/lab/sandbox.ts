import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type RunOptions, run, runOrThrow, start } from '../support/run.js';
import { cacheDir } from './cache.js';
import { LabError } from './lab-error.js';
import { current, type Part } from './parts.js';
import { SANDBOX } from './tools.js';

/** How long a sandbox may take to start, in seconds; the verbs for guests wait for leases. */
const LIMIT = 120;

/** A host of its own: network, processes, /etc, /run and /var. It ends with this process at the latest, however that ends. */
export class Sandbox {
  readonly dir: string;
  /** The first process of the host, as the machine counts. */
  readonly pid: number;
  /** Words in front of a program that runs on the host. */
  readonly enter: readonly [file: string, ...args: string[]];
  readonly #printed: string;

  private constructor(dir: string, printed: string) {
    this.dir = dir;
    this.#printed = printed;
    this.pid = Number(this.value('PID'));
    this.enter = enterOf(dir, this.pid);
  }

  /** Starts a sandbox. @param options - as `libvirt-sandbox start` takes them */
  static start(...options: readonly string[]): Sandbox {
    const dir = newFolder();
    return new Sandbox(dir, runOrThrow(SANDBOX, startWords(dir, options), { seconds: LIMIT }));
  }

  /** Starts a sandbox as {@link Sandbox.start} does, while other tests go on. */
  static async begin(...options: readonly string[]): Promise<Sandbox> {
    const dir = newFolder();
    const child = start(SANDBOX, startWords(dir, options), { seconds: LIMIT });
    const [printed, complaints, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    if (code !== 0) throw new LabError(`a host does not start: ${complaints.trim()}`);
    return new Sandbox(dir, printed);
  }

  /** Returns what the sandbox says of itself by a name, such as `VERSION`. */
  value(name: string): string {
    return new RegExp(`^export LIBVIRT_(?:SANDBOX|DEFAULT)_${name}='?([^'\n]*)'?$`, 'm').exec(this.#printed)?.[1] ?? '';
  }

  /** Runs a verb of the sandbox and returns what it prints. */
  tool(...words: readonly string[]): string {
    return runOrThrow(SANDBOX, words, this.#options());
  }

  /** Runs a verb of the sandbox, whatever its exit status. */
  tryTool(words: readonly string[], input = ''): ReturnType<typeof run> {
    return run(SANDBOX, words, { ...this.#options(), input });
  }

  /** Does the same while other programs run. */
  async tryToolBeside(
    words: readonly string[],
    input: string,
  ): Promise<{ readonly stdout: string; readonly stderr: string }> {
    const child = start(SANDBOX, words, this.#options());
    child.stdin.end(input);
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { stdout, stderr };
  }

  /** Ends all that runs on the host, and removes its folder. */
  stop(): void {
    run(SANDBOX, ['stop', '--dir', this.dir]);
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Does the same as {@link Sandbox.stop} at once, without a chance for what runs there to notice. */
  kill(): void {
    process.kill(this.pid, 'SIGKILL');
    rmSync(this.dir, { recursive: true, force: true });
  }

  #options(): RunOptions {
    return { env: { ...process.env, LIBVIRT_SANDBOX_DIR: this.dir }, seconds: LIMIT };
  }
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'libvirt-network-sandbox-'));

const startWords = (dir: string, options: readonly string[]): string[] => [
  ...['start', '--dir', dir, '--tie-to', `${process.pid}`, '--keep', cacheDir()],
  ...options,
];

/** As the tool itself does it for root, which takes twenty times as long to begin. */
function enterOf(dir: string, pid: number): readonly [string, ...string[]] {
  if (process.getuid?.() !== 0) return [SANDBOX, 'exec', '--dir', dir, '--'];
  const kinds = { net: 'net', mount: 'mnt', uts: 'uts', pid: 'pid', ipc: 'ipc' };
  const namespaces = Object.entries(kinds).map(([option, kind]) => `--${option}=/proc/${pid}/ns/${kind}`);
  return ['nsenter', ...namespaces, `--wdns=${process.cwd()}`, '--'];
}

/** The folder of a part of the cache. @throws {@link LabError} where the cache does not have it */
export function folderOf(part: Part): string {
  if (current(part) === undefined) throw new LabError(`${part.label} is not in the cache: npm run lab:setup`);
  return part.folder;
}
