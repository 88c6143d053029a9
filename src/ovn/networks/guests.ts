import { LibvirtError } from '../../errors/index.js';
import type { NetworkNicOptions } from '../../model/guest-nic/options.js';
import type { AnyNetwork } from '../../model/network.js';
import { isList } from '../../options/kind-of-value.js';
import { shown } from '../../options/shown.js';
import { northboundRows } from '../../ovn-model/northbound-rows.js';
import type { GuestPort } from '../../ovn-model/port-rows.js';
import { parseAddress } from '../../schema/address.js';
import { mac as macScalar } from '../../schema/scalar.js';
import { type OwnRows, ownerOfRows } from './own-rows.js';
import { type Reconciliation, reconcile } from './reconcile.js';
import { networkOf, outsideIn } from './stored.js';

/**
 * The network as the database keeps it.
 *
 * @throws `LibvirtError` codes `NETWORK_NOT_FOUND`, and `UNREADABLE` for one that somebody has changed
 */
export function storedIn({ name, rows }: OwnRows): AnyNetwork {
  const main = rows.get('switch');
  if (main === undefined)
    throw new LibvirtError('NETWORK_NOT_FOUND', `there is no network "${name}" on OVN`, {
      network: name,
      hint: 'make it with ensure()',
    });
  const network = networkOf(main.row);
  if (network !== undefined) return network;
  throw new LibvirtError('UNREADABLE', `the text of network "${name}" in external_ids of its switch cannot be read`, {
    network: name,
    hint: 'call ensure() with the network again',
  });
}

/** Brings the guests of a network to others. */
export function withGuests(found: OwnRows, guests: readonly GuestPort[]): Reconciliation {
  const network = storedIn(found);
  const main = found.rows.get('switch');
  const rows = northboundRows(network, main === undefined ? undefined : outsideIn(main.row), guests);
  return reconcile(rows, { network: found.name, owner: ownerOfRows(found) }, found);
}

/** @throws `LibvirtError` code `INVALID_ARGUMENT` for what is not a MAC address */
export function macIn(mac: string): string {
  const text = typeof mac === 'string' ? macScalar.read(mac) : undefined;
  if (text !== undefined) return macScalar.write(text).toLowerCase();
  throw new LibvirtError('INVALID_ARGUMENT', `'${shown(mac)}' is not a MAC address`, {
    hint: 'such as 52:54:00:00:00:01',
  });
}

/** @throws `LibvirtError` code `INVALID_ARGUMENT` for what is not one address of each family at most */
export function ipsIn(given: string | readonly string[]): readonly string[] {
  const texts = typeof given === 'string' ? [given] : isList(given) ? given : [];
  const addresses = texts.map((text: unknown) => (typeof text === 'string' ? parseAddress(text) : undefined));
  const families = new Set(addresses.map((address) => address?.family));
  if (isList(given) || typeof given === 'string')
    if (!families.has(undefined) && families.size === texts.length)
      return addresses.map((address) => address?.text ?? '');
  throw new LibvirtError('INVALID_ARGUMENT', `ip is '${shown(given)}', not an address, or one of each family`, {
    hint: "such as '172.30.0.10', or ['172.30.0.10', 'fd00:30::10']",
  });
}

/** The NIC of a guest with a port. */
export const nicOptions = (id: string, mac: string, mtu: number): NetworkNicOptions => ({
  mac,
  virtualPort: { type: 'openvswitch', parameters: { interfaceid: id } },
  mtu,
});
