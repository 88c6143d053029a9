import { keyOfGuest } from '../../ovn-model/port-rows.js';
import type { GuestNode } from '../../ovn-model/topology-guests.js';
import { parseCidr } from '../../schema/address.js';
import type { Asked } from '../flow/asked.js';
import type { End } from '../flow/network-model.js';
import { FAMILY_NAMES } from '../flow/packets.js';
import { keysIn, pairsIn, textIn } from './columns.js';
import type { Sender } from './ends.js';
import { isWithin, type LogicalNetwork } from './logical.js';
import type { Note } from './note.js';
import { notPluggedIn } from './path.js';
import type { OvnWorld } from './world.js';

/** What OVN itself answers, on the chassis of the guest that asks. */
export class Services {
  readonly #world: OvnWorld;
  readonly #note: Note;

  constructor(world: OvnWorld, note: Note) {
    this.#world = world;
    this.#note = note;
  }

  /** A guest asks everybody on its switch for an address, or for routers. */
  ask(sender: Sender, { protocol, family }: Asked): End {
    const what = protocol === 'dhcp' ? 'an address' : 'routers';
    if (!('guest' in sender)) return { verdict: 'no-route', reason: `only guests ask for ${what} here` };
    const { guest } = sender;
    if (!guest.isPlugged) return { verdict: 'timeout', reason: notPluggedIn(guest) };
    this.#note(guest.name, 'send', `asks everybody on its switch for ${what}`);
    const network = this.#world.networks.get(guest.network);
    if (network === undefined) return { verdict: 'timeout', reason: `${guest.name} is on no network` };
    return protocol === 'dhcp' ? this.#offer(guest, network, family) : this.#advertise(guest, network);
  }

  /** What OVN says of a name; nothing where it passes the query on. */
  lookUp({ network, name }: GuestNode, { protocol, name: asked = 'example.com' }: Asked): End | undefined {
    const own = protocol === 'dns' ? this.#world.networks.get(network) : undefined;
    const row = own?.rows.get('dns');
    const [, found] =
      row === undefined ? [] : (pairsIn(row, 'records').find(([key]) => key === asked.toLowerCase()) ?? []);
    if (found === undefined) return undefined;
    this.#note(network, 'service', `OVN answers that ${asked} is ${found}`, 'network');
    this.#note(name, 'arrive', 'the answer arrives');
    return { verdict: 'delivered', reason: `OVN knows the name itself, and answers on the host of ${name}` };
  }

  #offer(guest: GuestNode, network: LogicalNetwork, family: Asked['family']): End {
    const port = network.rows.get(keyOfGuest(guest.mac));
    const column = family === 'ipv4' ? 'dhcpv4_options' : 'dhcpv6_options';
    const [key] = port === undefined ? [] : keysIn(port, column);
    const options = key === undefined ? undefined : network.rows.get(key);
    const subnet = options === undefined ? undefined : parseCidr(textIn(options, 'cidr'));
    const address = guest.addresses.find((one) => subnet !== undefined && isWithin(one, subnet));
    if (address === undefined)
      return {
        verdict: 'timeout',
        reason: `${network.name} has no DHCP for ${FAMILY_NAMES[family]} addresses of ${guest.name}`,
      };
    this.#note(network.name, 'service', `OVN offers ${address.text}`, 'network');
    this.#note(guest.name, 'arrive', 'the answer arrives');
    return {
      verdict: 'delivered',
      reason: `OVN answers on the guest's own host, and ${guest.name} gets ${address.text}`,
    };
  }

  #advertise(guest: GuestNode, network: LogicalNetwork): End {
    const port = network.rows.get('router_inside');
    const isSaid = port !== undefined && pairsIn(port, 'ipv6_ra_configs').some(([name]) => name === 'address_mode');
    if (!isSaid)
      return { verdict: 'timeout', reason: `${network.name} has no IPv6 subnet, and no router says anything` };
    this.#note(network.name, 'service', 'the router advertises itself', 'network');
    this.#note(guest.name, 'arrive', 'the answer arrives');
    return {
      verdict: 'delivered',
      reason: `OVN answers for the router of ${network.name} on the host of ${guest.name}`,
    };
  }
}
