import { shortHash } from '../model/names.js';
import { type Address, type Family, parseAddress } from '../schema/address.js';
import type { DhcpHost, Ip } from '../schema/network/ip.js';
import type { NetworkDocument } from '../schema/network/network.js';
import type { PortForward } from '../schema/port-forward.js';
import { portForwardsIn } from '../schema/port-forward-metadata.js';
import { mac as macScalar } from '../schema/scalar.js';
import { macOfDuid } from './duid.js';
import { namedHosts } from './named-hosts.js';
import type { Outside } from './outside.js';
import { namesFor, type RowNames } from './rows.js';
import { type SubnetFacts, subnetFacts } from './subnet-facts.js';

/** A subnet with what its network says of it. */
export interface OvnSubnet extends SubnetFacts {
  readonly ip: Ip;
  /** Key of its DHCP options; absent without DHCP. */
  readonly dhcpKey?: string | undefined;
}

/** An address that is kept for one guest. */
export interface Reservation {
  readonly family: Family;
  readonly host: DhcpHost;
  /** The MAC address that it is for. */
  readonly mac: string | undefined;
  readonly address: Address | undefined;
}

/** A network as the rows are made of it. */
export interface OvnShape {
  readonly name: string;
  readonly document: NetworkDocument;
  readonly names: RowNames;
  readonly subnets: readonly OvnSubnet[];
  readonly reservations: readonly Reservation[];
  readonly forwards: readonly PortForward[];
  readonly routerMac: string;
  /** Largest packet, in bytes. */
  readonly mtu: string;
  /** How the network reaches the outside; absent for an isolated one. */
  readonly outside?: Outside | undefined;
  readonly hasRouter: boolean;
  /** Families whose traffic is translated, so that nothing from outside reaches guests by itself. */
  readonly translated: readonly Family[];
}

/** What Geneve over IPv4 leaves of 1500 bytes: the largest packet where a network says nothing. */
const USUAL_MTU = 1442;

/** The largest packet of a network's guests, in bytes. */
export const mtuOf = ({ mtu }: NetworkDocument): number => mtu?.size ?? USUAL_MTU;

/**
 * Takes a network apart.
 *
 * @param document - of the network, without what changes nothing
 */
export function shapeOfDocument(document: NetworkDocument, outside: Outside | undefined): OvnShape {
  const { name } = document;
  const subnets = (document.ips ?? []).flatMap((ip) => {
    const facts = subnetFacts(ip);
    if (facts === undefined) return [];
    return [{ ...facts, ip, dhcpKey: ip.dhcp === undefined ? undefined : `dhcp_${facts.network.replace(/\W/g, '_')}` }];
  });
  const isNat = document.forward?.mode === 'nat';
  return {
    name,
    document,
    names: namesFor(name),
    subnets,
    reservations: subnets.flatMap(reservationsIn),
    forwards: portForwardsIn(document),
    routerMac: document.mac?.address === undefined ? macOf(name) : macScalar.write(document.mac.address),
    mtu: String(mtuOf(document)),
    outside,
    // Guests learn of IPv6 only from a router, and routes need one; so do questions for names, which nobody else has the address for.
    hasRouter:
      outside !== undefined ||
      subnets.some(({ family }) => family === 'ipv6') ||
      (document.routes?.length ?? 0) > 0 ||
      (subnets.length > 0 && namedHosts(document).length > 0),
    translated: isNat ? ['ipv4', ...(document.forward?.nat?.ipv6 === true ? (['ipv6'] as const) : [])] : [],
  };
}

const reservationsIn = ({ family, ip }: OvnSubnet): readonly Reservation[] =>
  (ip.dhcp?.hosts ?? []).map((host) => ({ family, host, mac: macOfHost(host), address: parseAddress(host.ip) }));

/** A MAC address that the same text always gives. */
export function macOf(text: string): string {
  const digits = shortHash(text).slice(2);
  return `52:54:00:${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4, 6)}`;
}

/** Subnets of one family. */
export const subnetsOf = ({ subnets }: OvnShape, family: Family): readonly OvnSubnet[] =>
  subnets.filter((subnet) => subnet.family === family);

/** The MAC address that a reservation is for. */
export const macOfHost = ({ mac, id }: DhcpHost): string | undefined =>
  mac === undefined ? macOfDuid(id ?? '') : macScalar.write(mac);

/** Key of the DHCP options for a guest: its reservation may have a lease time of its own. */
export function dhcpKeyFor({ dhcpKey, family, ip }: OvnSubnet, mac: string | undefined): string | undefined {
  if (dhcpKey === undefined || mac === undefined || family === 'ipv6') return dhcpKey;
  const isOwn = (ip.dhcp?.hosts ?? []).some((host) => host.lease !== undefined && macOfHost(host) === mac);
  return isOwn ? `${dhcpKey}_${mac.replaceAll(':', '_')}` : dhcpKey;
}
