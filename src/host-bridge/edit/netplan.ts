import type { ReadyBridge, RenderedParts } from '../backend.js';
import type { SourceFile } from '../read/context.js';
import type { RenderedFile } from '../render/rendering.js';
import { editYaml, type YamlEditor } from '../text/yaml/edit.js';
import type { MapChange } from '../text/yaml/maps.js';
import { readYaml, type YamlEntry, type YamlPart } from '../text/yaml/read.js';
import {
  baseName,
  changedFiles,
  type EditedHost,
  type Editor,
  hasBridge,
  knownPorts,
  missingDevices,
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
const SILENCE = { dhcp4: false, dhcp6: false, 'accept-ra': false, 'link-local': [] } as const;

/** Takes the addressing of ports out of the files, and adds the bridge in a file of its own. */
export const netplanEditor: Editor = (host) => (bridge, parts) => {
  const isThere = hasBridge(host, bridge);
  const ports = knownPorts(host, bridge).map(({ name }) => name);
  const edited = host.files.map((file) => {
    const content = editYaml(file.content, (yaml) => {
      for (const port of ports) silence(port, yaml);
      if (!isThere) dropBridge(bridge.name, yaml, file);
    });
    return fileOf(`/etc/netplan/${baseName(file)}`, content);
  });
  return { ...parts, files: changedFiles([...edited, ...ownFiles(bridge, parts, host)], host) };
};

function silence(port: string, yaml: YamlEditor): void {
  for (const kind of KINDS) {
    const path = ['network', kind, port];
    // Lists only grow: an empty one must stand in place of what is there.
    if (yaml.has(path)) yaml.change(path, { drop: [...ADDRESSING, ...Object.keys(SILENCE)], add: SILENCE });
  }
}

/** Takes the old settings of the bridge away. A kind of devices without any is a fault to netplan. */
function dropBridge(name: string, yaml: YamlEditor, file: SourceFile): void {
  const bridges = mapAt(file, 'network', 'bridges');
  if (!bridges.some(({ key }) => key === name)) return;
  const isLast = bridges.every(({ key }) => key === name);
  yaml.change(isLast ? ['network'] : ['network', 'bridges'], { drop: [isLast ? 'bridges' : name], add: {} });
}

/** The entries of a map in a file. */
function mapAt({ content }: Pick<SourceFile, 'content'>, ...path: readonly string[]): readonly YamlEntry[] {
  const read = readYaml(content);
  const whole = 'flaw' in read || read.part === undefined ? [] : entriesOf(read.part);
  return path.reduce<readonly YamlEntry[]>(
    (entries, name) => entries.flatMap(({ key, value }) => (key === name ? entriesOf(value) : [])),
    whole,
  );
}

const entriesOf = (part: YamlPart): readonly YamlEntry[] => (part.kind === 'map' ? part.entries : []);

/** What is written without the host's files, less the devices that these describe. */
function ownFiles(bridge: ReadyBridge, { files = [] }: RenderedParts, host: EditedHost): readonly RenderedFile[] {
  const missing = missingDevices(host, bridge);
  return files.flatMap((file) => {
    const kinds = KINDS.map((kind) => ({ kind, names: mapAt(file, 'network', kind).map(({ key }) => key) }));
    if (!kinds.some(({ names }) => names.some((name) => missing.has(name)))) return [];
    const content = editYaml(file.content, (yaml) => {
      const own = rendererIn(file, host);
      yaml.change(['network'], { drop: ['renderer'], add: {} });
      for (const { kind, names } of kinds) keepMissing(kind, names, missing, yaml);
      for (const { kind, names } of kinds)
        for (const name of names) if (missing.has(name)) yaml.change(['network', kind, name], { drop: [], add: own });
    });
    return [{ ...file, content }];
  });
}

/** Written at each new device where the files of the host have another renderer for those that do not name one. */
function rendererIn(file: RenderedFile, { renderer }: EditedHost): MapChange['add'] {
  const own = mapAt(file, 'network').find(({ key }) => key === 'renderer')?.value;
  return own?.kind !== 'text' || own.text === (renderer ?? 'networkd') ? {} : { renderer: own.text };
}

function keepMissing(kind: string, names: readonly string[], missing: ReadonlySet<string>, yaml: YamlEditor): void {
  const known = names.filter((name) => !missing.has(name));
  const isAll = known.length === names.length;
  yaml.change(isAll ? ['network'] : ['network', kind], { drop: isAll ? [kind] : known, add: {} });
}

const fileOf = (path: string, content: string): RenderedFile => ({ path, mode: 0o600, owner: 'root', content });
