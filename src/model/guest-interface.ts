import { type Issue, ValidationError } from '../errors/index.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import type { GuestInterfaceDocument } from '../schema/guestinterface.js';
import type { NetworkDocument } from '../schema/network/network.js';
import type { Bandwidth, VirtualPort } from '../schema/network/ports.js';
import { RELEASE_OPTION, type ReleaseOption } from '../schema/release.js';
import { type Found, reporter } from '../schema/rules/context.js';
import { checkGuestOnNetwork } from '../schema/rules/guest-source.js';
import { releaseOf } from '../schema/rules/index.js';
import { issueOf } from '../schema/rules/issue.js';
import { checkCompanion, writeCompanion } from '../schema/small-formats/format.js';
import { guestInterfaceFormat } from '../schema/small-formats/guestinterface.js';
import { compact } from '../schema/values.js';
import { frozenCopy } from './frozen.js';
import { type VlanTags, vlanOf } from './vlan.js';

/** Properties of a guest's interface beside its source. */
export interface GuestInterfaceOptions {
  /** Unicast MAC address. Default: libvirt picks one when the domain is defined, a new one each time. */
  readonly mac?: string;
  /** The card that the guest sees. Default: `virtio`. */
  readonly model?: string;
  /** Tags its traffic, or names the VLANs of a trunk; since libvirt 0.10.2, on Linux bridges since 11.0. */
  readonly vlan?: VlanTags;
  /** Setup of its port on a switch. */
  readonly virtualPort?: VirtualPort;
  /** Limits its traffic, in KiB/s and KiB; `floor` on networks that have a limit themselves. */
  readonly bandwidth?: Pick<Bandwidth, 'inbound' | 'outbound'>;
  /** State of the link; since libvirt 0.9.5. Default: up. */
  readonly link?: 'up' | 'down';
  /** Keeps it from talking to other isolated guests; Linux bridges only; since libvirt 6.1.0. Default: false. */
  readonly isolated?: boolean;
  /** Allows the guest to change its MAC address and multicast filters, which macvtap then follows; since libvirt 1.2.10. Default: that of the network. */
  readonly trustGuestRxFilters?: boolean;
  /** Largest packet in bytes; since libvirt 3.1.0. Default: that of the network or the bridge. */
  readonly mtu?: number;
  /** Name of the host's end. Default: libvirt picks `vnet0`, `vnet1`, ... */
  readonly target?: string;
}

/** Properties of a guest's interface on a network, which may have port groups. */
export interface NetworkInterfaceOptions extends GuestInterfaceOptions {
  /** Name of a port group of the network; since libvirt 0.9.4. Default: the default group, if there is one. */
  readonly portGroup?: string;
}

/** The options of a guest's interface. */
export const GUEST_INTERFACE_OPTIONS: OptionNames<GuestInterfaceOptions> = {
  mac: true,
  model: true,
  vlan: true,
  virtualPort: true,
  bandwidth: true,
  link: true,
  isolated: true,
  trustGuestRxFilters: true,
  mtu: true,
  target: true,
};

/** The options of a guest's interface on a network. */
export const NETWORK_INTERFACE_OPTIONS: OptionNames<NetworkInterfaceOptions> = {
  ...GUEST_INTERFACE_OPTIONS,
  portGroup: true,
};

/** Properties of a guest's interface on a card of the host. */
type CardOptions = GuestInterfaceOptions & { readonly mode?: 'vepa' | 'private' | 'bridge' | 'passthrough' };

const CARD_OPTIONS: OptionNames<CardOptions> = {
  ...GUEST_INTERFACE_OPTIONS,
  mode: true,
};

/**
 * The `<interface>` of a guest: what goes into a domain's `<devices>` to connect it. A value like a network; methods
 * accept anything, {@link GuestInterface.validate} lists what is wrong, and {@link GuestInterface.toXml} refuses it.
 */
export class GuestInterface {
  /** The interface as plain data, deeply frozen. */
  readonly document: GuestInterfaceDocument;
  /** Finds the issues that only the network can tell. */
  readonly #inspect: (options: ReleaseOption) => readonly Issue[];

