import { LibvirtError } from '../../errors/index.js';
import { BaseNetwork } from '../../model/base.js';
import { Subnet } from '../../model/subnet.js';
import { kindOfValue } from '../../options/kind-of-value.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { bitsOf, type Family, networkAddress, parseAddress, parseCidr } from '../../schema/address.js';
import type { OutsideSegment } from '../flow/topology.js';
import { type PreviewNetwork, previewOf } from '../network.js';

/** One side of a traffic: the guests of a network, one guest of it, or machines beyond the host. */
export type TrafficSide = BaseNetwork | GuestSide | OutsideSide;

/** One guest of a network. */
export interface GuestSide {
  readonly network: BaseNetwork;
  /** Its address, without prefix. */
  readonly address: string;
}

/** Machines beyond the host. */
export interface OutsideSide {
  /** Their subnet, in CIDR form. */
  readonly subnet: string;
}

/** A side, checked. */
export interface Side {
  /** In words. */
  readonly text: string;
  /** The network of its guests; undefined beyond the host. */
  readonly network: BaseNetwork | undefined;
  readonly preview: PreviewNetwork | undefined;
  /** Its address or subnet in CIDR form, where it is not all of a network. */
  readonly cidr: string | undefined;
  readonly families: readonly Family[];
}

/**
 * Checks a side of a traffic.
 *
 * @throws LibvirtError code `INVALID_ARGUMENT` for anything else, and for a network without a bridge of libvirt
 */
export function sideOf(given: TrafficSide): Side {
  if (given instanceof BaseNetwork) return networkSide(given, undefined);
  if (typeof given !== 'object' || given === null) throw notSide(given);
  if ('network' in given) return guestSide(optionsOf(given, GUEST_SIDE, 'the side of a traffic'));
  if ('subnet' in given) return outsideSide(optionsOf(given, OUTSIDE_SIDE, 'the side of a traffic'));
  throw notSide(given);
}

const GUEST_SIDE: OptionNames<GuestSide> = { network: true, address: true };
const OUTSIDE_SIDE: OptionNames<OutsideSide> = { subnet: true };

function guestSide({ network, address }: GuestSide): Side {
  if (!(network instanceof BaseNetwork)) throw notSide({ network: kindOfValue(network), address });
  // Without its address, all guests of the network would be let through.
  if (typeof address !== 'string') throw notIn(network, address);
  return networkSide(network, address);
}

function outsideSide(given: OutsideSide): Side {
  const subnet = parseCidr(given.subnet);
  if (subnet === undefined) throw notSide(given);
  const { address, prefix } = subnet;
  const { family } = address;
  const cidr = `${networkAddress(address, prefix).text}/${prefix}`;
  if (cidr !== `${address.text}/${prefix}`) throw notSubnet(given.subnet, `pass its network: ${cidr}`);
  if (HOST_ONLY.some((one) => Subnet.parse(one).contains(cidr)))
    throw notSubnet(given.subnet, 'a host sends no packets from there to networks, or back: pass a subnet of a LAN');
  return { text: cidr, network: undefined, preview: undefined, cidr, families: [family] };
}

/** Subnets whose packets no host routes: loopback, multicast, broadcast, and addresses of one link. */
const HOST_ONLY = ['127.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4', '169.254.0.0/16', '::1/128', 'ff00::/8', 'fe80::/10'];

const notSubnet = (given: string, hint: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `${JSON.stringify(given)} is not a subnet beyond the host`, { hint });

function networkSide(network: BaseNetwork, address: string | undefined): Side {
  const preview = previewOf(network);
  if (preview === undefined) throw noBridge(network);
  const text = `network "${network.name}"`;
  if (address === undefined) {
    const families = new Set(preview.subnets.map(({ subnet }) => subnet.family));
    return { text, network, preview, cidr: undefined, families: [...families] };
  }
  const known = parseAddress(address);
  if (known === undefined || !preview.subnets.some(({ subnet }) => subnet.contains(known.text)))
    throw notIn(network, address);
  const cidr = `${known.text}/${bitsOf(known.family)}`;
  return { text: `${known.text} of ${text}`, network, preview, cidr, families: [known.family] };
}

const notSide = (given: unknown): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `${JSON.stringify(given)} is neither a network nor a guest nor a subnet`, {
    hint: hintFor(given),
  });

function hintFor(given: unknown): string {
  if (typeof given === 'string' && parseCidr(given) !== undefined) return `pass { subnet: '${given}' }`;
  if (typeof given === 'string' && parseAddress(given) !== undefined)
    return `pass { network, address: '${given}' } for a guest, or { subnet: '${given}/${given.includes(':') ? 128 : 32}' }`;
  return "pass a network, { network, address: '192.168.122.11' }, or { subnet: '192.0.2.0/24' }";
}

const noBridge = ({ name }: BaseNetwork): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `libvirt filters nothing for network "${name}", so there is nothing to allow`, {
    network: name,
    hint: 'its guests are on a LAN: allow the traffic there',
  });

const notIn = ({ name }: BaseNetwork, address: unknown): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `${JSON.stringify(address)} is not an address of network "${name}"`, {
    network: name,
    hint: 'pass the address of a guest, without prefix',
  });

/** The LAN that a subnet beyond the host is on, with one machine of it; as it is where its machine is in the subnet. */
export function lanWith(segments: readonly OutsideSegment[], { cidr }: Pick<Side, 'cidr'>): readonly OutsideSegment[] {
  if (cidr === undefined) return segments;
  const subnet = Subnet.parse(cidr);
  const inside = segments.findIndex(({ host = [], outside }) =>
    [...outside, ...host].some((one) => subnet.contains(one.replace(/\/.*/, ''))),
  );
  const chosen = segments[Math.max(inside, 0)];
  if (chosen === undefined) return segments;
  const machine =
    chosen.outside.find((one) => subnet.contains(one.replace(/\/.*/, ''))) ?? firstMachine(subnet, chosen);
  return [{ ...chosen, outside: [machine] }, ...segments.filter((one) => one !== chosen)];
}

function firstMachine(subnet: Subnet, { host = [] }: OutsideSegment): string {
  const taken = new Set(host.map((one) => one.replace(/\/.*/, '')));
  for (const address of subnet.hosts()) if (!taken.has(address)) return `${address}/${subnet.prefix}`;
  return subnet.cidr;
}
