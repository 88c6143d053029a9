import { LibvirtError } from '../../errors/index.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import type { Family } from '../../schema/address.js';
import type { PortRange } from '../../schema/port-forward.js';
import { expectFirewall } from '../arguments.js';
import { type CheckOptions, checkOptionsOf } from '../firewall-check/options.js';
import { knowsOutside, outsideOf } from '../firewall-check/outside.js';
import type { HostFirewall } from '../firewall-model/model.js';
import { type NetworkModel, networkModelOf } from '../flow/network-model.js';
import type { FlowGuest, FlowPacket, Topology } from '../flow/topology.js';
import { portText } from '../port-forward/plan.js';
import { ruleBetween, type Wanted } from './between.js';
import { isRange } from './check-opening.js';
import type { Opening } from './opening.js';
import { lanWith, type Side, sideOf, type TrafficSide } from './parties.js';
import { headOfLibvirt, placesFor } from './places.js';
import { OpeningSearch, openingsOf } from './search.js';
import { type ClosedFamily, expectApart, familiesOf, unknownTo } from './unknown.js';

/** A traffic to let through: who may open connections to whom. */
export interface Traffic {
  readonly from: TrafficSide;
  readonly to: TrafficSide;
  /** Default: every protocol. */
  readonly protocol?: 'tcp' | 'udp' | 'icmp';
  /** Ports of the receiver, for TCP and UDP. Default: all. */
  readonly ports?: number | PortRange;
}

const TRAFFIC: OptionNames<Traffic> = { from: true, to: true, protocol: true, ports: true };

/** The openings that a traffic needs. */
export interface AllowedTraffic {
  readonly openings: readonly Opening[];
  /** The families for which no opening lets it through, or about which the firewall that was read does not tell. */
  readonly closed: readonly ClosedFamily[];
}

/**
 * Finds the openings that let a traffic through the host: from one network to another, to one guest, or from a subnet
 * beyond the host into a network with NAT. They go before libvirt's own rules, which reject it, and into each other
 * firewall that drops it. Answers come back; connections the other way stay rejected. An isolated network gives its
 * guests no default route: there they need one of their own. Guests of a network with NAT reach another with the host's address
 * there as their source; {@link ownAddress} keeps that of a guest.
 *
 * @param traffic - who may open connections to whom; both sides have an address family in common
 * @param firewall - the packet filters of the host, of {@link readHostFirewall}
 * @param options - the host's backend and libvirt release, and what else is known of the host
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for a side that is neither a network nor a guest of one nor a subnet,
 *   for sides without a family in common, for two networks of one name, for ports that are none or that the protocol does
 *   not have, and for a network whose bridge has no name
 */
export function allow(traffic: Traffic, firewall: HostFirewall, options: CheckOptions): AllowedTraffic {
  const wanted = wantedOf(optionsOf(traffic, TRAFFIC, 'allow'));
  const known = checkOptionsOf(options, 'allow');
  expectFirewall(firewall, 'allow');
  const unknown = unknownTo(firewall, wanted, known);
  const families = familiesOf(wanted).filter((family) => unknown.every((one) => one.family !== family));
  const search = new OpeningSearch(firewall, modelFor(wanted, known));
  const devices = devicesOf(wanted, known);
  const closed = families.flatMap((family) => {
    const lost = search.open(packetOf(wanted, family), (lostAt, filters) => {
      const rule = ruleBetween(lostAt, wanted, devices);
      if (rule === undefined) return [];
      const network = wanted.from.preview ?? wanted.to.preview;
      const first = headOfLibvirt(rule, lostAt, filters);
      return network === undefined ? first : [...first, ...placesFor(rule, lostAt, { firewall: filters, network })];
    });
    return lost === undefined ? [] : [{ family, reason: lost.reason }];
  });
  return { openings: openingsOf(purposeOf(wanted), search.found), closed: [...unknown, ...closed] };
}

