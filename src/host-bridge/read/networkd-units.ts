import { groupedBy } from '../../lists/group.js';
import { type ReadSection, readSections } from '../text/sections.js';
import type { ReadContext, SourceFile } from './context.js';
import { SectionFile } from './setting-tracker.js';

/** Folders that systemd reads, the one that counts first. */
const FOLDERS = ['/etc/', '/run/', '/usr/local/lib/', '/usr/lib/', '/lib/'];

const rankOf = (path: string): number => {
  const rank = FOLDERS.findIndex((folder) => path.startsWith(folder));
  return rank === -1 ? FOLDERS.length : rank;
};

const DROP_IN = /(?:^|\/)([^/]+\.(?:network|netdev))\.d\/([^/]+\.conf)$/;
/** The name of the file that a drop-in adds to. */
export const unitOfDropIn = (path: string): string | undefined => DROP_IN.exec(path)?.[1];

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const byName = (a: SourceFile, b: SourceFile): number => (nameOf(a.path) < nameOf(b.path) ? -1 : 1);

/** Of files with one name, only that in the first folder counts. */
function effective(files: readonly SourceFile[], keyOf: (path: string) => string): readonly SourceFile[] {
  const byKey = new Map<string, SourceFile>();
  for (const file of [...files].sort((a, b) => rankOf(b.path) - rankOf(a.path))) byKey.set(keyOf(file.path), file);
  return [...byKey.values()].sort(byName);
}

/** The `.netdev` and `.network` files in the order in which systemd reads them, each with its drop-ins. */
export function readUnits(
  files: readonly SourceFile[],
  context: Pick<ReadContext, 'leaveOut'>,
): readonly SectionFile[] {
  const dropIns = effective(
    files.filter(({ path }) => DROP_IN.test(path)),
    (path) => DROP_IN.exec(path)?.slice(1).join('/') ?? path,
  );
  const additionsOf = groupedBy(dropIns, ({ path }) => unitOfDropIn(path));
  const units = files.filter(({ path }) => /\.(?:netdev|network)$/.test(path));
  const sections = (file: SourceFile): readonly ReadSection[] =>
    readSections(file.content, (line) => context.leaveOut(file, line, 'a line that is not a setting'));
  return effective(units, nameOf).map((file) => {
    const additions = (additionsOf.get(nameOf(file.path)) ?? []).map((one) => ({ file: one, sections: sections(one) }));
    return new SectionFile(file, sections(file), additions);
  });
}
