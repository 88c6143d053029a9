import { availableParallelism } from 'node:os';
import { redact } from '../errors/index.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { checkText, timeoutOf, wholeNumber } from '../options/values.js';
import type { Exec } from '../process/exec.js';
import { localExec } from '../process/local.js';
import { secretsOf } from '../transport/uri-secrets.js';

/** Options of {@link virsh}. */
export interface VirshOptions {
  /**
   * Which daemon: `qemu:///system`, `qemu+ssh://host/system`, `test:///default`, ... Default: virsh's own choice, which
   * `LIBVIRT_DEFAULT_URI` can say. Over ssh nothing is ever asked: `no_tty=1` is added unless the URI has its own.
   */
  readonly uri?: string | undefined;
  /** Path of the daemon's socket, where it is not in its usual place; added to the URI, by default `qemu:///system`. */
  readonly socket?: string | undefined;
  /** Name or path of the program. Default: `virsh`. */
  readonly path?: string | undefined;
  /** Runs virsh through `sudo -n`, which never asks for a password. Default: false. */
  readonly sudo?: boolean | undefined;
  /** Has the daemon refuse all changes. Default: false. */
  readonly readOnly?: boolean | undefined;
  /** Variables for the program, beside those of this process. sudo takes most of them away. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Longest time of a call in milliseconds. Default: 60,000, since starting a network can take tens of seconds. */
  readonly timeoutMs?: number | undefined;
  /** Processes at once, streams of events apart. Default: one a core, from 2 to 4: a daemon does one thing at a time. */
  readonly maxProcesses?: number | undefined;
  /** Runs the program: over ssh, in a container, in a test. Default: on this machine, with execa. */
  readonly exec?: Exec | undefined;
  /** Told of each process that is started: its command line, without secrets. */
  readonly log?: ((line: string) => void) | undefined;
}

const OPTIONS: OptionNames<VirshOptions> = {
  uri: true,
  socket: true,
  path: true,
  sudo: true,
  readOnly: true,
  env: true,
  timeoutMs: true,
  maxProcesses: true,
  exec: true,
  log: true,
};

/** Settings that all processes of a transport share. */
export interface Settings {
  readonly exec: Exec;
  readonly log: ((line: string) => void) | undefined;
  /** The program with what stands before it, such as sudo. */
  readonly command: readonly string[];
  /** Options of virsh itself. */
  readonly virsh: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly maxProcesses: number;
  /** Names the daemon in messages. */
  readonly label: string;
  /** Values that no message may hold. */
  readonly secrets: readonly string[];
}

const TIMEOUT_MS = 60_000;
const LEAST_PROCESSES = 2;
const MOST_PROCESSES = 4;

/** Checks the options and says what they come to. */
export function settingsOf(given: VirshOptions): Settings {
  const options = optionsOf(given, OPTIONS, 'virsh');
  const { path = 'virsh', sudo = false, readOnly = false, env = {}, exec = localExec, log } = options;
  for (const name of ['uri', 'socket', 'path'] as const) checkText(name, options[name]);
  const uri = uriOf(options);
  const processes = Math.min(Math.max(availableParallelism(), LEAST_PROCESSES), MOST_PROCESSES);
  return {
    exec,
    log,
    command: [...(sudo ? ['sudo', '-n'] : []), path],
    virsh: [...(readOnly ? ['-r'] : []), ...(uri === undefined ? [] : [`--connect=${uri}`])],
    // The same answers everywhere: in English, and with times that do not depend on the place.
    env: { ...env, LC_ALL: 'C', TZ: 'UTC' },
    timeoutMs: timeoutOf(options.timeoutMs ?? TIMEOUT_MS),
    maxProcesses: wholeNumber('maxProcesses', options.maxProcesses ?? processes),
    label: redact(uri ?? 'the default connection'),
    secrets: [...secretsOf(uri ?? ''), ...Object.values(env)],
  };
}

function uriOf({ uri, socket }: VirshOptions): string | undefined {
  if (socket === undefined) return uri === undefined ? undefined : quiet(uri);
  const base = uri ?? 'qemu:///system';
  const local = /^\w+:\/\//.test(base) ? base.replace('://', '+unix://') : base;
  return withParameter(local, 'socket', socket);
}

/** ssh must not ask for a password or about a host key: there is nobody to answer. */
const quiet = (uri: string): string =>
  /^\w+\+ssh:/.test(uri) && !/[?&]no_tty=/.test(uri) ? withParameter(uri, 'no_tty', '1') : uri;

function withParameter(uri: string, name: string, value: string): string {
  return `${uri}${uri.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value).replaceAll('%2F', '/')}`;
}
