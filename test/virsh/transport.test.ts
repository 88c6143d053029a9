import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { LibvirtError, mayHaveChanged, OperationError, TransportError } from '../../src/index.js';
import { type ExecRequest, type ExecResult, type VirshOptions, virsh } from '../../src/virsh/index.js';
import { caught } from '../support/caught.js';

const DONE: ExecResult = { exitCode: 0, stdout: '', stderr: '' };
const failing = (stderr: string): ExecResult => ({ exitCode: 1, stdout: '', stderr });

/** Runs nothing: gives answers, and remembers what it was asked. */
function recorder(answer: (request: ExecRequest) => ExecResult | Promise<ExecResult> = () => DONE) {
  const requests: ExecRequest[] = [];
  let tell = () => {};
  const exec = async (request: ExecRequest) => {
    requests.push(request);
    tell();
    return answer(request);
  };
  /** Resolves when the next program is started. */
  const started = () =>
    new Promise<void>((resolve) => {
      tell = resolve;
    });
  return { requests, exec, started };
}

/** A program that ends on request, and not before. */
const never = ({ signal }: ExecRequest) =>
  new Promise<ExecResult>((resolve) =>
    signal.addEventListener('abort', () => resolve({ stdout: '', stderr: '' }), { once: true }),
  );

describe('what is run', () => {
  it('is the program with its words apart, quiet, in English and in UTC', async () => {
    const { requests, exec } = recorder();
    const transport = virsh({ uri: 'qemu:///system', exec, env: { EXTRA: '1', LC_ALL: 'de_DE.UTF-8' } });
    await transport.call('network.start', { network: "--all; $(x) 'y'" });
    expect(requests).toMatchObject([
      {
        file: 'virsh',
        args: ['-q', '--connect=qemu:///system', 'net-start', "--network=--all; $(x) 'y'"],
        env: { LC_ALL: 'C', TZ: 'UTC', EXTRA: '1' },
      },
    ]);
  });

  const cases: readonly (readonly [what: string, options: VirshOptions, file: string, args: readonly string[]])[] = [
    ['sudo never asks', { sudo: true }, 'sudo', ['-n', 'virsh', '-q']],
    ['a path of its own', { path: '/opt/virsh' }, '/opt/virsh', ['-q']],
    ['read-only', { readOnly: true }, 'virsh', ['-q', '-r']],
    [
      'a socket of its own',
      { uri: 'qemu:///system', socket: '/tmp/s p' },
      'virsh',
      ['-q', '--connect=qemu+unix:///system?socket=/tmp/s%20p'],
    ],
    ['a socket without a URI', { socket: '/s' }, 'virsh', ['-q', '--connect=qemu+unix:///system?socket=/s']],
    ['ssh never asks', { uri: 'qemu+ssh://h/system' }, 'virsh', ['-q', '--connect=qemu+ssh://h/system?no_tty=1']],
    [
      'ssh asks where the URI says so',
      { uri: 'qemu+ssh://h/system?no_tty=0' },
      'virsh',
      ['-q', '--connect=qemu+ssh://h/system?no_tty=0'],
    ],
  ];
  for (const [what, options, file, args] of cases) {
    it(what, async () => {
      const { requests, exec } = recorder();
      await virsh({ ...options, exec }).call('network.destroy', { network: 'a' });
      expect([requests[0]?.file, requests[0]?.args.slice(0, args.length)]).toEqual([file, args]);
    });
  }

  it('hands a definition over as input, never as an argument', async () => {
    const { requests, exec } = recorder();
    await virsh({ exec }).call('network.define', { xml: '<network/>', validate: true });
    expect(requests).toMatchObject([
      { args: ['-q', 'net-define', '--file=/dev/stdin', '--validate'], input: '<network/>' },
    ]);
  });

  it('is one process a call', async () => {
    const { requests, exec } = recorder();
    const transport = virsh({ exec });
    const network = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11';
    const update = { section: 'dns-txt', command: 'delete', xml: '<txt/>', live: true, config: true } as const;
    await transport.call('network.update', { network, ...update, parentIndex: 1 });
    await transport.call('network.autostart', { network, enabled: false });
    await transport.call('metadata.set', { network, uri: 'urn:a', key: 'a', live: true, config: false });
    await transport.call('text.set', { network, kind: 'title', text: '--x', live: false, config: true });
    await transport.call('port.delete', { network, port: network });
    const on = `--network=${network}`;
    expect(requests.map(({ args }) => args.slice(1))).toEqual([
      [
        'net-update',
        on,
        '--command=delete',
        '--section=dns-txt',
        '--xml=/dev/stdin',
        '--parent-index=1',
        '--live',
        '--config',
      ],
      ['net-autostart', on, '--disable'],
      ['net-metadata', on, '--uri=urn:a', '--remove', '--live'],
      ['net-desc', on, '--title', '--new-desc=--x', '--config'],
      ['net-port-delete', on, `--port=${network}`],
    ]);
    expect(transport.processesStarted).toBe(5);
  });

  it('is two for a title in both copies, and one when libvirt refuses the first', async () => {
    const title = { network: 'a', kind: 'title', text: 'x', live: true, config: true } as const;
    const copiesOf = (requests: readonly ExecRequest[]) => requests.map(({ args }) => args.at(-1));
    const good = recorder();
    await virsh({ exec: good.exec }).call('text.set', title);
    expect(copiesOf(good.requests)).toEqual(['--config', '--live']);
    const bad = recorder(() => failing('error: Requested operation is not valid: no\n'));
    await caught(virsh({ exec: bad.exec }).call('text.set', title));
    expect(copiesOf(bad.requests)).toEqual(['--config']);
  });

  it('tells a log each command line, without secrets', async () => {
    const lines: string[] = [];
    const uri = 'qemu+ssh://me:hunter22@h/system?keyfile=/keys/k1';
    const transport = virsh({ uri, exec: recorder().exec, log: (line) => lines.push(line) });
    await transport.call('network.start', { network: 'a' });
    expect(lines).toEqual(['virsh -q --connect=qemu+ssh://***@h/system?keyfile=***&no_tty=1 net-start --network=a']);
  });

  it('is at most so many programs at once', async () => {
    let running = 0;
    let most = 0;
    const { exec } = recorder(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return DONE;
    });
    const transport = virsh({ exec, maxProcesses: 3 });
    await Promise.all(Array.from({ length: 20 }, () => transport.call('network.start', { network: 'a' })));
    expect(most).toBe(3);
  });
});

