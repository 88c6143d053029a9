import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { needs } from '../support/needs.js';

needs('daemon 11.3', 'virtual machines', 'Open vSwitch and OVN');

const PROGRAM = fileURLToPath(new URL('everything.ts', import.meta.url));
const LIMIT_MS = 300_000;

/** Where the program puts what it starts. */
let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'libvirt-network-end-'));
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

const readlink = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // it has ended in the meantime
  }
};

/** The namespaces of every process of the machine, such as `net:[4026531840]`, with the process. */
function namespaces(): Map<string, string> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const kinds = ['pid', 'net', 'mnt', 'uts', 'ipc'];
  return new Map(pids.flatMap((pid) => kinds.map((kind) => [readlink(`/proc/${pid}/ns/${kind}`), pid] as const)));
}

/** The first processes of the hosts that were started in the folder. */
const firstProcesses = (): string[] =>
  readdirSync(temporary).map((name) => JSON.parse(readFileSync(join(temporary, name, 'sandbox.json'), 'utf8')).pid);

/** The namespaces of all processes on the hosts, those of their guests included. */
function namespacesOfHosts(): string[] {
  const [here, own] = [namespaces(), firstProcesses().map((pid) => readlink(`/proc/${pid}/ns/pid`))];
  const pids = readdirSync('/proc').filter((pid) => own.includes(readlink(`/proc/${pid}/ns/pid`)));
  return [...here.keys()].filter((one) => pids.some((pid) => readlink(`/proc/${pid}/ns/${one.split(':')[0]}`) === one));
}

async function started(): Promise<ChildProcess> {
  const env = { ...process.env, TMPDIR: temporary };
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: LIMIT_MS,
  });
  const [text] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  expect(String(text)).toBe('all is there\n');
  return child;
}

it('everything ends with the process that started it, also with one that is killed', {
  timeout: LIMIT_MS,
}, async () => {
  const child = await started();
  const left = namespacesOfHosts();
  // Three hosts; two hosts and a guest of OVN, the LAN, the outside and a guest of the daemon are networks of their own.
  expect(left.filter((one) => one.startsWith('pid'))).toHaveLength(3);
  expect(left.filter((one) => one.startsWith('net')).length).toBeGreaterThanOrEqual(5);
  child.kill('SIGKILL');
  await vi.waitFor(() => expect(readdirSync(temporary)).toEqual([]), { timeout: 30_000 });
  const now = namespaces();
  expect(left.filter((one) => now.has(one))).toEqual([]);
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(temporary);
});
