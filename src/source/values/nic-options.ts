import type { HostdevNicOptions } from '../../model/guest-nic/device-nics.js';
import type { GuestNicOptions, SwitchedNicOptions } from '../../model/guest-nic/options.js';
import type { VlanTags } from '../../model/vlan.js';
import type { FilteredNicParts, HostdevNicDocument, NicParts } from '../../schema/guests/nic.js';
import type { VirtualPort } from '../../schema/network/ports.js';
import { compact } from '../../schema/values.js';
import { only } from './parts.js';
import { isPlainBandwidth, tagsOf } from './ports.js';

// Each option is taken where it says all that the document has in that place; the rest is for methods and data.

/** The options of every NIC. */
export function nicOptions(nic: NicParts): GuestNicOptions {
  const model = only(nic.model, 'type');
  const bandwidth = nic.bandwidth !== undefined && isPlainBandwidth(nic.bandwidth) ? nic.bandwidth : undefined;
  return compact({
    mac: only(nic.mac, 'address'),
    // What classes take without one.
    model: model === 'virtio' ? undefined : model,
    bandwidth,
    link: only(nic.link, 'state'),
    trustGuestRxFilters: nic.trustGuestRxFilters,
    target: only(nic.target, 'dev'),
    bootOrder: only(nic.boot, 'order'),
    alias: only(nic.alias, 'name'),
  });
}

/** What a NIC says of its port on a switch. */
export const taggedOptions = ({
  vlan,
  virtualport,
}: NicParts): { readonly vlan?: VlanTags; readonly virtualPort?: VirtualPort } =>
  compact({ vlan: vlan && tagsOf(vlan), virtualPort: virtualport });

/** The options of a NIC on a network or a bridge. */
export const switchedOptions = (nic: FilteredNicParts): SwitchedNicOptions => ({
  ...nicOptions(nic),
  ...taggedOptions(nic),
  ...compact({
    isolated: only(nic.port, 'isolated'),
    mtu: only(nic.mtu, 'size'),
    filter: only(nic.filterref, 'filter'),
  }),
});

/** The options of a NIC that is a device of the host. */
export function hostdevOptions(nic: HostdevNicDocument): HostdevNicOptions {
  const { model: _, bandwidth: __, target: ___, ...options } = nicOptions(nic);
  return { ...options, ...compact({ managed: nic.managed, vlan: nic.vlan && tagsOf(nic.vlan) }) };
}
