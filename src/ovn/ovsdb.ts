import { orAbort } from '../async/abort.js';
import { CALL_OPTIONS, type CallOptions } from '../async/deadline.js';
import { Lost } from '../dial/errors.js';
import { pemOf } from '../dial/pem.js';
import { LibvirtError } from '../errors/index.js';
import { isList, kindOfValue } from '../options/kind-of-value.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { checkSignal, checkText, timeoutOf } from '../options/values.js';
import type { OvsdbRow } from '../ovn-model/values.js';
import { compact } from '../schema/values.js';
import { endingInTime, type Stop, type Task } from '../transport/with-deadline.js';
import { checkFlag } from './check-options.js';
import { identifierOf } from './database/encode.js';
import { encodeOperation } from './database/encode-operation.js';
import { knownOperation } from './database/known-operation.js';
import { changesDatabase, type OvsdbOperation, type OvsdbResult, type OvsdbWhere } from './database/operations.js';
import { readResults } from './database/read-results.js';
import { knownWatches, type OvsdbWatches } from './database/watch-request.js';
import { failureOf, withObstacle } from './failure.js';
import { Follower } from './follower.js';
import { LockOnLink, OvsdbLock } from './lock.js';
import type { OvsdbMock } from './mock/mock.js';
import { Monitor, type Report } from './monitor.js';
import { OvsdbReplica } from './replica.js';
import type { Tls } from './wire/dial.js';
import { endpointsOf } from './wire/endpoints.js';
import type { Json } from './wire/json.js';
import { Session } from './wire/session.js';

/** Certificates for TLS, as text or bytes in PEM. */
export interface OvsdbTls {
  /** Certificates of the authorities that sign servers. */
  readonly ca: string | Uint8Array;
  /** Certificate of this client. */
  readonly cert?: string | Uint8Array | undefined;
  /** Private key of this client. */
  readonly key?: string | Uint8Array | undefined;
  /** Name that the certificate of each server must have. Default: any, since certificates of `ovs-pki` have no host names. */
  readonly serverName?: string | undefined;
}

/** Options of {@link ovsdb}. */
export interface OvsdbOptions {
  /**
   * Where the servers of the database listen, in the form of OVN's own programs: `unix:PATH`, `tcp:HOST:PORT` or
   * `ssl:HOST:PORT`; the servers of a cluster as an array, or with commas between them; or a database in memory, {@link ovsdbMock}.
   */
  readonly endpoints: string | readonly string[] | OvsdbMock;
  /** Name of the database. Default: `OVN_Northbound`. */
  readonly database?: string | undefined;
  /** Certificates for endpoints of the form `ssl:`. */
  readonly tls?: OvsdbTls | undefined;
  /** Accepts only the leader of a cluster, so that what one client has written all others read. Default: true. */
  readonly leaderOnly?: boolean | undefined;
  /** Longest time of a call in milliseconds. Default: 60,000. */
  readonly timeoutMs?: number | undefined;
}

const OPTIONS: OptionNames<OvsdbOptions> = {
  endpoints: true,
  database: true,
  tls: true,
  leaderOnly: true,
  timeoutMs: true,
};

const TLS_OPTIONS: OptionNames<OvsdbTls> = { ca: true, cert: true, key: true, serverName: true };

/** Options of {@link Ovsdb.select}. */
export interface OvsdbSelectOptions extends CallOptions {
  /** Default: all rows. */
  readonly where?: OvsdbWhere | undefined;
  /** Default: all columns. */
  readonly columns?: readonly string[] | undefined;
}

const SELECT_OPTIONS: OptionNames<OvsdbSelectOptions> = { ...CALL_OPTIONS, where: true, columns: true };

const TIMEOUT_MS = 60_000;

/**
 * Client of an OVSDB database that {@link ovsdb} returns. One connection serves all calls. It opens with the first of them, and
 * again after a loss.
 */
export class Ovsdb implements AsyncDisposable {
  /** The endpoints, for messages. */
  readonly label: string;
  /** Name of the database. */
  readonly database: string;
  readonly #timeoutMs: number;
  readonly #leaderOnly: boolean;
  readonly #closed = new AbortController();
  readonly #session: Session;
  readonly #locks = new Set<string>();
  #monitors = 0;

