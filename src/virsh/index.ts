import { isIn } from '../client/filter.js';
import type {
  CallOptions,
  EventOptions,
  LeaseRecord,
  NetworkEvent,
  NetworkState,
  Operation,
  Operations,
  Transport,
} from '../client/operations.js';
import { LibvirtError, redact, TransportError } from '../errors/index.js';
import { badText, COMMANDS } from './commands.js';
import { readEvents } from './events.js';
import { type Exec, localExec } from './exec.js';
import { withFile } from './files.js';
import { listNetworks, lookUpNetwork } from './list.js';
import { linesOf, parseInterfaces, parseLeases, xmlOf } from './output.js';
import { VirshProcesses } from './process.js';

export type { Exec, ExecRequest, ExecResult, Running } from './exec.js';
export { localExec } from './exec.js';

/** Options of {@link virsh}. */
export interface VirshOptions {
  /** Which daemon: `qemu:///system`, `qemu+ssh://host/system`, `test:///default`, ... Default: virsh's own choice. */
  readonly uri?: string;
  /** Path of the daemon's socket, where it is not in its usual place; added to the URI. */
  readonly socket?: string;
  /** Name or path of the program. Default: `virsh`. */
  readonly path?: string;
  /** Runs virsh through `sudo -n`, which never asks for a password. Default: false. */
  readonly sudo?: boolean;
  /** Refuses changes on the daemon's side. Default: false. */
  readonly readOnly?: boolean;
  /** More environment for the program. Its `PATH`, `HOME`, `SSH_AUTH_SOCK` and `XDG_RUNTIME_DIR` are this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Longest time of a call in milliseconds. Default: 60,000; starting a network alone can take tens of seconds. */
  readonly timeoutMs?: number;
  /** Processes at once. Default: 2; more do not make a daemon faster. */
  readonly maxProcesses?: number;
  /** Runs the program: over ssh, in a container, in a test. Default: on this machine, with execa. */
  readonly exec?: Exec;
}

const TIMEOUT_MS = 60_000;
const MAX_PROCESSES = 2;
const KEPT_ENV = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SSH_AUTH_SOCK', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'TMPDIR'];

/**
 * The way to a daemon over `virsh`. Values never pass a shell and are never taken for options; definitions are
 * handed over in files that nobody else can read and that are gone afterwards.
 *
 * @param options - which daemon, and how the program is run
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for options that cannot be right
 */
export function virsh(options: VirshOptions = {}): Transport & VirshTransport {
  return new VirshTransport(options);
}

/** What {@link virsh} gives. */
export class VirshTransport implements Transport {
  readonly label: string;
  readonly #processes: VirshProcesses;

