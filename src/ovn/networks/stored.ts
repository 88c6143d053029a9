import { type AnyNetwork, Network } from '../../model/network.js';
import { OUTSIDE_MARK, XML_MARK } from '../../ovn-model/northbound-rows.js';
import type { OvnOutside } from '../../ovn-model/outside.js';
import { type GuestPort, IPS_MARK, keyOfGuest } from '../../ovn-model/port-rows.js';
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
export const guestsIn = ({ rows }: OwnRows): readonly GuestPort[] =>
  [...rows.values()].filter(isGuest).flatMap(({ row }) => {
    const [address] = itemsOf(row['addresses']);
    if (typeof address !== 'string' || typeof row['name'] !== 'string') return [];
    const [mac = ''] = address.split(' ');
    if (!MAC.test(mac)) return [];
    const ips = textIn(row, IPS_MARK)?.split(' ') ?? [];
    const dynamic = address.endsWith(' dynamic');
    return [
      {
        mac,
        id: row['name'],
        ips,
        ...(dynamic ? { chosen: ipIn(row['dynamic_addresses']) } : { kept: ipIn(address) }),
      },
    ];
  });

/** Tells whether a row is the port of a guest. */
export const isGuest = ({ key }: OwnRow): boolean => key.startsWith(keyOfGuest(''));

/** The IPv4 address in a text that begins with a MAC address. */
function ipIn(text: OvsdbValue): string | undefined {
  const [, ip] = typeof text === 'string' ? text.split(' ') : [];
  return ip?.includes('.') === true ? ip : undefined;
}
