// What importing an entry takes: CPU of a fresh process for the import alone, entries in turn, medians.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROUNDS = 9;
const cwd = fileURLToPath(new URL('..', import.meta.url));
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

function cpuMs(entry) {
  const program = `const before = process.cpuUsage();
await import('${entry}');
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000);`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return Number(run.stdout);
}

/** The median CPU time in milliseconds that importing each entry takes. */
export function importTimes(entries) {
  const times = entries.map(() => []);
  for (let round = 0; round < ROUNDS; round++) for (const [i, entry] of entries.entries()) times[i].push(cpuMs(entry));
  return times.map(median);
}
