import type { ReadyBridge, RenderedParts } from '../backend.js';
import type { BridgePort } from '../document.js';
import type { SourceFile } from '../read/context.js';
import { matchOf, readUnits, unitOfDropIn } from '../read/networkd-units.js';
import type { SectionFile } from '../read/setting-tracker.js';
import type { RenderedFile } from '../render/rendering.js';
import { printSections, type ReadSection, readSections, section } from '../text/sections.js';
import { editSections } from './edit-sections.js';
import { baseName, changedFiles, type EditedHost, type Editor, isMissing, knownPorts } from './edited-host.js';

const FOLDER = '/etc/systemd/network';

/** Sections and settings that say where a device has its addresses from. */
const SECTIONS = ['Address', 'Route', 'DHCP', 'DHCPv4', 'DHCPv6', 'IPv6AcceptRA', 'Bridge', 'BridgeVLAN'];
const SETTINGS = ['Address', 'Gateway', 'DNS', 'Domains', 'DHCP', 'IPv6AcceptRA', 'LinkLocalAddressing', 'Bridge'];

/** Takes the addressing out of the files of the ports, and adds the bridge in files of its own. */
export const networkdEditor: Editor = (host) => (bridge, parts) => {
  const ports = knownPorts(host, bridge).flatMap((port) => portFiles(port, bridge, parts, host));
  const others = (parts.files ?? []).filter((file) => isNew(file, bridge, host));
  return { ...parts, files: changedFiles([...ports, ...parentFiles(bridge, host), ...others], host) };
};

/** A VLAN that the files do not describe is named in the file of its parent. */
function parentFiles(bridge: ReadyBridge, host: EditedHost): readonly RenderedFile[] {
  const known = new Set(host.devices.map(({ name }) => name));
  const vlans = bridge.ports.filter((port) => port.type === 'vlan').filter(({ name }) => !known.has(name));
  const parents = new Set(vlans.map(({ parent }) => parent.name));
  return [...parents].flatMap((parent) => {
    const source = unitOf(parent, host)?.file.source;
    if (source === undefined) return [];
    const names = vlans.filter((vlan) => vlan.parent.name === parent).map(({ name }) => `VLAN=${name}`);
    const content = editSections(source.content, {
      dropSection: () => false,
      dropSetting: () => false,
      add: { Network: names },
    });
    return [fileOf(`${FOLDER}/${baseName(source)}`, content)];
  });
}

/** What is written for the bridge itself, and for devices that the files do not describe. */
function isNew(file: RenderedFile, bridge: ReadyBridge, host: EditedHost): boolean {
  const device = /\/05-(.+)\.(?:network|netdev)$/.exec(file.path)?.[1] ?? '';
  return isMissing(host, bridge, device);
}

function portFiles(
  port: BridgePort,
  bridge: ReadyBridge,
  parts: RenderedParts,
  host: EditedHost,
): readonly RenderedFile[] {
  const unit = unitOf(port.name, host);
  const rendered = parts.files?.find(({ path }) => path === `${FOLDER}/05-${port.name}.network`);
  if (unit === undefined) return rendered === undefined ? [] : [rendered];
  const { source } = unit.file;
  const add = { Network: ['LinkLocalAddressing=no', `Bridge=${bridge.name}`] };
  const edited = withoutAddressing(source.content, add) + portSections(rendered);
  if (!unit.isOwn) return [fileOf(pathBefore(port.name, source), forOne(edited, port.name))];
  const dropIns = host.files.filter((file) => unitOfDropIn(file.path) === baseName(source));
  return [
    fileOf(`${FOLDER}/${baseName(source)}`, edited),
    ...dropIns.map((file) =>
      fileOf(`${FOLDER}/${baseName(source)}.d/${baseName(file)}`, withoutAddressing(file.content, {})),
    ),
  ];
}

/** The file that counts for a device, and if it is for this device alone. */
function unitOf(
  name: string,
  { files, devices }: EditedHost,
): { readonly file: SectionFile; readonly isOwn: boolean } | undefined {
  const units = readUnits(files, { leaveOut: () => {} });
  for (const file of units.filter((unit) => unit.baseName.endsWith('.network'))) {
    const match = matchOf(file);
    if (!match?.matches(name, kindOf(name, devices))) continue;
    return { file, isOwn: match.isExact && match.names.length === 1 };
  }
  return undefined;
}

const kindOf = (name: string, devices: EditedHost['devices']): string | undefined => {
  const type = devices.find((device) => device.name === name)?.type;
  return type === 'nic' ? undefined : type;
};

const withoutAddressing = (content: string, add: Readonly<Record<string, readonly string[]>>): string =>
  editSections(content, {
    dropSection: (name) => SECTIONS.includes(name),
    dropSetting: (section, key) => section === 'Network' && SETTINGS.includes(key),
    add,
  });

/** A copy for one device of a file that is for several. */
const forOne = (content: string, name: string): string =>
  editSections(content, {
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
  const names = ['05-', '00-', '0-', '0'].map((prefix) => `${prefix}${device}.network`);
  return `${FOLDER}/${names.find((name) => name < baseName(file)) ?? `0${baseName(file)}`}`;
}

const fileOf = (path: string, content: string): RenderedFile => ({ path, mode: 0o644, owner: 'root', content });
