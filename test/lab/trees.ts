import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inCache, madeOf } from './cache.js';
import { treePart } from './parts.js';
import type { Release } from './recipes.js';

const TOOL = fileURLToPath(new URL('sandbox/libvirt-sandbox-mkroot', import.meta.url));

/** The arguments that name the Debian suite of each release; the index of trixie-backports is past its date. */
const SUITES: Readonly<Record<Exclude<Release, '9.0'>, readonly string[]>> = {
  '11.3': ['trixie'],
  '12.9': ['--from', 'trixie-backports', '--allow-expired', 'trixie'],
};

/** Makes the folder with a release of libvirt, unless the cache has it; a run beside this one is waited for. */
function makeTree(release: keyof typeof SUITES): void {
  const { folder, recipe } = treePart(release);
  if (madeOf(folder) !== undefined) return;
  console.log(`making libvirt ${release} in ${folder}`);
  execFileSync(
    'flock',
    [
      `${folder}.lock`,
      'bash',
      '-c',
      '[ -s "$1/.complete" ] || { rm -rf "$1" "$1.new"; "$2" --cache "$3" "${@:5}" "$1.new" >&2 && echo "$4" >"$1.new/.complete" && mv "$1.new" "$1"; }',
      '-',
      folder,
      TOOL,
      inCache('apt'),
      JSON.stringify({ recipe, version: `${release}.0` }),
      ...SUITES[release],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

mkdirSync(inCache('trees'), { recursive: true });
// The daemon of 9.0 is the machine's own, on Debian 12.
for (const release of ['11.3', '12.9'] as const) makeTree(release);
