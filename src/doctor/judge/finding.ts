import { runsDnsmasq, servesDns } from '../../preview/dnsmasq/index.js';
import { servesTftp } from '../../preview/firewall/rules.js';
import type { PreviewNetwork } from '../../preview/network.js';
import { servesDhcp } from '../../preview/network.js';
import { shellWord } from '../../shell/quote.js';
import { type Evidence, FINDINGS, type Finding, type FindingId, type Loss } from '../findings.js';

/** Makes a finding of a kind; its usual weight unless another is given. */
export const finding = (
  id: FindingId,
  rest: Omit<Finding, 'id' | 'severity'> & Partial<Pick<Finding, 'severity'>>,
): Finding => ({
  id,
  severity: FINDINGS[id].severity,
  ...rest,
});

export const proof = (source: string, text: string): Evidence => ({ source, text });

const FAMILIES = ['ipv4', 'ipv6'] as const;

/** Everything that guests of a network lose with its dnsmasq. */
export function servicesOf(preview: PreviewNetwork): readonly Loss[] {
  if (!runsDnsmasq(preview)) return [];
  const names: readonly Loss[] = servesDns(preview) ? [{ need: 'dns' }, { need: 'names outside' }] : [];
  const leases = FAMILIES.filter((family) =>
    preview.subnets.some((one) => one.subnet.family === family && servesDhcp(one)),
  ).map((family): Loss => ({ need: 'dhcp', family }));
  const router: readonly Loss[] = preview.subnets.some(({ subnet }) => subnet.family === 'ipv6')
    ? [{ need: 'router', family: 'ipv6' }]
    : [];
  return [...leases, ...router, ...names, ...(servesTftp(preview) ? [{ need: 'tftp' } as const] : [])];
}

/** A command of virsh. The mark keeps virsh from taking a name that begins with a hyphen for an option. */
export const virsh = (verb: string, ...words: readonly string[]): string =>
  ['virsh', verb, ...(words.some((word) => word.startsWith('-')) ? ['--'] : []), ...words].map(shellWord).join(' ');

export const EVERYTHING: readonly Loss[] = [{ need: 'everything' }];
