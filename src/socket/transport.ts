import type { CallOptions } from '../async/deadline.js';
import { Lost } from '../dial/errors.js';
import { LibvirtError, redact } from '../errors/index.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { checkText, timeoutOf } from '../options/values.js';
import { eventStream } from '../transport/event-stream.js';
import { guestEventStream } from '../transport/guest-events.js';
import type { GuestEvent } from '../transport/guest-operations.js';
import type { Subject } from '../transport/libvirt-error.js';
import { METADATA_EVENTS, withRelease } from '../transport/min-releases.js';
import type {
  EventOptions,
  GuestEventOptions,
  NetworkEvent,
  Operation,
  Operations,
  Transport,
} from '../transport/operations.js';
import { type Caller, runOperation } from '../transport/run-operation.js';
import { secretsOf } from '../transport/uri-secrets.js';
import type { Stop } from '../transport/with-deadline.js';
import { addressOf } from './address.js';
import { Asking } from './asking.js';
import { checkSize } from './check-size.js';
import { SASL_OPTIONS, type SaslOptions, TLS_OPTIONS, type TlsOptions } from './credentials.js';
import { feedOf } from './events.js';
import type { Handlers } from './handler.js';
import { handlersFor } from './operations.js';
import { Session } from './session.js';
import { Refusal } from './wire/errors.js';

/** Options of {@link socket}. */
export interface SocketOptions {
  /**
   * Which daemon, as libvirt's own clients are given it: `qemu:///system`, `qemu+ssh://user@host/system`,
   * `qemu+tls://host/system`, `qemu+tcp://host/system`. Default: `LIBVIRT_DEFAULT_URI`, else `qemu:///system`.
   */
  readonly uri?: string | undefined;
  /** Path of the daemon's socket, where it is not in its usual place. */
  readonly path?: string | undefined;
  /** Has the daemon refuse all changes. Default: false. */
  readonly readOnly?: boolean | undefined;
  /** Certificates, where they are not in libvirt's own files. */
  readonly tls?: TlsOptions | undefined;
  /** User and password, where the daemon asks for them. */
  readonly sasl?: SaslOptions | undefined;
  /** A program whose input and output are the connection, in place of the URI's own way. */
  readonly command?: readonly [file: string, ...args: string[]] | undefined;
  /** Longest time of a call in milliseconds. Default: 60,000, since starting a network can take tens of seconds. */
  readonly timeoutMs?: number | undefined;
}

const OPTIONS: OptionNames<SocketOptions> = {
  uri: true,
  path: true,
  readOnly: true,
  tls: true,
  sasl: true,
  command: true,
  timeoutMs: true,
};

const TIMEOUT_MS = 60_000;

/** Transport that {@link socket} returns. */
export class SocketTransport implements Transport {
  /** The URI without its secrets. */
  readonly label: string;
  /** Events come over the connection of the calls. */
  readonly hasCheapEvents = true;
  readonly #caller: Caller;
  readonly #closed = new AbortController();
  readonly #session: Session;
  readonly #handlers: Handlers<Operation>;
  readonly #secrets: readonly string[];

  /** @internal */
  constructor(given: SocketOptions) {
    const options = optionsOf(given, OPTIONS, 'socket');
    const { uri = process.env['LIBVIRT_DEFAULT_URI'] ?? 'qemu:///system', path, readOnly = false, command } = options;
    const tls = optionsOf(options.tls ?? {}, TLS_OPTIONS, 'tls of socket');
    const sasl = options.sasl === undefined ? undefined : optionsOf(options.sasl, SASL_OPTIONS, 'sasl of socket');
    checkText('uri', uri);
    checkText('path', path);
    this.label = redact(uri);
    const timeoutMs = timeoutOf(options.timeoutMs ?? TIMEOUT_MS);
    this.#caller = { label: this.label, timeoutMs, closed: this.#closed.signal };
    this.#secrets = [...secretsOf(uri), ...secretsOfAccount(sasl)];
    const address = addressOf({ uri, path, readOnly, command });
    this.#session = new Session({ address, readOnly, tls, sasl, timeoutMs }, this.#closed.signal);
    this.#handlers = handlersFor((asking) => this.#session.readsUpdatesInOrder(asking.link, asking.signal));
  }

