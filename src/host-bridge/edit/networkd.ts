import { firstBy, groupedBy } from '../../lists/group.js';
import type { ReadyBridge, RenderedParts } from '../backend.js';
import type { BridgePort } from '../document.js';
import type { HostNetworkDevice } from '../network/host-device.js';
import type { SourceFile } from '../read/context.js';
import { isNetwork } from '../read/networkd-devices.js';
import { firstMatch, matchOf } from '../read/networkd-match.js';
import { readUnits, unitOfDropIn } from '../read/networkd-units.js';
import type { SectionFile } from '../read/setting-tracker.js';
import type { RenderedFile } from '../render/rendering.js';
import { printSections, type ReadSection, readSections, section } from '../text/sections.js';
import { editSections } from './edit-sections.js';
import { baseName, changedFiles, type EditedHost, type Editor, knownPorts, missingDevices } from './edited-host.js';

const FOLDER = '/etc/systemd/network';

/** Sections and settings that say where a device has its addresses from. */
const SECTIONS = ['Address', 'Route', 'DHCP', 'DHCPv4', 'DHCPv6', 'IPv6AcceptRA', 'Bridge', 'BridgeVLAN'];
const SETTINGS = ['Address', 'Gateway', 'DNS', 'Domains', 'DHCP', 'IPv6AcceptRA', 'LinkLocalAddressing', 'Bridge'];

/** Takes the addressing out of the files of the ports, and adds the bridge in files of its own. */
export const networkdEditor: Editor = (host) => (bridge, parts) => {
  const surroundings = surroundingsOf(bridge, parts, host);
  const ports = knownPorts(host, bridge).flatMap((port) => portFiles(port, bridge, surroundings));
  const missing = missingDevices(host, bridge);
  const others = (parts.files ?? [])
    .filter((file) => missing.has(deviceOf(file)))
    .flatMap((file) => inPlace(file, surroundings));
  return { ...parts, files: changedFiles([...ports, ...parentFiles(bridge, surroundings), ...others], host) };
};

/** A VLAN that the files do not describe is named in the file of its parent. */
function parentFiles(bridge: ReadyBridge, { host, unitOf }: Surroundings): readonly RenderedFile[] {
  const vlans = bridge.ports.filter((port) => port.type === 'vlan');
  const added = vlans.filter(({ name }) => host.deviceNamed(name) === undefined);
  return [...groupedBy(added, ({ parent }) => parent.name)].flatMap(([parent, own]) => {
    const source = unitOf(parent)?.source;
    if (source === undefined) return [];
    const names = own.map(({ name }) => `VLAN=${name}`);
    const content = editSections(source.content, {
      joins: true,
      dropSection: () => false,
      dropSetting: () => false,
      add: { Network: names },
    });
    return [fileOf(`${FOLDER}/${baseName(source)}`, content)];
  });
}

/** The device that a rendered file is for. */
const deviceOf = ({ path }: RenderedFile): string => /\/05-(.+)\.(?:network|netdev)$/.exec(path)?.[1] ?? '';

/**
 * Puts a new file in the place of the one that the device has, or before those that would match it first. Drop-ins of the
 * old file stay, without addressing.
 */
function inPlace(file: RenderedFile, { unitOf, netdevOf, dropInsOf }: Surroundings): readonly RenderedFile[] {
  const device = deviceOf(file);
  const isNetdev = file.path.endsWith('.netdev');
  const unit = isNetdev ? netdevOf(device) : unitOf(device);
  if (unit === undefined) return [file];
  const { source } = unit;
  if (!isNetdev && !isForOne(unit))
    return [baseName(file) < baseName(source) ? file : { ...file, path: pathBefore(device, source) }];
  const path = `${FOLDER}/${baseName(source)}`;
  return [{ ...file, path }, ...dropInsOf(baseName(source)).map((one) => silentDropIn(one, source))];
}

const silentDropIn = (file: SourceFile, unit: SourceFile): RenderedFile =>
  fileOf(`${FOLDER}/${baseName(unit)}.d/${baseName(file)}`, withoutAddressing(file.content, {}));

