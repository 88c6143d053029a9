import type { DnsForwarder } from '../network/dns.js';
import type { Lease } from '../network/ip.js';
import type { NetworkDocument } from '../network/network.js';
import { RELEASE_10 } from '../release.js';
import { addressIn, type Found } from './context.js';
import type { RuleId } from './table.js';

type Keys = readonly (string | number)[];

/**
 * Tells whether libvirt looks at a part at all. Some it skips because of others, and takes whatever stands there.
 *
 * @param rule - what is wrong with the part
 * @param keys - the way to it
 */
export function isReadByLibvirt(rule: RuleId, keys: Keys, document: NetworkDocument, release: number): boolean {
  const [first, second] = keys;
  if (rule === 'DNS_FWD_PORT') return forwarderAt(keys, document)?.addr !== undefined;
  if (keys.at(-1) === 'unit') return leaseAt(keys, document)?.expiry !== undefined;
  if (first === 'forward') return isForwardLookedAt(second, rule, document);
  return first !== 'ips' || isBootpLookedAt(keys, rule, document, release);
}

/** Tells whether libvirt passes over what is wrong, wherever it stands: until 10.0 it took an empty name of a driver for none. */
export const isPassedOver = ({ rule, params }: Pick<Found, 'rule' | 'params'>, release: number): boolean =>
  rule === 'FWD_DRIVER' && params['value'] === '' && release < RELEASE_10;

/** The forwarder that a path leads into. */
const forwarderAt = ([, , index]: Keys, { dns }: NetworkDocument): DnsForwarder | undefined =>
  dns?.forwarders?.[Number(index)];

/** The lease that a path leads into. */
function leaseAt([, ip, , list, index]: Keys, document: NetworkDocument): Lease | undefined {
  const dhcp = document.ips?.[Number(ip)]?.dhcp;
  return (list === 'ranges' ? dhcp?.ranges : dhcp?.hosts)?.[Number(index)]?.lease;
}

function isForwardLookedAt(part: string | number | undefined, rule: RuleId, { forward }: NetworkDocument): boolean {
  if (rule.endsWith('_TWICE')) return true;
  const interfaces = forward?.dev !== undefined || forward?.interfaces !== undefined;
  if (part === 'addresses') return !interfaces;
  return part !== 'pf' || (!interfaces && forward?.addresses === undefined);
}

function isBootpLookedAt(
  [, index, dhcp, bootp]: Keys,
  rule: RuleId,
  document: NetworkDocument,
  release: number,
): boolean {
  if (dhcp !== 'dhcp' || bootp !== 'bootp' || rule.startsWith('UNKNOWN_')) return true;
  const ip = document.ips?.[Number(index)];
  if (addressIn(ip?.address)?.family === 'ipv6') return false;
  // Until 10.0 libvirt skipped a bootp element without a file.
  return release >= RELEASE_10 || ip?.dhcp?.bootp?.file !== undefined;
}
