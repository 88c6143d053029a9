import { CALL_OPTIONS, type CallOptions } from '../../async/deadline.js';
import { LibvirtError, ValidationError } from '../../errors/index.js';
import type { AnyNic } from '../../model/guest-nic/guest-nic.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import type { Bandwidth } from '../../schema/network/ports.js';
import { normalizeMac } from '../../schema/scalar.js';
import type { AddressSource, GuestAddress, GuestState, NicStatistics } from '../../transport/guest-operations.js';
import type { Transport } from '../../transport/operations.js';
import type { XmlElement } from '../../xml/node.js';
import { readXml } from '../../xml/read.js';
import { printXml } from '../../xml/write.js';
import type { WaitOptions } from '../wait/poll.js';
import { type AddressWanted, readAddresses, waitForAddress } from './addresses.js';
import { attachNic } from './attach.js';
import type { AttachedNic } from './attached-nic.js';
import { bandwidthArgument, bandwidthIn, withBandwidth } from './bandwidth.js';
import { type Changing, changeNic } from './change.js';
import { checkedOptions } from './checked-options.js';
import { findNics, type GuestCopies } from './copies.js';
import { detachNic } from './detach.js';
import { askGuests, GuestRef } from './guest-ref.js';
import { withChild } from './nic-element.js';
import { editedElement, elementOf, type NicSource, nicOf, readNics } from './nic-source.js';

/** Which copy {@link GuestHandle.nics} reads. */
export interface NicsOptions extends CallOptions {
  /** The stored definition, which the next start uses. Default: false, the running guest where it runs. */
  readonly stored?: boolean | undefined;
}

/** Options of the calls that change a guest's NICs. */
export interface NicChangeOptions extends CallOptions, GuestCopies {}

/** Options of {@link GuestHandle.detach}. */
export interface DetachOptions extends NicChangeOptions {
  /** Longest time in milliseconds that the running guest may take to let the NIC go. Default: 10,000. */
  readonly releaseMs?: number | undefined;
}

/** Options of {@link GuestHandle.addresses}. */
export interface AddressOptions extends CallOptions {
  /** Where addresses come from. Default: `lease`. */
  readonly source?: AddressSource | undefined;
}

const NICS: OptionNames<NicsOptions> = { ...CALL_OPTIONS, stored: true };
const CHANGE: OptionNames<NicChangeOptions> = { ...CALL_OPTIONS, live: true, stored: true };
const DETACH: OptionNames<DetachOptions> = { ...CHANGE, releaseMs: true };
const ADDRESSES: OptionNames<AddressOptions> = { ...CALL_OPTIONS, source: true };
const WANTED: OptionNames<AddressWanted> = { mac: true, family: true, source: true };
const WAIT: OptionNames<WaitOptions> = { ...CALL_OPTIONS, everyMs: true };

const RELEASE_MS = 10_000;

/**
 * A guest on a host. NICs go by their MAC address. Calls that change something choose the copies from the guest's real state:
 * the running guest while it runs, and the stored definition where there is one. Calls on one guest run one after another.
 *
 * Whatever a method says it throws, it also throws `TransportError` when libvirt could not be asked, and
 * `OperationError` with code `GUEST_NOT_FOUND` when the guest is gone.
 */
export class GuestHandle {
  /** The guest's name. */
  readonly name: string;
  /** The guest's identity, which calls go by. */
  readonly uuid: string;
  readonly #guest: GuestRef;

  /** @internal */
  constructor(transport: Transport, { name, uuid }: Pick<GuestState, 'name' | 'uuid'>) {
    this.name = name;
    this.uuid = uuid;
    this.#guest = new GuestRef(transport, name, uuid);
  }

