import type { DhcpHost } from '../../schema/network/ip.js';
import { type PreviewSubnet, plainAddress } from '../network.js';
import { leaseTime } from './dhcp.js';

/** The lines of a subnet in dnsmasq's file of reservations. */
export const hostsfileLines = ({ subnet, ip }: PreviewSubnet): string[] =>
  (ip.dhcp?.hosts ?? []).map((host) => (subnet.family === 'ipv4' ? ipv4Line(host) : ipv6Line(host)));

const ipv4Line = ({ mac, name, ip, lease }: DhcpHost): string =>
  (mac === undefined ? [name, plainAddress(ip)] : [mac, plainAddress(ip), name])
    .filter((part) => part !== undefined)
    .join(',') + leaseTime(lease);

const ipv6Line = ({ id, name, ip, lease }: DhcpHost): string =>
  [...(id === undefined ? [] : [`id:${id}`]), ...(name === undefined ? [] : [name]), `[${plainAddress(ip)}]`].join(
    ',',
  ) + leaseTime(lease);
