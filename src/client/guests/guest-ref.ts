import type { CallOptions, RemainingTime } from '../../async/deadline.js';
import { type ErrorCode, LibvirtError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import type { GuestOperations, GuestState } from '../../transport/guest-operations.js';
import { describeFailure, type Subject } from '../../transport/libvirt-error.js';
import type { Transport } from '../../transport/operations.js';
import { withDriverHint } from '../driver-hint.js';
import { mutexOf } from '../transport-mutex.js';
import { type AttachedNic, nicsIn } from './attached-nic.js';

const NEEDS_QEMU = 'the driver of this URI has no NICs of guests that can be changed: connect to qemu:///system';

/** Asks for an operation of guests, and says which driver is needed where the URI's own has none. */
export function askGuests<K extends keyof GuestOperations>(
  transport: Transport,
  operation: K,
  input: GuestOperations[K]['input'],
  options: CallOptions,
): Promise<GuestOperations[K]['output']> {
  return withDriverHint(transport.call(operation, input, options), NEEDS_QEMU);
}

/** The copies of a guest's NICs. */
export interface GuestView {
  readonly state: GuestState;
  /** NICs of the running guest; absent while it does not run. */
  readonly live?: readonly AttachedNic[];
  /** NICs of the stored definition; absent where there is none. */
  readonly stored?: readonly AttachedNic[];
}

/** Reads both copies of a guest from its state with definitions. */
export function viewOf(state: GuestState): GuestView {
  const { xml = '', inactiveXml, active, persistent } = state;
  const shown = nicsIn(xml);
  const stored = inactiveXml === undefined ? shown : nicsIn(inactiveXml);
  return { state, ...(active ? { live: shown } : {}), ...(persistent ? { stored } : {}) };
}

/** Refers to a guest of a connection, and provides what its calls need. */
export class GuestRef {
  readonly transport: Transport;
  readonly name: string;
  /** Names the guest in the input of operations. */
  readonly self: { readonly guest: string; readonly name: string };

  constructor(transport: Transport, name: string, uuid: string) {
    this.transport = transport;
    this.name = name;
    this.self = { guest: uuid, name };
  }

  subject(operation: Subject['operation']): Subject {
    return { operation, target: this.name, label: this.transport.label };
  }

  /** The error of a call that cannot be carried out. */
  refusal(code: ErrorCode, operation: Subject['operation'], why: string): LibvirtError {
    return new LibvirtError(code, `${describeFailure(this.subject(operation))}: ${why}`, {
      operation,
      hint: REMEDIES[code],
    });
  }

  /** Does work when the calls before it on the same guest are done, all in the time of one call. */
  inTurn<T>(
    operation: Subject['operation'],
    options: CallOptions,
    work: (remaining: RemainingTime) => Promise<T>,
  ): Promise<T> {
    return mutexOf(this.transport).inTurn({ operation, network: this.self.guest }, options, work);
  }

  /** Reads both copies. */
  async view(options: CallOptions): Promise<GuestView> {
    return viewOf(await askGuests(this.transport, 'guest.lookup', { ...this.self, xml: true }, options));
  }
}
