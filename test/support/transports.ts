import { join } from 'node:path';
import type { Transport } from '../../src/index.js';
import { socket } from '../../src/socket/index.js';
import { virsh } from '../../src/virsh/index.js';
import type { Daemon } from '../lab/index.js';

/** Libvirt's own protocol, over the socket of a daemon. */
export const overSocket = ({ dir }: Daemon): Transport =>
  socket({ uri: 'network:///system', path: join(dir, 'run/libvirt-sock') });

/** The transports of this library, each to one daemon. */
export const TRANSPORTS: Readonly<Record<string, (daemon: Daemon) => Transport>> = {
  virsh: ({ uri, virsh: path }) => virsh({ uri, path }),
  'its socket': overSocket,
};
