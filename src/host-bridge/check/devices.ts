import { isMulticastMac, normalizeMac } from '../../schema/scalar.js';
import type { BondMode, BondPort, BridgePort, HostBridgeDocument, PortDevice } from '../document.js';
import { isUnwatched, MODES_THAT_CUT_OFF } from './bonds.js';
import { inside, type Report } from './context.js';
import { checkRange } from './range.js';

/**
 * Narrower than the kernel: names stand in shell scripts, file names, YAML and XML, and in some of these each of the
 * other characters means something. The words left out mean something to the kernel or to ifupdown.
 */
export const NAME = /^(?!(?:all|default|none|regex|noregex)$)[A-Za-z0-9][A-Za-z0-9._+-]{0,14}$/;

const MTU_MIN = 68;
const MTU_MAX = 65_535;
const MTU_IPV6 = 1280;

/** The bridge's own device and those of its ports. */
export function checkDevices(document: HostBridgeDocument, report: Report): void {
  const seen = new Set<string>();
  checkName(document.name, 'name', seen, report);
  document.ports?.forEach((port, i) => {
    checkDevice(port, `ports[${i}]`, seen, report);
  });
  checkMac(document, report);
  checkMtu(document, report);
}

function checkName(name: string, path: string, seen: Set<string>, report: Report): void {
  if (!NAME.test(name)) report('HB_NAME_INVALID', path, { value: name });
  else if (seen.has(name)) report('HB_NAME_TWICE', path, { value: name });
  else if (name === 'lo') report('HB_PORT_LOOPBACK', path);
  seen.add(name);
}

function checkDevice(device: PortDevice, path: string, seen: Set<string>, report: Report): void {
  checkName(device.name, inside(path, 'name'), seen, report);
  if (device.type === 'vlan') checkVlan(device, path, seen, report);
  if (device.type === 'bond') checkBond(device, path, seen, report);
}

function checkVlan(device: PortDevice & { type: 'vlan' }, path: string, seen: Set<string>, report: Report): void {
  if (device.id < 1 || device.id > 4094) report('HB_VLAN_ID', inside(path, 'id'), { value: device.id });
  // Several VLANs of one parent are usual: only the first one's parent is a new device.
  if (seen.has(`parent ${device.parent.name}`)) return;
  seen.add(`parent ${device.parent.name}`);
  checkDevice(device.parent, inside(path, 'parent'), seen, report);
}

function checkBond(device: PortDevice & { type: 'bond' }, path: string, seen: Set<string>, report: Report): void {
  if (device.devices.length === 0) report('HB_BOND_EMPTY', inside(path, 'devices'), { value: device.name });
  device.devices.forEach((name, i) => {
    checkName(name, `${path}.devices[${i}]`, seen, report);
  });
  checkBondOptions(device, path, report);
  checkBondBelowBridge(device, path, report);
  checkRange(device.monitorInterval, inside(path, 'monitorInterval'), { min: 0, max: 3600, step: 0.001 }, report);
}

/** The kernel refuses these in other modes. */
const MODES: Readonly<Record<'lacpRate' | 'primary', readonly BondMode[]>> = {
  lacpRate: ['802.3ad'],
  primary: ['active-backup', 'balance-tlb', 'balance-alb'],
};

function checkBondOptions(bond: PortDevice & { type: 'bond' }, path: string, report: Report): void {
  const { mode, devices, primary } = bond;
  for (const property of ['lacpRate', 'primary'] as const)
    if (bond[property] !== undefined && !MODES[property].includes(mode))
      report('HB_BOND_OPTION', inside(path, property), { property, mode, modes: MODES[property].join(', ') });
  if (primary !== undefined && !devices.includes(primary))
    report('HB_BOND_PRIMARY', inside(path, 'primary'), { value: primary });
}

/** Every bond here is below a bridge, by itself or under a VLAN. */
function checkBondBelowBridge(bond: BondPort, path: string, report: Report): void {
  const { name: value, mode } = bond;
  const reason = MODES_THAT_CUT_OFF[mode];
  if (reason !== undefined) report('HB_BOND_MODE', inside(path, 'mode'), { value, mode, reason });
  if (isUnwatched(mode, bond.monitorInterval)) report('HB_BOND_MONITOR', inside(path, 'monitorInterval'), { value });
}

function checkMac({ mac, ports = [] }: HostBridgeDocument, report: Report): void {
  if (mac === undefined) return;
  if (typeof mac !== 'string') {
    if (!ports.some(({ name }) => name === mac.copyFrom))
      report('HB_MAC_SOURCE', 'mac.copyFrom', { value: mac.copyFrom });
  } else if (mac === 'kernel') {
    if (ports.length > 0) report('HB_MAC_DRIFTS', 'mac');
  } else checkOwnMac(mac, report);
}

function checkOwnMac(mac: string, report: Report): void {
  const normal = /^[0-9a-f:]+$/i.test(mac) ? normalizeMac(mac) : undefined;
  if (normal === undefined) report('HB_MAC_INVALID', 'mac', { value: mac });
  else if (isMulticastMac(normal)) report('HB_MAC_MULTICAST', 'mac', { value: mac });
  else if (normal === '00:00:00:00:00:00') report('HB_MAC_ZERO', 'mac', { value: mac });
}

function checkMtu(document: HostBridgeDocument, report: Report): void {
  const { mtu, ports = [] } = document;
  if (mtu !== undefined) checkOneMtu(mtu, 'mtu', report);
  if (mtu !== undefined && mtu >= MTU_MIN && mtu < MTU_IPV6 && usesIpv6(document))
    report('HB_MTU_IPV6', 'mtu', { value: mtu });
  ports.forEach((port, i) => {
    checkPortMtu(port, mtu, `ports[${i}].mtu`, report);
  });
}

const usesIpv6 = ({ ipv6 }: HostBridgeDocument): boolean =>
  ipv6?.auto !== undefined || (ipv6?.addresses?.length ?? 0) > 0;

function checkPortMtu(port: BridgePort, bridgeMtu: number | undefined, path: string, report: Report): void {
  if (port.mtu !== undefined) checkOneMtu(port.mtu, path, report);
  checkAbove(bridgeMtu, port, 'mtu', report);
  if (port.type !== 'vlan') return;
  if (port.parent.mtu !== undefined) checkOneMtu(port.parent.mtu, path.replace(/mtu$/, 'parent.mtu'), report);
  checkAbove(port.mtu ?? bridgeMtu, port.parent, path, report);
}

function checkAbove(mtu: number | undefined, below: PortDevice, path: string, report: Report): void {
  if (mtu !== undefined && below.mtu !== undefined && mtu > below.mtu)
    report('HB_MTU_ABOVE_PORT', path, { value: mtu, limit: below.mtu, device: below.name });
}

function checkOneMtu(mtu: number, path: string, report: Report): void {
  if (mtu < MTU_MIN || mtu > MTU_MAX) report('HB_MTU_RANGE', path, { value: mtu });
}
