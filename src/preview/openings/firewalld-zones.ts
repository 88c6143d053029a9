import type { HostFirewall } from '../firewall-model/model.js';
import type { PreviewNetwork } from '../network.js';
import type { Opening, OpeningRule } from './opening.js';

/** The zones that libvirt puts the bridges of its networks into, where their definitions name no other. */
const ZONES: Readonly<Record<PreviewNetwork['mode'], string | undefined>> = {
  nat: 'libvirt',
  none: 'libvirt',
  route: 'libvirt-routed',
  open: undefined,
};

type Zoned = Pick<Opening, 'firewall' | 'zone' | 'binds'> & { readonly rule: OpeningRule };

/**
 * How firewalld lets packets through: by the zone that libvirt wants the bridge in, or where it is there, by a rule of
 * that zone. A rule of the default zone would open the host to everybody, and zones have rules for packets to the host
 * alone.
 */
export function zoneFor(
  rule: OpeningRule,
  firewall: HostFirewall,
  { mode, bridge, document }: PreviewNetwork,
): readonly Zoned[] {
  const wanted = document.bridge?.zone ?? ZONES[mode];
  const zone = zoneOf(bridge, firewall);
  if (wanted !== undefined && zone !== wanted && (rule.hook === 'input' || rule.hook === 'forward'))
    return [{ firewall: 'firewalld', zone: wanted, binds: bridge, rule }];
  if (zone === undefined || rule.hook !== 'input' || rule.answers) return [];
  return [{ firewall: 'firewalld', zone, rule }];
}

/** The zone whose chain packets of a device are sent to; nothing for the default zone. */
function zoneOf(device: string, { chains }: HostFirewall): string | undefined {
  for (const { target, match } of chains.flatMap(({ rules }) => rules)) {
    if (target.type !== 'goto' && target.type !== 'jump') continue;
    const zone = /^(?:filter_)?IN_(.+)$/.exec(target.chain)?.[1];
    const isAbout = match.some(({ field, values, not }) => field === 'inInterface' && !not && values.includes(device));
    if (zone !== undefined && isAbout) return zone;
  }
  return undefined;
}
