import { mayHaveChanged } from './changed.js';
import type { ErrorCode } from './codes.js';
import { docsOf } from './docs.js';

/** Marks our errors across copies of the package: two copies in one dependency tree are common. */
const BRAND = Symbol.for('libvirt-network.error');

/** Details of an error beside its message. */
export interface ErrorDetails {
  /** Says what to do about it, in one sentence. */
  readonly hint?: string | undefined;
  /** The operation that failed, such as `network.start`. */
  readonly operation?: string | undefined;
  /** The name or uuid of the network it was about. */
  readonly network?: string | undefined;
  /** The error that led to this one. Never holds a raw child-process error, which could leak secrets. */
  readonly cause?: unknown;
}

/**
 * Base of every error that this library throws. Switch on {@link LibvirtError.code}, which is stable;
 * messages are for people and may change.
 *
 * @example
 * ```ts
 * try {
 *   Network.parse(text);
 * } catch (error) {
 *   if (LibvirtError.is(error) && error.code === 'XML_SYNTAX') console.error(error.message, error.hint);
 * }
 * ```
 */
export class LibvirtError extends Error {
  /** The reason, as one of a closed set of codes. */
  readonly code: ErrorCode;
  /** Says what to do about it, in one sentence. */
  readonly hint: string | undefined;
  /** Path of the code's entry in the package's documentation, such as `docs/errors.md#network-not-found`. */
  readonly docs: string;
  /** The operation that failed, such as `network.start`. */
  readonly operation: string | undefined;
  /** The name or uuid of the network it was about. */
  readonly network: string | undefined;

  /**
   * @param code - one of the closed set of codes
   * @param message - what failed, on what, why
   * @param details - hint, operation, network and cause, where known
   */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.docs = docsOf('errors', code);
    this.operation = details.operation;
    this.network = details.network;
    Object.defineProperty(this, BRAND, { value: true });
    Object.defineProperty(this, 'name', { value: this.className, configurable: true });
  }

  /** The class name as text, since minifiers rename classes. */
  protected get className(): string {
    return 'LibvirtError';
  }

  /**
   * Tells whether a value is an error of this library, also when it comes from another copy of it.
   *
   * @param value - anything, typically what a `catch` received
   */
  static is(value: unknown): value is LibvirtError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /**
   * Makes `instanceof` true for errors of another copy of this library as well: two copies in one dependency tree are common.
   *
   * @internal
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore-start lint/complexity/noThisInStatic: every subclass inherits this and asks for itself
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    if (!LibvirtError.is(value)) return false;
    // Subclasses of others have no name of their own here.
    const isOurs = Object.hasOwn(this.prototype, 'className');
    return this === LibvirtError || (isOurs && value.name === this.prototype.className);
    // biome-ignore-end lint/complexity/noThisInStatic: every subclass inherits this and asks for itself
  }

  /**
   * The error as plain data: name, code, message and whatever else it says, such as `issues`; of its cause name, code and
   * message. For logs, and for other threads and processes: `postMessage` and `structuredClone` keep no more than the message
   * of an error itself.
   */
  toJSON(): {
    readonly name: string;
    readonly code: ErrorCode;
    readonly message: string;
    readonly [detail: string]: unknown;
  } {
    const details = Object.fromEntries(Object.entries(this));
    const cause = this.cause === undefined ? {} : { cause: causeOf(this.cause) };
    const { name, code, message } = this;
    return { ...details, name, code, message, ...cause, mayHaveChanged: mayHaveChanged(this) };
  }

  /** The message with its hint on a line of its own, as a terminal would show it. */
  override toString(): string {
    const first = `${this.name} [${this.code}]: ${this.message}`;
    return this.hint === undefined ? first : `${first}\nhint: ${this.hint}`;
  }
}

function causeOf(cause: unknown): unknown {
  if (LibvirtError.is(cause)) return { name: cause.name, message: cause.message, code: cause.code };
  return cause instanceof Error ? { name: cause.name, message: cause.message } : String(cause);
}
