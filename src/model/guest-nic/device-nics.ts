import { optionsOf } from '../../options/options.js';
import type { HostdevNicDocument, VdpaNicDocument } from '../../schema/guests/nic.js';
import { hostdevNicFormat, vdpaNicFormat } from '../../schema/guests/other-formats.js';
import type { HostdevNicAddress } from '../../schema/guests/sources.js';
import { compact } from '../../schema/values.js';
import { type VlanTags, vlanOf } from '../vlan.js';
import { BaseNic, type NicContext } from './base.js';
import { EmulatedNic } from './emulated.js';
import { cardlessPartsOf, type GuestNicOptions, NIC_OPTIONS, partsOf } from './options.js';

/** A guest's NIC that is a vDPA device of the host; since libvirt 6.9.0. */
export class VdpaNic extends EmulatedNic<VdpaNicDocument> {
  /** @internal */
  constructor(document: VdpaNicDocument, context?: NicContext<VdpaNicDocument>) {
    super(document, vdpaNicFormat, context);
  }

  get kind() {
    return 'vdpa' as const;
  }

  /**
   * Gives a guest a vDPA device.
   *
   * @param dev - path, such as `/dev/vhost-vdpa-0`
   * @param options - MAC address and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  static create(dev: string, options: GuestNicOptions = {}): VdpaNic {
    const known = optionsOf(options, NIC_OPTIONS, 'VdpaNic.create');
    return new VdpaNic({ type: 'vdpa', source: { dev }, ...partsOf(known) });
  }
}

/** Properties of a NIC that is a device of the host. */
export interface HostdevNicOptions extends Omit<GuestNicOptions, 'model' | 'bandwidth' | 'target'> {
  /** True if libvirt takes the device from the host and gives it back. Default: false. */
  readonly managed?: boolean;
  /** Tags its traffic; since libvirt 0.10.2. */
  readonly vlan?: VlanTags;
}

/** A guest's NIC that is a device of the host, usually a virtual function of a card (SR-IOV); since libvirt 0.9.11. */
export class HostdevNic extends BaseNic<HostdevNicDocument> {
  /** @internal */
  constructor(document: HostdevNicDocument, context?: NicContext<HostdevNicDocument>) {
    super(document, hostdevNicFormat, context);
  }

  get kind() {
    return 'hostdev' as const;
  }

  /**
   * Gives a guest a device of the host.
   *
   * @param address - of the device, such as `{ type: 'pci', bus: 3, slot: 7, function: 1 }`
   * @param options - whether libvirt manages the device, MAC address and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  static create(address: HostdevNicAddress, options: HostdevNicOptions = {}): HostdevNic {
    const { model: _, bandwidth: __, target: ___, ...names } = NIC_OPTIONS;
    const known = optionsOf(options, { ...names, managed: true, vlan: true }, 'HostdevNic.create');
    const { managed, vlan, ...others } = known;
    const own = compact({ managed, vlan: vlan === undefined ? undefined : vlanOf(vlan) });
    return new HostdevNic({ type: 'hostdev', source: { address }, ...cardlessPartsOf(others), ...own });
  }

  /** Tags the guest's traffic; since libvirt 0.10.2. */
  withVlan(tags: VlanTags): this {
    return this.with({ vlan: vlanOf(tags) });
  }
}
