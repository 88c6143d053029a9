// A program of its own that ensures a network, and is killed at a change of the host.
import { connect, type EnsureOptions, Network } from '../../src/index.js';
import { socket } from '../../src/socket/index.js';
import { virsh } from '../../src/virsh/index.js';
import { viewThrough } from '../lab/index.js';
import { Killer } from './killer.js';

/** What the program gets as its only argument. */
export interface Orders {
  readonly uri: string;
  /** Path of virsh. */
  readonly virsh?: string | undefined;
  /** Path of the daemon's socket, in place of virsh. */
  readonly socket?: string | undefined;
  /** What stands before commands on the host. */
  readonly enter: readonly [string, ...string[]];
  readonly desired: string;
  readonly options: EnsureOptions;
  /** At which change it is killed, from 1, and whether when that has been done. */
  readonly at: number;
  readonly isAfter: boolean;
}

const orders: Orders = JSON.parse(process.argv[2] ?? '');
const killer = new Killer(orders.at, orders.isAfter, () => process.kill(process.pid, 'SIGKILL'));
const { uri, virsh: path, socket: socketPath } = orders;
const transport =
  socketPath === undefined ? virsh({ uri, path }) : socket({ uri: 'network:///system', path: socketPath });
const host = connect(killer.transport(transport));
const view = killer.view(viewThrough(orders.enter));
await host.networks.ensure(Network.parse(orders.desired), { ...orders.options, view });
await host.close();
