import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inCache } from './cache.js';
import { treePart } from './parts.js';
import { RELEASES, type Release } from './recipes.js';

const TOOL = fileURLToPath(new URL('sandbox/libvirt-sandbox-mkroot', import.meta.url));

/** The arguments that name the Debian suite of each release; the index of trixie-backports is past its date. */
const SUITES: Readonly<Record<Release, readonly string[]>> = {
  '9.0': ['bookworm'],
  '11.3': ['trixie'],
  '12.9': ['--from', 'trixie-backports', '--allow-expired', 'trixie'],
};

/** Makes the folder with a release of libvirt, unless the cache has it; a run beside this one is waited for. */
function makeTree(release: Release): void {
  const { folder } = treePart(release);
  if (existsSync(join(folder, '.complete'))) return;
  console.log(`making libvirt ${release} in ${folder}`);
  execFileSync(
    'flock',
    [
      `${folder}.lock`,
      'bash',
      '-c',
      '[ -e "$1/.complete" ] || { rm -rf "$1" "$1.new"; "$2" --cache "$3" "${@:4}" "$1.new" >&2 && touch "$1.new/.complete" && mv "$1.new" "$1"; }',
      '-',
      folder,
      TOOL,
      inCache('apt'),
      ...SUITES[release],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

mkdirSync(inCache('trees'), { recursive: true });
// The daemon of 9.0 is the machine's own on Debian 12; other machines get a tree of it too.
for (const release of RELEASES.filter((one) => one !== '9.0')) makeTree(release);
