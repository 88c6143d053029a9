// `npm run bench:compare COMMIT`: CPU of the sources as they are beside those of a commit. Builds both into a temporary
// folder, and measures in processes of their own that alternate, so that whatever else the machine does meets both alike.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUNDS = 9;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-compare-'));
const [commit] = process.argv.slice(2);

/** Builds the sources of a commit, and returns the folder of the package. */
function build(tree) {
  const checkout = join(folder, tree);
  mkdirSync(checkout);
  const archive = execFileSync('git', ['archive', tree], { cwd: root, maxBuffer: 1 << 30 });
  execFileSync('tar', ['-x', '-C', checkout], { input: archive });
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  execFileSync('npx', ['tsup', '--silent', '--no-dts'], { cwd: checkout, stdio: 'inherit' });
  return checkout;
}

/** Milliseconds of CPU that each task takes in a fresh process. */
function measure(checkout) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('tasks.mjs', import.meta.url)), join(checkout, 'dist/index.js')],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

try {
  if (commit === undefined) throw new Error('name the commit to compare with: npm run bench:compare COMMIT');
  const [before, now] = [build(commit), build('HEAD')];
  const pairs = Array.from({ length: ROUNDS }, () => ({ before: measure(before), now: measure(now) }));
  for (const task of Object.keys(pairs[0].now)) {
    const [old, own] = ['before', 'now'].map((side) => median(pairs.map((pair) => pair[side][task])));
    const line = `${task.padEnd(40)} ${old.toFixed(1).padStart(8)} ms ${own.toFixed(1).padStart(8)} ms`;
    console.log(`${line}   ratio ${(own / old).toFixed(2)}   goal 0.9 to 1.1, or less`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
