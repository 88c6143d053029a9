import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { current, type Part } from '../parts.js';

/** Makes the content of a part in a folder. @returns the version of the libvirt in it, or nothing */
export type Build = (folder: string) => Promise<string>;

/**
 * Makes a part of the cache unless it is there. It appears as a whole under its own name: one that is half made never
 * does, whatever ends this process.
 *
 * @returns whether it was made now
 */
export async function makePart(part: Part, build: Build): Promise<boolean> {
  if (current(part) !== undefined) return false;
  await mkdir(dirname(part.folder), { recursive: true });
  await removeHalves(part.folder);
  const half = await mkdtemp(`${part.folder}.half-`);
  try {
    await chmod(half, 0o755);
    const version = await build(half);
    await writeFile(join(half, '.complete'), `${JSON.stringify({ recipe: part.recipe, version })}\n`);
    await replace(part.folder, half);
  } finally {
    await rm(half, { recursive: true, force: true });
  }
  return true;
}

/** Removes what processes that were killed had begun to make; none makes it now, since the cache is locked. */
async function removeHalves(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder)))
    if (name.startsWith(`${basename(folder)}.half-`)) await rm(join(dirname(folder), name), { recursive: true });
}

/** Hosts that use the old folder keep it until they end, since what they have of it stays open. */
async function replace(folder: string, half: string): Promise<void> {
  const old = `${half}.old`;
  const isThere = await stat(folder).catch(() => undefined);
  if (isThere !== undefined) await rename(folder, old);
  await rename(half, folder);
  await rm(old, { recursive: true, force: true });
}
