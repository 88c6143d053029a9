import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { type RunOptions, run, runOrThrow } from '../support/run.js';
import { Guest, type GuestOptions } from './guest.js';
import { LabError } from './lab-error.js';
import { current, treePart, vmPart } from './parts.js';
import { type Probe, readProbes } from './probe.js';
import type { Release, TreeName } from './recipes.js';
import { NETPROBE, SANDBOX } from './tools.js';
import { Vm, type VmOptions } from './vm/vm.js';

export interface DaemonOptions {
  /** How it filters packets; `nftables` by default where it can, from 10.4 on. */
  readonly firewallBackend?: 'iptables' | 'nftables' | undefined;
}

/** The drivers of a daemon; each has a URI. */
type Driver = 'network' | 'qemu' | 'interface';

/** Stands between what commands print. */
const MARK = '@@next@@';

/** How long a daemon may take to start or end, in seconds. */
const START_LIMIT = 120;

/** A real libvirt daemon on a host of its own: network, processes, and the folders that libvirt uses. */
export class Daemon {
  readonly release: Release;
  /** Version of its libvirt, such as `9.0.0`. */
  readonly version: string;
  readonly uri: string;
  /** Path of the virsh that belongs to it, which runs on the machine. */
  readonly virsh: string;
  /** Its folder: `run`, `etc`, `lib` and `log` are what libvirt has below /run, /etc, /var/lib and /var/log. */
  readonly dir: string;
  /** Root folder that its programs come from; empty for the machine's own. */
  readonly root: string;
  /** The first process of its host, as the machine counts. */
  readonly pid: number;
  /** Words in front of a program that runs on its host. */
  readonly enter: readonly [file: string, ...args: string[]];

  private constructor(release: Release, dir: string, printed: string) {
    const value = (name: string): string => new RegExp(`^export ${name}='?([^'\n]*)'?$`, 'm').exec(printed)?.[1] ?? '';
    this.release = release;
    this.version = value('LIBVIRT_SANDBOX_VERSION');
    this.uri = value('LIBVIRT_DEFAULT_URI');
    this.virsh = value('LIBVIRT_SANDBOX_VIRSH');
    this.dir = dir;
    this.root = rootOf(release);
    this.pid = Number(value('LIBVIRT_SANDBOX_PID'));
    this.enter = enterOf(dir, this.pid);
  }

  /** Starts a daemon. It ends with this process at the latest, however that ends. */
  static start(release: Release, { firewallBackend = 'nftables' }: DaemonOptions = {}): Daemon {
    const dir = mkdtempSync(join(tmpdir(), 'libvirt-network-sandbox-'));
    const root = rootOf(release);
    const vm = vmPart();
    const words = [
      ...['start', '--dir', dir, '--tie-to', `${process.pid}`],
      ...(root === '' ? [] : ['--root', root, '--firewall-backend', firewallBackend]),
      ...(current(vm) === undefined ? [] : ['--vm', vm.folder]),
    ];
    return new Daemon(release, dir, runOrThrow(SANDBOX, words, { seconds: START_LIMIT }));
  }

  /** The URI of another driver of the same daemon. */
  uriOf(driver: Driver): string {
    return this.uri.replace(/^network/, driver);
  }

  /** Runs plain virsh, without the library. @returns what it printed, without blanks at the ends */
  ask(...args: string[]): string {
    return runOrThrow(this.virsh, ['-q', '-c', this.uri, ...args], { env: { ...process.env, LC_ALL: 'C' } });
  }

  /** Runs many commands in one virsh and returns what each printed. Nothing is quoted, and none may complain. */
  askAll(...commands: string[]): string[] {
    const line = commands.map((command) => `${command}; echo ${MARK}`).join('; ');
    const { stdout, stderr } = run(this.virsh, ['-q', '-c', this.uri, line]);
    if (stderr !== '') throw new Error(`${line}: ${stderr}`);
    return stdout.split(MARK, commands.length);
  }

  /** Runs a shell script on its host, as root. @returns what it printed, without blanks at the ends */
  inside(script: string): string {
    const [file, ...args] = this.enter;
    return runOrThrow(file, [...args, 'sh', '-c', script]);
  }

