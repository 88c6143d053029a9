import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { run, runOrThrow } from '../support/run.js';
import { Guest, type GuestOptions } from './guest.js';
import { current, treePart, vmPart } from './parts.js';
import { type Probe, readProbes } from './probe.js';
import type { DaemonRelease } from './recipes.js';
import { folderOf, Sandbox } from './sandbox.js';
import { NETPROBE } from './tools.js';
import { Vm, type VmOptions } from './vm/vm.js';

export interface DaemonOptions {
  /** How it filters packets; `nftables` by default where it can, from 10.4 on. */
  readonly firewallBackend?: 'iptables' | 'nftables' | undefined;
}

/** The drivers of a daemon; each has a URI. */
type Driver = 'network' | 'qemu' | 'interface';

/** Seconds to wait for an answer: a kernel looks three seconds for a neighbour before it says that there is none. */
const PATIENCE = 4.5;

/** Stands between what commands print. */
const MARK = '@@next@@';

/** A real libvirt daemon on a host of its own: network, processes, and the folders that libvirt uses. */
export class Daemon {
  readonly release: DaemonRelease;
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

  readonly #sandbox: Sandbox;

  private constructor(release: DaemonRelease, sandbox: Sandbox) {
    this.#sandbox = sandbox;
    this.release = release;
    this.version = sandbox.value('VERSION');
    this.uri = sandbox.value('URI');
    this.virsh = sandbox.value('VIRSH');
    this.dir = sandbox.dir;
    this.root = rootOf(release);
    this.pid = sandbox.pid;
    this.enter = sandbox.enter;
  }

  /** Starts a daemon. It ends with this process at the latest, however that ends. */
  static start(release: DaemonRelease, { firewallBackend = 'nftables' }: DaemonOptions = {}): Daemon {
    const root = rootOf(release);
    const vm = vmPart();
    const sandbox = Sandbox.start(
      ...(root === '' ? [] : ['--root', root, '--firewall-backend', firewallBackend]),
      ...(current(vm) === undefined ? [] : ['--vm', vm.folder]),
    );
    return new Daemon(release, sandbox);
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

  /** Waits until the kernel has looked for twins of all IPv6 addresses of the host, which carry no packets before. */
  awaitAddresses(): void {
    this.inside('while ip -6 addr show tentative | grep -q inet6; do sleep 0.05; done');
  }

  /** Gives its host the nft of its release: an older one crashes over the rules of a newer. */
  useOwnNft(): void {
    if (this.root === '') return;
    this.inside(
      `printf '#!/bin/sh\\nexec chroot ${this.root} nft "$@"\\n' >/run/nft; chmod +x /run/nft; mount --bind /run/nft /usr/sbin/nft`,
    );
  }

  /** Plugs in a guest: a network namespace with a device, as a virtual machine has. */
  guest(name: string, options: GuestOptions): Guest {
    return Guest.plug((...words) => this.#sandbox.tool(...words), name, options);
  }

  /** Runs a shell script in a guest, by its name. @returns what it printed, without blanks at the ends */
  guestShell(name: string, script: string): string {
    return this.#sandbox.tool('guest', 'exec', name, '--', 'sh', '-c', script);
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
    this.#sandbox.tool('outside', ...(bridge === undefined ? [] : ['--bridge', bridge]), 'up');
  }

  /** Runs a shell script on the machine outside. @returns what it printed, without blanks at the ends */
  onOutside(script: string): string {
    return this.#sandbox.tool('outside', 'exec', '--', 'sh', '-c', script);
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
    const [probe] = readProbes(this.#sandbox.tryTool(['probe', from, ...words]));
    if (probe === undefined) throw new Error(`netprobe ${words.join(' ')} says nothing`);
    return probe;
  }

  /** Sends many packets at once from one place, a line as of {@link Daemon.probe} each, while others may be under way. */
  async probes(from: string, lines: readonly string[]): Promise<Probe[]> {
    const verb = { host: ['exec'], outside: ['outside', 'exec'] }[from] ?? ['guest', 'exec', from];
    const input = lines.map((line) => `${line} --timeout ${PATIENCE}\n`).join('');
    return readProbes(await this.#sandbox.tryToolBeside([...verb, '--', NETPROBE, 'batch'], input));
  }

  /** Starts libvirt, alone. Networks and guests are as they were. */
  startLibvirt(): void {
    this.#sandbox.tool('daemon', 'start');
  }

  /** Kills libvirt, alone, and waits for it. */
  killLibvirt(): void {
    this.#sandbox.tool('daemon', 'kill');
  }

  /** Kills and starts libvirt, alone: one of 11.3 whose rules are gone does not end by itself. */
  restartLibvirt(): void {
    this.killLibvirt();
    this.startLibvirt();
  }

  /** Changes settings of libvirtd.conf, written as they stand there, and restarts libvirt. */
  configure(settings: Readonly<Record<string, string>>): void {
    const file = join(this.dir, 'etc/libvirtd.conf');
    const rest = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !Object.hasOwn(settings, line.split(' ', 1).join()));
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
    writeFileSync(file, [...rest, ...lines, ''].join('\n'));
    this.restartLibvirt();
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
    this.#sandbox.stop();
  }
}

/** The folder with a release; the machine's own, on Debian 12, is 9.0. */
const rootOf = (release: DaemonRelease): string => (release === '9.0' ? '' : folderOf(treePart(release)));
