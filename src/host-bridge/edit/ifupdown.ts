import type { ReadyBridge, RenderedParts } from '../backend.js';
import type { SourceFile } from '../read/context.js';
import type { RenderedFile } from '../render/rendering.js';
import { changedFiles, type EditedHost, type Editor, hasBridge, knownPorts, missingDevices } from './edited-host.js';

/** Makes the stanzas of ports manual, and adds those of the bridge after them. */
export const ifupdownEditor: Editor = (host) => (bridge, parts) => {
  const ports = new Set(knownPorts(host, bridge).map(({ name }) => name));
  const dropped = new Set([...ports, ...(hasBridge(host, bridge) ? [] : [bridge.name])]);
  const edited = host.files.map((file) => ({
    ...file,
    content: withoutAddressing(file.content, ports, dropped, bridge.name),
  }));
  const added = newStanzas(bridge, parts, host);
  const home = homeOf(ports, host) ?? host.files[0];
  const [rendered] = parts.files ?? [];
  const files = edited.map((file) =>
    fileOf(file, file.path === home?.path ? joined(file.content, added) : file.content),
  );
  const own = home === undefined && rendered !== undefined ? [rendered] : [];
  const apply = parts.apply.map((command) =>
    command.map((word) => (word === rendered?.path ? (home?.path ?? word) : word)),
  );
  return { ...parts, apply, files: changedFiles([...files, ...own], host) };
};

const joined = (content: string, added: readonly string[]): string =>
  added.length === 0 ? content : `${content.trimEnd()}\n\n${added.join('\n\n')}\n`;

/** The stanzas of the bridge, and of devices that the files do not describe. */
function newStanzas(bridge: ReadyBridge, { files = [] }: RenderedParts, host: EditedHost): readonly string[] {
  const blocks = files.flatMap(({ content }) => content.trimEnd().split('\n\n'));
  const missing = missingDevices(host, bridge);
  return blocks.filter((block) => missing.has(/^iface (\S+)/m.exec(block)?.[1] ?? ''));
}

/** The file in which a port is set up: that one is read for sure. */
const homeOf = (ports: ReadonlySet<string>, { files }: EditedHost): SourceFile | undefined =>
  files.find(({ content }) => content.split('\n').some((line) => ports.has(deviceIn(line) ?? '')));

/** The device of a line that begins a stanza, without the label of an alias. */
const deviceIn = (line: string): string | undefined => /^\s*iface\s+([^\s:]+)/.exec(line)?.[1];

/** Options that say where a device has its addresses from, and what goes with them. */
const ADDRESSING =
  /^(?:address|netmask|gateway|broadcast|network|metric|pointopoint|scope|dns-.*|hostname|leasehours|leasetime|vendor|client|accept[-_]ra|autoconf|privext|dad-.*|preferred-lifetime|request[-_]prefix|ll-.*)$/;

/** Commands that set routes: the bridge has them now. */
const ROUTE = /^(?:(?:post-)?up|(?:pre-)?down)\s+(?:\/\S*\/)?ip\s+(?:-[46]\s+)?route\s/;

interface Place {
  /** The stanza of a device that is changed. */
  device: string | undefined;
  /** True where the whole stanza goes. */
  goes: boolean;
  /** True after a line that goes on. */
  isBroken: boolean;
  wasDropped: boolean;
}

function withoutAddressing(
  content: string,
  ports: ReadonlySet<string>,
  dropped: ReadonlySet<string>,
  bridge: string,
): string {
  const place: Place = { device: undefined, goes: false, isBroken: false, wasDropped: false };
  const seen = new Set<string>();
  const lines = content.split('\n').flatMap((line) => {
    const text = line.trim();
    const isStart = !place.isBroken;
    place.isBroken = text.endsWith('\\') && !(isStart && text.startsWith('#'));
    if (!isStart) return place.wasDropped ? [] : [line];
    const kept = keptLine(line, { place, seen, ports, dropped, bridge });
    place.wasDropped = kept.length === 0;
    return kept;
  });
  return withoutBlankRuns(lines).join('\n');
}

interface Edit {
  readonly place: Place;
  readonly seen: Set<string>;
  readonly ports: ReadonlySet<string>;
  readonly dropped: ReadonlySet<string>;
  readonly bridge: string;
}

function keptLine(line: string, edit: Edit): readonly string[] {
  const { place, dropped } = edit;
  const text = line.trim();
  const [word = '', ...rest] = text.split(/\s+/);
  if (text === '' || text.startsWith('#')) return [line];
  if (word === 'iface') return stanzaHead(line, rest, edit);
  if (word === 'auto' || word.startsWith('allow-')) {
    place.device = undefined;
    return autoLine(line, word, rest, edit);
  }
  if (/^(?:source|source-directory|mapping|template|no-.*|rename)$/.test(word)) place.device = undefined;
  if (place.device === undefined || !dropped.has(place.device)) return [line];
  return place.goes || ADDRESSING.test(word.replaceAll('_', '-')) || ROUTE.test(text) ? [] : [line];
}

/** The first stanza of a port stays, without a method that sets addresses. */
function stanzaHead(
  line: string,
  [name = '']: readonly string[],
  { place, seen, ports, dropped }: Edit,
): readonly string[] {
  const [device = ''] = name.split(':');
  place.device = device;
  place.goes = dropped.has(device) && (!ports.has(device) || name !== device || seen.has(device));
  if (!dropped.has(device)) return [line];
  if (place.goes) return [];
  seen.add(device);
  return [`${/^\s*/.exec(line)?.[0] ?? ''}iface ${device} inet manual`];
}

/** Labels of ports have no stanza any more, and the new stanzas of the bridge bring a line of their own. */
function autoLine(
  line: string,
  word: string,
  names: readonly string[],
  { ports, dropped, bridge }: Edit,
): readonly string[] {
  const goes = (name: string): boolean =>
    (name.includes(':') && ports.has(name.split(':')[0] ?? '')) || (name === bridge && dropped.has(name));
  if (!names.some(goes)) return [line];
  const left = names.filter((name) => !goes(name));
  return left.length === 0 ? [] : [[word, ...left].join(' ')];
}

const withoutBlankRuns = (lines: readonly string[]): readonly string[] =>
  lines.filter(
    (line, i) => line.trim() !== '' || i === lines.length - 1 || (i > 0 && (lines[i - 1] ?? '').trim() !== ''),
  );

const fileOf = ({ path, content: _ }: SourceFile, content: string): RenderedFile => ({
  path,
  mode: 0o644,
  owner: 'root',
  content,
});
