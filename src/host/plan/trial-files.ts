import type { TrialKind } from '../../host-bridge/backend.js';
import { backendNamed } from '../../host-bridge/render/backends.js';
import type { Command, RenderedFile, Rendering } from '../../host-bridge/render/rendering.js';
import type { TrialFile } from '../transaction/host-change.js';

/** How a rendering can be tried. */
export const trialKind = ({ backend }: Rendering): TrialKind => backendNamed(backend).trial;

/** Folders with a twin that a restart empties. */
const TWINS: readonly (readonly [folder: string, twin: string])[] = [
  ['/etc/netplan/', '/run/netplan/'],
  ['/etc/systemd/network/', '/run/systemd/network/'],
  ['/etc/NetworkManager/system-connections/', '/run/NetworkManager/system-connections/'],
];

/** Tells whether a file is gone with a restart of the host. */
export const isVolatile = ({ path }: RenderedFile): boolean => path.startsWith('/run/');

const twinOf = (path: string): string | undefined => {
  const twin = TWINS.find(([folder]) => path.startsWith(folder));
  return twin === undefined ? undefined : twin[1] + path.slice(twin[0].length);
};

/**
 * The files of a trial. Those without a twin stand in the folder of the state as long as it goes on.
 *
 * @param rendering - what shall be there
 * @param folder - for files without a twin
 */
export function trialFiles(rendering: Rendering, folder: string): readonly TrialFile[] {
  if (trialKind(rendering) === 'kernel') return [];
  return rendering.files.map((file, i) => ({
    file,
    path: isVolatile(file) ? file.path : (twinOf(file.path) ?? `${folder}/trial-${i}`),
  }));
}

/** Commands that name a file name it where it stands during the trial. */
export const onTrial = (commands: readonly Command[], files: readonly TrialFile[]): readonly Command[] =>
  commands.map((command) => command.map((word) => files.find(({ file }) => file.path === word)?.path ?? word));
