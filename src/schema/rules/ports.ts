import type { Bandwidth, BandwidthLimit, PortGroup, VirtualPort, Vlan } from '../network/ports.js';
import { RELEASE_10, RELEASE_12 } from '../release.js';
import { eachOf, type Reporter, type RuleContext } from './context.js';

/** Bandwidth, VLANs, virtual ports and port groups, apart from what the forward mode allows. */
export function checkPorts(context: RuleContext): void {
  const { document, report } = context;
  checkBandwidth(context, document.bandwidth, 'bandwidth');
  checkVlan(context, document.vlan, 'vlan');
  checkVirtualPort(context, document.virtualport, 'virtualport');
  if (document.virtualport !== undefined && document.virtualport.type === undefined) {
    report('VPORT_TYPE_MISSING', 'virtualport');
  }
  eachOf(document.portgroups, 'portgroups', (group, path) => checkPortGroup(context, group, path));
  checkGroupNames(context);
}

function checkPortGroup(context: RuleContext, group: PortGroup, path: string): void {
  checkVirtualPort(context, group.virtualport, `${path}.virtualport`);
  checkBandwidth(context, group.bandwidth, `${path}.bandwidth`);
  checkVlan(context, group.vlan, `${path}.vlan`);
}

function checkGroupNames({ document, report }: RuleContext): void {
  const seen = new Set<string>();
  let first: string | undefined;
  eachOf(document.portgroups, 'portgroups', (group, path) => {
    if (group.default && first !== undefined)
      report('PG_TWO_DEFAULTS', `${path}.default`, { first, second: group.name });
    if (group.default) first ??= group.name;
    if (seen.has(group.name)) report('PG_DUP_NAME', `${path}.name`, { name: group.name });
    seen.add(group.name);
  });
}

function checkBandwidth(context: RuleContext, bandwidth: Bandwidth | undefined, path: string): void {
  if (bandwidth?.classID !== undefined) context.report('BW_CLASSID', `${path}.classID`);
  checkLimit(context, bandwidth?.inbound, `${path}.inbound`, 'inbound');
  checkLimit(context, bandwidth?.outbound, `${path}.outbound`, 'outbound');
}

const MAX_RATE = 2n ** 54n;
const MAX_BURST = 4_194_303n;

function checkLimit(context: RuleContext, limit: BandwidthLimit | undefined, path: string, element: string): void {
  if (limit === undefined) return;
  const { average, peak, burst } = limit;
  const { report } = context;
  if (average === undefined && limit.floor === undefined) report('BW_NO_AVERAGE', path, { element });
  if (average === undefined && (peak !== undefined || burst !== undefined))
    report('BW_PEAK_NO_AVERAGE', path, { element });
  if (hasFloor(context, limit)) report('BW_FLOOR', `${path}.floor`);
  // libvirt caps the network's own limits only, not those of port groups.
  if (!path.startsWith('portgroups')) checkCaps(context, limit, path);
}

/** Rates that the kernel cannot count; libvirt looks since 11.1. */
export function checkCaps({ release, report }: Reporter, limit: BandwidthLimit, path: string): void {
  if (release < 11_001_000) return;
  for (const [attribute, value, cap] of [
    ['average', limit.average, MAX_RATE],
    ['peak', limit.peak, MAX_RATE],
    ['burst', limit.burst, MAX_BURST],
  ] as const) {
    if (value !== undefined && BigInt(value) > cap)
      report('BW_TOO_BIG', `${path}.${attribute}`, { attribute, value, limit: String(cap) });
  }
}

/** Until 10.0 libvirt took a floor of 0 for none. */
export const hasFloor = ({ release }: Reporter, limit: BandwidthLimit | undefined): boolean =>
  limit?.floor !== undefined && (release >= RELEASE_10 || Number(limit.floor) > 0);

/** Traffic limits of a guest's own port, where incoming traffic may have a floor. */
export function checkGuestBandwidth(context: Reporter, bandwidth: Bandwidth | undefined): void {
  checkGuestLimit(context, bandwidth?.inbound, 'inbound');
  checkGuestLimit(context, bandwidth?.outbound, 'outbound');
  if (hasFloor(context, bandwidth?.outbound)) context.report('BW_FLOOR_OUTBOUND', 'bandwidth.outbound.floor');
}

function checkGuestLimit({ report }: Reporter, limit: BandwidthLimit | undefined, element: string): void {
  if (limit === undefined || limit.average !== undefined) return;
  if (limit.floor === undefined) report('BW_NO_AVERAGE', `bandwidth.${element}`, { element });
  else if (limit.peak !== undefined || limit.burst !== undefined)
    report('BW_PEAK_NO_AVERAGE', `bandwidth.${element}`, { element });
}

/** VLAN tags of a network, a port group or a guest's port. */
export function checkVlan({ report }: Reporter, vlan: Vlan | undefined, path: string): void {
  if (vlan === undefined) return;
  if (vlan.tags?.length === 0) report('VLAN_NO_TAG', `${path}.tags`);
  const natives = vlan.tags?.filter((tag) => tag.nativeMode !== undefined).length ?? 0;
  eachOf(vlan.tags, `${path}.tags`, (tag, at) => {
    if (tag.id > 4095) report('VLAN_ID_RANGE', `${at}.id`, { value: tag.id });
  });
  if (natives > 1) report('VLAN_NATIVE_DUP', `${path}.tags`);
  if (vlan.trunk !== false) return;
  if ((vlan.tags?.length ?? 0) > 1) report('VLAN_TRUNK_REQUIRED', `${path}.trunk`);
  if (natives > 0) report('VLAN_TRUNK_NATIVE', `${path}.trunk`);
}

const PROFILE_BYTES = 39;
const LIMITS = [
  ['managerid', 255],
  ['typeid', 0xff_ffff],
  ['typeidversion', 255],
] as const;

/** Parameters that each type takes. */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  '802.1Qbg': ['managerid', 'typeid', 'typeidversion', 'instanceid'],
  '802.1Qbh': ['profileid'],
  openvswitch: ['interfaceid', 'profileid'],
  midonet: ['interfaceid', 'profileid'],
};

/** The parameters that libvirt accepts with a type; until 12.0 it did not look at those of midonet. */
const takenBy = (type: VirtualPort['type'], release: number): readonly string[] | undefined =>
  type === undefined || (type === 'midonet' && release < RELEASE_12) ? undefined : TAKES[type];

/** The parameters of a virtual port against its type. */
export function checkVirtualPort({ release, report }: Reporter, port: VirtualPort | undefined, path: string): void {
  const parameters = port?.parameters;
  if (port === undefined || parameters === undefined) return;
  for (const [attribute, limit] of LIMITS) {
    const value = parameters[attribute];
    if (value !== undefined && value > limit)
      report('VPORT_RANGE', `${path}.parameters.${attribute}`, { attribute, value, limit });
  }
  if (utf8Length(parameters.profileid) > PROFILE_BYTES) report('VPORT_PROFILE_LONG', `${path}.parameters.profileid`);
  const takes = takenBy(port.type, release);
  for (const attribute of Object.keys(parameters)) {
    if (attribute === 'extra' || takes === undefined || takes.includes(attribute)) continue;
    report('VPORT_EXTRA', `${path}.parameters.${attribute}`, { attribute, type: port.type ?? '' });
  }
}

/** The number of bytes a text takes in UTF-8. */
export function utf8Length(text: string | undefined): number {
  let bytes = 0;
  for (const character of text ?? '') {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
