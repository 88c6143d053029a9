import { groupedBy } from '../../lists/group.js';
import type { BaseNetwork } from '../../model/base.js';
import { freeAddress } from '../../preview/flow/guest-addresses.js';
import type { FlowGuest } from '../../preview/flow/topology.js';
import { subnetsIn } from '../../preview/network.js';

/** A NIC of a guest. */
export interface GuestScene {
  /** Name of the guest. */
  readonly name: string;
  /** Which of the guest's NICs it is, from 1 on, and how many there are; nothing for the only one. */
  readonly nic: { readonly number: number; readonly count: number } | undefined;
  readonly addresses: readonly string[];
  /** The host's device that it is plugged in by. */
  readonly tap: string | undefined;
  readonly vlan: FlowGuest['vlan'];
  readonly filter: string | undefined;
  readonly isLinkDown: boolean;
  readonly isIsolated: boolean;
}

/** Which of its guest's NICs each one is. */
export type NicNumbers = ReadonlyMap<FlowGuest, NonNullable<GuestScene['nic']>>;

/** The guests of one network, each with the addresses that `explainFlow` gives it. */
export function guestScenes(network: BaseNetwork, guests: readonly FlowGuest[], nics: NicNumbers): GuestScene[] {
  const addresses = new Addresses(network);
  return guests.map((guest) => ({
    name: guestName(guest),
    nic: nics.get(guest),
    addresses: guest.addresses ?? addresses.next(guest),
    tap: guest.tap,
    vlan: guest.vlan,
    filter: guest.filter,
    isLinkDown: guest.link === 'down',
    isIsolated: guest.isolated === true,
  }));
}

/** Numbers the NICs of guests with several. */
export function nicNumbers(guests: readonly FlowGuest[]): NicNumbers {
  const cards = groupedBy(guests, (guest) => (guestName(guest) === guest.name ? undefined : guestName(guest)));
  const several = [...cards.values()].filter(({ length }) => length > 1);
  return new Map(several.flatMap((own) => own.map((guest, i) => [guest, { number: i + 1, count: own.length }])));
}

/** A guest with several NICs goes by its name and the device of each: `web1 vnet3`. */
function guestName({ name, tap, mac }: FlowGuest): string {
  const device = [tap, mac].find((one) => one !== undefined && name.endsWith(` ${one}`));
  return device === undefined ? name : name.slice(0, -device.length - 1);
}

/** Gives guests the addresses that `explainFlow` gives them. */
class Addresses {
  readonly #network: BaseNetwork;
  readonly #taken = new Set<string>();

  constructor(network: BaseNetwork) {
    this.#network = network;
  }

  next(guest: FlowGuest): string[] {
    const addresses = subnetsIn(this.#network.document).flatMap(({ subnet, ip }) => {
      const hosts = ip.dhcp?.hosts ?? [];
      return freeAddress(guest, { subnet, hosts }, (address) => this.#taken.has(address)) ?? [];
    });
    for (const address of addresses) this.#taken.add(address);
    return addresses;
  }
}
