import { type ErrorCode, OperationError, TransportError } from '../errors/index.js';
import { type Meaning, meaningOf } from '../errors/libvirt.js';
import { REMEDIES } from '../errors/remedies.js';
import { changesHost, describeFailure, type Subject } from './libvirt-error.js';

/** Codes that say that libvirt was not asked, or did not answer. */
const UNANSWERED: ReadonlySet<ErrorCode> = /* @__PURE__ */ new Set<ErrorCode>([
  'SOCKET_MISSING',
  'CONNECTION_FAILED',
  'SSH_FAILED',
  'LOGIN_FAILED',
  'CERTIFICATE_FAILED',
  'CLIENT_TOO_OLD',
  'TOOL_MISSING',
  'UNEXPECTED_REPLY',
]);

/** Details of a failed call beside libvirt's message. */
export interface FailureDetails {
  /** Exit status of the transport's program. */
  readonly exitCode?: number | undefined;
  /** Number in `virErrorNumber`, where the transport gets it. */
  readonly number?: number | undefined;
  /** False if libvirt was not reached before the failure. Default: true. */
  readonly connected?: boolean;
  /** The code, where the words are the transport's own. */
  readonly code?: ErrorCode | undefined;
  /** What to do, where the remedy of the code is not enough. */
  readonly hint?: string | undefined;
}

/**
 * The error for libvirt's own words. For transports: the code and the hint come from the words alone, so that all
 * transports agree.
 *
 * @param message - libvirt's message, as its clients show it
 * @param subject - what was asked
 * @param details - how far it came
 */
export function libvirtFailure(
  message: string,
  subject: Subject,
  { exitCode, number: given, connected = true, code: own, hint }: FailureDetails = {},
): OperationError | TransportError {
  const { code, number }: Meaning =
    own === undefined ? meaningOf(message, given) : { code: own, ...(given === undefined ? {} : { number: given }) };
  const about = { hint: hint ?? REMEDIES[code], operation: subject.operation, network: subject.network };
  const text = `${describeFailure(subject)}: ${message}`;
  if (!UNANSWERED.has(code))
    return new OperationError(code, text, { ...about, libvirtMessage: message, libvirtNumber: number });
  const mayHaveChanged = connected && code !== 'CLIENT_TOO_OLD' && changesHost(subject.operation);
  return new TransportError(code, text, { ...about, output: message, exitCode, mayHaveChanged });
}
