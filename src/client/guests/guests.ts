import { CALL_OPTIONS, type CallOptions } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import type { AnyNic } from '../../model/guest-nic/guest-nic.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import type { GuestEvent, GuestState } from '../../transport/guest-operations.js';
import type { GuestEventOptions, Transport } from '../../transport/operations.js';
import { expectText } from '../arguments.js';
import type { AttachedNic } from './attached-nic.js';
import { checkedOptions } from './checked-options.js';
import { GuestHandle } from './guest-handle.js';
import { askGuests } from './guest-ref.js';
import { listGuests } from './list-guests.js';
import { readNics } from './nic-source.js';

/** Which guests {@link Guests.list} gives. Default: all. */
export interface GuestFilter extends CallOptions {
  /** Name or uuid of a network that a NIC refers to, by the network's name or by its bridge; in what runs or in the stored definition. */
  readonly network?: string | undefined;
  /** Only those that run, or only those that do not. */
  readonly active?: boolean | undefined;
}

/** A guest of a host with its state and NICs. */
export interface ListedGuest {
  readonly handle: GuestHandle;
  readonly state: GuestState;
  /** NICs of the running guest, or of the stored definition while it does not run; without those that cannot be read. */
  readonly nics: readonly AnyNic[];
  /** NICs of the stored definition of a running guest; absent where there is none. */
  readonly storedNics?: readonly AnyNic[];
  /** Why a NIC cannot be read. */
  readonly error?: LibvirtError;
}

const FILTER: OptionNames<GuestFilter> = { ...CALL_OPTIONS, network: true, active: true };

function read(
  guest: string,
  shown: readonly AttachedNic[],
  stored: readonly AttachedNic[] | undefined,
): Pick<ListedGuest, 'nics' | 'storedNics' | 'error'> {
  const first = readNics(guest, shown);
  const second = stored && readNics(guest, stored);
  const error = first.error ?? second?.error;
  return { nics: first.nics, ...(second && { storedNics: second.nics }), ...(error && { error }) };
}

/** The guests of a host. */
export class Guests {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Lists guests with their states and NICs, running or not.
   *
   * @param filter - which guests
   * @throws `OperationError` code `UNSUPPORTED` when the URI's driver has no guests
   */
  async list(filter: GuestFilter = {}): Promise<readonly ListedGuest[]> {
    const { network, active, ...call } = checkedOptions(filter, FILTER, 'list');
    const found = await listGuests(this.#transport, { network, active }, call);
    return found.map(({ state: { xml: _, inactiveXml: __, ...state }, live, stored = [] }) => ({
      handle: new GuestHandle(this.#transport, state),
      state,
      ...read(state.name, live ?? stored, live === undefined || !state.persistent ? undefined : stored),
    }));
  }

  /**
   * Streams what happens to the host's guests and their devices, from the first `next()` until the reader stops or the signal
   * aborts: definitions, starts and stops, and devices that come and go. No event tells of a link, of limits, or of a NIC that
   * is moved to another network.
   *
   * @param options - how many events are kept for a slow reader, and whether to reconnect after a lost connection
   * @throws {@link LibvirtError} code `UNSUPPORTED` when the transport cannot tell of guests
   */
  events(options: GuestEventOptions = {}): AsyncIterable<GuestEvent> {
    const stream = this.#transport.guestEvents?.(options);
    if (stream !== undefined) return stream;
    throw new LibvirtError('UNSUPPORTED', `the transport to ${this.#transport.label} does not tell of guests`, {
      hint: 'the transports of this library do; one of your own needs the method guestEvents',
    });
  }

  /**
   * Gets the guest with a name or uuid. Text that looks like a uuid is tried as a uuid first.
   *
   * @param guest - name or uuid
   * @throws `OperationError` code `GUEST_NOT_FOUND`
   */
  async get(guest: string, options: CallOptions = {}): Promise<GuestHandle> {
    expectText(guest, 'get', 'the name or uuid of a guest');
    const call = optionsOf(options, CALL_OPTIONS, 'get');
    return new GuestHandle(this.#transport, await askGuests(this.#transport, 'guest.lookup', { guest }, call));
  }
}
