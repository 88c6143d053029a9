import { sleep } from '../../async/sleep.js';
import { Lost, NoConnection } from '../../dial/errors.js';
import type { ErrorCode } from '../../errors/index.js';
import { Connection } from './connection.js';
import { dial, type Tls } from './dial.js';
import type { Endpoint } from './endpoints.js';
import { Link, Unusable, type Wanted } from './link.js';

/** What connections to a database are made with. */
export interface OpeningSettings extends Wanted {
  readonly endpoints: readonly [Endpoint, ...Endpoint[]];
  readonly tls: Tls;
  /** Longest time that opening a connection may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** Why a server cannot be used. */
interface Failure {
  /** The endpoint. */
  readonly label: string;
  readonly code: ErrorCode;
  readonly why: string;
  readonly isForNow: boolean;
  readonly cause: unknown;
}

/** Longest time for one of several servers, so that a dead one does not take the time of all. */
const ATTEMPT_MS = 5000;

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;

/** Opens connections to a server of a database that can be used, beginning with the one that was found last. */
export class Opener {
  readonly #settings: OpeningSettings;
  #first = 0;
  #failures: readonly Failure[] = [];

  constructor(settings: OpeningSettings) {
    this.#settings = settings;
  }

  /**
   * Tries one server after the other. While a cluster elects its leader, it tries them all again.
   *
   * @param closed - ends it
   * @throws {@link NoConnection} with the reason for each server
   */
  async open(closed: AbortSignal): Promise<Link> {
    const late = AbortSignal.timeout(this.#settings.timeoutMs);
    const signal = AbortSignal.any([closed, late]);
    try {
      for (let ms = FIRST_PAUSE_MS; ; ms = Math.min(2 * ms, LONGEST_PAUSE_MS)) {
        const link = await this.#tryEach(signal);
        if (link !== undefined) return link;
        if (!this.#failures.some(({ isForNow }) => isForNow)) break;
        await sleep(ms, signal);
      }
    } catch (error) {
      if (!late.aborted) throw error;
    }
    throw this.#none(late.aborted);
  }

  /** Says why each server could not be used so far, while none can. */
  get obstacle(): string | undefined {
    return this.#failures.length === 0
      ? undefined
      : this.#failures.map(({ label, why }) => `${label}: ${why}`).join('; ');
  }

  async #tryEach(signal: AbortSignal): Promise<Link | undefined> {
    const failures: Failure[] = [];
    for (const endpoint of this.#inTurn()) {
      const opened = await this.#try(endpoint, signal);
      this.#failures = opened instanceof Link ? [] : failures;
      if (opened instanceof Link) return opened;
      failures.push(opened);
    }
    return undefined;
  }

  #inTurn(): readonly Endpoint[] {
    const { endpoints } = this.#settings;
    return [...endpoints.slice(this.#first), ...endpoints.slice(0, this.#first)];
  }

  async #try(endpoint: Endpoint, signal: AbortSignal): Promise<Link | Failure> {
    const { endpoints, tls } = this.#settings;
    const attempt = endpoints.length > 1 ? AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]) : signal;
    try {
      const connection = new Connection(await dial(endpoint, tls, attempt));
      const link = await this.#openOver(connection, attempt);
      this.#first = endpoints.indexOf(endpoint);
      return link;
    } catch (error) {
      signal.throwIfAborted();
      return failureOf(endpoint, attempt.aborted ? new NoConnection(`no answer within ${ATTEMPT_MS} ms`) : error);
    }
  }

  async #openOver(connection: Connection, signal: AbortSignal): Promise<Link> {
    try {
      return await Link.open(connection, this.#settings, { signal });
    } catch (error) {
      connection.destroy('the connection could not be opened');
      throw error;
    }
  }

  #none(isLate: boolean): NoConnection {
    const { database, timeoutMs } = this.#settings;
    const codes = new Set(this.#failures.map(({ code }) => code));
    const [code = 'CONNECTION_FAILED'] = codes;
    const time = isLate ? ` within ${timeoutMs} ms` : '';
    const why = this.obstacle ?? 'no answer';
    return new NoConnection(`no server of ${database} can be used${time}: ${why}`, {
      code: codes.size === 1 ? code : 'CONNECTION_FAILED',
      cause: this.#failures.at(-1)?.cause,
    });
  }
}

function failureOf(endpoint: Endpoint, error: unknown): Failure {
  const why = error instanceof Error ? error.message : String(error);
  const isForNow = error instanceof Unusable && error.isForNow;
  return { label: endpoint.label, why, isForNow, code: codeFor(endpoint, error, why), cause: error };
}

function codeFor({ by }: Endpoint, error: unknown, why: string): ErrorCode {
  if (error instanceof NoConnection) return error.code ?? 'CONNECTION_FAILED';
  if (error instanceof Unusable && !error.isForNow) return 'NOT_FOUND';
  // With TLS 1.3 a server refuses the client's certificate only after the handshake.
  return by === 'ssl' && error instanceof Lost && /ssl|tls|certificate/i.test(why)
    ? 'CERTIFICATE_FAILED'
    : 'CONNECTION_FAILED';
}