describe('bad arguments are refused before anything is run', () => {
  const { requests, exec } = recorder();
  const transport = virsh({ exec });
  const bad: Readonly<Record<string, () => Promise<unknown>>> = {
    'a NUL in a name': () => transport.call('network.start', { network: 'a\0b' }),
    'a line break in a name, which could look like another error': () =>
      transport.call('network.lookup', { network: 'x\nerror: operation forbidden: read only access prevents virX' }),
    'an empty name': () => transport.call('network.start', { network: '' }),
    'a NUL in a definition': () => transport.call('network.define', { xml: '<network>\0' }),
    'an empty namespace': () => transport.call('metadata.get', { network: 'a', uri: '' }),
    'a description that no program can be given': () =>
      transport.call('text.set', {
        network: 'a',
        kind: 'description',
        text: 'x'.repeat(131_072),
        live: true,
        config: false,
      }),
  };
  for (const [what, call] of Object.entries(bad)) {
    it(what, async () => {
      expect(await caught(call())).toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect(requests).toEqual([]);
    });
  }

  for (const options of [
    { uri: '' },
    { uri: 'a\nb' },
    { socket: '' },
    { path: '' },
    { timeoutMs: 0 },
    { timeoutMs: 1.5 },
    { maxProcesses: 0 },
  ]) {
    it(`the option ${JSON.stringify(options)}`, () => {
      expect(() => virsh(options)).toThrow(LibvirtError);
    });
  }
});