/** What is around the files of a port. */
interface Surroundings {
  readonly host: EditedHost;
  /** The file that counts for a device. */
  readonly unitOf: (name: string) => SectionFile | undefined;
  /** The file that makes a device. */
  readonly netdevOf: (name: string) => SectionFile | undefined;
  /** What is written for a device on a host without files. */
  readonly renderedAt: (path: string) => RenderedFile | undefined;
  readonly dropInsOf: (unit: string) => readonly SourceFile[];
}

function surroundingsOf(bridge: ReadyBridge, parts: RenderedParts, host: EditedHost): Surroundings {
  const units = readUnits(host.files, { leaveOut: () => {} });
  const networks = units.filter(isNetwork).flatMap((file) => {
    const match = matchOf(file);
    return match === undefined ? [] : [{ file, match }];
  });
  const first = firstMatch(networks);
  const netdevs = firstBy(
    units.filter((unit) => !isNetwork(unit)),
    (unit) => unit.section('NetDev').peek('Name') ?? '',
  );
  const rendered = firstBy(parts.files ?? [], ({ path }) => path);
  const dropIns = groupedBy(host.files, ({ path }) => unitOfDropIn(path));
  return {
    host,
    unitOf: (name) => first(name, name === bridge.name ? 'bridge' : kindOf(host.deviceNamed(name))),
    netdevOf: (name) => netdevs.get(name),
    renderedAt: (path) => rendered.get(path),
    dropInsOf: (unit) => dropIns.get(unit) ?? [],
  };
}

/** Tells whether a file is for one device alone. */
function isForOne(file: SectionFile): boolean {
  const match = matchOf(file);
  return match?.isExact === true && match.names.length === 1;
}

function portFiles(
  port: BridgePort,
  bridge: ReadyBridge,
  { unitOf, renderedAt, dropInsOf }: Surroundings,
): readonly RenderedFile[] {
  const unit = unitOf(port.name);
  const rendered = renderedAt(`${FOLDER}/05-${port.name}.network`);
  if (unit === undefined) return rendered === undefined ? [] : [rendered];
  const { source } = unit;
  const add = { Network: ['LinkLocalAddressing=no', `Bridge=${bridge.name}`] };
  const edited = withoutAddressing(source.content, add) + portSections(rendered);
  if (!isForOne(unit)) return [fileOf(pathBefore(port.name, source), forOne(edited, port.name))];
  return [
    fileOf(`${FOLDER}/${baseName(source)}`, edited),
    ...dropInsOf(baseName(source)).map((file) => silentDropIn(file, source)),
  ];
}

const kindOf = (device: HostNetworkDevice | undefined): string | undefined =>
  device?.type === 'nic' ? undefined : device?.type;

const withoutAddressing = (content: string, add: Readonly<Record<string, readonly string[]>>): string =>
  editSections(content, {
    joins: true,
    dropSection: (name) => SECTIONS.includes(name),
    dropSetting: (section, key) => section === 'Network' && SETTINGS.includes(key),
    add,
  });

/** A copy for one device of a file that is for several. */
const forOne = (content: string, name: string): string =>
  editSections(content, {
    joins: true,
    dropSection: () => false,
    dropSetting: (section) => section === 'Match',
    add: { Match: [`Name=${name}`] },
  });

/** What the bridge does with the port, as it is written on a host without files. */
function portSections(rendered: RenderedFile | undefined): string {
  const read = readSections(rendered?.content ?? '', () => {});
  const own = read.filter(({ name }) => name === 'Bridge' || name === 'BridgeVLAN');
  if (own.length === 0) return '';
  const settings = (one: ReadSection) => one.settings.map(({ key, value }) => [key, value] as const);
  return `\n${printSections(own.map((one) => section(one.name, ...settings(one))))}`;
}

/** A name that systemd sorts before that of another file. */
function pathBefore(device: string, file: SourceFile): string {
  const names = ['05-', '00-', '00--', '0--', '-'].map((prefix) => `${prefix}${device}.network`);
  return `${FOLDER}/${names.find((name) => name < baseName(file)) ?? `-${baseName(file)}`}`;
}

const fileOf = (path: string, content: string): RenderedFile => ({ path, mode: 0o644, owner: 'root', content });
