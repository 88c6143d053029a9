import type { ReadyBridge } from '../backend.js';
import { normalizedBridge } from '../canonical.js';
import { namesOf } from '../devices.js';
import type { BridgePort } from '../document.js';
import type { HostNetworkReading } from '../network/host-network.js';
import type { SourceFile } from '../read/context.js';
import type { RenderedFile } from '../render/rendering.js';

/** What an editor gets to know of the host. */
export type EditedHost = Pick<HostNetworkReading, 'devices' | 'files'>;

/** Changes the files of a host so that it has a bridge. */
export type Editor = (host: EditedHost) => HostNetworkReading['edited'];

/** The ports that the files of the host describe. */
export const knownPorts = ({ devices }: EditedHost, { ports }: ReadyBridge): readonly BridgePort[] =>
  ports.filter((port) => devices.some(({ name }) => name === port.name));

/** Tells whether something is to be written that the files lack: the bridge, or what a port that they do not describe stands on. */
export function isMissing(host: EditedHost, bridge: ReadyBridge, device: string): boolean {
  if (device === bridge.name) return !hasBridge(host, bridge);
  const isKnown = (name: string): boolean => host.devices.some((one) => one.name === name);
  return (
    !isKnown(device) && namesOf({ name: '', ports: bridge.ports.filter(({ name }) => !isKnown(name)) }).has(device)
  );
}

/** Tells whether the files have this very bridge already. */
export function hasBridge({ devices }: EditedHost, bridge: ReadyBridge): boolean {
  const found = devices.find(({ name }) => name === bridge.name)?.bridge;
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
export const changedFiles = (files: readonly RenderedFile[], { files: before }: EditedHost): readonly RenderedFile[] =>
  files.filter(({ path, content }) => before.find((file) => file.path === path)?.content !== content);

/** The name of a file without its folder. */
export const baseName = ({ path }: SourceFile): string => path.slice(path.lastIndexOf('/') + 1);
