// `npm run bench:growth`: how the time of each operation grows with its input. Prints the ratio of CPU time at 8n to that at n,
// where n is the first size that takes 20 ms; a row above the goal is measured again from the first size that takes 100 ms.
// Both ends are warm, and count with their best run; garbage of the run before is collected first. Never fails because of a
// figure.
// With words after it, only the operations whose label holds one of them: `npm run bench:growth -- networkd`.
import { editXml, HostBridge, Network } from 'libvirt-network';
import { readHostBridge, readHostNetwork } from 'libvirt-network/host-files';
import { largeDocuments } from './large-documents.mjs';
import { largeBridges, largeHostFiles } from './large-host-files.mjs';

const GOAL = 10;
const ENOUGH_MS = 20;
/** Small work runs without a collection of garbage: a row above the goal is measured again from a size where it does not. */
const LARGER_MS = 100;
const LARGEST = 256_000;
const RUNS = 3;
const WARM_MS = 500;
const EDITABLE = ['netplan', 'networkmanager', 'networkd', 'ifupdown'];
const OPTIONS = { consumer: 'NetworkManager' };
const REFUSALS = ['VALIDATION', 'XML_SYNTAX', 'NOT_FOUND', 'BRIDGE_FIELD_UNSUPPORTED'];
const wanted = process.argv.slice(2);

function cpuOf(work) {
  globalThis.gc();
  const begin = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}

const least = (numbers) => numbers.reduce((a, b) => Math.min(a, b));

/** The time of the best of some runs. */
const best = (prepare, runs = RUNS) => least(Array.from({ length: runs }, () => cpuOf(prepare())));

/** Lets the engine compile the code before anything is measured. */
function warmUp(work) {
  for (let spent = 0; spent < WARM_MS; ) spent += Math.max(cpuOf(work(1_000)), 1);
}

/** The first size whose work takes a time. */
function firstSize(work, enough) {
  for (let size = 250; size <= LARGEST; size *= 2) if (best(() => work(size)) >= enough) return size;
  return undefined;
}

/** The times at n, 2n, 4n and 8n. */
function timesFrom(size, work) {
  const times = [best(() => work(size)), best(() => work(2 * size), 1)];
  // What grows much too fast would take minutes at the larger sizes.
  if (times[1] <= GOAL * times[0])
    times.push(
      best(() => work(4 * size), 1),
      best(() => work(8 * size)),
    );
  // The code is as warm as it gets now, also for the smallest size.
  times[0] = least([times[0], best(() => work(size))]);
  return times;
}

/** The first size that takes a time when the code is warm, and the times from there. */
function measured(work, enough) {
  let size = firstSize(work, enough);
  if (size === undefined) return undefined;
  let times = timesFrom(size, work);
  while (times[0] < enough && size < LARGEST) {
    size *= 2;
    times = timesFrom(size, work);
  }
  return { size, times, ratio: times.at(-1) / times[0] };
}

function print(label, { size, times, ratio }) {
  const shown = times.map((time) => time.toFixed(0).padStart(6)).join('');
  const missed = ratio > GOAL ? '   MISSED' : '';
  console.log(`${label.padEnd(48)} n=${String(size).padEnd(7)}${shown} ms   8n/n ${ratio.toFixed(1)}${missed}`);
}

const counts = { rows: 0, above: 0, aboveFromLarger: 0 };

function growth(label, work) {
  if (wanted.length > 0 && !wanted.some((word) => label.includes(word))) return;
  if (work(250) === undefined) return console.log(`${label.padEnd(48)} has nothing to do`);
  warmUp(work);
  const row = measured(work, ENOUGH_MS);
  if (row === undefined) return console.log(`${label.padEnd(48)} never takes ${ENOUGH_MS} ms`);
  print(label, row);
  counts.rows++;
  if (row.ratio <= GOAL) return;
  counts.above++;
  const larger = measured(work, LARGER_MS);
  if (larger === undefined || larger.ratio > GOAL) counts.aboveFromLarger++;
  if (larger !== undefined) print('  from a larger n', larger);
}

const networks = {
  parse: (xml) => () => tolerant(() => Network.parse(xml)),
  validate: (xml) => onNetwork(xml, (network) => network.validate()),
  toXml: (xml) => onNetwork(xml, (network) => network.toXml({ check: false })),
  editXml: (xml) => () => tolerant(() => editXml(xml, (network) => network.with({ title: 'edited' }))),
  diff: (xml) => onNetwork(xml, (network) => network.diff(network.with({ title: 'other' }))),
};

/** What cannot be read takes its time too. */
function tolerant(work) {
  try {
    work();
  } catch (error) {
    if (!REFUSALS.includes(error?.code)) throw error;
  }
}

function onNetwork(xml, work) {
  let network;
  tolerant(() => {
    network = Network.parse(xml);
  });
  return network && (() => work(network));
}

for (const [kind, make] of Object.entries(largeDocuments))
  for (const [name, work] of Object.entries(networks)) growth(`${name}: ${kind}`, (size) => work(make(size)));

/** Reading, checking and rendering answer a large bridge with an error where a system cannot express it. */
const bridges = {
  validate: (document) => () => HostBridge.from(document).validate(),
  equals: (document) => () => tolerant(() => HostBridge.from(document).equals(HostBridge.from(document))),
  ...Object.fromEntries(
    [
      'netplan',
      'networkmanager',
      'nmcli',
      'networkd',
      'ifupdown',
      'ifcfg',
      'iproute2',
      'libvirt',
      'nmstate',
      'wicked',
    ].map((backend) => [
      `render ${backend}`,
      (document) => () =>
        tolerant(() =>
          HostBridge.from({ name: 'br0', mac: '52:54:00:00:00:01', ...document }).render(backend, OPTIONS),
        ),
    ]),
  ),
};

for (const [kind, make] of Object.entries(largeBridges))
  for (const [name, work] of Object.entries(bridges))
    growth(`${name}: ${kind}`, (size) => work({ name: 'br0', ...make(size) }));

for (const [system, kinds] of Object.entries(largeHostFiles))
  for (const [kind, make] of Object.entries(kinds)) {
    growth(`readHostBridge ${system}: ${kind}`, (size) => {
      const files = make(size);
      return () => tolerant(() => readHostBridge(system, files, { ...OPTIONS, name: 'br0' }));
    });
    if (!EDITABLE.includes(system)) continue;
    growth(`readHostNetwork ${system}: ${kind}`, (size) => {
      const files = make(size);
      return () => tolerant(() => readHostNetwork(system, files));
    });
    growth(`takeOver ${system}: ${kind}`, (size) => takingOver(system, make(size)));
  }

/** A bridge in place of the first device that is not in one, and its rendering. */
function takingOver(system, files) {
  let network;
  tolerant(() => {
    network = readHostNetwork(system, files);
  });
  const free = network?.devices.find(({ type, master }) => type !== 'bridge' && master === undefined);
  return (
    free && (() => tolerant(() => HostBridge.takeOver(free.name, network).mac('52:54:00:00:00:01').render(system)))
  );
}

console.log(
  `${counts.rows} rows, ${counts.above} above ${GOAL}, ${counts.aboveFromLarger} of them also from a larger n (at least ${LARGER_MS} ms)`,
);
