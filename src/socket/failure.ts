import { Lost, NoConnection } from '../dial/errors.js';
import { LibvirtError } from '../errors/index.js';
import { describeFailure, type Subject, unexpected } from '../transport/libvirt-error.js';
import { libvirtFailure } from '../transport/libvirt-failure.js';
import { Refusal } from './wire/errors.js';
import { XdrError } from './wire/xdr.js';

/** How far a call came, and how its words may be shown. */
interface Failing {
  /** False if libvirt was not reached before the failure. */
  readonly connected: boolean;
  /** Takes secrets out of a text. */
  readonly shown: (text: string) => string;
}

/** Makes the library's error of what a connection has thrown. */
export function failureOf(error: unknown, subject: Subject, { connected, shown }: Failing): LibvirtError {
  if (error instanceof Refusal) {
    const { number, code } = error;
    return libvirtFailure(shown(error.message), subject, { number, code });
  }
  if (error instanceof NoConnection) {
    const { code, hint } = error;
    const advice = hint === undefined ? undefined : shown(hint);
    return libvirtFailure(shown(error.message), subject, { connected: false, code, hint: advice });
  }
  if (error instanceof Lost) return libvirtFailure(shown(wordsOf(error)), subject, { connected });
  if (error instanceof XdrError)
    return new LibvirtError('INVALID_ARGUMENT', `${describeFailure(subject)}: ${error.message}`, {
      operation: subject.operation,
      network: subject.network,
    });
  return unexpected(subject, 'the connection failed', { cause: error });
}

/** libvirt's own words for a lost connection, unless they are these already. */
const wordsOf = ({ message }: Lost): string =>
  /^(?:Cannot recv data|End of file while reading data): /.test(message) ? message : `Cannot recv data: ${message}`;
