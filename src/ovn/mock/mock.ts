import type { Stream } from '../../dial/stream.js';
import { streamPair } from '../wire/stream-pair.js';
import { MockClient } from './client.js';
import { MockDatabase } from './database.js';

/** A northbound database in memory that {@link ovsdbMock} returns: what `ovn({ northbound })` takes in place of a server. */
export class OvsdbMock {
  /** Names the mock in messages. */
  readonly label = 'mock';
  readonly #database = new MockDatabase();
  #isReachable = true;

  /** Clients that are connected. */
  get connections(): number {
    return this.#database.clients.size;
  }

  /** Cuts all connections, as a server that is started again does. The database stays. */
  disconnect(): void {
    for (const client of this.#database.clients) client.end();
  }

  /** Cuts all connections, and refuses new ones until {@link OvsdbMock.start}. */
  stop(): void {
    this.#isReachable = false;
    this.disconnect();
  }

  /** Accepts connections after {@link OvsdbMock.stop}. */
  start(): void {
    this.#isReachable = true;
  }

  /** A connection of a new client; nothing while the mock is stopped. @internal */
  connect(): Stream | undefined {
    if (!this.#isReachable) return undefined;
    const [here, there] = streamPair();
    const client = new MockClient(there, this.#database);
    this.#database.join(client);
    there.on('close', () => this.#database.leave(client));
    return here;
  }
}

/**
 * Makes an empty northbound database in memory, for tests of programs that use `ovn`: it answers as `ovsdb-server` does, with the tables that networks
 * need. There is no OVN above it, so that nothing becomes of the rows: ports are never up, and dynamic addresses are never chosen, unless the
 * test writes these columns.
 *
 * @example
 * ```ts
 * const northbound = ovsdbMock();
 * await using cloud = ovn({ northbound });
 * await cloud.networks.ensure(IsolatedNetwork.create('lab').subnet('172.30.0.1/24'));
 * ```
 */
export const ovsdbMock = (): OvsdbMock => new OvsdbMock();
