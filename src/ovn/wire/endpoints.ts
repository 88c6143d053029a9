import type { Stream } from '../../dial/stream.js';
import { LibvirtError } from '../../errors/index.js';
import { isList } from '../../options/kind-of-value.js';
import { shown } from '../../options/shown.js';

/** Opens a connection to a server within this program; nothing where it is not there. */
export interface InMemory {
  readonly label: string;
  connect(): Stream | undefined;
}

/** Where a server of a database listens. */
export type Endpoint =
  | { readonly by: 'memory'; readonly server: InMemory; readonly label: string }
  | { readonly by: 'unix'; readonly path: string; readonly label: string }
  | { readonly by: 'tcp' | 'ssl'; readonly host: string; readonly port: number; readonly label: string };

const FORM = /^(?:unix:([^\0\n,]+)|(tcp|ssl):(?:\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|([^\s:,[\]\0]+)):(\d{1,5}))$/;

/**
 * Reads a list of endpoints in the form of OVN's own programs, such as `ssl:10.0.0.1:6641,ssl:10.0.0.2:6641`.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function endpointsOf(given: string | readonly string[] | InMemory): readonly [Endpoint, ...Endpoint[]] {
  if (isInMemory(given)) return [{ by: 'memory', server: given, label: given.label }];
  const texts: readonly unknown[] = typeof given === 'string' ? given.split(',') : isList(given) ? given : [given];
  const [first, ...rest] = texts.map(endpointOf);
  if (first === undefined) throw invalidEndpoint('', 'the list is empty');
  return [first, ...rest];
}

const isInMemory = (given: string | readonly string[] | InMemory): given is InMemory =>
  typeof given === 'object' && given !== null && !isList(given) && 'connect' in given;

function endpointOf(given: unknown): Endpoint {
  const label = typeof given === 'string' ? given.trim() : shown(given);
  const [, path, by, bracketed, plain, port] = FORM.exec(label) ?? [];
  if (path !== undefined) return { by: 'unix', path, label };
  const host = bracketed ?? plain;
  if (host === undefined)
    throw invalidEndpoint(label, 'it has none of the forms unix:PATH, tcp:HOST:PORT, ssl:HOST:PORT');
  if (Number(port) < 1 || Number(port) > 65_535) throw invalidEndpoint(label, `${port} is not a port`);
  return { by: by === 'ssl' ? 'ssl' : 'tcp', host, port: Number(port), label };
}

const invalidEndpoint = (label: string, why: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `the endpoint "${label}" cannot be used: ${why}`, {
    hint: 'write it as for ovn-nbctl --db; IPv6 addresses stand in brackets: tcp:[::1]:6641',
  });
