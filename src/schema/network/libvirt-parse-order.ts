import { localName } from '../../xml/namespace.js';
import type { XmlElement } from '../../xml/node.js';
import type { Finding } from '../decode.js';
import type { Path } from '../path.js';
import { RELEASE_10 } from '../release.js';
import { addressIn } from '../rules/context.js';
import { isPassedOver, isReadByLibvirt } from '../rules/ignored-by-libvirt.js';
import { UINT32_MAX } from '../scalar.js';
import type { NetworkDocument } from './network.js';
import type { Vlan } from './ports.js';

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
    .filter((one) => isReadByLibvirt(one.rule, keysOfPath(one.path), document, release) && !isPassedOver(one, release))
    .map((finding) => asJudged(finding, document, release));
  if (localName(root.name) === 'network') return judged;
  return [
    { rule: 'XML_ROOT', path: undefined, params: { value: root.name, expected: 'network' }, node: root },
    ...judged,
  ];
}

/** Until 10.0 libvirt asked for the average before it read the others as numbers. */
const isPeakAlone = ({ rule, path, node }: Finding, release: number): boolean =>
  rule === 'BW_NUMBER' &&
  release < RELEASE_10 &&
  (path?.key === 'peak' || path?.key === 'burst') &&
  node.attributes['average'] === undefined;

/** Tells whether libvirt can read the text as a number at all. */
const isUint32 = (text: string): boolean => /^\s*\d+$/.test(text) && Number(text) <= UINT32_MAX;

function asJudged(finding: Finding, document: NetworkDocument, release: number): Finding {
  const keys = keysOfPath(finding.path);
  if (finding.rule === 'EMPTY_TEXT' && release >= RELEASE_10) return { ...finding, rule: 'DNS_HOST_NAME' };
  if (isPeakAlone(finding, release)) return { ...finding, rule: 'BW_PEAK_NO_AVERAGE' };
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
    isUint32(finding.params['value'] ?? '')
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

function keysOfPath(path: Path | undefined): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at = path; at !== undefined; at = at.parent) keys.unshift(at.key);
  return keys;
}
