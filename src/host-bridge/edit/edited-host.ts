import { firstBy } from '../../lists/group.js';
import type { ReadyBridge } from '../backend.js';
import { normalizedBridge } from '../canonical.js';
import { namesOf } from '../devices.js';
import type { BridgePort } from '../document.js';
import type { HostNetworkDevice } from '../network/host-device.js';
import type { HostNetworkReading } from '../network/host-network.js';
import type { SourceFile } from '../read/context.js';
import type { RenderedFile } from '../render/rendering.js';

/** What an editor gets to know of the host. */
export interface EditedHost extends KnownHost {
  readonly deviceNamed: (name: string) => HostNetworkDevice | undefined;
  readonly fileAt: (path: string) => SourceFile | undefined;
}

type KnownHost = Pick<HostNetworkReading, 'devices' | 'files' | 'renderer'>;

/** The devices and files of a host, to be found by their names and paths. */
export function editedHost(host: KnownHost): EditedHost {
  const { devices, files } = host;
  const byName = firstBy(devices, ({ name }) => name);
  const byPath = firstBy(files, ({ path }) => path);
  return { ...host, deviceNamed: (name) => byName.get(name), fileAt: (path) => byPath.get(path) };
}

/** Changes the files of a host so that it has a bridge. */
export type Editor = (host: EditedHost) => HostNetworkReading['edited'];

/** The ports that the files of the host describe. */
export const knownPorts = ({ deviceNamed }: EditedHost, { ports }: ReadyBridge): readonly BridgePort[] =>
  ports.filter(({ name }) => deviceNamed(name) !== undefined);

/** The devices that the files lack: the bridge, and what a port that they do not describe stands on. */
export function missingDevices(host: EditedHost, bridge: ReadyBridge): ReadonlySet<string> {
  const isNew = (name: string): boolean => host.deviceNamed(name) === undefined;
  const below = namesOf({ name: '', ports: bridge.ports.filter(({ name }) => isNew(name)) });
  const own = hasBridge(host, bridge) ? [] : [bridge.name];
  return new Set([...own, ...[...below].filter((name) => name !== bridge.name && isNew(name))]);
}

/** Tells whether the files have this very bridge already. */
export function hasBridge({ deviceNamed }: EditedHost, bridge: ReadyBridge): boolean {
  const found = deviceNamed(bridge.name)?.bridge;
  if (found === undefined) return false;
  return JSON.stringify(comparable(found)) === JSON.stringify(comparable(bridge));
}

/** Without the order of properties, and what the bridge of the files says nothing of. */
function comparable(document: Parameters<typeof normalizedBridge>[0]): unknown {
  const { mac: _, ...bridge } = normalizedBridge(document);
  return sorted(bridge);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

/** The files that are not what they were. */
export const changedFiles = (files: readonly RenderedFile[], { fileAt }: EditedHost): readonly RenderedFile[] =>
  files.filter(({ path, content }) => fileAt(path)?.content !== content);

/** The name of a file without its folder. */
export const baseName = ({ path }: SourceFile): string => path.slice(path.lastIndexOf('/') + 1);
