import { isRecord } from '../../schema/values.js';
import type { ReadyBridge, RenderedParts } from '../backend.js';
import type { SourceFile } from '../read/context.js';
import type { RenderedFile } from '../render/rendering.js';
import { editYaml, type YamlEditor } from '../text/edit-yaml.js';
import { printYaml } from '../text/print-yaml.js';
import { readYaml } from '../text/read-yaml.js';
import {
  baseName,
  changedFiles,
  type EditedHost,
  type Editor,
  hasBridge,
  isMissing,
  knownPorts,
} from './edited-host.js';

const KINDS = ['ethernets', 'bonds', 'vlans', 'bridges'];

/** Keys that say where a device has its addresses from, and what goes with them. */
const ADDRESSING = [
  'addresses',
  'gateway4',
  'gateway6',
  'routes',
  'nameservers',
  'dhcp4-overrides',
  'dhcp6-overrides',
  'ra-overrides',
  'dhcp-identifier',
  'optional-addresses',
  'ipv6-address-generation',
  'ipv6-address-token',
  'ipv6-privacy',
];

/** Written at each port, or it takes addresses by itself. */
const SILENCE: Readonly<Record<string, unknown>> = { dhcp4: false, dhcp6: false, 'accept-ra': false, 'link-local': [] };

/** Takes the addressing of ports out of the files, and adds the bridge in a file of its own. */
export const netplanEditor: Editor = (host) => (bridge, parts) => {
  const isThere = hasBridge(host, bridge);
  const ports = knownPorts(host, bridge).map(({ name }) => name);
  const edited = host.files.map((file) => {
    const content = editYaml(file.content, (yaml) => {
      for (const port of ports) silence(port, yaml);
      if (!isThere) yaml.remove(['network', 'bridges', bridge.name]);
      dropEmpty(yaml, file);
    });
    return fileOf(`/etc/netplan/${baseName(file)}`, content);
  });
  return { ...parts, files: changedFiles([...edited, ...ownFiles(bridge, parts, host)], host) };
};

function silence(port: string, yaml: YamlEditor): void {
  for (const kind of KINDS) {
    const path = ['network', kind, port];
    if (!yaml.has(path)) continue;
    for (const key of ADDRESSING) yaml.remove([...path, key]);
    for (const [key, value] of Object.entries(SILENCE)) {
      // Lists only grow: an empty one must stand in place of what is there.
      yaml.remove([...path, key]);
      yaml.set([...path, key], value);
    }
  }
}

/** A kind of devices without any is a fault to netplan. */
function dropEmpty(yaml: YamlEditor, { content }: SourceFile): void {
  const bridges = valueAt(readYaml(content).value, 'network', 'bridges');
  const left = isRecord(bridges) ? Object.keys(bridges).filter((name) => yaml.has(['network', 'bridges', name])) : [];
  if (isRecord(bridges) && left.length === 0) yaml.remove(['network', 'bridges']);
}

const valueAt = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value);

/** What is written without the host's files, less the devices that these describe. */
function ownFiles(bridge: ReadyBridge, { files = [] }: RenderedParts, host: EditedHost): readonly RenderedFile[] {
  return files.flatMap((file) => {
    const network = valueAt(readYaml(file.content).value, 'network');
    const kinds = KINDS.flatMap((kind) => {
      const devices = valueAt(network, kind);
      const left = Object.entries(isRecord(devices) ? devices : {}).filter(([name]) => isMissing(host, bridge, name));
      return left.length === 0 ? [] : [[kind, Object.fromEntries(left)] as const];
    });
    if (kinds.length === 0) return [];
    const content = printYaml({ network: { version: 2, ...Object.fromEntries(kinds) } });
    return [{ ...file, content }];
  });
}

const fileOf = (path: string, content: string): RenderedFile => ({ path, mode: 0o600, owner: 'root', content });
