import { type Issue, LibvirtError, ValidationError } from '../../errors/index.js';
import { optionsOf, readable } from '../../options/options.js';
import { shown } from '../../options/shown.js';
import type { NicAddress } from '../../schema/guests/card.js';
import type { NicFormat } from '../../schema/guests/format.js';
import type { FilteredNicParts, NicDocument, NicKind } from '../../schema/guests/nic.js';
import { storedNic } from '../../schema/guests/stored.js';
import type { Bandwidth } from '../../schema/network/ports.js';
import { normalized } from '../../schema/normalize.js';
import { RELEASE_OPTION, type ReleaseOption } from '../../schema/release.js';
import { blocksDefine } from '../../schema/rules/index.js';
import { checkCompanion, printCompanion } from '../../schema/small-formats/format.js';
import { compact } from '../../schema/values.js';
import { expectObject } from '../argument.js';
import { assertShapeOf } from '../assert-shape.js';
import { type Change, differences } from '../diff.js';
import { frozenCopy } from '../frozen.js';
import { PRINT_OPTIONS, type ToXmlOptions } from '../print-options.js';

/** What a NIC knows beyond its document. */
export interface NicContext<D extends NicDocument> {
  /** Finds the issues of the text that it was read from, with their positions. */
  inspect?(options: ReleaseOption): readonly Issue[];
  /** Finds the issues that only the network can tell. */
  onNetwork?(document: D, options: ReleaseOption): readonly Issue[];
}

/** Marks our NICs across copies of the package. */
const BRAND = Symbol.for('libvirt-network.guest-nic');

const isNic = (value: unknown): value is BaseNic => typeof value === 'object' && value !== null && BRAND in value;

/** New values for properties of a document; `undefined` removes one. */
export type NicPatch<D extends NicDocument> = { readonly [K in Exclude<keyof D, 'type'>]?: D[K] | undefined };

/**
 * Base of the classes for guests' NICs, one for each type of `<interface>`. A NIC is an immutable value, independent of
 * any host: every method returns a new one. Methods accept anything; `validate` lists the problems, and
 * `toXml` throws for them.
 */
export abstract class BaseNic<D extends NicDocument = NicDocument> {
  /** The NIC as plain data, deeply frozen. */
  readonly document: D;
  readonly #format: NicFormat<D>;
  readonly #context: NicContext<D>;

  /** @internal */
  constructor(document: D, format: NicFormat<D>, context: NicContext<D> = {}) {
    this.document = this.#own(document);
    this.#format = format;
    this.#context = context;
    Object.defineProperty(this, BRAND, { value: true });
    Object.freeze(this);
  }

