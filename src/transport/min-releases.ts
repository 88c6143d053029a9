import { type LibvirtError, OperationError, TransportError } from '../errors/index.js';
import { REMEDIES } from '../errors/remedies.js';
import { describeFailure, type Subject } from './libvirt-error.js';
import type { Operation } from './operations.js';

/** The libvirt release that brought an operation, as far as releases without it can still be met. */
export const MIN_RELEASES: { readonly [K in Operation]?: string } = {
  'network.leases': '1.2.6',
  'network.ports': '5.5.0',
  'port.dump': '5.5.0',
  'port.create': '5.5.0',
  'port.delete': '5.5.0',
  'metadata.get': '9.7.0',
  'metadata.set': '9.7.0',
  'text.set': '9.7.0',
};

/** Releases that a flag of an operation needs, beside the operation itself. */
const VALIDATE: { readonly [K in Operation]?: string } = { 'network.define': '7.7.0', 'network.create': '7.8.0' };

/** The release that events of changed metadata need. */
export const METADATA_EVENTS = '9.8.0';

/** The release that a call needs, where it is known. */
export const minReleaseFor = (operation: Operation, validate: unknown): string | undefined =>
  (validate === true ? VALIDATE[operation] : undefined) ?? MIN_RELEASES[operation];

/**
 * An error that names the release that is needed, where virsh or the daemon turned out to be too old; other errors
 * as they are.
 */
export function withRelease(error: LibvirtError, release: string | undefined, subject: Subject): LibvirtError {
  if (release === undefined) return error;
  const about = { operation: error.operation, network: error.network, cause: error.cause };
  if (error instanceof TransportError && error.code === 'CLIENT_TOO_OLD')
    return new TransportError(
      error.code,
      `${describeFailure(subject)}: virsh must be of libvirt ${release} or later (${error.output})`,
      {
        ...about,
        hint: REMEDIES.CLIENT_TOO_OLD,
        output: error.output,
        exitCode: error.exitCode,
      },
    );
  if (error instanceof OperationError && error.code === 'UNSUPPORTED' && UNKNOWN_TO_DAEMON.test(error.libvirtMessage))
    return new OperationError(
      error.code,
      `${describeFailure(subject)}: the daemon must be of libvirt ${release} or later (${error.libvirtMessage})`,
      {
        ...about,
        hint: REMEDIES.CLIENT_TOO_OLD,
        libvirtMessage: error.libvirtMessage,
        libvirtNumber: error.libvirtNumber,
      },
    );
  return error;
}

/** Words for a call that the daemon does not have, as against one that its driver does not have. */
const UNKNOWN_TO_DAEMON = /^unknown procedure: |^unsupported flags |^internal error: unsupported network event ID /;