  /**
   * Carries out one operation. What only reads is asked once more when the daemon has hung up in the meantime; a change that
   * was sent never is.
   *
   * @throws `OperationError` when libvirt refuses, `TransportError` when it could not be asked or did not answer,
   *   `LibvirtError` code `INVALID_ARGUMENT` for text that the protocol cannot carry and for networks that the daemon could
   *   take but never send, over 4 MiB when it prints them; the signal's own reason. Updates are checked one by one: many
   *   together can still make a network too large.
   */
  async call<K extends Operation>(
    operation: K,
    input: Operations[K]['input'],
    options: CallOptions = {},
  ): Promise<Operations[K]['output']> {
    return runOperation({ operation, input, options }, this.#caller, async (subject, stop) => {
      const sent = new Sent(stop);
      await checkSize(operation, input, subject);
      try {
        return await this.#ask(operation, input, sent);
      } catch (error) {
        if (stop.signal.aborted) throw error;
        throw await this.#failure(error, subject, sent.hasChanged);
      }
    });
  }

  /** Tells what happens, on the connection that calls use too. */
  events(options: EventOptions = {}): AsyncIterable<NetworkEvent> {
    const subject: Subject = { operation: 'network.events', label: this.label };
    const failure = async (error: unknown) =>
      withRelease(
        await this.#failure(error, subject, false),
        options.metadata === true ? METADATA_EVENTS : undefined,
        subject,
      );
    const feed = feedOf(this.#session, options, failure);
    return eventStream(this.label, options, this.#closed.signal, feed);
  }

  /** Tells what happens to guests and their devices, on the same connection. How that is done loads with the first reader. */
  guestEvents(options: GuestEventOptions = {}): AsyncIterable<GuestEvent> {
    const subject: Subject = { operation: 'guest.events', label: this.label };
    return guestEventStream(this.label, options, this.#closed.signal, async (queue, signal) => {
      const { guestFeedOf } = await import('./guest-events.js');
      await guestFeedOf(this.#session, options, (error) => this.#failure(error, subject, false))(queue, signal);
    });
  }

  /** Ends the connection, and waits until it is gone. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#session.close();
  }

  async #ask<K extends Operation>(
    operation: K,
    input: Operations[K]['input'],
    sent: Sent,
  ): Promise<Operations[K]['output']> {
    const once = () =>
      this.#session.use(sent.signal, async (link) => {
        const asking = new Asking(link, sent);
        try {
          return await this.#handlers[operation](input, asking);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          const { understood } = await import('./foreign-words.js');
          throw await understood(error, { operation, input }, asking);
        }
      });
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof Lost) || sent.hasChanged) throw error;
      return once();
    }
  }

  /** Makes the library's error of what was thrown. What that takes loads with the first failure. */
  async #failure(error: unknown, subject: Subject, connected: boolean): Promise<LibvirtError> {
    if (LibvirtError.is(error)) return error;
    const { failureOf } = await import('./failure.js');
    return failureOf(error, subject, { connected, shown: (text) => this.#shown(text) });
  }

  /** Some of libvirt's words end with a blank, which virsh leaves out. */
  #shown(text: string): string {
    return redact(text.trim(), this.#secrets);
  }
}

/** A password in plain text, and as it may go over the wire. */
const secretsOfAccount = (account: SaslOptions | undefined): readonly string[] =>
  account === undefined ? [] : [account.password, Buffer.from(account.password).toString('base64')];

/** What of an operation has reached the daemon. */
class Sent implements Stop {
  readonly signal: AbortSignal;
  readonly #begin: () => void;
  hasChanged = false;

  constructor({ signal, begin }: Stop) {
    this.signal = signal;
    this.#begin = begin;
  }

  readonly begin = (): void => {
    this.hasChanged = true;
    this.#begin();
  };
}

/**
 * The way to a daemon over libvirt's own protocol, without any program: a local socket, TLS, TCP, or one ssh for the whole
 * connection. One connection serves all calls and events; it opens with the first call, and does not keep a program alive
 * while nothing is asked.
 *
 * @param options - which daemon, and how to log in
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for a URI that cannot be right, `UNSUPPORTED` for one that needs `virsh()`
 *
 * @example
 * ```ts
 * await using host = connect(socket({ uri: 'qemu+ssh://kvm1/system' }));
 * ```
 */
export const socket = (options: SocketOptions = {}): SocketTransport => new SocketTransport(options);
