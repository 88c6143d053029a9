import { CALL_OPTIONS, type CallOptions } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import { FilterBinding } from '../../model/filter/filter-binding.js';
import { NwFilter } from '../../model/filter/nw-filter.js';
import { optionsOf } from '../../options/options.js';
import type { FilterOperations, FilterState } from '../../transport/filter-operations.js';
import type { Transport } from '../../transport/operations.js';
import { expectText } from '../arguments.js';
import { withDriverHint } from '../driver-hint.js';
import { type Host, transportOf } from '../host.js';
import { mutexOf } from '../transport-mutex.js';

const NEEDS_QEMU = 'the driver of this URI has no filters: connect to qemu:///system';

/** libvirt is newer than this library where it prints words that are not known. */
const FROM_DAEMON = { unknownWords: 'keep' } as const;

/** The filters of a host, and where they are in force. */
export class Filters {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Lists the names and uuids of all filters, those of libvirt's packages too.
   *
   * @throws `OperationError` code `UNSUPPORTED` when the URI's driver has no filters
   */
  async names(options: CallOptions = {}): Promise<readonly FilterState[]> {
    return this.#ask('filter.list', {}, optionsOf(options, CALL_OPTIONS, 'names'));
  }

  /**
   * Reads all filters, those of libvirt's packages too.
   *
   * @throws `OperationError` code `UNSUPPORTED` when the URI's driver has no filters
   */
  async list(options: CallOptions = {}): Promise<readonly NwFilter[]> {
    const states = await this.#ask('filter.list', { xml: true }, optionsOf(options, CALL_OPTIONS, 'list'));
    return states.map(({ xml = '' }) => NwFilter.parse(xml, FROM_DAEMON));
  }

  /**
   * Reads the filter with a name or uuid. Text that looks like a uuid is tried as a uuid first.
   *
   * @param filter - name or uuid
   * @throws `OperationError` code `FILTER_NOT_FOUND`
   */
  async get(filter: string, options: CallOptions = {}): Promise<NwFilter> {
    expectText(filter, 'get', 'the name or uuid of a filter');
    const xml = await this.#ask('filter.dump', { filter }, optionsOf(options, CALL_OPTIONS, 'get'));
    return NwFilter.parse(xml, FROM_DAEMON);
  }

  /**
   * Stores a filter, or changes the one of its name: libvirt makes the rules of all running guests with it again. Without a
   * uuid of its own it keeps the one that the filter of its name has.
   *
   * @param filter - the filter
   * @returns the filter as libvirt has stored it
   * @throws `ValidationError` with what libvirt would refuse, before anything is sent
   * @throws `OperationError` code `FILTER_EXISTS` when another filter has its uuid or, with another uuid, its name
   */
  async define(filter: NwFilter, options: CallOptions = {}): Promise<NwFilter> {
    if (!(filter instanceof NwFilter))
      throw new LibvirtError('INVALID_ARGUMENT', 'define needs a filter', {
        hint: 'pass NwFilter.parse(xml) for a text',
      });
    const call = optionsOf(options, CALL_OPTIONS, 'define');
    filter.toXml();
    return mutexOf(this.#transport).inTurn(
      { operation: 'filter.define', network: filter.name },
      call,
      async (remaining) => {
        const whole = filter.uuid === undefined ? await this.#withUuidOfName(filter, remaining()) : filter;
        await this.#ask('filter.define', { xml: whole.toXml() }, remaining());
        return this.get(whole.name, remaining());
      },
    );
  }

  async #withUuidOfName(filter: NwFilter, options: CallOptions): Promise<NwFilter> {
    const known = await this.#ask('filter.list', {}, options);
    const uuid = known.find(({ name }) => name === filter.name)?.uuid;
    return uuid === undefined ? filter : filter.withUuid(uuid);
  }

  /**
   * Removes a filter. Guests that are stopped and other filters may still name it: such a guest does not start.
   *
   * @param filter - name or uuid
   * @throws `OperationError` code `FILTER_IN_USE` while a running guest has it, directly or by a filter that includes it
   * @throws `OperationError` code `FILTER_NOT_FOUND`
   */
  async undefine(filter: string, options: CallOptions = {}): Promise<void> {
    expectText(filter, 'undefine', 'the name or uuid of a filter');
    await this.#ask('filter.undefine', { filter }, optionsOf(options, CALL_OPTIONS, 'undefine'));
  }

  /** Reads which filters are in force on the NICs of running guests; since libvirt 4.5.0. */
  async bindings(options: CallOptions = {}): Promise<readonly FilterBinding[]> {
    const states = await this.#ask('binding.list', { xml: true }, optionsOf(options, CALL_OPTIONS, 'bindings'));
    return states.map(({ xml = '' }) => FilterBinding.parse(xml, FROM_DAEMON));
  }

  /**
   * Puts a filter in force on a device by hand, as libvirt does when a guest starts.
   *
   * @param binding - the device, its guest and the filter
   * @throws `OperationError` code `BINDING_EXISTS` when the device has a filter in force
   */
  async bind(binding: FilterBinding, options: CallOptions = {}): Promise<void> {
    if (!(binding instanceof FilterBinding))
      throw new LibvirtError('INVALID_ARGUMENT', 'bind needs a binding', {
        hint: 'pass FilterBinding.parse(xml) for a text',
      });
    await this.#ask('binding.create', { xml: binding.toXml() }, optionsOf(options, CALL_OPTIONS, 'bind'));
  }

  /**
   * Takes the filter of a device out of force. The guest's definition still names it: it is in force again at its next start.
   *
   * @param device - the NIC's device on the host, such as `vnet0`
   * @throws `OperationError` code `NOT_FOUND` when no filter is in force there
   */
  async unbind(device: string, options: CallOptions = {}): Promise<void> {
    expectText(device, 'unbind', 'the name of a device');
    await this.#ask('binding.delete', { binding: device }, optionsOf(options, CALL_OPTIONS, 'unbind'));
  }

  #ask<K extends keyof FilterOperations>(
    operation: K,
    input: FilterOperations[K]['input'],
    options: CallOptions,
  ): Promise<FilterOperations[K]['output']> {
    return withDriverHint(this.#transport.call(operation, input, options), NEEDS_QEMU);
  }
}

/**
 * Gives access to the filters of a host. Needs a daemon with network filters, such as that of `qemu:///system`.
 *
 * @param host - what `connect` returned
 *
 * @example
 * ```ts
 * const stored = await filters(host).define(NwFilter.create('web').noSpoofing());
 * ```
 */
export const filters = (host: Host): Filters => new Filters(transportOf(host));
