import type { BridgePort, HostBridgeDocument, SpanningTree, VlanMember } from '../document.js';
import type { Report } from './context.js';
import { checkRange } from './range.js';

const CENTISECOND = 0.01;
const DEFAULTS = { forwardDelay: 15, helloTime: 2, maxAge: 20 };
const AGEING_MAX = 1_000_000;

/** Checks the bridge as a switch: spanning tree, address table, VLANs. */
export function checkSwitching(document: HostBridgeDocument, report: Report): void {
  if (document.stp !== undefined) checkSpanningTree(document.stp, report);
  checkRange(document.ageingTime, 'ageingTime', [0, AGEING_MAX], CENTISECOND, report);
  document.ports?.forEach((port, i) => {
    checkPort(port, `ports[${i}]`, document, report);
  });
  const { defaultPvid, vlans } = document.vlanFiltering ?? {};
  checkRange(defaultPvid, 'vlanFiltering.defaultPvid', [0, 4094], 1, report);
  checkVlans(vlans, 'vlanFiltering.vlans', report);
}

function checkSpanningTree(stp: SpanningTree, report: Report): void {
  // The kernel holds times within IEEE's limits only while the spanning tree is on.
  checkRange(stp.forwardDelay, 'stp.forwardDelay', stp.enabled ? [2, 30] : [0, 30], CENTISECOND, report);
  checkRange(stp.helloTime, 'stp.helloTime', [1, 10], CENTISECOND, report);
  checkRange(stp.maxAge, 'stp.maxAge', [6, 40], CENTISECOND, report);
  checkRange(stp.priority, 'stp.priority', [0, 65_535], 1, report);
  if (stp.enabled) checkTimes(stp, report);
  else
    for (const property of ['helloTime', 'maxAge', 'priority'] as const)
      if (stp[property] !== undefined) report('HB_STP_UNUSED', `stp.${property}`, { property });
}

function checkTimes(stp: SpanningTree, report: Report): void {
  const { forwardDelay, helloTime, maxAge } = { ...DEFAULTS, ...stp };
  report('HB_STP_SILENCE', 'stp.enabled', { value: 2 * forwardDelay });
  if (2 * (forwardDelay - 1) < maxAge || maxAge < 2 * (helloTime + 1)) report('HB_STP_TIMES', 'stp');
}

function checkPort(port: BridgePort, path: string, { vlanFiltering }: HostBridgeDocument, report: Report): void {
  checkRange(port.pathCost, `${path}.pathCost`, [1, 65_535], 1, report);
  checkRange(port.priority, `${path}.priority`, [0, 63], 1, report);
  if (port.vlans !== undefined && vlanFiltering === undefined) report('HB_VLAN_NO_FILTERING', `${path}.vlans`);
  checkVlans(port.vlans, `${path}.vlans`, report);
}

function checkVlans(members: readonly VlanMember[] = [], path: string, report: Report): void {
  const seen = new Set<number>();
  members.forEach((member, i) => {
    checkMember(member, `${path}[${i}]`, seen, report);
  });
  if (members.filter(({ pvid }) => pvid).length > 1) report('HB_VLAN_PVIDS', path);
}

function checkMember({ id, pvid, untagged }: VlanMember, path: string, seen: Set<number>, report: Report): void {
  const { from, to } = typeof id === 'number' ? { from: id, to: id } : id;
  const wrong = [from, to].find((one) => one < 1 || one > 4094);
  if (wrong !== undefined) return report('HB_VLAN_ID', `${path}.id`, { value: wrong });
  if (from > to) report('HB_VLAN_RANGE', `${path}.id`, { from, to });
  if (typeof id !== 'number' && pvid) report('HB_VLAN_RANGE_FLAG', `${path}.pvid`, { property: 'pvid' });
  if (typeof id !== 'number' && untagged) report('HB_VLAN_RANGE_FLAG', `${path}.untagged`, { property: 'untagged' });
  for (let vlan = from; vlan <= to; vlan++) {
    if (seen.has(vlan)) return report('HB_VLAN_TWICE', `${path}.id`, { value: vlan });
    seen.add(vlan);
  }
}