describe('calls that do not end as they should', () => {
  it('a change that takes too long may have happened; a look may not', async () => {
    const transport = virsh({ exec: recorder(never).exec, timeoutMs: 10 });
    const change = await caught(transport.call('network.start', { network: 'a' }));
    expect(change).toMatchObject({ code: 'TIMEOUT', mayHaveChanged: true, network: 'a', operation: 'network.start' });
    expect(mayHaveChanged(change)).toBe(true);
    const look = await caught(transport.call('network.dump', { network: 'a' }));
    expect(look).toMatchObject({ code: 'TIMEOUT', mayHaveChanged: false });
  });

  it('a change that waits for its turn has changed nothing', async () => {
    const transport = virsh({ exec: recorder(never).exec, maxProcesses: 1 });
    const first = caught(transport.call('network.start', { network: 'a' }, { timeoutMs: 50 }));
    const second = await caught(transport.call('network.start', { network: 'b' }, { timeoutMs: 10 }));
    expect(second).toMatchObject({ code: 'TIMEOUT', mayHaveChanged: false, network: 'b' });
    expect(await first).toMatchObject({ mayHaveChanged: true });
  });

  it('an abort rejects with its own reason, and mayHaveChanged tells of it', async () => {
    const { exec, started } = recorder(never);
    const transport = virsh({ exec });
    for (const [operation, changed] of [
      ['network.start', true],
      ['network.dump', false],
    ] as const) {
      const abort = new AbortController();
      const running = started();
      const call = caught(transport.call(operation, { network: 'a' }, { signal: abort.signal }));
      await running;
      const reason = new Error('enough');
      abort.abort(reason);
      expect(await call).toBe(reason);
      expect(mayHaveChanged(reason)).toBe(changed);
    }
  });

  it('after an abort nothing is started', async () => {
    const { requests, exec } = recorder();
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    expect(await caught(virsh({ exec }).call('network.start', { network: 'a' }, { signal }))).toBe(reason);
    expect([requests.length, mayHaveChanged(reason)]).toEqual([0, false]);
  });

  it('closing ends what runs, and what comes after', async () => {
    const { exec, started } = recorder(never);
    const transport = virsh({ exec });
    const running = started();
    const call = caught(transport.call('network.start', { network: 'a' }));
    await running;
    await transport.close();
    expect(await call).toMatchObject({ code: 'CLOSED', mayHaveChanged: true });
    expect(await caught(transport.call('network.list', {}))).toMatchObject({ code: 'CLOSED', mayHaveChanged: false });
  });

  it('a program that was killed and said nothing', async () => {
    const transport = virsh({ exec: recorder(() => ({ stdout: '<netw', stderr: '' })).exec });
    for (const [operation, changed] of [
      ['network.start', true],
      ['network.dump', false],
    ] as const) {
      const error = await caught(transport.call(operation, { network: 'a' }));
      expect(error).toMatchObject({ code: 'UNEXPECTED_REPLY', mayHaveChanged: changed });
    }
    expect(await caught(transport.call('network.list', {}))).toMatchObject({ code: 'UNEXPECTED_REPLY' });
  });

  it('half a document that was printed with success', async () => {
    const transport = virsh({ exec: recorder(() => ({ ...DONE, stdout: '<network>\n  <name>a</na' })).exec });
    expect(await caught(transport.call('network.dump', { network: 'a' }))).toMatchObject({ code: 'UNEXPECTED_REPLY' });
  });

  it('a batch whose output was cut is an unexpected reply, without our marks', async () => {
    const cut = (length: number) =>
      recorder(({ args }) => {
        const marks = [...(args.at(-1) ?? '').matchAll(/echo --err (\S+)/g)].map(([, mark = '']) =>
          mark.replace(/;$/, ''),
        );
        const out = marks.map((mark) => `x\n${mark}\n`).join('');
        const err = marks.map((mark) => `error: ${mark}\n`).join('');
        return { exitCode: 1, stdout: out.slice(0, length), stderr: err.slice(0, length) };
      }).exec;
    for (const length of [30, 40, 60, 100]) {
      const error = await caught(virsh({ exec: cut(length) }).call('network.list', {}));
      expect(error).toMatchObject({
        code: 'UNEXPECTED_REPLY',
        message: expect.stringMatching(/output of virsh was cut$/),
      });
    }
  });

  it('lines that end with CRLF are read as others are', async () => {
    const text = '<network>\n  <name>a</name>\n</network>\n';
    const { exec } = recorder(() => ({ ...DONE, stdout: text.replaceAll('\n', '\r\n') }));
    expect(await virsh({ exec }).call('network.dump', { network: 'a' })).toBe(text);
    const bad = recorder(() => ({
      ...DONE,
      exitCode: 1,
      stderr: "error: failed to get network 'a'\r\nerror: Network not found: no\r\n",
    }));
    expect(await caught(virsh({ exec: bad.exec }).call('network.dump', { network: 'a' }))).toMatchObject({
      code: 'NETWORK_NOT_FOUND',
      libvirtMessage: 'Network not found: no',
    });
  });

  it('a line of another program that begins as those of virsh does not fail a good call', async () => {
    const { exec } = recorder(() => ({ ...DONE, stderr: 'error: could not load the X11 keys\nerror: motd\n' }));
    await virsh({ exec }).call('network.start', { network: 'a' });
    const text = '<network>\n  <name>a</name>\n</network>\n';
    const dump = recorder(() => ({ ...DONE, stdout: text, stderr: 'error: motd\n' }));
    expect(await virsh({ exec: dump.exec }).call('network.dump', { network: 'a' })).toBe(text);
  });

  it('an error that virsh tells with exit status 0', async () => {
    const { exec } = recorder(() => ({ ...DONE, stderr: "error: failed to get network port 'x'\n" }));
    expect(await caught(virsh({ exec }).call('port.dump', { network: 'a', port: 'x' }))).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('the error of an old virsh says which release is needed', async () => {
    const transport = virsh({ exec: recorder(() => failing("error: unknown command: 'net-desc'\n")).exec });
    const text = { network: 'a', kind: 'title', text: 'x', live: true, config: false } as const;
    const error = await caught(transport.call('text.set', text));
    expect(error).toMatchObject({ code: 'CLIENT_TOO_OLD', mayHaveChanged: false });
    expect(String(error)).toContain('libvirt 9.7.0');
  });

  it('the error of an old daemon says which release is needed', async () => {
    const transport = virsh({ exec: recorder(() => failing('error: unknown procedure: 444\n')).exec });
    const error = await caught(transport.call('metadata.get', { network: 'a', uri: 'urn:a' }));
    expect(error).toMatchObject({ code: 'UNSUPPORTED' });
    expect(String(error)).toContain('the daemon must be of libvirt 9.7.0');
  });

  it('libvirt’s refusal is an error of its own class, with its words and its number', async () => {
    const words = 'Requested operation is not valid: network is already active';
    const { exec } = recorder(() => failing(`error: Failed to start network a\nerror: ${words}\n`));
    const error = await caught(
      virsh({ exec, uri: 'qemu:///system' }).call('network.start', { network: 'x', name: 'a' }),
    );
    expect(error).toBeInstanceOf(OperationError);
    expect(error).toMatchObject({
      code: 'NETWORK_ACTIVE',
      message: `cannot start network "a" on qemu:///system: ${words}`,
      libvirtMessage: words,
      libvirtNumber: 55,
      network: 'a',
    });
    expect(mayHaveChanged(error)).toBe(false);
  });

  it('a connection that was lost during a change leaves it open whether it happened', async () => {
    const lost = 'error: Failed to start network a\nerror: End of file while reading data: Input/output error\n';
    const error = await caught(
      virsh({ exec: recorder(() => failing(lost)).exec }).call('network.start', { network: 'a' }),
    );
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED', mayHaveChanged: true, exitCode: 1 });
  });

  it('a connection that was never made leaves nothing open', async () => {
    const refused =
      "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/run/s': No such file or directory\n";
    const error = await caught(
      virsh({ exec: recorder(() => failing(refused)).exec }).call('network.start', { network: 'a' }),
    );
    expect(error).toMatchObject({ code: 'SOCKET_MISSING', mayHaveChanged: false });
    expect(String(error)).toContain('virtnetworkd');
  });

  it('a runner that throws its own error keeps it', async () => {
    const own = new TransportError('SSH_FAILED', 'no route');
    const exec = () => Promise.reject(own);
    expect(await caught(virsh({ exec }).call('network.list', {}))).toBe(own);
    const odd = () => Promise.reject(new Error('secret'));
    expect(await caught(virsh({ exec: odd }).call('network.list', {}))).toMatchObject({ code: 'CONNECTION_FAILED' });
    const env = { TOKEN: 'secret' };
    expect(inspect(await caught(virsh({ exec: odd, env }).call('network.list', {})))).not.toContain('secret');
  });
});
