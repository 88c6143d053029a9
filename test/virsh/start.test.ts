import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { TransportError } from '../../src/index.js';
import { InputFailure } from '../../src/process/input.js';
import { type Exec, localExec, virsh } from '../../src/virsh/index.js';
import { caught } from '../support/caught.js';

/** The error of a call whose program is started like this. */
async function failureOf(exec: Exec, secret = 'hunter22'): Promise<TransportError> {
  const error = await caught(virsh({ exec, env: { TOKEN: secret } }).call('network.dump', { network: 'lab' }));
  if (!(error instanceof TransportError)) throw new Error(`not a TransportError: ${String(error)}`);
  return error;
}

describe('a program that cannot be started', () => {
  it('says why, and has the error of the system as its cause', async () => {
    const error = await failureOf((request) => localExec({ ...request, file: '/nowhere/virsh' }));
    expect(error.code).toBe('TOOL_MISSING');
    expect(error.message).toMatch(/virsh cannot be started: ENOENT$/);
    expect(error.cause).toMatchObject({ message: 'spawn /nowhere/virsh ENOENT' });
  });

  it('says why also where the error has no code', async () => {
    const error = await failureOf(() => Promise.reject(new TypeError('Dynamic require of "x" is not supported')));
    expect(error.code).toBe('CONNECTION_FAILED');
    expect(error.message).toMatch(/: virsh cannot be started: Dynamic require of "x" is not supported$/);
    expect(error.cause).toMatchObject({ name: 'TypeError', message: 'Dynamic require of "x" is not supported' });
  });

  it('shows no secret of the error that led to it', async () => {
    const raw = Object.assign(new Error('ssh TOKEN=hunter22 qemu+ssh://me:word@host/ failed'), { args: ['hunter22'] });
    for (const reason of [raw, raw.message]) {
      const shown = inspect(await failureOf(() => Promise.reject(reason)), { depth: 9, showHidden: true });
      expect(shown).toContain('ssh TOKEN=*** qemu+ssh://***@host/ failed');
      expect(shown).not.toMatch(/hunter22|me:word/);
    }
  });

  it('for which there is no temporary file names the folder, and has the error of the system as its cause', async () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const error = await failureOf(() => Promise.reject(new InputFailure('ENOSPC', { cause: full })));
    expect(error.code).toBe('TEMP_FILE_FAILED');
    expect(error.cause).toMatchObject({ message: 'ENOSPC', cause: full });
  });
});

describe('events of a transport', () => {
  it('that ends because its program fails with something else than an error of ours have that as their cause', async () => {
    const events = virsh({ exec: () => Promise.reject('gone') })
      .events()
      [Symbol.asyncIterator]();
    expect(await caught(events.next())).toMatchObject({ code: 'CONNECTION_FAILED', cause: { message: 'gone' } });
  });
});

describe('a program on this machine', () => {
  const { signal } = new AbortController();
  const shell = (script: string, rest: object = {}) =>
    localExec({ file: 'sh', args: ['-c', script], env: {}, signal, ...rest });

  it('gives its output as it is, with its last line end', async () => {
    expect(await shell("printf 'a\\r\\n\\n'; echo b >&2; exit 3")).toEqual({
      exitCode: 3,
      stdout: 'a\r\n\n',
      stderr: 'b\n',
    });
  });

  it('that a signal ends has no exit status', async () => {
    expect(await shell('echo a; kill -9 $$')).toEqual({ stdout: 'a\n', stderr: '' });
  });

  it('passes the lines of both its streams on', async () => {
    const lines: string[] = [];
    const onLine = (line: string, from: string) => lines.push(`${from}: ${line}`);
    expect(await shell('echo one; echo two >&2', { onLine })).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(lines.sort()).toEqual(['stderr: two', 'stdout: one']);
  });

  it('is ended when the reader of its lines fails', async () => {
    let pid = 0;
    const onLine = (line: string) => {
      pid = Number(line);
      throw new Error('full');
    };
    expect(await caught(shell('echo $$; exec sleep 60', { onLine }))).toMatchObject({ message: 'full' });
    await expect.poll(() => isRunning(pid)).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
