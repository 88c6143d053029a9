import {
  LibvirtError,
  noteUncertain,
  OperationError,
  TransportError,
  type TransportErrorDetails,
} from '../errors/index.js';
import { FILTER_WORDING } from './filter-wording.js';
import { GUEST_WORDING } from './guest-wording.js';
import type { Operation } from './operations.js';
import type { Wording } from './wording.js';

/** Subject of a call, for messages. */
export interface Subject {
  readonly operation: Operation | 'guest.events' | 'network.events' | 'network.wait' | 'network.ensure';
  /** Name or uuid of the network. */
  readonly network?: string | undefined;
  /** Name or uuid of a guest, or the name of a filter, or the device of a binding. */
  readonly target?: string | undefined;
  /** Names the daemon; without secrets. */
  readonly label: string;
}

/** What an input may name. */
interface Naming {
  readonly name?: unknown;
  readonly network?: unknown;
  readonly guest?: unknown;
  readonly filter?: unknown;
  readonly binding?: unknown;
}

/**
 * Returns the subject of a call, for messages. For transports.
 *
 * @param operation - the operation
 * @param input - contains the name or uuid of the network, guest, filter or binding; the name is for people and takes precedence
 * @param label - names the daemon
 */
export function subjectOf(operation: Operation, input: object, label: string): Subject {
  const { name, network, guest, filter, binding }: Naming = input;
  const named = [name, network, guest, filter, binding].find((text) => typeof text === 'string');
  if (typeof named !== 'string') return { operation, label };
  const isNetwork = [guest, filter, binding].every((one) => one === undefined);
  return { operation, label, ...(isNetwork ? { network: named } : { target: named }) };
}

const WORDING: Readonly<Record<Subject['operation'], Wording>> = {
  'host.capabilities': { what: 'ask what libvirt can do' },
  'host.interfaces': { what: 'list the host interfaces' },
  'interface.dump': { what: 'read a host interface' },
  'network.list': { what: 'list the networks' },
  'network.lookup': { what: 'look up network' },
  'network.dump': { what: 'read network' },
  'network.define': { what: 'define network', changes: true },
  'network.create': { what: 'create network', changes: true },
  'network.start': { what: 'start network', changes: true },
  'network.destroy': { what: 'stop network', changes: true },
  'network.undefine': { what: 'undefine network', changes: true },
  'network.autostart': { what: 'set autostart of network', changes: true },
  'network.update': { what: 'update network', changes: true },
  'network.ensure': { what: 'ensure network', changes: true },
  'network.leases': { what: 'read the leases of network' },
  'network.ports': { what: 'list the ports of network' },
  'network.events': { what: 'listen to events' },
  'network.wait': { what: 'see the end of waiting for network' },
  'port.dump': { what: 'read a port of network' },
  'port.create': { what: 'create a port of network', changes: true },
  'port.delete': { what: 'delete a port of network', changes: true },
  'metadata.get': { what: 'read the metadata of network' },
  'metadata.set': { what: 'set the metadata of network', changes: true },
  'text.set': { what: 'set title or description of network', changes: true },
  'guest.events': { what: 'listen to events of guests' },
  ...GUEST_WORDING,
  ...FILTER_WORDING,
};

/** Tells whether an operation changes the host, so that ending it may come too late. */
export const changesHost = (operation: Subject['operation']): boolean => WORDING[operation].changes === true;

/** Returns the beginning of every message: the operation that failed, and its subject. */
export function describeFailure({ operation, network, target, label }: Subject): string {
  const name = network ?? target;
  const about = name === undefined ? '' : ` "${name}"`;
  return `cannot ${WORDING[operation].what}${about} on ${label}`;
}

/**
 * The error for an answer that makes no sense, or for none. For transports.
 *
 * @param subject - what was asked
 * @param why - what is wrong with the answer
 * @param details - exit status of the transport's program, and the error that led to this one
 */
export function unexpected(
  subject: Subject,
  why: string,
  details: Pick<TransportErrorDetails, 'exitCode' | 'cause'> = {},
): TransportError {
  return new TransportError('UNEXPECTED_REPLY', `${describeFailure(subject)}: ${why}`, {
    hint: 'read the state before trying again; if it happens again, report it with this message',
    operation: subject.operation,
    network: subject.network,
    ...details,
    mayHaveChanged: changesHost(subject.operation),
  });
}

/**
 * Adds to an error what the call did before it failed: a failed call must say what remains. An abort's reason is the
 * caller's and stays as it is; `mayHaveChanged` covers it.
 *
 * @param error - what a later step threw
 * @param done - what was done before, as a clause
 * @param cause - why that could not be undone. Default: the cause of the error
 */
export function withOutcome(error: unknown, done: string, cause?: unknown): unknown {
  const message = LibvirtError.is(error) ? `${error.message}; ${done}` : '';
  if (error instanceof OperationError) {
    const { hint, operation, network, libvirtMessage, libvirtNumber } = error;
    const details = { hint, operation, network, libvirtMessage, libvirtNumber, cause: cause ?? error.cause };
    return new OperationError(error.code, message, details);
  }
  if (error instanceof TransportError) {
    const details = { ...detailsOf(error), cause: cause ?? error.cause, mayHaveChanged: true };
    return new TransportError(error.code, message, details);
  }
  if (!LibvirtError.is(error)) noteUncertain(error);
  return error;
}

const detailsOf = ({ hint, operation, network, output, exitCode, cause }: TransportError) => ({
  ...{ hint, operation, network, output, exitCode, cause },
});
