// Compares two functions by CPU time in one process. Slices of both alternate, so that whatever else the
// machine does meets both alike; the ratio of each pair counts, and of all pairs the median.

const SLICE_MS = 40;
const WARM_MS = 1_000;
const PAIRS = 15;

const cpuMs = (since) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

/** CPU milliseconds of a round. The clock is looked at after 1, 3, 7, 15 rounds and so on, since looking takes time too. */
function slice(work) {
  const before = process.cpuUsage();
  let rounds = 0;
  for (let next = 1; cpuMs(before) < SLICE_MS; next *= 2) for (let i = 0; i < next; i++, rounds++) work();
  return cpuMs(before) / rounds;
}

function warmUp(work) {
  const before = process.cpuUsage();
  while (cpuMs(before) < WARM_MS / 2) slice(work);
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

function ratioOnce(work, reference) {
  return median(Array.from({ length: PAIRS }, () => slice(work) / slice(reference)));
}

/** How many times the CPU of `reference` a round of `work` takes, after a second of warming up: the worse of two runs. */
export function ratio(work, reference) {
  warmUp(work);
  warmUp(reference);
  return Math.max(ratioOnce(work, reference), ratioOnce(work, reference));
}
