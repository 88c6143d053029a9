import { type Issue, ValidationError } from '../errors/index.js';
import { optionsOf, readable } from '../options/options.js';
import { shown } from '../options/shown.js';
import { canonicalNetwork, storedNetwork } from '../schema/network/canonical.js';
import { writeNetwork } from '../schema/network/codec.js';
import { type NetworkDocument, networkTable } from '../schema/network/network.js';
import type { PortGroup } from '../schema/network/ports.js';
import { normalized } from '../schema/normalize.js';
import { RELEASE_OPTION, type ReleaseOption } from '../schema/release.js';
import { blocksDefine, checkNetwork, isDefinable } from '../schema/rules/index.js';
import type { XmlElement } from '../xml/node.js';
import { expectObject, itemsOf, putItem } from './argument.js';
import { assertShape } from './assert-shape.js';
import { type Change, differences } from './diff.js';
import { frozenCopy } from './frozen.js';
import { NetworkNic } from './guest-nic/network-nic.js';
import type { NetworkNicOptions } from './guest-nic/options.js';
import { expectKind, type NetworkKind } from './kind.js';
import { expectNamespace, namespaceOf, outside } from './metadata.js';
import { PRINT_OPTIONS, type ToXmlOptions } from './print-options.js';
import { itemsWithout } from './without.js';
import { inEffect } from './without-defaults.js';

/**
 * Finds the issues of a network that was read from text, with their positions.
 *
 * @internal
 */
export type Inspector = (options: ReleaseOption) => readonly Issue[];

/** Marks our networks across copies of the package. */
const BRAND = Symbol.for('libvirt-network.network');

const isNetwork = (value: unknown): value is BaseNetwork =>
  typeof value === 'object' && value !== null && BRAND in value;

/**
 * Base of all network classes. A network is an immutable value, independent of any host: every method returns a new one. Methods accept anything; {@link BaseNetwork.validate} lists the problems, and {@link BaseNetwork.toXml} throws for them.
 */
export abstract class BaseNetwork {
  /** Tells the kinds apart: `switch (network.kind)` narrows. */
  abstract get kind(): NetworkKind;
  /** The network as plain data, deeply frozen. */
  readonly document: NetworkDocument;
  readonly #inspect: Inspector | undefined;
  /** What the rules said for a release: the document never changes. */
  #definable: Map<string | undefined, boolean> | undefined;

  /** @internal */
  constructor(document: NetworkDocument, inspect?: Inspector) {
    this.document = this.#own(document);
    Object.defineProperty(this, BRAND, { value: true });
    this.#inspect = inspect;
  }

  /** Makes `instanceof` true for networks of another copy of this library as well. */
  static [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore-start lint/complexity/noThisInStatic: every kind inherits this and asks for itself
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    if (!isNetwork(value)) return false;
    return this === BaseNetwork || (Object.hasOwn(this.prototype, 'kind') && this.prototype.kind === value.kind);
    // biome-ignore-end lint/complexity/noThisInStatic: every kind inherits this and asks for itself
  }

