import { groupedBy } from '../../lists/group.js';
import type { SourceFile } from '../read/context.js';
import { byChoice, type ProfileRank } from '../read/nm-choice.js';
import type { Command, RenderedFile } from '../render/rendering.js';
import { keyfileTruth, readKeyfile } from '../text/keyfile.js';
import { editSections } from './edit-sections.js';
import { baseName, changedFiles, type EditedHost, type Editor, knownPorts, missingDevices } from './edited-host.js';

const FOLDER = '/etc/NetworkManager/system-connections';

/** Makes ports of the profiles that devices have, and adds the profile of the bridge. */
export const managerEditor: Editor = (host) => (bridge, parts) => {
  const ports = knownPorts(host, bridge);
  const profiles = profilesIn(host);
  const rendered = new Map((parts.files ?? []).map((file) => [deviceOf(file), file]));
  const edited = ports.flatMap(({ name }) => portProfiles(profiles.get(name) ?? [], bridge.name, rendered.get(name)));
  const missing = missingDevices(host, bridge);
  const others = (parts.files ?? []).flatMap((file) => {
    const device = deviceOf(file) ?? '';
    return missing.has(device) ? inPlace(file, profiles.get(device) ?? []) : [];
  });
  const ids = new Map(ports.map(({ name }) => [`${bridge.name}-port-${name}`, idOf(profiles.get(name)?.[0])]));
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

/** The profiles of each device, the one that comes up first. */
function profilesIn({ files }: EditedHost): ReadonlyMap<string, readonly SourceFile[]> {
  const groups = groupedBy(files, deviceOf);
  return new Map([...groups].map(([device, own]) => [device, own.length === 1 ? own : sorted(own)]));
}

const sorted = (files: readonly SourceFile[]): readonly SourceFile[] =>
  files
    .map((file) => ({ file, rank: rankOf(file) }))
    .sort((a, b) => byChoice(a.rank, b.rank))
    .map(({ file }) => file);

const rankOf = ({ content }: SourceFile): ProfileRank => ({
  autoconnect: settingIn(content, 'connection', 'autoconnect'),
  priority: settingIn(content, 'connection', 'autoconnect-priority'),
  timestamp: settingIn(content, 'connection', 'timestamp'),
});

const idOf = (file: SourceFile | undefined): string | undefined => file && settingIn(file.content, 'connection', 'id');

/** The first profile of a device becomes the port; others must not come up in its place. */
const portProfiles = (
  profiles: readonly SourceFile[],
  bridge: string,
  rendered: RenderedFile | undefined,
): readonly RenderedFile[] =>
  profiles.map((file, i) => fileOf(file, i === 0 ? asPort(file.content, bridge, rendered) : atRest(file.content)));

/** Puts a new profile in the place of the one that the device has: of two, either may come up. */
function inPlace(file: RenderedFile, [old, ...others]: readonly SourceFile[]): readonly RenderedFile[] {
  if (old === undefined) return [file];
  return [{ ...file, path: `${FOLDER}/${baseName(old)}` }, ...others.map((one) => fileOf(one, atRest(one.content)))];
}

const OF_PORTS = ['master', 'controller', 'slave-type', 'port-type'];

const asPort = (content: string, bridge: string, rendered: RenderedFile | undefined): string =>
  editSections(content, {
    joins: false,
    dropSection: (name) => ['ipv4', 'ipv6', 'bridge-port', 'proxy'].includes(name),
    dropSetting: (section, key) => section === 'connection' && OF_PORTS.includes(key),
    add: {
      connection: [
        `${wordIn(content, 'controller', 'master')}=${bridge}`,
        `${wordIn(content, 'port-type', 'slave-type')}=bridge`,
      ],
      'bridge-port': portSettings(rendered),
    },
  });

/** The new word for a setting where the profile has it, else the old one, which all releases read. */
const wordIn = (content: string, newer: string, older: string): string =>
  settingIn(content, 'connection', newer) === undefined ? older : newer;

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
    joins: false,
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
