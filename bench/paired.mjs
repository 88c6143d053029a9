// Compares two functions by CPU time in one process. Slices of both alternate, so that whatever else the
// machine does meets both alike; the ratio of each pair counts, and of all pairs the median.

const SLICE_MS = 40;
const PAIRS = 15;

function slice(work) {
  const started = performance.now();
  const before = process.cpuUsage();
  let rounds = 0;
  do {
    work();
    rounds++;
  } while (performance.now() - started < SLICE_MS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rounds;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** How many times the CPU of `reference` a round of `work` takes. */
export function ratio(work, reference) {
  for (let i = 0; i < 3; i++) {
    slice(work);
    slice(reference);
  }
  return median(Array.from({ length: PAIRS }, () => slice(work) / slice(reference)));
}
