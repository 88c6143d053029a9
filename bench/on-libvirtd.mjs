// `npm run bench:libvirtd`: the time that parsing and validating a large document takes, as a multiple of what a real
// libvirtd takes to define it, in one run: CPU time of both, and the time until virsh has its answer. Needs what
// `npm run test:libvirt` needs. Never fails because of a figure.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Network } from 'libvirt-network';
import { RELEASES, startDaemon } from '../test/lab/index.js';
import { largeDocuments } from './large-documents.mjs';

const SIZE = 200_000;
const ROUNDS = 5;
const GOAL = 10;
const KINDS = ['unknown elements', 'unknown elements of many names', 'unknown elements in a subnet', 'comments'];
/** The kernel counts the time of other processes in hundredths of a second. */
const MS_PER_TICK = 10;

const middle = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** Milliseconds of CPU time that libvirtd has used since it began. */
function cpuOf(daemon) {
  const stat = daemon.inside("cat /proc/[0-9]*/stat | grep '(libvirtd)\\|(virtnetworkd)'");
  const fields = stat.replace(/.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** Milliseconds that a piece of work takes, as `clock` counts them. */
function timed(clock, work) {
  const begin = clock();
  work();
  return clock() - begin;
}

const now = () => performance.now();

function ownCpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** One round: the library's time, libvirtd's CPU time, and how much longer virsh waits than for an empty list. */
function round(daemon, xml, file) {
  const library = timed(ownCpu, () => Network.parse(xml).validate());
  const idle = timed(now, () => daemon.ask('net-list'));
  let call = 0;
  const cpu = timed(
    () => cpuOf(daemon),
    () => {
      call = timed(now, () => daemon.ask('net-define', file)) - idle;
    },
  );
  daemon.ask('net-undefine', 'n');
  return { library, cpu, call };
}

function compare(daemon, kind, file) {
  const xml = largeDocuments[kind](SIZE);
  writeFileSync(file, xml);
  const rounds = Array.from({ length: ROUNDS }, () => round(daemon, xml, file));
  const [library, cpu, call] = ['library', 'cpu', 'call'].map((what) => middle(rounds.map((one) => one[what])));
  const ms = (value) => `${value.toFixed(0).padStart(6)} ms`;
  console.log(
    `${daemon.version.padEnd(8)}${`${SIZE} ${kind}`.padEnd(42)}library${ms(library)}   libvirtd's CPU${ms(cpu)}, ratio ` +
      `${(library / cpu).toFixed(1).padStart(5)}   answer to virsh${ms(call)}, ratio ${(library / call).toFixed(1).padStart(5)}   goal <= ${GOAL}`,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-bench-'));
try {
  for (const release of RELEASES) {
    const daemon = startDaemon(release);
    for (const kind of KINDS) compare(daemon, kind, join(folder, 'network.xml'));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
