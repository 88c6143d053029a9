import type { ReadyBridge, RenderedParts } from '../backend.js';
import type { BridgePort } from '../document.js';
import type { SourceFile } from '../read/context.js';
import { byChoice, type ProfileRank } from '../read/nm-choice.js';
import type { Command, RenderedFile } from '../render/rendering.js';
import { keyfileTruth, readKeyfile } from '../text/keyfile.js';
import { editSections } from './edit-sections.js';
import { baseName, changedFiles, type EditedHost, type Editor, isMissing, knownPorts } from './edited-host.js';

const FOLDER = '/etc/NetworkManager/system-connections';

/** Makes ports of the profiles that devices have, and adds the profile of the bridge. */
export const managerEditor: Editor = (host) => (bridge, parts) => {
  const ports = knownPorts(host, bridge);
  const edited = ports.flatMap((port) => portProfiles(port, bridge, parts, host));
  const others = (parts.files ?? []).filter((file) => isNew(file, bridge, host));
  const ids = new Map(ports.map(({ name }) => [`${bridge.name}-port-${name}`, idOf(name, host)]));
  return {
    ...parts,
    files: changedFiles([...edited, ...others], host),
    apply: parts.apply.map((one) => renamed(one, ids)),
  };
};

/** The commands name the profiles that are there. */
const renamed = (command: Command, ids: ReadonlyMap<string, string | undefined>): Command =>
  command.map((word) => ids.get(word) ?? word);

/** One setting of a profile. */
function settingIn(content: string, section: string, key: string): string | undefined {
  const read = readKeyfile(content);
  if ('flaw' in read) return undefined;
  const settings = read.sections.filter(({ name }) => name === section).flatMap((one) => one.settings);
  return settings.findLast((one) => one.key === key)?.value;
}

const deviceOf = ({ content }: SourceFile): string | undefined =>
  settingIn(content, 'connection', 'interface-name') ?? settingIn(content, 'connection', 'id');

/** The profiles of a device, the one that comes up first. */
const profilesOf = (device: string, { files }: EditedHost): readonly SourceFile[] =>
  files.filter((file) => deviceOf(file) === device).sort((a, b) => byChoice(rankOf(a), rankOf(b)));

const rankOf = ({ content }: SourceFile): ProfileRank => ({
  autoconnect: settingIn(content, 'connection', 'autoconnect'),
  priority: settingIn(content, 'connection', 'autoconnect-priority'),
  timestamp: settingIn(content, 'connection', 'timestamp'),
});

const idOf = (device: string, host: EditedHost): string | undefined =>
  profilesOf(device, host).map(({ content }) => settingIn(content, 'connection', 'id'))[0];

function isNew(file: RenderedFile, bridge: ReadyBridge, host: EditedHost): boolean {
  const device = deviceOf(file) ?? '';
  return isMissing(host, bridge, device);
}

/** The first profile of a device becomes the port; others must not come up in its place. */
function portProfiles(
  port: BridgePort,
  bridge: ReadyBridge,
  parts: RenderedParts,
  host: EditedHost,
): readonly RenderedFile[] {
  const rendered = parts.files?.find((file) => deviceOf(file) === port.name);
  return profilesOf(port.name, host).map((file, i) =>
    fileOf(file, i === 0 ? asPort(file.content, bridge.name, rendered) : atRest(file.content)),
  );
}

const OF_PORTS = ['master', 'controller', 'slave-type', 'port-type'];

const asPort = (content: string, bridge: string, rendered: RenderedFile | undefined): string =>
  editSections(content, {
    dropSection: (name) => ['ipv4', 'ipv6', 'bridge-port', 'proxy'].includes(name),
    dropSetting: (section, key) => section === 'connection' && OF_PORTS.includes(key),
    add: { connection: [`master=${bridge}`, 'slave-type=bridge'], 'bridge-port': portSettings(rendered) },
  });

function portSettings(rendered: RenderedFile | undefined): readonly string[] {
  const read = readKeyfile(rendered?.content ?? '');
  if ('flaw' in read) return [];
  return read.sections
    .filter(({ name }) => name === 'bridge-port')
    .flatMap(({ settings }) => settings.map(({ key, value }) => `${key}=${value}`));
}

const atRest = (content: string): string => {
  const isOff = keyfileTruth(settingIn(content, 'connection', 'autoconnect') ?? 'true') === false;
  if (isOff) return content;
  return editSections(content, {
    dropSection: () => false,
    dropSetting: (section, key) => section === 'connection' && key === 'autoconnect',
    add: { connection: ['autoconnect=false'] },
  });
};

const fileOf = (file: SourceFile, content: string): RenderedFile => ({
  path: `${FOLDER}/${baseName(file)}`,
  mode: 0o600,
  owner: 'root',
  content,
});
