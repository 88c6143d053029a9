import type { RemainingTime } from '../async/deadline.js';
import type { Capabilities, Transport } from '../transport/operations.js';

/** The releases at both ends of a connection, asked for once. */
export class DaemonVersion {
  readonly #transport: Transport;
  #capabilities: Promise<Capabilities> | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The daemon's release; if its driver does not report one, that of the client beside it, if that is known. */
  async release(remaining: RemainingTime): Promise<string | undefined> {
    const { daemon, client } = await this.#ask(remaining);
    return daemon ?? client;
  }

  /** The daemon's release alone; absent when its driver does not report one. */
  async daemon(remaining: RemainingTime): Promise<string | undefined> {
    return (await this.#ask(remaining)).daemon;
  }

  #ask(remaining: RemainingTime): Promise<Capabilities> {
    this.#capabilities ??= this.#transport.call('host.capabilities', {}, remaining()).catch((error: unknown) => {
      this.#capabilities = undefined; // the next call may succeed
      throw error;
    });
    return this.#capabilities;
  }
}
