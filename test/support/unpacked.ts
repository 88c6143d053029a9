import { mkdirSync } from 'node:fs';
import { inCache } from '../lab/cache.js';
import { runOrThrow } from './run.js';

/** Fetches Debian packages once and unpacks them: no package script runs, and nothing is installed. Old packages have a /lib. */
const UNPACK = `
set -e
cd "$1"; shift
[ "$(cat complete 2>/dev/null)" != "$*" ] || exit 0
rm -rf root *.deb complete
apt-get -q download "$@"
for package in *.deb; do dpkg -x $package root; done
rm -f *.deb
[ ! -d root/lib ] || { mkdir -p root/usr/lib; cp -a root/lib/. root/usr/lib; }
printf '%s\\n' "$*" >complete
`;

/**
 * Unpacks packages of the machine's own Debian release into the cache.
 *
 * @param name - of the folder there
 * @returns the folder that stands for the root of the file system
 */
export function unpacked(name: string, packages: readonly string[]): string {
  const folder = inCache('programs', name);
  mkdirSync(folder, { recursive: true });
  runOrThrow('flock', [`${folder}/lock`, 'sh', '-c', UNPACK, '-', folder, ...packages], { seconds: 300 });
  return `${folder}/root`;
}

/** A script that puts the programs of an unpacked root in front of a host's own. */
export const mountPrograms = (root: string): string => `mount -t overlay -o lowerdir=${root}/usr:/usr usr /usr`;
