// A program of its own that ensures a network for each line it reads, and prints how that ended.
import { createInterface } from 'node:readline';
import { connect, type EnsureOptions, LibvirtError, Network } from '../../src/index.js';
import { virsh } from '../../src/virsh/index.js';

/** A line that it reads. */
export interface RivalOrder {
  readonly desired: string;
  readonly options: EnsureOptions;
}

/** A line that it prints. */
export interface RivalEnd {
  readonly error?: string;
}

const [uri = '', path = ''] = process.argv.slice(2);
await using host = connect(virsh({ uri, path }));

const endOf = (order: RivalOrder): Promise<RivalEnd> =>
  host.networks.ensure(Network.parse(order.desired), order.options).then(
    () => ({}),
    (error: unknown) => ({ error: LibvirtError.is(error) ? `${error.code}: ${error.message}` : String(error) }),
  );

for await (const line of createInterface(process.stdin)) console.log(JSON.stringify(await endOf(JSON.parse(line))));
