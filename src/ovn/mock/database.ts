import type { Json } from '../wire/json.js';
import type { MockClient } from './client.js';
import { type Contents, EMPTY, type RowUpdate } from './contents.js';
import { transact } from './transaction.js';

/** The database of the mock, and its locks. */
export class MockDatabase {
  #contents: Contents = EMPTY;
  readonly #clients = new Set<MockClient>();
  /** Who holds each lock, first, and who waits for it. */
  readonly #locks = new Map<string, readonly MockClient[]>();

  get contents(): Contents {
    return this.#contents;
  }

  get clients(): ReadonlySet<MockClient> {
    return this.#clients;
  }

  join(client: MockClient): void {
    this.#clients.add(client);
  }

  /** The locks of a client that is gone go to others. */
  leave(client: MockClient): void {
    this.#clients.delete(client);
    for (const lock of this.#locks.keys()) this.unlock(lock, client);
  }

  /** Carries out a transaction; everybody hears of it before the answer. */
  transact(operations: readonly Json[], client: MockClient): Json {
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
  lock(lock: string, client: MockClient): boolean {
    this.#locks.set(lock, [...(this.#locks.get(lock) ?? []), client]);
    return this.#holder(lock) === client;
  }

  unlock(lock: string, client: MockClient): void {
    const wasHolder = this.#holder(lock) === client;
    this.#locks.set(
      lock,
      (this.#locks.get(lock) ?? []).filter((one) => one !== client),
    );
    if (wasHolder) this.#holder(lock)?.say('locked', lock);
  }

  #holder(lock: string): MockClient | undefined {
    return this.#locks.get(lock)?.[0];
  }

  #tell(updates: readonly RowUpdate[]): void {
    if (updates.length > 0) for (const client of this.#clients) client.hear(updates);
  }
}
