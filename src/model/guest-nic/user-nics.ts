import { optionsOf } from '../../options/options.js';
import type { NicPortForward } from '../../schema/guests/addresses.js';
import type { UserNicDocument, VhostUserNicDocument } from '../../schema/guests/nic.js';
import { userNicFormat, vhostUserNicFormat } from '../../schema/guests/other-formats.js';
import { itemsOf } from '../argument.js';
import type { NicContext } from './base.js';
import { EmulatedNic } from './emulated.js';
import { type GuestNicOptions, NIC_OPTIONS, partsOf } from './options.js';

/** A guest's NIC whose connections QEMU (slirp) or passt make as a user of the host. Nobody reaches the guest, but for forwarded ports. */
export class UserNic extends EmulatedNic<UserNicDocument> {
  /** @internal */
  constructor(document: UserNicDocument, context?: NicContext<UserNicDocument>) {
    super(document, userNicFormat, context);
  }

  get kind() {
    return 'user' as const;
  }

  /**
   * Connects a guest as a user of the host.
   *
   * @param options - MAC address, model and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  static create(options: GuestNicOptions = {}): UserNic {
    return new UserNic({ type: 'user', ...partsOf(optionsOf(options, NIC_OPTIONS, 'UserNic.create')) });
  }

  /**
   * Uses passt instead of QEMU's own slirp; since libvirt 9.0.0.
   *
   * @param dev - device of the host that packets leave by. Default: that of its default route
   */
  withPasst(dev?: string): this {
    const source = dev === undefined ? {} : { source: { ...this.document.source, dev } };
    return this.with({ ...source, backend: { ...this.document.backend, type: 'passt' } });
  }

  /** Forwards ports of the host to the guest; passt only; since libvirt 9.0.0. */
  withPortForward(forward: NicPortForward): this {
    return this.with({ portForwards: [...itemsOf(this.document.portForwards), forward] });
  }

  /**
   * Gives the guest an address; slirp takes a prefix from 4 to 27 for IPv4 and 64 for IPv6.
   *
   * @param address - one of each family at most
   * @param prefix - bits of the network
   */
  withIp(address: string, prefix?: number): this {
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    const ip = { address, family, ...(prefix === undefined ? {} : { prefix }) } as const;
    return this.with({ ips: [...itemsOf(this.document.ips), ip] });
  }
}

/** A guest's NIC on a switch in another program, such as Open vSwitch with DPDK. The guest needs shared memory. */
export class VhostUserNic extends EmulatedNic<VhostUserNicDocument> {
  /** @internal */
  constructor(document: VhostUserNicDocument, context?: NicContext<VhostUserNicDocument>) {
    super(document, vhostUserNicFormat, context);
  }

  get kind() {
    return 'vhostuser' as const;
  }

  /**
   * Plugs a guest into the socket of a switch.
   *
   * @param path - of the socket
   * @param options - who listens, by default the switch (`client`); MAC address and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  static create(path: string, options: GuestNicOptions & { readonly mode?: 'client' | 'server' } = {}): VhostUserNic {
    const { mode = 'client', ...others } = optionsOf(options, { ...NIC_OPTIONS, mode: true }, 'VhostUserNic.create');
    return new VhostUserNic({ type: 'vhostuser', source: { type: 'unix', path, mode }, ...partsOf(others) });
  }
}
