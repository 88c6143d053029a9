// Runs a command, and ends with 1 where the command fails or where something remains on this machine afterwards:
// processes, namespaces, mounts, devices of the network, or files outside of the checkout and of the lab's cache. What other
// programs of the machine have begun or written meanwhile is listed, but does not count: processes that the command did not
// start, and files in folders for temporary ones whose name says nothing of the lab.
//
//   tsx scripts/remains.ts COMMAND...
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cacheDir } from '../test/lab/cache.js';

/** In the environment of all that the command starts. */
const MARK = `LIBVIRT_NETWORK_RUN=${process.pid}-${Date.now()}`;

/** What files of the lab and of its programs are called. */
const OUR_FILES =
  /libvirt|virsh|virbr|dnsmasq|qemu|ovn|ovs|openvswitch|vitest|netplan|networkmanager|networkd|ifup|dhcp/i;

const project = fileURLToPath(new URL('..', import.meta.url));

/** What is there, by kind. */
type Snapshot = Readonly<Record<string, readonly string[]>>;

/** What the package manager, npm and the loader of TypeScript keep for themselves. */
const OTHERS = [
  cacheDir(),
  project.replace(/\/$/, ''),
  ...['/var/lib/apt', '/var/lib/dpkg', '/run/lock', '/run/systemd/journal'],
  ...[join(homedir(), '.npm'), join(homedir(), '.cache/node-gyp'), `${tmpdir()}/tsx-${process.getuid?.()}`],
  ...[join(tmpdir(), 'node-compile-cache')],
];

function snapshot(): Snapshot {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return {
    processes: pids.flatMap(processOf),
    namespaces: [...new Set(pids.flatMap(namespacesOf))],
    mounts: textOf('/proc/self/mountinfo')
      .split('\n')
      .map((line) => line.split(' ').slice(4).join(' ')),
    'network devices': readdirSync('/sys/class/net'),
    files: [
      ...['/tmp', tmpdir(), '/run', '/var/lib'].flatMap((folder) => below(folder)),
      ...below('/etc', ({ size, mtimeMs }) => ` (${size} bytes, of ${new Date(mtimeMs).toISOString()})`),
      ...readdirSync(homedir()).map((name) => join(homedir(), name)),
    ].filter((path) => !OTHERS.some((other) => path === other || path.startsWith(`${other}/`))),
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // gone in the meantime
  }
}

/** A process with its start, which tells it from a later one of the same number. Threads of the kernel have no command line. */
function processOf(pid: string): string[] {
  const command = textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
  const start = textOf(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[19];
  return command === '' ? [] : [`${pid}, started at ${start}: ${command}`];
}

function namespacesOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/ns`).map((kind) => readlinkSync(`/proc/${pid}/ns/${kind}`));
  } catch {
    return [];
  }
}

/** What lies below a folder, with what else tells about it. */
function below(folder: string, more: (stat: { size: number; mtimeMs: number }) => string = () => ''): string[] {
  const entries = entriesOf(folder);
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (OTHERS.includes(path)) return [];
    if (entry.isDirectory()) return [path, ...below(path, more)];
    const stat = statSync(path, { throwIfNoEntry: false });
    return [`${path}${entry.isFile() && stat !== undefined ? more(stat) : ''}`];
  });
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // gone in the meantime
  }
}

/** What is there now and was not before, one line each. */
function added(before: Snapshot): string[] {
  return Object.entries(snapshot()).flatMap(([kind, now]) => {
    const known = new Set(before[kind]);
    return [...new Set(now)].filter((one) => !known.has(one)).map((one) => `${kind}: ${one}`);
  });
}

/** Tells what another program of the machine may have begun or written. */
function isOfOthers(line: string): boolean {
  const pid = /^processes: (\d+),/.exec(line)?.[1];
  if (pid !== undefined) return !textOf(`/proc/${pid}/environ`).includes(MARK) && !isInNamespaces(pid);
  const path = /^files: (.*)/.exec(line)?.[1];
  return path?.startsWith(`${tmpdir()}/`) === true && !OUR_FILES.test(path);
}

/** The programs of the lab run in namespaces of their own, some with an environment that is not the command's. */
const isInNamespaces = (pid: string): boolean => {
  const own = new Set(namespacesOf('self'));
  return namespacesOf(pid).some((namespace) => !own.has(namespace));
};

/** Waits until nothing of what was started is there, ten seconds at most: namespaces end after their processes. */
async function settled(before: Snapshot): Promise<string[]> {
  const end = Date.now() + 10_000;
  const ours = () => added(before).filter((line) => !isOfOthers(line));
  while (ours().length > 0 && Date.now() < end) await sleep(200);
  return added(before);
}

const [file = '', ...args] = process.argv.slice(2);
const before = snapshot();
const [name = '', value] = MARK.split('=');
const [status] = await once(spawn(file, args, { stdio: 'inherit', env: { ...process.env, [name]: value } }), 'exit');
const all = await settled(before);
const rest = all.filter((line) => !isOfOthers(line));
console.log(`after ${[file, ...args].join(' ')}, ${rest.length === 0 ? 'nothing' : 'this'} remains on the machine`);
for (const line of rest) console.error(`  ${line}`);
for (const line of all) if (!rest.includes(line)) console.log(`  of other programs, perhaps: ${line.slice(0, 200)}`);
process.exitCode = status === 0 && rest.length === 0 ? 0 : 1;
