import type { Json } from '../wire/json.js';
import { type Contents, EMPTY, type RowUpdate } from './contents.js';
import { transact } from './transaction.js';

/** A client, as the database needs it. */
export interface Client {
  /** Sends what has changed of the rows that it watches. */
  hear(updates: readonly RowUpdate[]): void;
  /** Says that it has a lock now. */
  say(method: 'locked', lock: string): void;
  /** Ends its connection. */
  end(): void;
}

/** The database of the mock, and its locks. */
export class MockDatabase {
  #contents: Contents = EMPTY;
  readonly #clients = new Set<Client>();
  /** Who holds each lock, first, and who waits for it. */
  readonly #locks = new Map<string, readonly Client[]>();

  get contents(): Contents {
    return this.#contents;
  }

  get clients(): ReadonlySet<Client> {
    return this.#clients;
  }

  join(client: Client): void {
    this.#clients.add(client);
  }

  /** The locks of a client that is gone go to others. */
  leave(client: Client): void {
    this.#clients.delete(client);
    for (const lock of this.#locks.keys()) this.unlock(lock, client);
  }

  /** Carries out a transaction; everybody hears of it before the answer. */
  transact(operations: readonly Json[], client: Client): Json {
    const { results, contents, updates } = transact(
      this.#contents,
      operations,
      (lock) => this.#holder(lock) === client,
    );
    this.#contents = contents;
    this.#tell(updates);
    return results;
  }

  /** Takes a lock. @returns false where the client has to wait */
  lock(lock: string, client: Client): boolean {
    this.#locks.set(lock, [...(this.#locks.get(lock) ?? []), client]);
    return this.#holder(lock) === client;
  }

  unlock(lock: string, client: Client): void {
    const wasHolder = this.#holder(lock) === client;
    this.#locks.set(
      lock,
      (this.#locks.get(lock) ?? []).filter((one) => one !== client),
    );
    if (wasHolder) this.#holder(lock)?.say('locked', lock);
  }

  #holder(lock: string): Client | undefined {
    return this.#locks.get(lock)?.[0];
  }

  #tell(updates: readonly RowUpdate[]): void {
    if (updates.length > 0) for (const client of this.#clients) client.hear(updates);
  }
}
