import type { Rest } from '../async/deadline.js';
import type { Transport } from '../transport/operations.js';

/** Asks once a connection which release is at the other end. */
export class ReleaseOf {
  readonly #transport: Transport;
  #release: Promise<string | undefined> | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The daemon's release; where its driver does not tell, that of the client beside it, if that is known. */
  get(rest: Rest): Promise<string | undefined> {
    this.#release ??= this.#ask(rest).catch((error: unknown) => {
      this.#release = undefined; // it may be known the next time
      throw error;
    });
    return this.#release;
  }

  async #ask(rest: Rest): Promise<string | undefined> {
    const { daemon, client } = await this.#transport.call('host.capabilities', {}, rest());
    return daemon ?? client;
  }
}
