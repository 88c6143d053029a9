import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localRunner, recordingRunner } from '../../src/host/runner/runner.js';
import { sshRunner } from '../../src/host/runner/ssh.js';
import type { ExecRequest } from '../../src/process/exec.js';
import { localExec } from '../../src/process/local.js';
import { caught } from '../support/caught.js';
import { runs, seed } from '../support/random.js';

const { signal } = new AbortController();
const plain = { env: {}, signal } as const;

/** Plays ssh and the host behind it: the last word goes to a login shell, with ssh's standard input. */
const loopback = (request: ExecRequest) =>
  localExec({ ...request, file: 'sh', args: ['-c', request.args.at(-1) ?? ''] });

describe('a runner on this machine', () => {
  it('gives status, output and complaints', async () => {
    const result = await localRunner().exec({ file: 'sh', args: ['-c', 'echo a; echo b >&2; exit 3'], ...plain });
    expect(result).toEqual({ exitCode: 3, stdout: 'a\n', stderr: 'b\n' });
  });

  it('puts its prefix in front', async () => {
    const runner = localRunner({ prefix: ['env', 'A=1'] });
    expect((await runner.exec({ file: 'sh', args: ['-c', 'echo $A'], ...plain })).stdout).toBe('1\n');
  });
});

describe('a recording runner', () => {
  it('keeps what is asked, and answers as told', async () => {
    const runner = recordingRunner(({ args }) => ({ exitCode: 0, stdout: args.join(), stderr: '' }));
    expect((await runner.exec({ file: 'ip', args: ['a', 'b'], ...plain })).stdout).toBe('a,b');
    expect(runner.requests).toMatchObject([{ file: 'ip', args: ['a', 'b'] }]);
  });

  it('carries out what it records when there is a runner behind it', async () => {
    const runner = recordingRunner(localRunner());
    expect((await runner.exec({ file: 'echo', args: ['x'], ...plain })).stdout).toBe('x\n');
    expect(runner.requests).toHaveLength(1);
  });

  it('says that all went well when nobody tells it otherwise', async () => {
    expect(await recordingRunner().exec({ file: 'x', args: [], ...plain })).toMatchObject({ exitCode: 0 });
  });
});

describe('a runner over ssh', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'libvirt-network-ssh-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('never asks, and never shares a connection', async () => {
    const requests: ExecRequest[] = [];
    const exec = async (request: ExecRequest) => {
      requests.push(request);
      return { exitCode: 0, stdout: '', stderr: '' };
    };
    await sshRunner('box', { user: 'me', port: 2222, identityFile: '/k', options: ['X=y'], exec }).exec({
      file: 'true',
      args: [],
      ...plain,
    });
    expect(requests[0]).toMatchObject({
      file: 'ssh',
      args: [
        '-T',
        ...['BatchMode=yes', 'ControlMaster=no', 'ControlPath=none', 'ConnectTimeout=5', 'X=y'].flatMap((o) => [
          '-o',
          o,
        ]),
        ...['-l', 'me', '-p', '2222', '-i', '/k', '--', 'box', 'exec sh'],
      ],
    });
  });

  it('hands over any arguments, variables and input unchanged, and no shell reads them', async () => {
    writeFileSync(join(folder, 'show'), 'printf "%s\\0" "$@" "$V"; cat', { mode: 0o755 });
    const anything = fc.string({ unit: fc.oneof(fc.constantFrom(...'\'"\\$`!;&|<>*?~#\n\t -'), fc.string()) });
    const clean = anything.map((value) => value.replaceAll('\0', ''));
    const runner = sshRunner('box', { exec: loopback });
    await fc.assert(
      fc.asyncProperty(fc.array(clean), clean, clean, async (args, variable, input) => {
        const file = join(folder, 'show');
        const request = { file: 'sh', args: [file, ...args], env: { V: variable }, input, signal };
        const { stdout } = await runner.exec(request);
        expect(stdout).toBe([...args, variable, input].join('\0'));
      }),
      { numRuns: runs(300), seed },
    );
  });

  it('does not run what stands in an argument', async () => {
    const file = join(folder, 'owned');
    const runner = sshRunner('box', { exec: loopback });
    for (const value of [`$(touch ${file})`, `';touch ${file};'`, `\`touch ${file}\``, `\n touch ${file}\n`])
      await runner.exec({ file: 'echo', args: [value], env: { A: value }, input: value, signal });
    expect(() => readFileSync(file)).toThrow(/ENOENT/);
  });

  it('keeps the status of the program', async () => {
    const runner = sshRunner('box', { exec: loopback });
    for (const [status, seen] of [
      [0, 0],
      [7, 7],
      [255, 254],
    ])
      expect(await runner.exec({ file: 'sh', args: ['-c', `exit ${status}`], ...plain })).toMatchObject({
        exitCode: seen,
      });
  });

  it('tells a connection that failed from a program that failed', async () => {
    const exec = async () => ({ exitCode: 255, stdout: '', stderr: 'ssh: connect to host box: No route to host\n' });
    const error = await caught(sshRunner('box', { exec }).exec({ file: 'true', args: [], ...plain }));
    expect(error).toMatchObject({ code: 'SSH_FAILED', message: expect.stringContaining('No route to host') });
  });

  it('uses sudo on the host where asked', async () => {
    let script = '';
    const exec = async ({ input = '' }: ExecRequest) => {
      script = input;
      return { exitCode: 0, stdout: '', stderr: '' };
    };
    await sshRunner('box', { sudo: true, exec }).exec({ file: 'ip', args: ['link'], ...plain });
    expect(script).toMatch(/^'sudo' '-n' 'ip' 'link' <\/dev\/null$/m);
  });

  it('refuses a host or user that ssh would take for an option, and ports that are none', () => {
    for (const host of ['-oProxyCommand=x', '', 'a b', 'a\nb'])
      expect(() => sshRunner(host)).toThrow(/begins with a dash/);
    expect(() => sshRunner('a', { user: '-l' })).toThrow(/begins with a dash/);
    for (const port of [0, 65_536, 1.5]) expect(() => sshRunner('a', { port })).toThrow(/port must be/);
  });
});