  /** @internal */
  constructor(options: VirshOptions) {
    const uri = uriOf(options);
    this.label = redact(uri ?? 'the default URI');
    this.#processes = new VirshProcesses({
      exec: options.exec ?? localExec,
      command: [...(options.sudo ? ['sudo', '-n'] : []), options.path ?? 'virsh'],
      options: ['-q', ...(options.readOnly ? ['-r'] : []), ...(uri === undefined ? [] : [`--connect=${uri}`])],
      env: environment(options.env ?? {}),
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      maxProcesses: options.maxProcesses ?? MAX_PROCESSES,
      label: this.label,
    });
  }

  /** How many processes were started so far. */
  get processesStarted(): number {
    return this.#processes.started;
  }

  /**
   * Carries out one operation.
   *
   * @throws `TransportError` with the code that fits, the signal's reason after an abort
   */
  async call<K extends Operation>(
    operation: K,
    input: Operations[K]['input'],
    options: CallOptions = {},
  ): Promise<Operations[K]['output']> {
    options.signal?.throwIfAborted();
    const bad = badText(input);
    if (bad !== undefined)
      throw new LibvirtError('INVALID_ARGUMENT', `${operation} cannot be carried out: ${bad}`, { operation });
    const output: unknown = await this.#carryOut(operation, { ...input }, options);
    return output as Operations[K]['output']; // each branch below gives what its operation promises
  }

  async #carryOut(
    operation: Operation,
    input: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<unknown> {
    switch (operation) {
      case 'host.versions':
        return this.#versions(options);
      case 'host.interfaces':
        return parseInterfaces(await this.#read(['iface-list', '--all'], operation, options));
      case 'network.list':
        return this.#list(input, options);
      case 'network.lookup':
        return lookUpNetwork(this.#processes, String(input['network']), options);
      case 'network.leases':
        return this.#leases(input, options);
      case 'network.ports':
        return linesOf(
          await this.#read(['net-port-list', `--network=${input['network']}`, '--uuid'], operation, options, input),
        ).map((line) => line.trim());
      case 'metadata.get':
        return this.#metadata(input, options);
      default:
        return this.#simple(operation, input, options);
    }
  }

  async #simple(
    operation: keyof typeof COMMANDS,
    input: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<string | undefined> {
    const { words, changes, file, since } = COMMANDS[operation];
    const subject = { operation, network: nameOf(input), changes };
    const run = async (path: string) => {
      const files = file === undefined ? [] : [{ path, content: String(input[file]) }];
      return this.#processes.command(words(input, path), subject, options, files);
    };
    const done = file === undefined ? run('') : withFile(String(input[file]), run);
    const { stdout } = await done.catch((error: unknown) => {
      throw since === undefined ? error : tooOld(error, operation, since);
    });
    return changes ? undefined : xmlOf(stdout);
  }

  async #read(
    words: readonly string[],
    operation: Operation,
    options: CallOptions,
    input: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const { stdout } = await this.#processes.command(
      words,
      { operation, network: nameOf(input), changes: false },
      options,
    );
    return stdout;
  }

  async #versions(options: CallOptions) {
    const subject = { operation: 'host.versions', changes: false };
    const [client, daemon] = await this.#processes.batch(['version', 'version --daemon'], subject, options);
    return {
      ...versionIn('client', /library:? .*?(\d+\.\d+\.\d+)/i, client?.stdout),
      ...versionIn('daemon', /daemon:? .*?(\d+\.\d+\.\d+)/i, daemon?.stdout),
    };
  }

  async #list(input: Readonly<Record<string, unknown>>, options: CallOptions): Promise<readonly NetworkState[]> {
    const networks = await listNetworks(this.#processes, input['xml'] === true, options);
    return networks.filter((network) => isIn(network, input));
  }

  async #leases(input: Readonly<Record<string, unknown>>, options: CallOptions): Promise<readonly LeaseRecord[]> {
    const mac = input['mac'] === undefined ? [] : [`--mac=${input['mac']}`];
    return parseLeases(
      await this.#read(['net-dhcp-leases', `--network=${input['network']}`, ...mac], 'network.leases', options, input),
    );
  }

  async #metadata(input: Readonly<Record<string, unknown>>, options: CallOptions): Promise<string | undefined> {
    const words = [
      'net-metadata',
      `--network=${input['network']}`,
      `--uri=${input['uri']}`,
      ...(input['inactive'] === true ? ['--config'] : []),
    ];
    try {
      const text = await this.#read(words, 'metadata.get', options, input);
      return text.trim() === '' ? undefined : text.trim();
    } catch (error) {
      if (error instanceof TransportError && error.code === 'NOT_FOUND') return undefined;
      throw tooOld(error, 'metadata.get', '9.7.0');
    }
  }

  /** Tells what happens, from a virsh that runs until the reader stops. */
  events(options: EventOptions = {}): AsyncIterable<NetworkEvent> {
    return readEvents(this.#processes, options);
  }

  /** Ends what is running. */
  async close(): Promise<void> {
    this.#processes.close();
  }
}

const nameOf = (input: Readonly<Record<string, unknown>>): string | undefined =>
  typeof input['network'] === 'string' ? input['network'] : undefined;

const versionIn = (end: string, pattern: RegExp, text = '') => {
  const version = pattern.exec(text)?.[1];
  return version === undefined ? {} : { [end]: version };
};

function uriOf({ uri, socket }: VirshOptions): string | undefined {
  for (const text of [uri, socket]) {
    if (text !== undefined && (text === '' || /[\0\n]/.test(text)))
      throw new LibvirtError('INVALID_ARGUMENT', 'the URI or socket is empty or has a line break');
  }
  if (socket === undefined) return uri;
  const base = uri ?? 'qemu:///system';
  const withTransport = /^[\w]+:\/\//.test(base) ? base.replace('://', '+unix://') : base;
  return `${withTransport}${withTransport.includes('?') ? '&' : '?'}socket=${encodeURI(socket)}`;
}

/** The same answers everywhere: English, UTC, and nothing of the caller's own that it does not need. */
function environment(extra: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = KEPT_ENV.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name] ?? ''] as const],
  );
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC', ...extra };
}

/** Says which release is needed when virsh does not know a command. */
function tooOld(error: unknown, operation: string, since: string): unknown {
  if (!(error instanceof TransportError) || error.code !== 'UNSUPPORTED') return error;
  return new TransportError(
    'UNSUPPORTED',
    `${operation} needs libvirt ${since} or later on both ends: ${error.libvirtMessage ?? ''}`,
    {
      hint: 'update libvirt, or keep the text in the definition itself',
      operation,
      network: error.network,
      libvirtMessage: error.libvirtMessage,
    },
  );
}
