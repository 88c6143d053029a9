import type { Family } from '../schema/address.js';
import type { BandwidthLimit } from '../schema/network/ports.js';
import { guestPortsOf, type PortForward, sourcesOf } from '../schema/port-forward.js';
import { acl } from './acl.js';
import { elsewhereRows, familyOf } from './forward-rows.js';
import { portsMatch, version } from './match-texts.js';
import { openingMatch } from './opening-rows.js';
import type { OvnRow } from './rows.js';
import { type OvnShape, subnetsOf } from './shape.js';
import type { OvsdbRowInput } from './values.js';

/** Rules for what guests may send and hear. NAT closes nothing in OVN: packets from outside would reach the guests. */
export function guestRules(shape: OvnShape): readonly OvnRow[] {
  const { document, forwards, names, translated, routerMac } = shape;
  const [from, to] = [`inport == @${names.portGroup}`, `outport == @${names.portGroup}`];
  const closed = translated.filter((family) => subnetsOf(shape, family).length > 0);
  return [
    ...(closed.length === 0 ? [] : [acl('acl_own', 'from-lport', 'own', `${from} && ip`)]),
    ...closed.map((family) =>
      acl(`acl_closed_${family}`, 'to-lport', 'closed', `${to} && ${fromElsewhere(shape, family)}`),
    ),
    ...forwards.map((forward, i) =>
      acl(`acl_forward_${i}`, 'to-lport', 'forwarded', `${to} && ${forwardMatch(forward)}`),
    ),
    ...elsewhereRows(shape, 'guests'),
    ...(shape.outside?.openings ?? []).map((opening, i) =>
      acl(`acl_opening_${i}`, 'to-lport', 'opened', `${to} && ${openingMatch(opening)}`),
    ),
    ...(document.port?.isolated === true
      ? [acl('acl_isolated', 'to-lport', 'isolated', `${to} && eth.src != ${routerMac}`)]
      : []),
  ];
}

function fromElsewhere(shape: OvnShape, family: Family): string {
  const own = subnetsOf(shape, family).map(({ cidr }) => cidr);
  const near = family === 'ipv6' ? [...own, 'fe80::/10'] : own;
  return `${version(family)} && ${version(family)}.src != {${near.join(', ')}}`;
}

function forwardMatch(forward: PortForward): string {
  const ip = version(familyOf(forward));
  const ports = portsMatch(forward.protocol, guestPortsOf(forward));
  const sources = sourcesOf(forward);
  const from = sources.length === 0 ? '' : ` && ${ip}.src == {${sources.join(', ')}}`;
  return `${ip}.dst == ${forward.to.ip} && ${ports}${from}`;
}

/** KiB/s of libvirt as kbit/s of OVN. */
const KBIT = 8.192;

const MOST = 4_294_967_295;

/** Limits for all guests of a host together. */
export function limitRows({ document, names }: OvnShape): readonly OvnRow[] {
  const { inbound, outbound } = document.bandwidth ?? {};
  return [
    ...limitRow('limit_in', 'to-lport', `outport == @${names.portGroup}`, inbound),
    ...limitRow('limit_out', 'from-lport', `inport == @${names.portGroup}`, outbound),
  ];
}

function limitRow(key: string, direction: string, match: string, limit: BandwidthLimit | undefined): readonly OvnRow[] {
  if (limit?.average === undefined) return [];
  const rate = kbits(Number(limit.average));
  // With a smaller burst TCP reaches half of the rate.
  const burst = limit.burst === undefined ? rate : kbits(Number(limit.burst));
  const columns: OvsdbRowInput = { direction, match, priority: 10, bandwidth: { rate, burst } };
  return [{ table: 'QoS', key, columns }];
}

const kbits = (kib: number): number => Math.min(Math.max(Math.round(kib * KBIT), 1), MOST);
