// What a connection URI asks for: https://libvirt.org/uri.html
import { LibvirtError, redact } from '../errors/index.js';
import { quote } from '../shell/quote.js';

/** A socket, and the URI that its daemon is given. */
export interface SocketPlace {
  readonly path: string;
  readonly name: string;
}

/** How the bytes reach the daemon. */
export type Way =
  | { readonly by: 'unix'; readonly sockets: readonly SocketPlace[] }
  | { readonly by: 'tcp' | 'tls'; readonly host: string; readonly port: number }
  | { readonly by: 'command'; readonly command: readonly [file: string, ...args: string[]] };

/** Where a daemon is, and what it is asked for first. */
export interface Address {
  readonly way: Way;
  /** The URI that the daemon itself is given, such as `qemu:///system`. */
  readonly name: string;
  /** The folder of the client's certificates, where the URI names one. */
  readonly pkiPath?: string | undefined;
  /** False where the URI says that the server's certificate is not to be checked. */
  readonly verify: boolean;
}

/** What a URI is made of. */
interface Parts {
  readonly driver: string;
  readonly transport: string | undefined;
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
}

const PORTS = { tcp: 16_509, tls: 16_514 } as const;

/** Options that say more than the URI. */
export interface AddressOptions {
  readonly uri: string;
  /** Path of the daemon's socket. */
  readonly path?: string | undefined;
  readonly readOnly: boolean;
  /** Replaces everything between this program and the daemon. */
  readonly command?: readonly [file: string, ...args: string[]] | undefined;
}

/**
 * Finds the way to a daemon.
 *
 * @throws {@link LibvirtError} codes `INVALID_ARGUMENT`, and `UNSUPPORTED` for what only virsh can do
 */
export function addressOf(options: AddressOptions): Address {
  const parts = partsOf(options.uri);
  if (parts.driver === 'test')
    throw onlyVirsh(options.uri, 'the test driver runs inside of its client, without a daemon');
  return {
    way: wayOf(parts, options),
    name: nameOf(parts),
    pkiPath: parts.query.get('pkipath'),
    verify: parts.query.get('no_verify') !== '1',
  };
}

function partsOf(uri: string): Parts {
  const [, driver, transport, user, bracketed, plain, port, path = '', query = ''] = PATTERN.exec(uri) ?? [];
  if (driver === undefined) throw invalid(uri, 'it does not have the form of qemu:///system or qemu+ssh://host/system');
  if (transport === undefined && path === '' && (plain === 'system' || plain === 'session'))
    throw invalid(uri, `${plain} is where the host stands: write ${driver}:///${plain}`);
  return {
    driver,
    transport,
    user: user === undefined ? undefined : decoded(uri, user),
    host: bracketed ?? plain ?? '',
    port: port === undefined ? undefined : Number(port),
    path: path === '' ? '/' : path,
    query: new Map(query.split('&').flatMap((pair) => (pair === '' ? [] : [pairOf(uri, pair)]))),
  };
}

