import { join } from 'node:path';
import type { Transport } from '../../src/index.js';
import { socket } from '../../src/socket/index.js';
import { virsh } from '../../src/virsh/index.js';
import type { Daemon } from '../lab/index.js';

/** virsh, a process for each call. */
export const overVirsh = ({ uri, virsh: path }: Daemon): Transport => virsh({ uri, path });

/** Libvirt's own protocol, over the socket of a daemon. */
export const overSocket = ({ dir }: Daemon): Transport =>
  socket({ uri: 'network:///system', path: join(dir, 'run/libvirt-sock') });

/** An old release over virsh and a newer one over its socket: for suites to which the way to a daemon does not matter. */
export const ONE_WAY_EACH = [
  { release: '9.0', way: 'virsh', transportTo: overVirsh },
  { release: '11.3', way: 'its socket', transportTo: overSocket },
] as const;

/** The transports of this library, each to one daemon. */
export const TRANSPORTS: Readonly<Record<string, (daemon: Daemon) => Transport>> = {
  virsh: overVirsh,
  'its socket': overSocket,
};
