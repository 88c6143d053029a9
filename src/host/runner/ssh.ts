import { LibvirtError, TransportError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { wholeNumber } from '../../options/values.js';
import type { Exec, ExecRequest } from '../../process/exec.js';
import { localExec } from '../../process/local.js';
import { quote } from '../../shell/quote.js';
import { type Runner, withPrefix } from './runner.js';

/** Options of {@link sshRunner}. */
export interface SshRunnerOptions {
  /** User on the host. Default: ssh's own choice. */
  readonly user?: string | undefined;
  /** Port of its ssh server. Default: ssh's own choice. */
  readonly port?: number | undefined;
  /** File of the private key. Default: ssh's own choice. */
  readonly identityFile?: string | undefined;
  /** Further options as `ssh -o` takes them, such as `StrictHostKeyChecking=yes`. Default: none. */
  readonly options?: readonly string[] | undefined;
  /** Runs everything on the host through `sudo -n`, which never asks for a password. Default: false. */
  readonly sudo?: boolean | undefined;
  /** Seconds until an attempt to connect is given up. Default: 5. */
  readonly connectTimeoutS?: number | undefined;
  /** Runs ssh itself. Default: on this machine. */
  readonly exec?: Exec | undefined;
}

const OPTIONS: OptionNames<SshRunnerOptions> = {
  user: true,
  port: true,
  identityFile: true,
  options: true,
  sudo: true,
  connectTimeoutS: true,
  exec: true,
};

const CONNECT_TIMEOUT_S = 5;
/** ssh ends with this status when the connection fails. */
const SSH_FAILED = 255;

/**
 * Runs programs on another host with the ssh of the system, so that its keys, known hosts and `~/.ssh/config` count.
 * Nothing is ever asked. Every run is a new connection: one that is shared would not tell that the host is cut off.
 *
 * @param host - name or address, or an alias of `~/.ssh/config`
 * @param given - user, port, key
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for a host, user or port that ssh would take for something else
 */
export function sshRunner(host: string, given: SshRunnerOptions = {}): Runner {
  const options = optionsOf(given, OPTIONS, 'sshRunner');
  const { exec = localExec, sudo = false } = options;
  const args = argumentsOf(host, options);
  const label = options.user === undefined ? host : `${options.user}@${host}`;
  return {
    label,
    exec: async ({ onLine, signal, ...request }) => {
      const input = scriptForRequest(withPrefix(sudo ? ['sudo', '-n'] : [], { ...request, signal }));
      const lines = onLine === undefined ? {} : { onLine };
      const result = await exec({ file: 'ssh', args, env: {}, input, signal, ...lines });
      if (result.exitCode === SSH_FAILED) throw unreachable(label, result.stderr);
      return result;
    },
  };
}

function argumentsOf(host: string, { user, port, identityFile, options = [], connectTimeoutS }: SshRunnerOptions) {
  checkWord('host', host);
  if (user !== undefined) checkWord('user', user);
  if (port !== undefined) wholeNumber('port', port, 65_535);
  const fixed = ['BatchMode=yes', 'ControlMaster=no', 'ControlPath=none'];
  const all = [...fixed, `ConnectTimeout=${connectTimeoutS ?? CONNECT_TIMEOUT_S}`, ...options];
  return [
    '-T',
    ...all.flatMap((option) => ['-o', option]),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(identityFile === undefined ? [] : ['-i', identityFile]),
    '--',
    host,
    // The script comes by standard input: no login shell, whichever it is, gets to read anybody's text.
    'exec sh',
  ];
}

function checkWord(name: string, text: string): void {
  if (/^[^\s\p{Cc}-][^\s\p{Cc}]*$/u.test(text)) return;
  throw new LibvirtError(
    'INVALID_ARGUMENT',
    `${name} ${JSON.stringify(text)} is empty, begins with a dash or has blanks`,
  );
}

/** The request as a script; ssh's own status is kept for ssh. */
function scriptForRequest({ file, args, env, input }: ExecRequest): string {
  const words = [file, ...args].map(quote).join(' ');
  const variables = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}`);
  const source = input === undefined ? `${words} </dev/null` : `printf %s ${quote(input)} | ${words}`;
  return [...variables, source, `rc=$?; [ "$rc" -ne ${SSH_FAILED} ] || rc=254; exit "$rc"`, ''].join('\n');
}

const unreachable = (label: string, output: string): TransportError =>
  new TransportError('SSH_FAILED', `cannot reach ${label} by ssh: ${output.trim()}`, {
    hint: REMEDIES.SSH_FAILED,
    output,
    exitCode: SSH_FAILED,
    mayHaveChanged: true,
  });