  /** @internal */
  constructor(document: GuestInterfaceDocument, inspect: (options: ReleaseOption) => readonly Issue[] = () => []) {
    this.document = frozenCopy(document);
    this.#inspect = inspect;
  }

  /**
   * Connects a guest to a bridge of the host.
   *
   * @param bridge - device name
   * @param options - MAC address, model and the like
   */
  static onBridge(bridge: string, options: GuestInterfaceOptions = {}): GuestInterface {
    const known = optionsOf(options, GUEST_INTERFACE_OPTIONS, 'onBridge');
    return new GuestInterface(interfaceOf('bridge', { bridge }, known));
  }

  /**
   * Connects a guest to a card of the host by macvtap. Guest and host cannot talk to each other over it.
   *
   * @param dev - device name of the card
   * @param options - `mode`, by default `bridge`; MAC address, model and the like
   */
  static onCard(
    dev: string,
    options: GuestInterfaceOptions & { readonly mode?: 'vepa' | 'private' | 'bridge' | 'passthrough' } = {},
  ): GuestInterface {
    const { mode = 'bridge', ...others } = optionsOf(options, CARD_OPTIONS, 'onCard');
    return new GuestInterface(interfaceOf('direct', { dev, mode }, others));
  }

  /**
   * Lists all problems.
   *
   * @param options - the libvirt release to judge by
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for text that is not a release
   */
  validate(options: ReleaseOption = {}): readonly Issue[] {
    const release = optionsOf(options, RELEASE_OPTION, 'validate');
    return [...checkCompanion(guestInterfaceFormat, this.document, release), ...this.#inspect(options)];
  }

  /**
   * The interface as XML, as libvirt prints it. Parts that are newer than the release are left out.
   *
   * @param options - the libvirt release to print for
   * @throws {@link ValidationError} with everything that libvirt would refuse
   */
  toXml(options: ReleaseOption = {}): string {
    if (this.#inspect(options).length > 0) throw new ValidationError('interface', this.validate(options));
    return writeCompanion(guestInterfaceFormat, this.document, optionsOf(options, RELEASE_OPTION, 'toXml'));
  }

  /** The interface as plain data. */
  toJSON(): GuestInterfaceDocument {
    return this.document;
  }

  /** The class and what the interface is connected to: `GuestInterface on network lab`. */
  toString(): string {
    const { type, source } = this.document;
    return type === 'direct' ? `GuestInterface on card ${source.dev}` : `GuestInterface on ${type} ${source[type]}`;
  }
}

/** The document of an interface. */
export function interfaceOf(
  type: GuestInterfaceDocument['type'],
  source: GuestInterfaceDocument['source'],
  options: GuestInterfaceOptions,
): GuestInterfaceDocument {
  const {
    mac,
    model = 'virtio',
    vlan,
    virtualPort,
    bandwidth,
    link,
    isolated,
    mtu,
    target,
    trustGuestRxFilters,
  } = options;
  return compact({
    type,
    trustGuestRxFilters,
    mac: mac === undefined ? undefined : { address: mac },
    source,
    vlan: vlan === undefined ? undefined : vlanOf(vlan),
    virtualport: virtualPort,
    bandwidth,
    port: isolated === undefined ? undefined : { isolated },
    target: target === undefined ? undefined : { dev: target },
    model: { type: model },
    link: link === undefined ? undefined : { state: link },
    mtu: mtu === undefined ? undefined : { size: mtu },
  });
}

/** Only the network knows its port groups, and what its ports take; libvirt finds out when the guest starts. */
export function issuesOnNetwork(
  network: NetworkDocument,
  document: GuestInterfaceDocument,
  options: ReleaseOption,
): readonly Issue[] {
  const found: Found[] = [];
  const context = reporter(releaseOf(options), found);
  checkGuestOnNetwork(network, document, context);
  return found.map((one) => issueOf(one));
}