const PATTERN =
  /^([a-z]+)(?:\+([a-z0-9]+))?:\/\/(?:([^@/?]*)@)?(?:\[([^\]]*)\]|([^:/?]*))(?::(\d{1,5}))?(\/[^?#]*)?(?:\?([^#]*))?$/;

function pairOf(uri: string, pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  return at === -1 ? [pair, ''] : [pair.slice(0, at), decoded(uri, pair.slice(at + 1))];
}

function decoded(uri: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw invalid(uri, 'it has a % that is not followed by two digits', cause);
  }
}

function wayOf(parts: Parts, options: AddressOptions): Way {
  if (options.command !== undefined) return { by: 'command', command: options.command };
  const transport = parts.transport ?? (parts.host === '' ? 'unix' : 'tls');
  if (transport === 'unix') return { by: 'unix', sockets: socketsOf(parts, options) };
  if (transport === 'tcp' || transport === 'tls')
    return { by: transport, host: parts.host || 'localhost', port: parts.port ?? PORTS[transport] };
  if (transport === 'ssh') return { by: 'command', command: sshOf(parts, options) };
  throw onlyVirsh(options.uri, `the transport ${transport} is not among unix, ssh, tls and tcp`);
}

const nameOf = ({ driver, path, query }: Parts): string => query.get('name') ?? `${driver}://${path}`;

/**
 * The sockets to try, one after the other. Where each driver has a daemon of its own, that of networks comes first: it knows
 * its own URI alone.
 */
function socketsOf(parts: Parts, { path, readOnly }: AddressOptions): readonly [SocketPlace, ...SocketPlace[]] {
  const name = nameOf(parts);
  const given = path ?? parts.query.get('socket');
  if (given !== undefined)
    return [{ path: given, name: given.includes('virtnetworkd') ? `network://${parts.path}` : name }];
  const isSession = parts.path === '/session';
  const folder = isSession
    ? `${process.env['XDG_RUNTIME_DIR'] ?? `/run/user/${process.getuid?.()}`}/libvirt`
    : '/run/libvirt';
  // A session has no socket that only reads.
  const at = (daemon: string) => `${folder}/${daemon}-sock${readOnly && !isSession ? '-ro' : ''}`;
  return [
    { path: at('virtnetworkd'), name: `network://${parts.path}` },
    ...(parts.driver === 'qemu' ? [{ path: at('virtqemud'), name }] : []),
    { path: at('libvirt'), name },
  ];
}

/** One login for the whole connection, with the user's own ssh, which must not ask: nobody is there to answer. */
function sshOf(parts: Parts, options: AddressOptions): readonly [string, ...string[]] {
  if (parts.host === '') throw invalid(options.uri, 'it names no host for ssh');
  const { query } = parts;
  const keyFile = query.get('keyfile');
  const words = [
    ...(parts.port === undefined ? [] : ['-p', String(parts.port)]),
    ...(parts.user === undefined ? [] : ['-l', parts.user]),
    ...(keyFile === undefined ? [] : ['-i', keyFile]),
    ...(query.get('no_tty') === '0' ? [] : ['-T', '-e', 'none', '-o', 'BatchMode=yes']),
    ...(query.get('no_verify') === '1' ? ['-o', 'StrictHostKeyChecking=no'] : []),
  ];
  return [query.get('command') ?? 'ssh', ...words, '--', parts.host, remoteCommand(parts, options)];
}

/** Older hosts have no virt-ssh-helper, which knows where the sockets are; there netcat reaches the socket. */
function remoteCommand(parts: Parts, options: AddressOptions): string {
  const netcat = parts.query.get('netcat') ?? 'nc';
  const socket = socketsOf(parts, options).at(-1)?.path ?? '';
  const helper = `virt-ssh-helper ${options.readOnly ? '-r ' : ''}${quote(`${parts.driver}://${parts.path}`)}`;
  const direct = `${quote(netcat)} -U ${quote(socket)}`;
  const proxy =
    parts.query.get('proxy') ?? (options.path === undefined && !parts.query.has('socket') ? 'auto' : 'netcat');
  const script =
    proxy === 'native'
      ? `exec ${helper}`
      : proxy === 'netcat'
        ? `exec ${direct}`
        : `if command -v virt-ssh-helper >/dev/null 2>&1; then exec ${helper}; else exec ${direct}; fi`;
  // The code of a failure there comes from its words in English.
  return `sh -c ${quote(`LC_ALL=C; export LC_ALL; ${script}`)}`;
}

const invalid = (uri: string, why: string, cause?: unknown): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `the URI ${redact(uri)} cannot be used: ${why}`, {
    hint: 'see https://libvirt.org/uri.html',
    cause,
  });

const onlyVirsh = (uri: string, why: string): LibvirtError =>
  new LibvirtError('UNSUPPORTED', `the URI ${redact(uri)} cannot be reached by a socket: ${why}`, {
    hint: 'use virsh() of libvirt-network/virsh for it',
  });
