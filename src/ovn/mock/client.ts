import type { Stream } from '../../dial/stream.js';
import { Fields, listOf } from '../wire/fields.js';
import { type Json, printJson, readJson } from '../wire/json.js';
import { JsonTexts } from '../wire/json-texts.js';
import { Unreadable } from '../wire/unreadable.js';
import type { RowUpdate } from './contents.js';
import type { Client, MockDatabase } from './database.js';
import { MockMonitor } from './monitors.js';
import { Refusal } from './refusal.js';
import { schemaJson } from './tables.js';

/** Begins every list of updates: the mock does not remember old transactions. */
const NO_TRANSACTION = '00000000-0000-0000-0000-000000000000';

/** One client of the mock, at the server's end of its connection. */
export class MockClient implements Client {
  readonly #stream: Stream;
  readonly #database: MockDatabase;
  readonly #monitors = new Map<string, MockMonitor>();

  constructor(stream: Stream, database: MockDatabase) {
    this.#stream = stream;
    this.#database = database;
    const texts = new JsonTexts();
    stream.on('data', (part: Buffer) => {
      for (const { text, hasLongNumbers } of texts.feed(part)) this.#message(readJson(text, hasLongNumbers));
    });
  }

  /** Sends what has changed of the rows that the client watches. */
  hear(updates: readonly RowUpdate[]): void {
    for (const [id, monitor] of this.#monitors) {
      const changes = monitor.changes(updates);
      if (changes !== undefined) this.#send({ id: null, method: 'update3', params: [id, NO_TRANSACTION, changes] });
    }
  }

  /** Says that the client has a lock now. */
  say(method: 'locked', lock: string): void {
    this.#send({ id: null, method, params: [lock] });
  }

  /** Ends the connection. */
  end(): void {
    this.#stream.destroy();
  }

  #message(json: Json): void {
    const message = Fields.of(json, 'a message');
    const id = message.get('id') ?? null;
    if (message.get('method') === undefined || id === null) return;
    try {
      const result = this.#answer(message.text('method'), listOf(message.get('params'), 'the parameters'));
      this.#send({ id, result, error: null });
    } catch (error) {
      if (!(error instanceof Refusal) && !(error instanceof Unreadable)) throw error;
      const refused = error instanceof Refusal ? error.json : { error: 'syntax error', details: error.message };
      this.#send({ id, result: null, error: refused });
    }
  }

  #answer(method: string, params: readonly Json[]): Json {
    const [first = null, second = null, third = null] = params;
    switch (method) {
      case 'get_schema':
        return schemaJson();
      case 'transact':
        return this.#database.transact(params.slice(1), this);
      case 'monitor_cond':
        return SERVER; // asked of the database of databases alone
      case 'monitor_cond_since':
        return this.#watch(String(second), third);
      case 'monitor_cancel':
        return this.#cancel(String(first));
      case 'lock':
        return { locked: this.#database.lock(String(first), this) };
      case 'unlock':
        this.#database.unlock(String(first), this);
        return {};
      case 'echo':
        return [...params];
      case 'set_db_change_aware':
        return {};
      default:
        throw new Refusal('unknown method', method);
    }
  }

  #watch(id: string, tables: Json): Json {
    const monitor = new MockMonitor(tables);
    this.#monitors.set(id, monitor);
    return [false, NO_TRANSACTION, monitor.initial(this.#database.contents)];
  }

  #cancel(id: string): Json {
    this.#monitors.delete(id);
    return {};
  }

  #send(message: Json): void {
    if (!this.#stream.destroyed) this.#stream.write(printJson(message));
  }
}

/** What a server says of itself. */
const SERVER: Json = {
  Database: { mock: { initial: { name: 'OVN_Northbound', model: 'standalone', connected: true, leader: true } } },
};
