import type { OptionNames } from '../../options/options.js';
import type { FilteredNicParts, NicParts } from '../../schema/guests/nic.js';
import type { Bandwidth, VirtualPort } from '../../schema/network/ports.js';
import { compact } from '../../schema/values.js';
import { type VlanTags, vlanOf } from '../vlan.js';

/** Properties of a guest's NIC beside what it is plugged into. */
export interface GuestNicOptions {
  /** Unicast MAC address. Default: libvirt makes one when the guest is defined, a new one each time. */
  readonly mac?: string;
  /** The card that the guest sees. Default: `virtio`. */
  readonly model?: string;
  /** Limits its traffic, in KiB/s and KiB; `floor` on networks that have a limit themselves. */
  readonly bandwidth?: Pick<Bandwidth, 'inbound' | 'outbound'>;
  /** State of the link; since libvirt 0.9.5. Default: up. */
  readonly link?: 'up' | 'down';
  /** Lets the guest change its MAC address and multicast filters, which macvtap then follows; since libvirt 1.2.10. Default: that of the network. */
  readonly trustGuestRxFilters?: boolean;
  /** Name of the host's end, at most 15 bytes. Default: libvirt picks `vnet0`, `vnet1`, ... */
  readonly target?: string;
  /** Place in the order in which the guest tries its devices at boot, from 1; since libvirt 0.8.8. */
  readonly bootOrder?: number;
  /** Name of the card among the guest's devices; begins with `ua-`; since libvirt 3.9.0. */
  readonly alias?: string;
}

/** Properties of a NIC on a switch of the host: a network or a bridge. */
export interface SwitchedNicOptions extends GuestNicOptions {
  /** Tags its traffic, or names the VLANs of a trunk; since libvirt 0.10.2, on Linux bridges since 11.0. */
  readonly vlan?: VlanTags;
  /** Setup of its port on a switch. */
  readonly virtualPort?: VirtualPort;
  /** Keeps it from talking to other isolated guests; Linux bridges only; since libvirt 6.1.0. Default: false. */
  readonly isolated?: boolean;
  /** Largest packet in bytes; since libvirt 3.1.0. Default: that of the network or the bridge. */
  readonly mtu?: number;
  /** Name of the filter that its packets pass, such as `clean-traffic`; since libvirt 0.8.0. For parameters see `withFilter`. */
  readonly filter?: string;
}

/** Properties of a NIC on a network, which may have port groups. */
export interface NetworkNicOptions extends SwitchedNicOptions {
  /** Name of a port group of the network; since libvirt 0.9.4. Default: the default group, if there is one. */
  readonly portGroup?: string;
}

/** The options of every NIC. */
export const NIC_OPTIONS: OptionNames<GuestNicOptions> = {
  mac: true,
  model: true,
  bandwidth: true,
  link: true,
  trustGuestRxFilters: true,
  target: true,
  bootOrder: true,
  alias: true,
};

/** The options of a NIC on a switch. */
export const SWITCHED_NIC_OPTIONS: OptionNames<SwitchedNicOptions> = {
  ...NIC_OPTIONS,
  vlan: true,
  virtualPort: true,
  isolated: true,
  mtu: true,
  filter: true,
};

/** The options of a NIC on a network. */
export const NETWORK_NIC_OPTIONS: OptionNames<NetworkNicOptions> = { ...SWITCHED_NIC_OPTIONS, portGroup: true };

/** What the options of every NIC say in a document. */
export const partsOf = ({ model = 'virtio', ...options }: GuestNicOptions): NicParts => ({
  ...cardlessPartsOf(options),
  model: { type: model },
});

/** The same for a NIC whose card is the hardware's. */
export function cardlessPartsOf(options: Omit<GuestNicOptions, 'model'>): NicParts {
  const { mac, bandwidth, link, trustGuestRxFilters, target, bootOrder, alias } = options;
  return compact({
    trustGuestRxFilters,
    mac: mac === undefined ? undefined : { address: mac },
    bandwidth,
    target: target === undefined ? undefined : { dev: target },
    link: link === undefined ? undefined : { state: link },
    boot: bootOrder === undefined ? undefined : { order: bootOrder },
    alias: alias === undefined ? undefined : { name: alias },
  });
}

/** What the options of a NIC on a switch say in a document. */
export function switchedPartsOf({
  vlan,
  virtualPort,
  isolated,
  mtu,
  filter,
  ...others
}: SwitchedNicOptions): FilteredNicParts {
  return compact({
    ...partsOf(others),
    vlan: vlan === undefined ? undefined : vlanOf(vlan),
    virtualport: virtualPort,
    port: isolated === undefined ? undefined : { isolated },
    mtu: mtu === undefined ? undefined : { size: mtu },
    filterref: filter === undefined ? undefined : { filter },
  });
}
