import { execFile } from 'node:child_process';
import type { CallOptions } from '../../async/deadline.js';
import type { HostDevice, HostFacts, HostRoute, HostView } from '../../client/state/host-view.js';
import { type LibvirtError, TransportError } from '../../errors/index.js';

/**
 * Runs a program to its end and gives what it printed.
 *
 * @param file - the program
 * @param args - its arguments; never a shell's
 * @throws when it fails; the message should hold what it complained of
 */
export type Run = (file: string, args: readonly string[], options: CallOptions) => Promise<string>;

/** Options of {@link localView}. */
export interface LocalViewOptions {
  /** Runs `ip` and `sh` where libvirt runs. Default: on this machine. */
  readonly run?: Run | undefined;
}

/**
 * Looks at a host with `ip` of iproute2, and puts devices into bridges and marks them with it, which needs root.
 *
 * @param options - how programs are run: over ssh for another machine
 *
 * @example
 * ```ts
 * await host.networks.ensure(lab, { restart: 'always', view: localView() });
 * ```
 */
export function localView({ run = runHere }: LocalViewOptions = {}): HostView {
  return {
    look: async (options = {}) => {
      const [links = '', routes4 = '', routes6 = '', acceptRa = ''] = (await run('sh', ['-c', LOOK], options)).split(
        NEXT,
      );
      return factsOf(
        parseList(links),
        [...routesOf(parseList(routes4), '0.0.0.0/0', 32), ...routesOf(parseList(routes6), '::/0', 128)],
        acceptRaOf(acceptRa),
      );
    },
    attach: async (device, bridge, options = {}) => {
      await run('ip', ['link', 'set', 'dev', device, 'master', bridge], options);
      await run('ip', ['link', 'set', 'dev', device, 'up'], options);
    },
    setAlias: async (device, text, options = {}) => {
      await run('ip', ['link', 'set', 'dev', device, 'alias', text], options);
    },
  };
}

/** Stands between what the programs print; no device is called so. */
const NEXT = '\n--\n';

/** All in one process, which over ssh is one connection. There is no accept_ra on hosts without IPv6. */
const LOOK = [
  'ip -j -d address show',
  'ip -j -4 route show table all',
  'ip -j -6 route show table all',
  '{ grep -H . /proc/sys/net/ipv6/conf/*/accept_ra || true; }',
].join(" && printf '\\n--\\n' && ");

const acceptRaOf = (text: string): ReadonlyMap<string, number> =>
  new Map(
    [...text.matchAll(/^\/proc\/sys\/net\/ipv6\/conf\/(.+)\/accept_ra:(\d+)$/gm)].map(([, name = '', value]) => [
      name,
      Number(value),
    ]),
  );

type Item = Readonly<Record<string, unknown>>;

const isItem = (value: unknown): value is Item => typeof value === 'object' && value !== null;
const itemsOf = (value: unknown): readonly Item[] => (Array.isArray(value) ? value.filter(isItem) : []);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Old releases of iproute2 print nothing at all for an empty list. */
function parseList(text: string): readonly Item[] {
  if (text.trim() === '') return [];
  try {
    return itemsOf(JSON.parse(text));
  } catch {
    throw new TransportError('UNEXPECTED_REPLY', 'cannot look at the host: ip printed no JSON', { output: text });
  }
}

const factsOf = (
  links: readonly Item[],
  routes: readonly HostRoute[],
  acceptRa: ReadonlyMap<string, number>,
): HostFacts => ({ devices: links.map((link) => deviceOf(link, acceptRa)), routes });

function deviceOf(link: Item, acceptRa: ReadonlyMap<string, number>): HostDevice {
  const name = textOf(link['ifname']) ?? '';
  const info = link['linkinfo'];
  return {
    name,
    kind: isItem(info) ? textOf(info['info_kind']) : undefined,
    mac: textOf(link['address']),
    master: textOf(link['master']),
    alias: textOf(link['ifalias']),
    addresses: itemsOf(link['addr_info']).flatMap(({ local, prefixlen }) =>
      typeof local === 'string' && typeof prefixlen === 'number' ? [{ address: local, prefix: prefixlen }] : [],
    ),
    acceptRa: acceptRa.get(name),
  };
}

/** `ip` prints a word for all addresses, and no prefix for one alone. Routes that refuse are none. */
const routesOf = (routes: readonly Item[], all: string, bits: number): HostRoute[] =>
  routes.flatMap(({ type = 'unicast', dst, dev, protocol }) => {
    if (type !== 'unicast' || typeof dst !== 'string') return [];
    const to = dst === 'default' ? all : dst.includes('/') ? dst : `${dst}/${bits}`;
    return [{ to, dev: textOf(dev), protocol: textOf(protocol) }];
  });

const runHere: Run = (file, args, { signal, timeoutMs }) =>
  new Promise((resolve, reject) => {
    const options = { encoding: 'utf8', signal, timeout: timeoutMs ?? 0, maxBuffer: 1 << 28 } as const;
    execFile(file, [...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(signal?.aborted === true ? signal.reason : failure(file, error, stderr));
    });
  });

function failure(
  file: string,
  { code, killed }: Error & { code?: unknown; killed?: boolean },
  stderr: string,
): LibvirtError {
  // The shell ends with 127 when there is no such program.
  if (code === 'ENOENT' || code === 127)
    return new TransportError('TOOL_MISSING', `cannot look at the host: there is no ${file === 'sh' ? 'ip' : file}`, {
      hint: 'install iproute2',
    });
  if (killed === true) return new TransportError('TIMEOUT', `cannot look at the host: ${file} did not end in time`);
  const said = stderr.trim() || `exit status ${String(code)}`;
  return new TransportError('CONNECTION_FAILED', `${file} failed on the host: ${said}`, { output: stderr });
}