  /** @internal */
  constructor(given: OvsdbOptions) {
    const options = optionsOf(given, OPTIONS, 'ovsdb');
    const { database = 'OVN_Northbound', leaderOnly = true } = options;
    checkText('database', database);
    checkFlag('leaderOnly', leaderOnly);
    const endpoints = endpointsOf(options.endpoints);
    const isSecure = endpoints.some(({ by }) => by === 'ssl');
    this.label = endpoints.map(({ label }) => label).join(',');
    this.database = database;
    this.#timeoutMs = timeoutOf(options.timeoutMs ?? TIMEOUT_MS);
    this.#leaderOnly = leaderOnly;
    const settings = { endpoints, database, leaderOnly, timeoutMs: this.#timeoutMs };
    this.#session = new Session({ ...settings, tls: tlsOf(options.tls, isSecure) }, this.#closed.signal);
  }

  /**
   * Carries out operations, all or none.
   *
   * @param operations - in their order; later ones see what earlier ones have changed
   * @returns a result for each operation
   * @throws `LibvirtError` codes `INVALID_ARGUMENT` and `UNSUPPORTED` before anything is sent; {@link OvsdbError} codes
   *   `DATABASE_CHANGED` when a `wait` does not hold, `DATABASE_REFUSED` for all else that the server refuses;
   *   `TransportError` when it cannot be asked or does not answer; the signal's own reason
   */
  async transact(operations: readonly OvsdbOperation[], options: CallOptions = {}): Promise<readonly OvsdbResult[]> {
    if (!isList(operations))
      throw new LibvirtError(
        'INVALID_ARGUMENT',
        `transact needs an array of operations, not ${kindOfValue(operations)}`,
        {
          hint: "such as [{ op: 'select', table: 'ACL', where: 'all' }]",
        },
      );
    const known = operations.map(knownOperation);
    const changes = changesDatabase(known);
    const task = this.#task(changes ? 'change' : 'read', 'ovsdb.transact', changes);
    return this.#call(task, options, (stop) => this.#transact(known, stop));
  }

  /**
   * Reads rows of a table.
   *
   * @param table - such as `Logical_Switch`
   * @param options - which rows and columns
   * @throws as {@link Ovsdb.transact}
   */
  async select(table: string, options: OvsdbSelectOptions = {}): Promise<readonly OvsdbRow[]> {
    const { where = 'all', columns, ...call } = optionsOf(options, SELECT_OPTIONS, 'select');
    const [result] = await this.transact([{ op: 'select', table, where, columns }], call);
    return result?.rows ?? [];
  }

  /**
   * Reads tables and keeps them up to date, until it is closed.
   *
   * @param watches - the tables, each with the columns and rows that are wanted
   * @param options - limits of the first reading
   * @throws as {@link Ovsdb.transact}
   */
  async replica(watches: OvsdbWatches, options: CallOptions = {}): Promise<OvsdbReplica> {
    const task = this.#task('watch', 'ovsdb.watch');
    const wait = <T>(limits: CallOptions, work: (signal: AbortSignal) => Promise<T>) =>
      this.#call(task, limits, ({ signal }) => work(signal));
    const replica = new OvsdbReplica({ ...this.#watcher(), wait, task }, knownWatches(watches));
    try {
      await replica.until(() => true, options);
      return replica;
    } catch (error) {
      await replica.close();
      throw error;
    }
  }

  /**
   * Makes a follower of some rows, for calls that each begin with them. It reads nothing before the first one.
   *
   * @param hear - called after each change of the rows
   * @internal
   */
  follow(watches: OvsdbWatches, hear: (report: Report) => void): Follower {
    const task = this.#task('read', 'ovsdb.follow');
    const wait = (limits: CallOptions, work: (signal: AbortSignal) => Promise<void>) =>
      this.#call(task, limits, ({ signal }) => work(signal));
    return new Follower({ ...this.#watcher(), wait }, watches, hear);
  }

  /**
   * Listens to rows over one connection, until that is lost or the signal says stop.
   *
   * @param hear - called with all rows first, then after each change
   * @returns how the connection was lost, or why it could not be made
   * @internal
   */
  async listen(watches: OvsdbWatches, hear: (report: Report) => void, signal: AbortSignal): Promise<LibvirtError> {
    const monitor = new Monitor(this.#watcher().id, watches, hear);
    try {
      const lost = await this.#session.use(signal, async (link) => {
        const end = await monitor.begin(link, { signal });
        return orAbort(link.ended, signal).finally(end);
      });
      throw lost;
    } catch (error) {
      return failureOf(error, this.#task('watch', 'ovsdb.watch'), false);
    }
  }

  /** Aborts when the client is closed. @internal */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /**
   * Waits for a lock of the server. Each server of a cluster has locks of its own, so it takes the leader.
   *
   * @param name - letters, digits and underscores
   * @param options - limits of the waiting
   * @throws as {@link Ovsdb.transact}; `LibvirtError` code `INVALID_ARGUMENT` also for a lock that this client holds or waits for
   */
  async lock(name: string, options: CallOptions = {}): Promise<OvsdbLock> {
    identifierOf(name, 'the name of the lock');
    if (!this.#leaderOnly)
      throw notHere(name, 'leaderOnly is false, and each server has locks of its own', 'leave leaderOnly out');
    if (this.#locks.has(name))
      throw notHere(name, 'this client holds it or waits for it already', 'release it first, or use another client');
    this.#locks.add(name);
    const task = this.#task('take a lock of', 'ovsdb.lock');
    try {
      const taken = await this.#call(task, options, (stop) => this.#take(name, stop.signal));
      const release = () => this.#session.hold(taken.link, () => taken.release());
      return new OvsdbLock(name, taken.lost, () => release().finally(() => this.#locks.delete(name)));
    } catch (error) {
      this.#locks.delete(name);
      throw error;
    }
  }

  /** Ends the connection with its locks and monitors, and waits until it is gone. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#session.close();
  }

  /** Ends the connection. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** What watches rows over the connection of this client. */
  #watcher(): { readonly session: Session; readonly closed: AbortSignal; readonly id: string } {
    return { session: this.#session, closed: this.#closed.signal, id: `monitor ${++this.#monitors}` };
  }

  #task(verb: string, operation: string, changes = false): Task {
    return { failure: `cannot ${verb} the database ${this.database} on ${this.label}`, operation, changes };
  }

  #transact(operations: readonly OvsdbOperation[], { signal, begin }: Stop): Promise<readonly OvsdbResult[]> {
    return this.#session.use(signal, ({ connection, schema }) => {
      const params = operations.map((operation, i) => encodeOperation(operation, schema, i));
      const read = (answer: Json) => readResults(answer, operations, schema);
      return connection.call('transact', [this.database, ...params], read, { signal, begin });
    });
  }

  #take(name: string, signal: AbortSignal): Promise<LockOnLink> {
    return this.#session.use(signal, async (link) => {
      const lock = new LockOnLink(link, name);
      await lock.take(signal);
      return lock;
    });
  }

  async #call<T>(task: Task, given: CallOptions, work: (stop: Stop) => Promise<T>): Promise<T> {
    const options = optionsOf(given, CALL_OPTIONS, task.operation);
    checkSignal(options.signal);
    const limits = {
      signal: options.signal,
      timeoutMs: options.timeoutMs ?? this.#timeoutMs,
      closed: this.#closed.signal,
    };
    let wasSent = false;
    const working = endingInTime(task, limits, async ({ signal, begin }) => {
      const noted = () => {
        wasSent = true;
        begin();
      };
      const stop = { signal, begin: noted };
      try {
        return await (task.changes ? work(stop) : againAfterLoss(work, stop));
      } catch (error) {
        throw signal.aborted ? error : failureOf(error, task, wasSent);
      }
    });
    return working.catch((error: unknown) => {
      throw wasSent ? error : withObstacle(error, this.#session.obstacle);
    });
  }
}

/** Reads once more over a new connection where the one that the call has found was lost: its server may have gone long before. */
async function againAfterLoss<T>(work: (stop: Stop) => Promise<T>, stop: Stop): Promise<T> {
  try {
    return await work(stop);
  } catch (error) {
    if (!(error instanceof Lost) || stop.signal.aborted) throw error;
    return work(stop);
  }
}

function tlsOf(given: OvsdbTls | undefined, isSecure: boolean): Tls {
  if (given === undefined && !isSecure) return {};
  if (given === undefined)
    throw invalidTls('an endpoint has the form ssl: and there are no certificates', 'pass tls: { ca }');
  if (!isSecure) throw invalidTls('there are certificates and no endpoint has the form ssl:', 'write ssl:HOST:PORT');
  const tls = optionsOf(given, TLS_OPTIONS, 'tls of ovsdb');
  for (const [name, pem] of Object.entries({ ca: tls.ca, cert: tls.cert, key: tls.key }))
    if (pem !== undefined && typeof pem !== 'string' && !(pem instanceof Uint8Array))
      throw invalidTls(
        `tls.${name} is neither text nor bytes`,
        `pass the content of the file, such as readFileSync('${name}.pem')`,
      );
  const [ca, cert, key] = [pemOf(tls, 'ca'), pemOf(tls, 'cert'), pemOf(tls, 'key')];
  if (ca === undefined)
    throw invalidTls('tls.ca is missing', 'pass the certificate of the authority, such as cacert.pem');
  if ((cert === undefined) !== (key === undefined)) throw invalidTls('tls.cert and tls.key go together', 'pass both');
  return compact({ ca, cert, key, serverName: tls.serverName });
}

const invalidTls = (why: string, hint: string): LibvirtError => new LibvirtError('INVALID_ARGUMENT', why, { hint });

const notHere = (name: string, why: string, hint: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `the lock ${name} cannot be taken: ${why}`, { hint });

/**
 * Makes a client of an OVSDB database, such as the northbound database of OVN: over a local socket, TCP or TLS, with the leader
 * of a cluster found. Nothing is sent before the first call.
 *
 * @param options - where the database is
 * @throws `LibvirtError` code `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * await using northbound = ovsdb({ endpoints: 'unix:/var/run/ovn/ovnnb_db.sock' });
 * const switches = await northbound.select('Logical_Switch', { columns: ['name', 'ports'] });
 * ```
 */
export const ovsdb = (options: OvsdbOptions): Ovsdb => new Ovsdb(options);
