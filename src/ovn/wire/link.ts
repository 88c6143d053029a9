import type { Lost } from '../../dial/errors.js';
import type { Shareable } from '../../dial/shared-connection.js';
import { type DatabaseSchema, readSchema } from '../database/schema.js';
import type { CallLimits, Connection } from './connection.js';
import { Fields } from './fields.js';
import type { Json } from './json.js';
import { Refused } from './refused.js';

/** What a server says of the database, and which server is wanted. */
export interface Wanted {
  readonly database: string;
  /** True if only the leader of a cluster will do. */
  readonly leaderOnly: boolean;
}

/** A server answers and cannot be used. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
  /** True if that may change soon: while a cluster elects its leader. */
  readonly isForNow: boolean;

  constructor(message: string, isForNow: boolean) {
    super(message);
    this.isForNow = isForNow;
  }
}

/** A connection to a server that serves the database. */
export class Link implements Shareable {
  readonly connection: Connection;
  readonly schema: DatabaseSchema;

  private constructor(connection: Connection, schema: DatabaseSchema) {
    this.connection = connection;
    this.schema = schema;
  }

  /**
   * Finds out whether a server can be used, and watches that it remains so: a leader that is deposed loses the connection.
   *
   * @throws {@link Unusable}, or what calls throw
   */
  static async open(connection: Connection, wanted: Wanted, limits: CallLimits): Promise<Link> {
    await becomeAware(connection, limits);
    await watchServer(connection, wanted, limits);
    const schema = await connection.call('get_schema', [wanted.database], readSchema, limits);
    return new Link(connection, schema);
  }

  get ended(): Promise<Lost> {
    return this.connection.ended;
  }

  setIdle(isIdle: boolean): void {
    this.connection.setIdle(isIdle);
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

/** Without it a server closes the connection whenever one of its databases changes its state. */
async function becomeAware(connection: Connection, limits: CallLimits): Promise<void> {
  await connection.call('set_db_change_aware', [true], () => {}, limits).catch(ignoreRefusal);
}

/** Servers before Open vSwitch 2.9 know neither the call nor the database of servers. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Refused)) throw error;
}

const WATCH = 'server of the database';

async function watchServer(connection: Connection, wanted: Wanted, limits: CallLimits): Promise<void> {
  const columns = ['name', 'model', 'connected', 'leader'];
  const request = { Database: [{ columns, where: [['name', '==', wanted.database]] }] };
  const unlisten = connection.listen(WATCH, (_, [, updates]) => {
    const why = changeIn(updates, wanted);
    if (why !== undefined) connection.destroy(why);
  });
  const read = (initial: Json) => checkServer(initial, wanted);
  await connection.call('monitor_cond', ['_Server', WATCH, request], read, limits).catch((error: unknown) => {
    unlisten();
    ignoreRefusal(error);
  });
}

/** @throws {@link Unusable} */
function checkServer(initial: Json, { database, leaderOnly }: Wanted): void {
  const [row] = rowsIn(initial);
  const values = row?.get('initial');
  if (values === undefined) throw new Unusable(`it does not have the database ${database}`, false);
  const server = Fields.of(values, 'a row of Database');
  // Columns with their default are left out.
  if (server.get('connected') !== true) throw new Unusable('it is not connected to most of its cluster', true);
  if (leaderOnly && server.get('leader') !== true) throw new Unusable('it is not the leader of its cluster', true);
}

function changeIn(updates: Json | undefined, { leaderOnly }: Wanted): string | undefined {
  for (const row of rowsIn(updates)) {
    if (row.get('delete') !== undefined) return 'the server does not have the database any more';
    const changed = Fields.of(row.get('modify') ?? {}, 'a change of Database');
    if (changed.get('connected') === false) return 'the server has lost most of its cluster';
    if (leaderOnly && changed.get('leader') === false) return 'the server is not the leader of its cluster any more';
  }
  return undefined;
}

function rowsIn(updates: Json | undefined): readonly Fields[] {
  const tables = Fields.of(updates, 'what the server says of its databases');
  if (tables.get('Database') === undefined) return [];
  return [...tables.object('Database').entries].map(([, row]) => Fields.of(row, 'a row of Database'));
}
