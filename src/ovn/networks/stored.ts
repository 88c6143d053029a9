import { type AnyNetwork, Network } from '../../model/network.js';
import { OUTSIDE_MARK, XML_MARK } from '../../ovn-model/northbound-rows.js';
import type { OvnOutside } from '../../ovn-model/outside.js';
import { GUEST_KEYS, type GuestPort, IPS_MARK } from '../../ovn-model/port-rows.js';
import type { OvsdbRow, OvsdbValue } from '../../ovn-model/values.js';
import { isRecord } from '../../schema/values.js';
import { itemsOf } from './compare.js';
import { type OwnRow, type OwnRows, textIn } from './own-rows.js';

/** The network that a switch was made of; nothing where somebody has changed the text. */
export function networkOf(row: OvsdbRow): AnyNetwork | undefined {
  const xml = textIn(row, XML_MARK);
  try {
    return xml === undefined ? undefined : Network.parse(xml);
  } catch {
    return undefined; // it cannot be read, which the caller says
  }
}

/** How the network of a switch reaches the outside. */
export function outsideIn(row: OvsdbRow): OvnOutside | undefined {
  const json = textIn(row, OUTSIDE_MARK);
  try {
    const outside: unknown = json === undefined ? undefined : JSON.parse(json);
    return isRecord(outside) ? (outside as unknown as OvnOutside) : undefined; // what makes rows of it checks it
  } catch {
    return undefined; // somebody has changed the text
  }
}

const MAC = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/;

/** The ports of guests that a network has. */
export function guestsIn({ rows }: OwnRows): readonly GuestPort[] {
  const guests: GuestPort[] = [];
  for (const own of rows.values()) {
    const guest = isGuest(own) ? guestIn(own.row) : undefined;
    if (guest !== undefined) guests.push(guest);
  }
  return guests;
}

/** The guest of a port; nothing where somebody has changed the row. */
function guestIn(row: OvsdbRow): GuestPort | undefined {
  const { name: id, addresses, dynamic_addresses: chosen } = row;
  const [address] = itemsOf(addresses);
  if (typeof address !== 'string' || typeof id !== 'string') return undefined;
  const mac = address.split(' ', 1)[0] ?? '';
  if (!MAC.test(mac)) return undefined;
  const ips = textIn(row, IPS_MARK)?.split(' ') ?? [];
  return address.endsWith(' dynamic') ? { mac, id, ips, chosen: ipIn(chosen) } : { mac, id, ips, kept: ipIn(address) };
}

/** Tells whether a row is the port of a guest. */
export const isGuest = ({ key }: OwnRow): boolean => key.startsWith(GUEST_KEYS);

/** The IPv4 address in a text that begins with a MAC address. */
function ipIn(text: OvsdbValue): string | undefined {
  const [, ip] = typeof text === 'string' ? text.split(' ') : [];
  return ip?.includes('.') === true ? ip : undefined;
}
