import type { XmlElement } from '../../xml/node.js';
import type { Finding } from '../decode.js';
import type { Path } from '../path.js';
import { addressIn } from '../rules/context.js';
import type { Lease } from './ip.js';
import type { NetworkDocument } from './network.js';
import type { Vlan } from './ports.js';

const RELEASE_10 = 10_000_000;

/**
 * Turns what the tables found into what libvirt would say. Some parts of a document libvirt never looks
 * at, because of others; the tables read them all the same.
 */
export function judge(
  findings: readonly Finding[],
  document: NetworkDocument,
  root: XmlElement,
  release: number,
): Finding[] {
  const judged = findings
    .filter((finding) => isLookedAt(finding, document, release))
    .map((finding) => asJudged(finding, document, release));
  if (root.name !== 'network')
    judged.push({ rule: 'XML_ROOT', path: undefined, params: { value: root.name, expected: 'network' }, node: root });
  return judged;
}

function isLookedAt({ rule, path }: Finding, document: NetworkDocument, release: number): boolean {
  const [first, second] = keysOf(path);
  if (keysOf(path).at(-1) === 'unit') return leaseAt(path, document)?.expiry !== undefined;
  if (first === 'forward') return isForwardLookedAt(second, rule, document);
  return first !== 'ips' || isBootpLookedAt(path, rule, document, release);
}

/** The lease that a path leads into. */
function leaseAt(path: Path | undefined, document: NetworkDocument): Lease | undefined {
  const [, ip, , list, index] = keysOf(path);
  const dhcp = document.ips?.[Number(ip)]?.dhcp;
  return (list === 'ranges' ? dhcp?.ranges : dhcp?.hosts)?.[Number(index)]?.lease;
}

function isForwardLookedAt(part: string | number | undefined, rule: string, { forward }: NetworkDocument): boolean {
  if (rule.endsWith('_TWICE')) return true;
  const interfaces = forward?.dev !== undefined || forward?.interfaces !== undefined;
  if (part === 'addresses') return !interfaces;
  return part !== 'pf' || (!interfaces && forward?.addresses === undefined);
}

function isBootpLookedAt(path: Path | undefined, rule: string, document: NetworkDocument, release: number): boolean {
  const [, index, dhcp, bootp] = keysOf(path);
  if (dhcp !== 'dhcp' || bootp !== 'bootp' || rule.startsWith('UNKNOWN_')) return true;
  const ip = document.ips?.[Number(index)];
  if (addressIn(ip?.address)?.family === 'ipv6') return false;
  // Until 10.0 libvirt skipped a bootp element without a file.
  return release >= RELEASE_10 || ip?.dhcp?.bootp?.file !== undefined;
}

function asJudged(finding: Finding, document: NetworkDocument, release: number): Finding {
  const keys = keysOf(finding.path);
  if (finding.rule === 'EMPTY_TEXT' && release >= RELEASE_10) return { ...finding, rule: 'DNS_HOST_NAME' };
  if (finding.rule === 'BW_DUPLICATE' && release >= RELEASE_10) return { ...finding, rule: 'REPEATED_ELEMENT' };
  if (finding.rule === 'HOST_MAC_BAD' && addressIn(document.ips?.[Number(keys[1])]?.address)?.family === 'ipv6') {
    return { ...finding, rule: 'HOST_MAC_V6' };
  }
  if (
    finding.rule === 'ROUTE_BAD' &&
    keys[2] === 'netmask' &&
    addressIn(document.routes?.[Number(keys[1])]?.address)?.family === 'ipv6'
  ) {
    return { ...finding, rule: 'ROUTE_NETMASK_V6' };
  }
  if (
    finding.rule === 'DNS_SRV_NUMBER' &&
    document.dns?.srvs?.[Number(keys[2])]?.target === undefined &&
    /^\s*\d+$/.test(finding.params['value'] ?? '')
  ) {
    return { ...finding, rule: 'DNS_SRV_NO_TARGET' };
  }
  if (finding.rule === 'VLAN_TRUNK_VALUE')
    return {
      ...finding,
      rule: trunkRule(keys[0] === 'vlan' ? document.vlan : document.portgroups?.[Number(keys[1])]?.vlan),
    };
  return finding;
}

/** libvirt takes every trunk but yes for a no first, and looks at the word last. */
function trunkRule(vlan: Vlan | undefined): 'VLAN_TRUNK_REQUIRED' | 'VLAN_TRUNK_NATIVE' | 'VLAN_TRUNK_VALUE' {
  if ((vlan?.tags?.length ?? 0) > 1) return 'VLAN_TRUNK_REQUIRED';
  return vlan?.tags?.some((tag) => tag.nativeMode !== undefined) ? 'VLAN_TRUNK_NATIVE' : 'VLAN_TRUNK_VALUE';
}

function keysOf(path: Path | undefined): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at = path; at !== undefined; at = at.parent) keys.unshift(at.key);
  return keys;
}
