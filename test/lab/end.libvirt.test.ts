import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { needs } from '../support/needs.js';
import { end, start } from '../support/run.js';

needs('daemon 11.3', 'virtual machines', 'Open vSwitch and OVN');

const PROGRAM = fileURLToPath(new URL('everything.ts', import.meta.url));
const LIMIT_MS = 300_000;

/** Where the program puts what it starts. */
let temporary: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'libvirt-network-end-'));
});
afterEach(() => {
  if (child !== undefined) end(child);
  rmSync(temporary, { recursive: true, force: true });
});

/** The folders of hosts. */
const folders = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('libvirt-network-'));

/** The namespaces of a process, such as `net:[4026531840]`; none of one that has ended. */
function namespacesOf(pid: string): string[] {
  try {
    return ['pid', 'net', 'mnt', 'uts', 'ipc'].map((kind) => readlinkSync(`/proc/${pid}/ns/${kind}`));
  } catch {
    return [];
  }
}

/** The namespaces of each process of the machine. */
const namespaces = (): string[][] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(namespacesOf);

/** The namespaces of all processes on the hosts, those of their guests included. */
function namespacesOfHosts(): Set<string> {
  const recordOf = (name: string) => JSON.parse(readFileSync(join(temporary, name, 'sandbox.json'), 'utf8'));
  const hosts = folders().map((name) => namespacesOf(recordOf(name).pid)[0]);
  return new Set(namespaces().flatMap((own) => (hosts.includes(own[0]) ? own : [])));
}

async function started(): Promise<ChildProcess> {
  const env = { ...process.env, TMPDIR: temporary };
  const program = start(process.execPath, ['--import', 'tsx', PROGRAM], { env, seconds: LIMIT_MS / 1000 });
  child = program;
  program.stderr.pipe(process.stderr);
  const [said] = await Promise.race([once(program.stdout, 'data'), once(program, 'exit')]);
  expect(String(said)).toBe('all is there\n');
  return program;
}

it('everything ends with the process that started it, also with one that is killed', {
  timeout: LIMIT_MS,
}, async () => {
  child = await started();
  const used = namespacesOfHosts();
  // Three hosts. Networks of their own have also both hosts and the guest of OVN, the outside and the guest of the daemon.
  expect([...used].filter((one) => one.startsWith('pid'))).toHaveLength(3);
  expect([...used].filter((one) => one.startsWith('net')).length).toBeGreaterThanOrEqual(5);
  child.kill('SIGKILL');
  await vi.waitFor(
    () => {
      expect(folders()).toEqual([]);
      expect(namespaces().flatMap((own) => own.filter((one) => used.has(one)))).toEqual([]);
    },
    { timeout: 30_000 },
  );
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(temporary);
});
