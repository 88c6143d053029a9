import { connect as connectOver, type Host } from './client/index.js';
import { type SocketOptions, socket } from './socket/index.js';
import { virsh } from './virsh/index.js';

export type { Host } from './client/index.js';
export type { SocketOptions } from './socket/index.js';

/** Options of {@link connect}. */
export interface ConnectOptions extends Omit<SocketOptions, 'uri'> {}

/**
 * Connects to a daemon by its URI. libvirt's own protocol is spoken wherever a socket, TLS, TCP or ssh leads to the daemon;
 * `virsh` runs for `test:///`, whose driver has no daemon. The connection opens with the first call.
 *
 * @param uri - a libvirt connection URI, such as `qemu:///system` or `qemu+ssh://kvm1/system`. Default:
 *   `LIBVIRT_DEFAULT_URI`, else `qemu:///system`
 * @param options - how to log in, and how long a call may take
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for a URI that cannot be right, `UNSUPPORTED` for a transport that needs
 *   `virsh()`
 *
 * @example
 * ```ts
 * await using host = connect('qemu:///system');
 * ```
 */
export function connect(
  uri = process.env['LIBVIRT_DEFAULT_URI'] ?? 'qemu:///system',
  options: ConnectOptions = {},
): Host {
  if (/^test(?:\+\w+)?:/.test(uri))
    return connectOver(virsh({ uri, readOnly: options.readOnly, timeoutMs: options.timeoutMs }));
  return connectOver(socket({ ...options, uri }));
}
