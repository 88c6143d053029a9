import { optionsOf } from '../../options/options.js';
import { networkNicFormat } from '../../schema/guests/format.js';
import type { NetworkNicDocument } from '../../schema/guests/nic.js';
import { checkNicOnNetwork } from '../../schema/guests/rules/plug.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import type { ReleaseOption } from '../../schema/release.js';
import { type AnyFound, foreignReporter } from '../../schema/rules/context.js';
import { releaseOf } from '../../schema/rules/index.js';
import { issueOf } from '../../schema/rules/issue.js';
import type { NicContext } from './base.js';
import { SwitchedNic } from './emulated.js';
import { NETWORK_NIC_OPTIONS, type NetworkNicOptions, switchedPartsOf } from './options.js';

/** A guest's NIC on a network of libvirt. */
export class NetworkNic extends SwitchedNic<NetworkNicDocument> {
  /** @internal */
  constructor(document: NetworkNicDocument, context?: NicContext<NetworkNicDocument>) {
    super(document, networkNicFormat, context);
  }

  get kind() {
    return 'network' as const;
  }

  /**
   * Plugs a guest into a network by its name. Where the network itself is at hand, `network.guestNic()` knows more.
   *
   * @param network - name of the network
   * @param options - port group, MAC address, model and the like
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  static create(network: string, options: NetworkNicOptions = {}): NetworkNic {
    const { portGroup, ...others } = optionsOf(options, NETWORK_NIC_OPTIONS, 'NetworkNic.create');
    const source = { network, ...(portGroup === undefined ? {} : { portgroup: portGroup }) };
    return new NetworkNic({ type: 'network', source, ...switchedPartsOf(others) });
  }

  /**
   * Plugs a guest into a network.
   *
   * @internal
   */
  static onNetwork(network: NetworkDocument, options: NetworkNicOptions): NetworkNic {
    const { document } = NetworkNic.create(network.name, options);
    return new NetworkNic(document, { onNetwork: (nic, release) => issuesOnNetwork(network, nic, release) });
  }

  override asStored(options: ReleaseOption = {}): this {
    return this.stored(options);
  }

  /**
   * Asks for a port group of the network; since libvirt 0.9.4.
   *
   * @param name - one of the network's port groups
   */
  withPortGroup(name: string): this {
    return this.with({ source: { ...this.document.source, portgroup: name } });
  }
}

/** Only the network knows its port groups, and what its ports take; libvirt finds out when the guest starts. */
function issuesOnNetwork(network: NetworkDocument, nic: NetworkNicDocument, options: ReleaseOption) {
  const found: AnyFound[] = [];
  checkNicOnNetwork(network, nic, foreignReporter(releaseOf(options), found));
  return found.map((one) => issueOf(one));
}
