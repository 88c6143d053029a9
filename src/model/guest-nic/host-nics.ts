import { optionsOf } from '../../options/options.js';
import type { ReportedNetwork } from '../../schema/guests/network-source.js';
import type {
  BridgeNicDocument,
  DirectNicDocument,
  EthernetNicDocument,
  NetworkNicDocument,
} from '../../schema/guests/nic.js';
import { bridgeNicFormat, directNicFormat, ethernetNicFormat } from '../../schema/guests/other-formats.js';
import { networkSourceOf } from '../../schema/guests/stored.js';
import type { VirtualPort } from '../../schema/network/ports.js';
import type { ReleaseOption } from '../../schema/release.js';
import { compact } from '../../schema/values.js';
import { type VlanTags, vlanOf } from '../vlan.js';
import type { NicContext } from './base.js';
import { DIRECT_NIC_OPTIONS, type DirectNicOptions } from './direct-options.js';
import { EmulatedNic, FilteredNic, SwitchedNic } from './emulated.js';
import { NetworkNic } from './network-nic.js';
import {
  type GuestNicOptions,
  NIC_OPTIONS,
  partsOf,
  SWITCHED_NIC_OPTIONS,
  type SwitchedNicOptions,
  switchedPartsOf,
} from './options.js';

/** The NIC of a running guest's definition, where its network has made another type of it. */
const definedOn = (nic: Omit<NetworkNicDocument, 'type' | 'source'>, source: ReportedNetwork): NetworkNic =>
  new NetworkNic({ ...nic, type: 'network', source: networkSourceOf(source) });

/** Tells whether libvirt says that a NIC is on a network: on input it ignores a network here. */
const isPlugged = (source: ReportedNetwork | undefined): boolean =>
  source?.network !== undefined && source.portid !== undefined;

/** A guest's NIC on a bridge of the host, without a network of libvirt in between. */
export class BridgeNic extends SwitchedNic<BridgeNicDocument> {
  /** @internal */
  constructor(document: BridgeNicDocument, context?: NicContext<BridgeNicDocument>) {
    super(document, bridgeNicFormat, context);
  }

  get kind() {
    return 'bridge' as const;
  }

  /**
   * Plugs a guest into a bridge of the host.
   *
   * @param bridge - device name
   * @param options - MAC address, model and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  static create(bridge: string, options: SwitchedNicOptions = {}): BridgeNic {
    const known = optionsOf(options, SWITCHED_NIC_OPTIONS, 'BridgeNic.create');
    return new BridgeNic({ type: 'bridge', source: { bridge }, ...switchedPartsOf(known) });
  }

  /** As for other NICs; of a running guest's NIC on a network with a bridge of the host, the NIC on that network. */
  override asStored(options: ReleaseOption = {}): BridgeNic | NetworkNic {
    const { document } = this;
    if (!isPlugged(document.source)) return this.stored(options);
    return definedOn(document, document.source).asStored(options);
  }
}

/** A guest's NIC on a device of the host, over macvtap. Guest and host cannot talk to each other over it. */
export class DirectNic extends EmulatedNic<DirectNicDocument> {
  /** @internal */
  constructor(document: DirectNicDocument, context?: NicContext<DirectNicDocument>) {
    super(document, directNicFormat, context);
  }

  get kind() {
    return 'direct' as const;
  }

  /**
   * Plugs a guest into a device of the host.
   *
   * @param dev - device name
   * @param options - `mode`, by default `bridge`; MAC address, model and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  static create(dev: string, options: DirectNicOptions = {}): DirectNic {
    const known = optionsOf(options, DIRECT_NIC_OPTIONS, 'DirectNic.create');
    const { mode = 'bridge', vlan, virtualPort, ...others } = known;
    const ports = compact({ vlan: vlan === undefined ? undefined : vlanOf(vlan), virtualport: virtualPort });
    return new DirectNic({ type: 'direct', source: { dev, mode }, ...partsOf(others), ...ports });
  }

  /** Tags the guest's traffic; only with mode `passthrough`; since libvirt 0.10.2. */
  withVlan(tags: VlanTags): this {
    return this.with({ vlan: vlanOf(tags) });
  }

  /** Says how the port is set up on a switch that speaks 802.1Qbg or 802.1Qbh. */
  withVirtualPort(port: VirtualPort): this {
    return this.with({ virtualport: port });
  }

  /** As for other NICs; of a running guest's NIC on a network over devices of the host, the NIC on that network. */
  override asStored(options: ReleaseOption = {}): DirectNic | NetworkNic {
    const { document } = this;
    if (!isPlugged(document.source)) return this.stored(options);
    return definedOn(document, document.source).asStored(options);
  }
}

/** A guest's NIC on a tap that something else connects, such as a script. */
export class EthernetNic extends FilteredNic<EthernetNicDocument> {
  /** @internal */
  constructor(document: EthernetNicDocument, context?: NicContext<EthernetNicDocument>) {
    super(document, ethernetNicFormat, context);
  }

  get kind() {
    return 'ethernet' as const;
  }

  /**
   * Gives a guest a tap of its own.
   *
   * @param options - name of the tap as `target`, MAC address, model and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  static create(options: GuestNicOptions = {}): EthernetNic {
    return new EthernetNic({ type: 'ethernet', ...partsOf(optionsOf(options, NIC_OPTIONS, 'EthernetNic.create')) });
  }

  /**
   * Runs a program when the tap is there, which connects it.
   *
   * @param path - of the program; it runs with the name of the tap
   */
  withScript(path: string): this {
    return this.with({ script: { path } });
  }
}
