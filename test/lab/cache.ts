import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LabError } from './lab-error.js';

/** The folder that everything the lab is made of lies in, outside of the checkout: trees, layers, packages, sources. */
export function cacheDir(): string {
  const { LIBVIRT_NETWORK_CACHE, XDG_CACHE_HOME } = process.env;
  // Suites that root runs start programs of the cache as other users too, who cannot look into root's home.
  const shared = process.getuid?.() === 0 ? '/var/cache' : join(homedir(), '.cache');
  const dir = LIBVIRT_NETWORK_CACHE ?? join(XDG_CACHE_HOME ?? shared, 'libvirt-network');
  // It becomes part of an option of overlayfs, which separates folders by colons.
  if (/[,:\\\s"'$]/.test(dir))
    throw new LabError(`the cache ${dir} has a character that overlayfs cannot take in its path`);
  return dir;
}

/** A path in the cache. */
export const inCache = (...segments: string[]): string => join(cacheDir(), ...segments);

/** What the file `.complete` in a part of the cache says. */
export interface Made {
  /** Digest of the recipe that the part was made by. */
  readonly recipe: string;
  /** Version of the libvirt in it; empty where there is none. */
  readonly version: string;
}

/** Reads what a part of the cache was made by, or gives undefined where that part is missing or not finished. */
export function madeOf(folder: string): Made | undefined {
  try {
    const { recipe, version }: Partial<Made> = JSON.parse(readFileSync(join(folder, '.complete'), 'utf8'));
    return recipe === undefined || version === undefined ? undefined : { recipe, version };
  } catch {
    return undefined;
  }
}

/** Time that another process gets to set up the cache. */
const LOCK_LIMIT_MS = 60 * 60_000;

/**
 * Waits until no other process sets up the cache, and keeps others out until this process ends.
 *
 * @returns a function that lets others in before that
 */
export function lockCache(): () => void {
  mkdirSync(cacheDir(), { recursive: true });
  const file = openSync(inCache('.lock'), 'w');
  // The lock belongs to the open file, which this process shares with the program that takes it.
  const { status, error } = spawnSync('flock', ['3'], {
    stdio: ['ignore', 'ignore', 'inherit', file],
    timeout: LOCK_LIMIT_MS,
  });
  if (error !== undefined && 'code' in error && error.code === 'ETIMEDOUT')
    throw new LabError(
      `another process has been setting up the cache ${cacheDir()} for ${LOCK_LIMIT_MS / 60_000} minutes`,
    );
  if (status !== 0)
    throw new LabError(`the cache ${cacheDir()} cannot be locked: the program flock (package util-linux) failed`);
  return () => closeSync(file);
}