const SENDER = 'sender';
const RECEIVER = 'receiver';

const PROTOCOLS: ReadonlySet<string> = new Set(['tcp', 'udp', 'icmp']);

function wantedOf({ from, to, protocol, ports }: Traffic): Wanted {
  const sides = { from: sideOf(from), to: sideOf(to) };
  if (sides.from.network === undefined && sides.to.network === undefined)
    throw new LibvirtError(
      'INVALID_ARGUMENT',
      `no network of libvirt is between ${sides.from.text} and ${sides.to.text}`,
      {
        hint: 'at least one side of the traffic is a network, or a guest of one',
      },
    );
  expectApart(sides);
  if (protocol !== undefined && !PROTOCOLS.has(protocol))
    throw new LibvirtError('INVALID_ARGUMENT', `protocol ${JSON.stringify(protocol)} cannot be allowed`, {
      hint: `use one of ${[...PROTOCOLS].join(', ')}`,
    });
  const port = typeof ports === 'number' ? { start: ports, end: ports } : ports;
  if (port !== undefined && protocol !== 'tcp' && protocol !== 'udp')
    throw new LibvirtError('INVALID_ARGUMENT', `ports need protocol 'tcp' or 'udp', not ${JSON.stringify(protocol)}`);
  if (port !== undefined && !isRange(port))
    throw new LibvirtError('INVALID_ARGUMENT', `${JSON.stringify(ports)} is neither a port nor a range of ports`, {
      hint: 'ports are whole numbers from 1 to 65535; a range has its smaller one first',
    });
  return { ...sides, ...(protocol === undefined ? {} : { protocol }), ...(port === undefined ? {} : { port }) };
}

const packetOf = ({ from, to, protocol = 'tcp', port }: Wanted, family: Family): FlowPacket => ({
  from: from.network === undefined ? 'outside' : SENDER,
  to: to.network === undefined ? 'outside' : RECEIVER,
  family,
  protocol,
  ...(protocol === 'icmp' ? {} : { port: port?.start ?? 443 }),
});

/** The host with both networks and a guest on each side. */
function modelFor({ from, to }: Wanted, options: CheckOptions): (firewall: HostFirewall) => NetworkModel {
  const preview = from.preview ?? to.preview;
  const lans = preview === undefined ? [] : outsideOf(options, preview);
  const beyond = from.network === undefined ? from : to;
  const topology: Topology = {
    ...options,
    networks: [...new Set([from.network, to.network])].filter((network) => network !== undefined),
    guests: [guestOf(SENDER, from), guestOf(RECEIVER, to)].flat(),
    outside: lanWith(lans, beyond.network === undefined ? beyond : { cidr: undefined }),
  };
  return (firewall) => networkModelOf({ ...topology, firewall });
}

/** A device outside that the options do not tell of is made up: rules cannot name it. */
function devicesOf({ from, to }: Wanted, options: CheckOptions): ReadonlySet<string> {
  const previews = [from.preview, to.preview].filter((preview) => preview !== undefined);
  const lans = knowsOutside(options) ? previews.flatMap((preview) => outsideOf(options, preview)) : [];
  const named = previews.flatMap(({ device }) => device ?? []);
  return new Set([...previews.map(({ bridge }) => bridge), ...named, ...lans.map(({ device }) => device)]);
}

/** The firewalls are asked here, not the guests: each has a route. */
function guestOf(name: string, { network, cidr }: Side): FlowGuest[] {
  if (network === undefined) return [];
  const addresses = cidr === undefined ? {} : { addresses: [cidr.replace(/\/.*/, '')] };
  return [{ name, network: network.name, gateway: true, ...addresses }];
}

function purposeOf({ from, to, protocol, port }: Wanted): string {
  const ports = port === undefined ? '' : ` ${portText(port, '-')}`;
  return `${protocol ?? 'traffic'}${ports} from ${from.text} to ${to.text}`;
}
