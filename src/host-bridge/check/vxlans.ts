import { type Address, parseAddress } from '../../schema/address.js';
import { plainAddress } from '../address.js';
import type { HostBridgeDocument, VxlanPort } from '../document.js';
import { overheadOf, roomIn, USUAL_MTU, VXLAN_PORT } from '../vxlan.js';
import { isLinkLocal, isMulticast } from './addressing.js';
import { inside, type Report } from './context.js';
import { NAME } from './devices.js';
import { checkRange } from './range.js';

const ID_MAX = 0xff_ffff;

/** Ports that are VXLANs: each by itself, and together. */
export function checkVxlans(document: HostBridgeDocument, report: Report): void {
  const { name, ports = [] } = document;
  const devices = new Set([name, ...ports.map((port) => port.name)]);
  const seen = new Set<string>();
  const reached = new Set<string>();
  ports.forEach((port, i) => {
    if (port.type !== 'vxlan') return;
    const path = `ports[${i}]`;
    checkVxlan(port, path, report);
    checkSize(port.mtu ?? document.mtu, port, inside(path, 'mtu'), report);
    if (port.device !== undefined) checkUnderlay(port.device, devices, inside(path, 'device'), report);
    checkTwice(port, path, seen, report);
    if (document.stp?.enabled !== true) checkLoop(port, path, reached, report);
  });
}

function checkUnderlay(device: string, devices: ReadonlySet<string>, path: string, report: Report): void {
  if (!NAME.test(device)) report('HB_NAME_INVALID', path, { value: device });
  else if (devices.has(device)) report('HB_VXLAN_OVER_BRIDGE', path, { device });
}

function checkVxlan(device: VxlanPort, path: string, report: Report): void {
  const { id, port, remotes = [], group } = device;
  if (id < 0 || id > ID_MAX) report('HB_VXLAN_ID', inside(path, 'id'), { value: id });
  checkRange(port, inside(path, 'port'), { min: 1, max: 65_535 }, report);
  if (remotes.length === 0 && group === undefined) report('HB_VXLAN_PEERS', path, { value: device.name });
  if (remotes.length > 0 && group !== undefined) report('HB_VXLAN_BOTH', inside(path, 'group'));
  if (group !== undefined && device.device === undefined)
    report('HB_VXLAN_DEVICE', inside(path, 'device'), { value: group });
  checkAddresses(device, path, report);
}

const HOST = { expected: 'the address of a host', example: '10.0.0.1', isMulticast: false };
const GROUP = { expected: 'a multicast address', example: '239.1.1.1', isMulticast: true };

function checkAddresses({ local, remotes = [], group, device }: VxlanPort, path: string, report: Report): void {
  const given = [
    { property: 'local', text: local, at: 'local', ...HOST },
    ...remotes.map((text, i) => ({ property: 'remotes', text, at: `remotes[${i}]`, ...HOST })),
    { property: 'group', text: group, at: 'group', ...GROUP },
  ];
  const families = new Set<Address['family']>();
  for (const { text, at, isMulticast: wanted, ...params } of given) {
    if (text === undefined) continue;
    const address = parseAddress(text);
    const fits = address !== undefined && !isOfNoHost(address) && isMulticast(address) === wanted;
    if (!fits) report('HB_VXLAN_ADDRESS', inside(path, at), { value: text, ...params });
    else if (isLinkLocal(address) && device === undefined)
      report('HB_VXLAN_LINK_LOCAL', inside(path, at), { value: text });
    if (address !== undefined) families.add(address.family);
  }
  if (families.size > 1) report('HB_VXLAN_FAMILIES', path);
  checkRemotes(local, remotes, path, report);
}

/** Neither the host itself nor anybody twice: each of the remotes gets a copy. */
function checkRemotes(local: string | undefined, remotes: readonly string[], path: string, report: Report): void {
  const own = local === undefined ? undefined : plainAddress(local);
  const seen = new Set<string>();
  remotes.forEach((text, i) => {
    const plain = plainAddress(text);
    if (plain === own) report('HB_VXLAN_SELF', inside(path, `remotes[${i}]`), { value: text });
    if (seen.has(plain)) report('HB_VXLAN_REMOTE_TWICE', inside(path, `remotes[${i}]`), { value: text });
    seen.add(plain);
  });
}

const isOfNoHost = ({ family, value }: Address): boolean =>
  value === 0n || (family === 'ipv4' ? value >> 24n === 127n || value === 0xffff_ffffn : value === 1n);

function checkSize(mtu: number | undefined, device: VxlanPort, path: string, report: Report): void {
  const room = roomIn(USUAL_MTU, device);
  if (mtu !== undefined && mtu > room)
    report('HB_VXLAN_MTU', path, { value: mtu, needed: mtu + overheadOf(device), room });
}

/** The kernel looks a VXLAN up by both. */
function checkTwice({ id, port = VXLAN_PORT }: VxlanPort, path: string, seen: Set<string>, report: Report): void {
  const key = `${id} ${port}`;
  if (seen.has(key)) report('HB_VXLAN_TWICE', inside(path, 'id'), { id, port });
  seen.add(key);
}

/** What comes in over one VXLAN goes out over the other. */
function checkLoop({ remotes = [], group }: VxlanPort, path: string, reached: Set<string>, report: Report): void {
  const peers = group === undefined ? remotes : [group];
  const again = peers.find((peer) => reached.has(peer));
  if (again !== undefined) report('HB_VXLAN_LOOP', path, { value: again });
  for (const peer of peers) reached.add(peer);
}
