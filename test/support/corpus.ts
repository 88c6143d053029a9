import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../lab/lab-error.js';
import { current, sourcePart } from '../lab/parts.js';
import { SOURCES } from '../lab/recipes.js';

/** The releases of libvirt whose own test data the suites read. */
export const DATA_RELEASES = SOURCES;
export type DataRelease = (typeof DATA_RELEASES)[number];

/** What a release of libvirt brings for its own tests. Paths are those of its source tree. */
export interface LibvirtData {
  /** The release, as the `libvirt` option takes it: `11.3.0`. */
  readonly libvirt: string;
  readonly path: (...segments: string[]) => string;
  readonly read: (...segments: string[]) => string;
  readonly has: (...segments: string[]) => boolean;
  /** The names in a folder, sorted. */
  readonly list: (...segments: string[]) => string[];
}

/**
 * libvirt's own test data, which lies in the cache and never becomes part of the project.
 *
 * @throws {@link LabError} where the cache does not have it
 */
export function libvirtData(release: DataRelease): LibvirtData {
  const part = sourcePart(release);
  if (current(part) === undefined) throw new LabError(`${part.label} is not in the cache: npm run lab:setup`);
  const path = (...segments: string[]) => join(part.folder, ...segments);
  const list = (...segments: string[]) => readdirSync(path(...segments)).sort();
  return {
    libvirt: `${release}.0`,
    path,
    list,
    read: (...segments) => readFileSync(path(...segments), 'utf8'),
    has: (...segments) => list(...segments.slice(0, -1)).includes(segments.at(-1) ?? ''),
  };
}