  #own(document: NetworkDocument): NetworkDocument {
    const own = frozenCopy(document);
    expectKind(own, this.kind);
    return own;
  }

  /** The network's unique name. */
  get name(): string {
    return this.document.name;
  }

  /** The network's identity; absent until it is chosen or libvirt makes one. */
  get uuid(): string | undefined {
    return this.document.uuid;
  }

  /**
   * Returns the network with some properties replaced, including those that have no method of their own. A property that is `undefined` is removed.
   *
   * @param patch - top-level properties of the document
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the network would be of another kind: pass the document with its new forward mode to `Network.from`
   */
  with(patch: { readonly [K in keyof NetworkDocument]?: NetworkDocument[K] | undefined }): this {
    expectObject(patch, 'with');
    return this.#withDocument(readable('with', () => Object.assign({}, this.document, patch)));
  }

  #withDocument(document: NetworkDocument): this {
    // Every concrete kind takes a document.
    const Kind = this.constructor as new (document: NetworkDocument) => this;
    return new Kind(document);
  }

  /**
   * Returns the network under another name. It keeps its uuid; for a second network use {@link BaseNetwork.copyAs}.
   *
   * @param name - unique on the host, without `/`
   */
  named(name: string): this {
    return this.with({ name });
  }

  /**
   * A second network like this one: without what must be its own, the uuid, the MAC address and the name
   * of a bridge that libvirt makes.
   *
   * @param name - name of the copy
   */
  copyAs(name: string): this {
    return this.with({ name, uuid: undefined, mac: undefined });
  }

  /**
   * Gives the network an identity. Default: libvirt makes one at the first define.
   *
   * @param uuid - 32 hexadecimal digits, with or without dashes
   */
  withUuid(uuid: string): this {
    return this.with({ uuid });
  }

  /**
   * Says what the network is for; since libvirt 9.7.0, dropped silently by older releases. Source: "General metadata"
   * of libvirt's network format page.
   *
   * @param title - one line for people
   */
  title(title: string): this {
    return this.with({ title });
  }

  /**
   * Describes the network at length; since libvirt 9.7.0, dropped silently by older releases.
   *
   * @param description - text for people, of any length
   */
  description(description: string): this {
    return this.with({ description });
  }

  /** Allows guests to change their MAC address and multicast filters; since libvirt 1.2.10. Default: true. */
  trustGuestRxFilters(enabled = true): this {
    return this.with({ trustGuestRxFilters: enabled });
  }

  /** Keeps guests from talking to each other over the bridge; since libvirt 6.1.0. Default: true. */
  isolatePorts(enabled = true): this {
    return this.with({ port: { isolated: enabled } });
  }

  /**
   * Adds a class of ports that guests can ask for by name, or replaces the one of that name; since libvirt 0.9.4.
   * Source: "Portgroups" of libvirt's network format page.
   *
   * @param group - its name, and bandwidth, VLAN and virtual port where the kind of network allows them
   */
  portGroup(group: PortGroup): this {
    expectObject(group, 'portGroup');
    const { name } = readable('portGroup', () => ({ name: group.name }));
    return this.with({ portgroups: putItem(this.document.portgroups, group, (other) => other?.name === name) });
  }

  /**
   * Takes a port group away.
   *
   * @param name - its name; nothing happens when there is none
   */
  withoutPortGroup(name: string): this {
    return this.with({ portgroups: itemsWithout(this.document.portgroups, (group) => group?.name === name) });
  }

  /**
   * The element that an application keeps in the network's metadata.
   *
   * @param uri - the application's namespace
   */
  metadata(uri: string): XmlElement | undefined {
    return itemsOf(this.document.metadata).find((element) => namespaceOf(element) === uri);
  }

  /**
   * Keeps an element in the network's metadata, in place of the one in the same namespace; since libvirt 2.1.0.
   *
   * @param element - must declare its namespace itself
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is in no namespace, since libvirt would drop it, or is
   *   no whole element
   */
  withMetadata(element: XmlElement): this {
    const uri = readable('withMetadata', () => expectNamespace(element, this.name));
    return this.with({ metadata: [...outside(this.document.metadata, uri), element] });
  }

  /**
   * Takes an application's element out of the metadata.
   *
   * @param uri - the application's namespace
   */
  withoutMetadata(uri: string): this {
    return this.with({ metadata: itemsWithout(this.document.metadata, (element) => namespaceOf(element) === uri) });
  }

  /**
   * Returns a guest's NIC on this network: what goes into a domain's `<devices>`. {@link NetworkNic.validate} knows the
   * network, and lists what its ports do not take.
   *
   * @param options - port group, MAC address, model and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  guestNic(options: NetworkNicOptions = {}): NetworkNic {
    return NetworkNic.onNetwork(this.document, options);
  }

  /**
   * Lists all problems, and everything that libvirt would drop or misread, in document order, with line and column for a network that was read from text.
   *
   * @param options - the libvirt release to judge by
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for text that is not a release
   */
  validate(options: ReleaseOption = {}): readonly Issue[] {
    const release = optionsOf(options, RELEASE_OPTION, 'validate');
    return this.#inspect?.(release) ?? checkNetwork(this.document, release);
  }

  /**
   * The network as XML, byte for byte as libvirt prints it. Parts that are newer than the release are left
   * out, as that release drops them.
   *
   * @param options - the libvirt release to print for, and whether to check
   * @throws {@link ValidationError} with everything that libvirt would refuse by the time of `define`, and what
   *   would make its own output malformed; with `check: false` only with parts of a wrong type
   */
  toXml(options: ToXmlOptions = {}): string {
    const { check, ...release } = optionsOf(options, PRINT_OPTIONS, 'toXml');
    if (check === false) assertShape(this.document, release);
    else this.assertDefinable(release);
    return writeNetwork(this.document, release.libvirt);
  }

  /**
   * Throws what {@link BaseNetwork.toXml} would, without printing.
   *
   * @throws {@link ValidationError} with everything that libvirt would refuse by the time of `define`
   */
  assertDefinable(options: ReleaseOption = {}): void {
    const release = optionsOf(options, RELEASE_OPTION, 'assertDefinable');
    if (this.#isDefinable(release)) return;
    throw new ValidationError(`network "${shown(this.name)}"`, this.validate(release).filter(blocksDefine));
  }

  #isDefinable(release: ReleaseOption): boolean {
    this.#definable ??= new Map();
    const known = this.#definable.get(release.libvirt);
    if (known !== undefined) return known;
    const isIt = isDefinable(this.document, release);
    this.#definable.set(release.libvirt, isIt);
    return isIt;
  }

  /**
   * Returns the network as libvirt keeps it after `define`, as `virsh net-dumpxml --inactive` prints it: with libvirt's defaults, without parts
   * that libvirt drops, such as unknown elements and attributes, and without parts that are newer than the release. A uuid, a
   * MAC address and the name of a bridge that libvirt makes up are not known here. {@link BaseNetwork.diff} does not list what is dropped.
   *
   * @param options - the libvirt release
   * @throws {@link ValidationError} as {@link BaseNetwork.toXml}
   *
   * @example
   * ```ts
   * const lost = network.toXml() !== network.asStored({ libvirt: '9.0' }).toXml();
   * ```
   */
  asStored(options: ReleaseOption = {}): this {
    const release = optionsOf(options, RELEASE_OPTION, 'asStored');
    this.assertDefinable(release);
    return this.#withDocument(storedNetwork(this.document, release.libvirt));
  }

  /** The network as plain data. */
  toJSON(): NetworkDocument {
    return this.document;
  }

  /** The class and the name: `NatNetwork lab`. */
  toString(): string {
    return `${CLASS_NAMES[this.kind]} ${this.name}`;
  }

  /**
   * Tells whether two networks have the same effect in libvirt. The spelling of addresses, the order of attributes, libvirt's own defaults and metadata that it drops do not count; a netmask equals its prefix. The order of lists counts, as libvirt keeps it, and so do the zone of a bridge, which needs firewalld if it is set, and defaults of dnsmasq rather than libvirt: lease times, boot servers and numbers of SRV records.
   *
   * @throws as {@link BaseNetwork.diff}
   */
  equals(other: BaseNetwork): boolean {
    return this.diff(other).length === 0;
  }

  /**
   * Lists the changes from this network to another that count for {@link BaseNetwork.equals}. Sizes of subnets appear as prefixes. Items of lists are matched by their identity, such as their address or name.
   *
   * @throws {@link ValidationError} when one of the two has parts of a wrong type
   */
  diff(other: BaseNetwork): readonly Change[] {
    expectObject(
      readable('diff', () => other?.document),
      'diff',
    );
    for (const { document } of [this, other]) assertShape(document);
    return differences(comparable(inEffect(this.document)), comparable(inEffect(other.document)));
  }
}

/** The names of the classes as text, since minifiers rename classes. */
const CLASS_NAMES: Readonly<Record<NetworkKind, string>> = {
  nat: 'NatNetwork',
  route: 'RoutedNetwork',
  open: 'OpenNetwork',
  isolated: 'IsolatedNetwork',
  bridge: 'BridgedNetwork',
  direct: 'DirectNetwork',
  hostdev: 'HostdevNetwork',
  other: 'OtherNetwork',
};

/** The document as libvirt holds it, in its spelling. */
export const comparable = (document: NetworkDocument): unknown => normalized(networkTable, canonicalNetwork(document));