  /** Reads the guest's state. */
  async info(options: CallOptions = {}): Promise<GuestState> {
    return askGuests(this.#guest.transport, 'guest.lookup', this.#guest.self, optionsOf(options, CALL_OPTIONS, 'info'));
  }

  /**
   * Reads the guest's NICs, in the order of its definition.
   *
   * @throws {@link ValidationError} for a NIC that cannot be read, with the guest and the MAC address; `list` gives the others
   * @throws {@link LibvirtError} code `GUEST_TRANSIENT` where a stored definition is asked for and there is none
   */
  async nics(options: NicsOptions = {}): Promise<readonly AnyNic[]> {
    const { stored: wantsStored = false, ...call } = checkedOptions(options, NICS, 'nics');
    const { live, stored } = await this.#guest.view(call);
    const nics = wantsStored ? stored : (live ?? stored);
    if (nics === undefined)
      throw this.#guest.refusal('GUEST_TRANSIENT', 'guest.lookup', 'the guest has no stored definition');
    const read = readNics(this.name, nics);
    if (read.error !== undefined) throw read.error;
    return read.nics;
  }

  /**
   * Attaches a NIC, to all copies that are asked for or to none. Without a MAC address it gets one.
   *
   * @param nic - a class of this library, or an `<interface>` element
   * @returns the NIC as the guest has it then
   * @throws {@link ValidationError} for what libvirt would refuse, before anything is sent
   * @throws {@link LibvirtError} codes `MAC_IN_USE` when a copy that is asked for has a NIC of that MAC address, `GUEST_INACTIVE`, `GUEST_TRANSIENT`,
   *   `OperationError` codes `NETWORK_NOT_FOUND`, `NETWORK_INACTIVE`, `NO_FREE_SLOT`, `UNSUPPORTED` for types that need a
   *   stopped guest
   */
  async attach(nic: NicSource, options: NicChangeOptions = {}): Promise<AnyNic> {
    const { live, stored, ...call } = checkedOptions(options, CHANGE, 'attach');
    const attaching = { nic: elementOf(nic, 'attach'), copies: { live, stored } };
    const made = await this.#guest.inTurn('guest.attach', call, (remaining) =>
      attachNic(this.#guest, attaching, remaining),
    );
    return readBack(made, attaching.nic);
  }

  /**
   * Detaches a NIC and waits until it is gone: libvirt reports success as soon as it has asked the guest.
   *
   * @param mac - MAC address of the NIC
   * @throws {@link LibvirtError} codes `NIC_NOT_FOUND`, `NIC_AMBIGUOUS` when several NICs have the MAC address,
   *   `OperationError` code `GUEST_HOLDS_NIC` when the guest does not let it go in time; the stored definition is then unchanged
   */
  async detach(mac: string, options: DetachOptions = {}): Promise<void> {
    const { live, stored, releaseMs = RELEASE_MS, ...call } = checkedOptions(options, DETACH, 'detach');
    const detaching = { mac: macArgument(mac, 'detach'), copies: { live, stored }, releaseMs };
    await this.#guest.inTurn('guest.detach', call, (remaining) => detachNic(this.#guest, detaching, remaining));
  }

  /**
   * Changes a NIC in each copy that has it. A NIC that is passed replaces the whole definition, apart from MAC address and model
   * where it does not name them; a function gets each copy as it is. When the stored definition refuses, the running guest gets
   * its NIC back.
   *
   * @param mac - MAC address of the NIC
   * @param nic - what it becomes, or a function that makes that from what it is
   * @throws {@link ValidationError} for what libvirt would refuse, before anything is sent
   * @throws {@link LibvirtError} codes `NIC_NOT_FOUND`, `NIC_AMBIGUOUS`, `INVALID_ARGUMENT` for another MAC address,
   *   `OperationError` codes `UPDATE_REFUSED` for what a running guest cannot change, `NETWORK_NOT_FOUND`, `NETWORK_INACTIVE`
   */
  async change(
    mac: string,
    nic: NicSource | ((nic: AnyNic) => NicSource),
    options: NicChangeOptions = {},
  ): Promise<void> {
    const edit = typeof nic === 'function' ? editWith(nic) : replaceWith(elementOf(nic, 'change'));
    await this.#change(mac, edit, { options, call: 'change' });
  }

  /**
   * Plugs the cable of a NIC in or out, as the guest sees it.
   *
   * @param mac - MAC address of the NIC
   * @param state - `up` or `down`
   * @throws as {@link GuestHandle.change}; `OperationError` code `NETWORK_INACTIVE` while its network does not run
   */
  async setLink(mac: string, state: 'up' | 'down', options: NicChangeOptions = {}): Promise<void> {
    if (state !== 'up' && state !== 'down')
      throw new LibvirtError('INVALID_ARGUMENT', `setLink needs 'up' or 'down', not '${String(state)}'`);
    await this.#change(mac, (nic) => withChild(readXml(nic.xml).root, 'link', { state }), { options, call: 'setLink' });
  }

  /**
   * Reads the limits of a NIC's traffic, in KiB/s; an empty object where there are none.
   *
   * @param mac - MAC address of the NIC
   */
  async bandwidth(mac: string, options: NicsOptions = {}): Promise<Bandwidth> {
    const { stored = false, ...call } = checkedOptions(options, NICS, 'bandwidth');
    const { xml } = await this.#find(macArgument(mac, 'bandwidth'), { stored, call });
    return bandwidthIn(readXml(xml).root) ?? {};
  }

  /**
   * Sets the limits of a NIC's traffic; an empty object takes them away.
   *
   * @param mac - MAC address of the NIC
   * @param bandwidth - limits in KiB/s, as the guest sees them: `inbound` is what it receives
   * @throws {@link ValidationError} for limits that libvirt would refuse, and for a property that limits do not have
   * @throws as {@link GuestHandle.change}
   */
  async setBandwidth(mac: string, bandwidth: Bandwidth, options: NicChangeOptions = {}): Promise<void> {
    const limits = bandwidthArgument(bandwidth, 'setBandwidth');
    await this.#change(mac, (nic) => withBandwidth(readXml(nic.xml).root, limits), {
      options,
      call: 'setBandwidth',
    });
  }

  /**
   * Reads the addresses of a running guest. Leases are known of libvirt's own networks alone.
   *
   * @throws `OperationError` codes `GUEST_INACTIVE`, `AGENT_MISSING`, `LIBVIRT` where the host's kernel does not tell its
   *   neighbours to the daemon
   */
  async addresses(options: AddressOptions = {}): Promise<readonly GuestAddress[]> {
    const { source = 'lease', ...call } = checkedOptions(options, ADDRESSES, 'addresses');
    return readAddresses(this.#guest, source, call);
  }

  /**
   * Reads the counters of a NIC of a running guest.
   *
   * @param mac - MAC address of the NIC
   * @throws {@link LibvirtError} codes `GUEST_INACTIVE`, `NIC_NOT_FOUND`, `NIC_AMBIGUOUS`
   */
  async statistics(mac: string, options: CallOptions = {}): Promise<NicStatistics> {
    const call = optionsOf(options, CALL_OPTIONS, 'statistics');
    const known = macArgument(mac, 'statistics');
    const view = await this.#guest.view(call);
    const wanted = { mac: known, copies: { live: true, stored: false }, operation: 'guest.statistics' as const };
    const { live } = findNics(this.#guest, view, wanted);
    const input = { ...this.#guest.self, device: live?.device ?? known };
    return askGuests(this.#guest.transport, 'guest.statistics', input, call);
  }

  /**
   * Waits until a running guest has an address.
   *
   * @param wanted - which NIC and family, and where addresses come from
   * @throws {@link LibvirtError} code `NIC_NOT_FOUND` when the running guest has no NIC of the MAC address
   * @throws `TransportError` code `TIMEOUT`, and as {@link GuestHandle.addresses}
   */
  async waitForAddress(wanted: AddressWanted = {}, options: WaitOptions = {}): Promise<GuestAddress> {
    const { mac, ...known } = checkedOptions(wanted, WANTED, 'waitForAddress');
    const nic = mac === undefined ? {} : { mac: macArgument(mac, 'waitForAddress') };
    return waitForAddress(this.#guest, { ...known, ...nic }, checkedOptions(options, WAIT, 'waitForAddress'));
  }

  /** The class and the guest: `GuestHandle web1`. */
  toString(): string {
    return `GuestHandle ${this.name}`;
  }

  async #change(
    mac: string,
    edit: Changing['edit'],
    { options, call: name }: { readonly options: NicChangeOptions; readonly call: string },
  ): Promise<void> {
    const { live, stored, ...call } = checkedOptions(options, CHANGE, name);
    const changing = { mac: macArgument(mac, name), copies: { live, stored }, edit };
    await this.#guest.inTurn('guest.update', call, (remaining) => changeNic(this.#guest, changing, remaining));
  }

  async #find(
    mac: string,
    { stored, call }: { readonly stored: boolean; readonly call: CallOptions },
  ): Promise<AttachedNic> {
    const view = await this.#guest.view(call);
    const copies = stored || view.live === undefined ? { live: false, stored: true } : { live: true, stored: false };
    const found = findNics(this.#guest, view, { mac, copies, operation: 'guest.lookup' });
    const nic = found.live ?? found.stored;
    if (nic !== undefined) return nic;
    throw this.#guest.refusal('NIC_NOT_FOUND', 'guest.lookup', `it has no NIC ${mac}`);
  }
}

/** The NIC that was attached; as it was sent where libvirt prints it in words that cannot be read. */
function readBack(made: AttachedNic, sent: XmlElement): AnyNic {
  try {
    return nicOf(made);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return nicOf({ ...made, xml: printXml(withChild(sent, 'mac', { address: made.mac })) });
  }
}

/** Gives a function each copy of a NIC as a class. */
const editWith =
  (edit: (nic: AnyNic) => NicSource): Changing['edit'] =>
  (old) =>
    editedElement(old, edit, 'change');

/** Puts one definition in place of each copy. */
const replaceWith =
  (nic: XmlElement): Changing['edit'] =>
  () =>
    nic;

/** A MAC address in libvirt's form. */
function macArgument(mac: unknown, call: string): string {
  const known = typeof mac === 'string' ? normalizeMac(mac) : undefined;
  if (known !== undefined) return known;
  throw new LibvirtError('INVALID_ARGUMENT', `${call} needs the MAC address of a NIC, not '${String(mac)}'`, {
    hint: 'such as 52:54:00:12:34:56; nics() lists them',
  });
}
