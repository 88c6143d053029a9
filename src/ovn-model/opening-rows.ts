import { LibvirtError } from '../errors/index.js';
import { Subnet } from '../model/subnet.js';
import { type Address, parseAddress } from '../schema/address.js';
import { addressProblem } from './guest-addresses.js';
import { portsMatch, version } from './match-texts.js';
import type { Opening } from './openings.js';
import type { Outside } from './outside.js';
import { type OvnShape, subnetsOf } from './shape.js';
import { holds } from './subnet-facts.js';

/** The packets that an opening lets through to guests. */
export function openingMatch({ family, from, to, protocol, ports }: Opening): string {
  const ip = version(family);
  const kind = protocol === 'icmp' ? `icmp${family === 'ipv4' ? 4 : 6}` : protocol;
  return [
    `${ip}.src == ${from}`,
    ...(to === undefined ? [] : [`${ip}.dst == ${to.text}`]),
    ...(kind === undefined ? [] : [kind]),
    ...(ports === undefined || (protocol !== 'tcp' && protocol !== 'udp') ? [] : [portsMatch(protocol, ports)]),
  ].join(' && ');
}

/**
 * Refuses openings, own addresses and port forwards for guests that the network cannot have.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function assertGuestsInside(shape: OvnShape): void {
  const { outside, name, forwards } = shape;
  const opened = (outside?.openings ?? []).flatMap(({ to }) => to ?? []);
  const sources = (outside?.ownAddresses ?? []).map(({ guest }) => guest);
  const targets = forwards.flatMap(({ to }) => parseAddress(to.ip) ?? []);
  for (const guest of [...opened, ...sources, ...targets]) if (!isGuests(shape, guest)) throw notOfGuest(name, guest);
}

/**
 * Refuses openings for the whole LAN, or for everybody: OVN translates nothing between guests and the machines of an opening, so that
 * the guests would lose all machines that have no route to the network.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function assertNarrow({ openings, addresses }: Outside): void {
  for (const { from } of openings) {
    const subnet = Subnet.parse(from);
    if (subnet.prefix > 0 && !addresses.some(({ address }) => subnet.contains(address.text))) continue;
    throw new LibvirtError(
      'INVALID_ARGUMENT',
      `outside.openings cannot have from: ${from}, which has the router's own address: guests would lose all of it`,
      {
        hint: 'name single machines or subnets further away, which have a route to the network by its router; or use port forwards',
      },
    );
  }
}

const isGuests = (shape: OvnShape, address: Address): boolean =>
  subnetsOf(shape, address.family).some(
    (subnet) => holds(subnet, address) && addressProblem(subnet, address.text) === undefined,
  );

const notOfGuest = (network: string, { text }: Address): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `no guest of network "${network}" can have ${text}`, {
    network,
    hint: 'openings, ownAddresses and port forwards name guests by their addresses in the network',
  });