  /** Plugs in a guest: a network namespace with a device, as a virtual machine has. */
  guest(name: string, options: GuestOptions): Guest {
    return Guest.plug((...words) => this.#tool(words), name, options);
  }

  /** Starts a real virtual machine in a running network, and waits until it takes commands. */
  vm(name: string, options: VmOptions): Promise<Vm> {
    return Vm.start(this, name, options);
  }

  /**
   * Makes the LAN beyond the host, with one machine: `OUTSIDE` has their addresses.
   *
   * @param bridge - name of a bridge of the host that is made as well, without an address there, and leads to that machine
   */
  outside(bridge?: string): void {
    this.#tool(['outside', ...(bridge === undefined ? [] : ['--bridge', bridge]), 'up']);
  }

  /** Runs a shell script on the machine outside. @returns what it printed, without blanks at the ends */
  onOutside(script: string): string {
    return this.#tool(['outside', 'exec', '--', 'sh', '-c', script]);
  }

  /** Answers on port 7777 of the host itself, as guests do on theirs. */
  listen(): void {
    this.inside(`${NETPROBE} serve >/dev/null 2>&1 </dev/null &`);
  }

  /**
   * Sends a packet and says what came of it. It does not throw when nobody answers.
   *
   * @param from - name of a guest, `outside` or `host`
   * @param words - what `netprobe` takes: `tcp`, `udp`, `ping` or `dns`, the address, and perhaps more
   */
  probe(from: string, ...words: string[]): Probe {
    const [probe] = readProbes(run(SANDBOX, ['probe', '--dir', this.dir, from, ...words]));
    if (probe === undefined) throw new Error(`netprobe ${words.join(' ')} says nothing`);
    return probe;
  }

  /** Sends many packets at once from one place, a line as of {@link Daemon.probe} each. */
  probes(from: string, lines: readonly string[]): Probe[] {
    const verb = { host: ['exec'], outside: ['outside', 'exec'] }[from] ?? ['guest', 'exec', from];
    const input = lines.map((line) => `${line}\n`).join('');
    return readProbes(run(SANDBOX, [...verb, '--', NETPROBE, 'batch'], this.#options({ input })));
  }

  /** Starts libvirt, alone. Networks and guests are as they were. */
  startLibvirt(): void {
    this.#tool(['daemon', 'start']);
  }

  /** Kills libvirt, alone, and waits for it. */
  killLibvirt(): void {
    this.#tool(['daemon', 'kill']);
  }

  /** Kills and starts libvirt, alone: one of 11.3 whose rules are gone does not end by itself. */
  restartLibvirt(): void {
    this.killLibvirt();
    this.startLibvirt();
  }

  /** Installs a hook script below /etc/libvirt/hooks, and restarts libvirt, which looks for hooks when it starts. */
  installHook({
    path,
    content,
    mode,
  }: {
    readonly path: string;
    readonly content: string;
    readonly mode: number;
  }): void {
    const file = join(this.dir, 'etc', relative('/etc/libvirt', path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
    this.restartLibvirt();
  }

  /** Ends the host with all that runs on it, and removes its folder. */
  stop(): void {
    run(SANDBOX, ['stop', '--dir', this.dir]);
    rmSync(this.dir, { recursive: true, force: true });
  }

  #tool(words: readonly string[]): string {
    return runOrThrow(SANDBOX, words, this.#options());
  }

  #options(others: RunOptions = {}): RunOptions {
    return { env: { ...process.env, LIBVIRT_SANDBOX_DIR: this.dir }, seconds: START_LIMIT, ...others };
  }
}

/** As the tool itself does it for root, which takes twenty times as long to begin. */
function enterOf(dir: string, pid: number): readonly [string, ...string[]] {
  if (process.getuid?.() !== 0) return [SANDBOX, 'exec', '--dir', dir, '--'];
  const kinds = { net: 'net', mount: 'mnt', uts: 'uts', pid: 'pid', ipc: 'ipc' };
  const namespaces = Object.entries(kinds).map(([option, kind]) => `--${option}=/proc/${pid}/ns/${kind}`);
  return ['nsenter', ...namespaces, `--wdns=${process.cwd()}`, '--'];
}

/** The folder with a release; the machine's own, on Debian 12, is 9.0. */
function rootOf(release: Release): string {
  return release === '9.0' ? '' : treeOf(release);
}

function treeOf(name: TreeName): string {
  const part = treePart(name);
  if (current(part) === undefined) throw new LabError(`${part.label} is not in the cache: npm run lab:setup`);
  return part.folder;
}