  #own(document: D): D {
    expectObject(document, 'GuestNic.from');
    const own = frozenCopy(document);
    const { type = 'user' } = own;
    if (type === this.kind || this.kind === 'other') return own;
    throw new LibvirtError('INVALID_ARGUMENT', `a NIC of type ${shown(type)} is not one of type ${this.kind}`, {
      hint: 'make it with GuestNic.from(document)',
    });
  }

  /** Makes `instanceof` true for NICs of another copy of this library as well. */
  static [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore-start lint/complexity/noThisInStatic: every kind inherits this and asks for itself
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    if (!isNic(value)) return false;
    return this === BaseNic || (Object.hasOwn(this.prototype, 'kind') && this.prototype.kind === value.kind);
    // biome-ignore-end lint/complexity/noThisInStatic: every kind inherits this and asks for itself
  }

  /** Tells the kinds apart: `switch (nic.kind)` narrows. The type of the `<interface>`. */
  abstract get kind(): NicKind;

  /** The MAC address; absent until it is chosen or libvirt makes one. */
  get mac(): string | undefined {
    return this.document.mac?.address;
  }

  /** The network that it is on; of a running guest's NIC also where its type has become that of the network's device. */
  get network(): string | undefined {
    const source: object = ('source' in this.document && this.document.source) || {};
    return 'network' in source && typeof source.network === 'string' ? source.network : undefined;
  }

  /**
   * Returns the NIC with some properties replaced, including those that have no method of their own. A property that is
   * `undefined` is removed.
   *
   * @param patch - properties of the document, but for its type: for another type make a NIC of another class
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is not an object or names another type
   */
  with(patch: NicPatch<D>): this {
    expectObject(patch, 'with');
    // The properties of a patch are those of the document.
    return this.#withDocument(readable('with', () => Object.assign({}, this.document, patch)));
  }

  #withDocument(document: D): this {
    // Every concrete kind takes a document and what is known beside it.
    const Kind = this.constructor as new (document: D, context: NicContext<D>) => this;
    return new Kind(document, compact({ onNetwork: this.#context.onNetwork }));
  }

  /** Properties that every type has, in a form that the compiler takes for any type. */
  protected withParts(patch: NicPatch<NicDocument & FilteredNicParts>): this {
    return this.with(patch as NicPatch<D>);
  }

  /**
   * Gives the NIC a MAC address.
   *
   * @param mac - unicast
   */
  withMac(mac: string): this {
    return this.withParts({ mac: { ...this.document.mac, address: mac } });
  }

  /**
   * Plugs the cable in or pulls it; since libvirt 0.9.5.
   *
   * @param state - as the guest sees it
   */
  withLink(state: 'up' | 'down'): this {
    return this.withParts({ link: { ...this.document.link, state } });
  }

  /** Limits the traffic, in KiB/s and KiB; since libvirt 0.9.4. */
  withBandwidth(bandwidth: Pick<Bandwidth, 'inbound' | 'outbound'>): this {
    return this.withParts({ bandwidth });
  }

  /**
   * Names the host's end.
   *
   * @param dev - at most 15 bytes; names that begin with `vnet`, `macvtap` or `macvlan` are libvirt's own and dropped
   */
  withTarget(dev: string): this {
    return this.withParts({ target: { ...this.document.target, dev } });
  }

  /**
   * Puts the NIC into the order in which the guest tries its devices at boot; since libvirt 0.8.8.
   *
   * @param order - from 1; no two devices of a guest have the same
   */
  withBootOrder(order: number): this {
    return this.withParts({ boot: { ...this.document.boot, order } });
  }

  /**
   * Names the card among the guest's devices; since libvirt 3.9.0.
   *
   * @param name - begins with `ua-`, or libvirt drops it
   */
  withAlias(name: string): this {
    return this.withParts({ alias: { ...this.document.alias, name } });
  }

  /** Gives the card a place in the guest, usually on its PCI bus. */
  withAddress(address: NicAddress): this {
    return this.withParts({ address });
  }

  /** Lets the guest change its MAC address and multicast filters; since libvirt 1.2.10. Default: true. */
  trustGuestRxFilters(enabled = true): this {
    return this.withParts({ trustGuestRxFilters: enabled });
  }

  /**
   * Lists all problems, and everything that libvirt would drop or misread, with line and column for a NIC that was read from text.
   *
   * @param options - the libvirt release to judge by
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for text that is not a release
   */
  validate(options: ReleaseOption = {}): readonly Issue[] {
    const release = optionsOf(options, RELEASE_OPTION, 'validate');
    const { inspect, onNetwork } = this.#context;
    const own = inspect?.(release) ?? checkCompanion(this.#format, this.document, release);
    return onNetwork === undefined ? own : [...own, ...onNetwork(this.document, release)];
  }

  /**
   * The NIC as XML, as libvirt prints it. Parts that are newer than the release are left out, as that release drops them.
   *
   * @param options - the libvirt release to print for, and whether to check
   * @throws {@link ValidationError} with everything that libvirt would refuse by the time of `define`; with `check: false` only with parts of a
   *   wrong type
   */
  toXml(options: ToXmlOptions = {}): string {
    const { check, ...release } = optionsOf(options, PRINT_OPTIONS, 'toXml');
    if (check === false) assertShapeOf(this.#format.table, this.document, { what: this.#label(), ...release });
    else this.assertDefinable(release);
    return printCompanion(this.#format, this.document, release);
  }

  /**
   * Throws what `toXml` would, without printing.
   *
   * @throws {@link ValidationError} with everything that libvirt would refuse by the time of `define`
   */
  assertDefinable(options: ReleaseOption = {}): void {
    const errors = this.validate(optionsOf(options, RELEASE_OPTION, 'assertDefinable')).filter(blocksDefine);
    if (errors.length > 0) throw new ValidationError(this.#label(), errors);
  }

  #label(): string {
    return this.mac === undefined ? 'interface' : `interface ${shown(this.mac)}`;
  }

  /** The NIC as plain data. */
  toJSON(): D {
    return this.document;
  }

  /** The class and what the NIC is plugged into: `NetworkNic on lab`. */
  toString(): string {
    const source: object = ('source' in this.document && this.document.source) || {};
    const name = Object.values(source).find((value) => typeof value === 'string');
    const own = classNameOf(this.kind);
    return name === undefined ? own : `${own} on ${name}`;
  }

  /**
   * Tells whether two NICs have the same effect in libvirt. The spelling of addresses, the order of attributes and
   * libvirt's own defaults do not count.
   *
   * @throws as `diff`
   */
  equals(other: BaseNic): boolean {
    return this.diff(other).length === 0;
  }

  /**
   * Lists the changes from this NIC to another that count for `equals`.
   *
   * @throws {@link ValidationError} when one of the two has parts of a wrong type
   */
  diff(other: BaseNic): readonly Change[] {
    if (!isNic(other)) throw new LibvirtError('INVALID_ARGUMENT', 'diff and equals need another NIC of a guest');
    return differences(this.#comparable(this.document), this.#comparable(other.document));
  }

  /** A document as libvirt holds it, in its spelling. */
  #comparable(document: NicDocument): unknown {
    const { table, canonical }: NicFormat<NicDocument> = this.#format;
    assertShapeOf(table, document, { what: this.#label() });
    return normalized(table, canonical(document));
  }

  /**
   * Returns the NIC as the guest's definition has it after `define`: with libvirt's defaults, without parts that libvirt
   * drops, and without what is only true of a running guest, such as `vnet0`, `net0` and the identity of a network's port.
   * A MAC address, a model and a PCI address that libvirt makes up are not known here. Values that a running guest's NIC
   * has from its network or port group stay, as libvirt does not say which these are.
   *
   * @param options - the libvirt release
   */
  asStored(options: ReleaseOption = {}): BaseNic {
    return this.stored(options);
  }

  /** @internal */
  protected stored(options: ReleaseOption): this {
    const { libvirt } = optionsOf(options, RELEASE_OPTION, 'asStored');
    return this.#withDocument(storedNic(this.#format, this.document, libvirt));
  }
}

/** Names of classes that are not made of their type. */
const CLASS_NAMES: Readonly<Partial<Record<NicKind, string>>> = { vhostuser: 'VhostUserNic', mcast: 'MulticastNic' };

/** The name of a class as text, since minifiers rename classes. */
const classNameOf = (kind: NicKind): string =>
  CLASS_NAMES[kind] ?? `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Nic`;
