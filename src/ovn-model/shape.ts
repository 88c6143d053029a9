import type { BaseNetwork } from '../model/base.js';
import { shortHash } from '../model/names.js';
import { Subnet } from '../model/subnet.js';
import { inEffect } from '../model/without-defaults.js';
import type { Family } from '../schema/address.js';
import type { DhcpHost, Ip } from '../schema/network/ip.js';
import type { NetworkDocument } from '../schema/network/network.js';
import { mac as macScalar } from '../schema/scalar.js';
import { macOfDuid } from './duid.js';
import type { Outside } from './outside.js';
import { namesFor, type RowNames } from './rows.js';

/** A subnet with what its network says of it. */
export interface OvnSubnet {
  readonly subnet: Subnet;
  readonly ip: Ip;
  /** Key of its DHCP options; absent without DHCP. */
  readonly dhcpKey?: string | undefined;
}

/** A network as the rows are made of it. */
export interface OvnShape {
  readonly name: string;
  readonly document: NetworkDocument;
  readonly names: RowNames;
  readonly subnets: readonly OvnSubnet[];
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

/** Takes a network apart. */
export function shapeOfNetwork(network: BaseNetwork, outside: Outside | undefined): OvnShape {
  const document = inEffect(network.document);
  const subnets = (document.ips ?? []).flatMap((ip) => {
    const subnet = Subnet.of(ip);
    return subnet === undefined
      ? []
      : [{ subnet, ip, dhcpKey: ip.dhcp === undefined ? undefined : `dhcp_${subnet.network.replace(/\W/g, '_')}` }];
  });
  const isNat = document.forward?.mode === 'nat';
  return {
    name: network.name,
    document,
    names: namesFor(network.name),
    subnets,
    routerMac: document.mac?.address === undefined ? macOf(network.name) : macScalar.write(document.mac.address),
    mtu: String(mtuOf(document)),
    outside,
    // Guests learn of IPv6 only from a router, and routes need one.
    hasRouter:
      outside !== undefined ||
      subnets.some(({ subnet }) => subnet.family === 'ipv6') ||
      (document.routes?.length ?? 0) > 0,
    translated: isNat ? ['ipv4', ...(document.forward?.nat?.ipv6 === true ? (['ipv6'] as const) : [])] : [],
  };
}

/** A MAC address that the same text always gives. */
export function macOf(text: string): string {
  const digits = shortHash(text).slice(2);
  return `52:54:00:${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4, 6)}`;
}

/** Subnets of one family. */
export const subnetsOf = ({ subnets }: OvnShape, family: Family): readonly OvnSubnet[] =>
  subnets.filter(({ subnet }) => subnet.family === family);

/** The MAC address that a reservation is for. */
export const macOfHost = ({ mac, id }: DhcpHost): string | undefined =>
  mac === undefined ? macOfDuid(id ?? '') : macScalar.write(mac);

/** Key of the DHCP options for a guest: its reservation may have a lease time of its own. */
export function dhcpKeyFor({ dhcpKey, subnet, ip }: OvnSubnet, mac: string | undefined): string | undefined {
  if (dhcpKey === undefined || mac === undefined || subnet.family === 'ipv6') return dhcpKey;
  const isOwn = (ip.dhcp?.hosts ?? []).some((host) => host.lease !== undefined && macOfHost(host) === mac);
  return isOwn ? `${dhcpKey}_${mac.replaceAll(':', '_')}` : dhcpKey;
}
