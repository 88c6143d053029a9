import { LibvirtError } from '../../errors/index.js';
import { expectObject } from '../../model/argument.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { parseAddress } from '../../schema/address.js';
import { expectBackend, FIREWALL_OPTIONS, type FirewallOptions } from '../firewall/index.js';
import { openingName } from './identity.js';
import type { ChainPlace, Opening } from './opening.js';
import { type GuestSide, sideOf } from './parties.js';

/** How a guest gets an address of its own beyond the host. */
export interface OwnAddressOptions extends FirewallOptions {
  /** The host's device that leads to where the address counts. Default: all. */
  readonly device?: string;
}

const OPTIONS: OptionNames<OwnAddressOptions> = { ...FIREWALL_OPTIONS, device: true };

/**
 * Gives what a guest of a network with NAT sends beyond the host a source address of its own, in place of the host's. The
 * address must be on the host, or be routed to it: add it to a device first. A guest keeps the address that it has towards another
 * network with NAT when that address is given here, with the bridge of the other network as the device.
 *
 * @param guest - its network and its address there
 * @param address - the source address that others see, of the same family
 * @param options - the host's backend and libvirt release, and the device
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for an address that is none, or of the other family than the guest's
 */
export function ownAddress(guest: GuestSide, address: string, options: OwnAddressOptions): Opening {
  const { device, ...firewall } = optionsOf(options, OPTIONS, 'ownAddress');
  expectBackend(firewall);
  expectObject(guest, 'ownAddress');
  const { cidr, text, families } = sideOf({ network: guest.network, address: guest.address });
  const known = parseAddress(address);
  const [family = 'ipv4'] = families;
  if (known === undefined || known.family !== family || cidr === undefined)
    throw new LibvirtError('INVALID_ARGUMENT', `${JSON.stringify(address)} cannot be the source address of ${text}`, {
      hint: 'pass an address of the same family as that of the guest, without prefix',
    });
  const purpose = `source address of ${text}${device === undefined ? '' : ` by ${device}`}`;
  const name = openingName('libvirt', purpose);
  const layer = family === 'ipv4' ? 'ip' : 'ip6';
  const place: ChainPlace =
    firewall.backend === 'iptables'
      ? { family: layer, table: 'nat', chain: 'POSTROUTING' }
      : { family: layer, table: name, chain: 'postrouting' };
  const out = device === undefined ? {} : { out: device };
  return {
    name,
    purpose,
    firewall: 'libvirt',
    rules: [{ hook: 'postrouting', family, from: cidr, ...out, source: known.text, place }],
  };
}
