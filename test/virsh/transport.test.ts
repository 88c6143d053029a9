import { readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { LibvirtError, TransportError } from '../../src/index.js';
import { parseEvent } from '../../src/virsh/events.js';
import { type Exec, type ExecRequest, type ExecResult, type VirshOptions, virsh } from '../../src/virsh/index.js';
import { parseLeases } from '../../src/virsh/output.js';
import { announce, runs } from '../support/random.js';

/** Runs nothing: gives answers, and remembers what it was asked. */
function recorder(
  answer: (request: ExecRequest) => ExecResult | Promise<ExecResult> = () => ({ exitCode: 0, stdout: '', stderr: '' }),
) {
  const requests: ExecRequest[] = [];
  const exec: Exec = {
    run: async (request) => {
      requests.push(request);
      return answer(request);
    },
    stream: () => Promise.reject(new Error('not asked for')),
  };
  return { requests, exec };
}

const failing = (stderr: string): ExecResult => ({ exitCode: 1, stdout: '', stderr });
const never = (request: ExecRequest) =>
  new Promise<ExecResult>((resolve) =>
    request.signal.addEventListener('abort', () => resolve({ stdout: '', stderr: '' }), { once: true }),
  );
const caught = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('what is run', () => {
  it('is the program with its words apart, quiet, in English and in UTC', async () => {
    const { requests, exec } = recorder();
    await virsh({ uri: 'qemu:///system', exec, env: { EXTRA: '1' } }).call('network.start', {
      network: "--all; $(x) 'y'",
    });
    const [request] = requests;
    expect(request?.file).toBe('virsh');
    expect(request?.args).toEqual(['-q', '--connect=qemu:///system', 'net-start', "--network=--all; $(x) 'y'"]);
    expect(request?.env).toMatchObject({ LC_ALL: 'C', TZ: 'UTC', EXTRA: '1' });
    expect(request?.env['LIBVIRT_DEFAULT_URI']).toBeUndefined();
  });

  const cases: readonly (readonly [what: string, options: VirshOptions, file: string, args: readonly string[]])[] = [
    ['sudo never asks', { sudo: true }, 'sudo', ['-n', 'virsh', '-q']],
    ['a path of its own', { path: '/opt/virsh' }, '/opt/virsh', ['-q']],
    ['read-only', { readOnly: true }, 'virsh', ['-q', '-r']],
    [
      'a socket of its own',
      { uri: 'qemu:///system', socket: '/tmp/s' },
      'virsh',
      ['-q', '--connect=qemu+unix:///system?socket=/tmp/s'],
    ],
  ];
  for (const [what, options, file, args] of cases) {
    it(what, async () => {
      const { requests, exec } = recorder();
      await virsh({ ...options, exec }).call('network.destroy', { network: 'a' });
      expect([requests[0]?.file, requests[0]?.args.slice(0, args.length)]).toEqual([file, args]);
    });
  }

  it('a definition lies in a file that only we can read, and is gone afterwards, also after a failure', async () => {
    const seen: { path: string; mode: number; folder: number; text: string }[] = [];
    const { exec } = recorder((request) => {
      const path = request.files[0]?.path ?? '';
      seen.push({
        path,
        mode: statSync(path).mode & 0o777,
        folder: statSync(dirname(path)).mode & 0o777,
        text: readFileSync(path, 'utf8'),
      });
      return failing('error: Failed to define network from x\nerror: XML error: no\n');
    });
    expect(await caught(virsh({ exec }).call('network.define', { xml: '<network/>' }))).toMatchObject({
      code: 'LIBVIRT',
      libvirtMessage: 'XML error: no',
    });
    expect(seen).toMatchObject([{ mode: 0o600, folder: 0o700, text: '<network/>' }]);
    expect(readdirSync(tmpdir())).not.toContain(
      dirname(seen[0]?.path ?? '')
        .split('/')
        .at(-1),
    );
  });

  it('bad text is refused before anything is run', async () => {
    const { requests, exec } = recorder();
    expect(await caught(virsh({ exec }).call('network.start', { network: 'a\0b' }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(await caught(virsh({ exec }).call('network.start', { network: '' }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(requests).toEqual([]);
  });

  it('at most so many programs run at once', async () => {
    let running = 0;
    let most = 0;
    const { exec } = recorder(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return { exitCode: 0, stdout: '', stderr: '' };
    });
    const transport = virsh({ exec, maxProcesses: 3 });
    await Promise.all(Array.from({ length: 20 }, () => transport.call('network.start', { network: 'a' })));
    expect(most).toBe(3);
  });
});

describe('calls that do not end as they should', () => {
  it('a change that takes too long may have happened; a look may not', async () => {
    const transport = virsh({ exec: recorder(never).exec, timeoutMs: 10 });
    expect(await caught(transport.call('network.start', { network: 'a' }))).toMatchObject({
      code: 'TIMEOUT',
      mayHaveChanged: true,
      network: 'a',
    });
    expect(await caught(transport.call('network.dump', { network: 'a' }))).toMatchObject({
      code: 'TIMEOUT',
      mayHaveChanged: false,
    });
  });

  it('an abort gives back its own reason', async () => {
    const abort = new AbortController();
    const call = caught(
      virsh({ exec: recorder(never).exec }).call('network.start', { network: 'a' }, { signal: abort.signal }),
    );
    const reason = new Error('enough');
    abort.abort(reason);
    expect(await call).toBe(reason);
    expect(await caught(virsh().call('network.list', {}, { signal: abort.signal }))).toBe(reason);
  });

  it('closing ends what runs, and what comes after', async () => {
    const transport = virsh({ exec: recorder(never).exec });
    const call = caught(transport.call('network.start', { network: 'a' }));
    await transport.close();
    expect(await call).toMatchObject({ code: 'CLOSED' });
    expect(await caught(transport.call('network.list', {}))).toMatchObject({ code: 'CLOSED' });
  });

  it('a missing program is told as such', async () => {
    expect(await caught(virsh({ path: '/no/such/virsh' }).call('network.list', {}))).toMatchObject({
      code: 'TOOL_MISSING',
    });
  });

  it('a program that was killed and said nothing', async () => {
    const transport = virsh({ exec: recorder(() => ({ stdout: '<netw', stderr: '' })).exec });
    expect(await caught(transport.call('network.start', { network: 'a' }))).toMatchObject({
      code: 'UNEXPECTED_REPLY',
      mayHaveChanged: true,
    });
    expect(await caught(transport.call('network.list', {}))).toMatchObject({ code: 'UNEXPECTED_REPLY' });
  });

  it('an old libvirt is told which release is needed', async () => {
    const transport = virsh({ exec: recorder(() => failing("error: unknown command: 'net-desc'\n")).exec });
    const error = await caught(
      transport.call('text.set', { network: 'a', kind: 'title', text: 'x', live: true, config: false }),
    );
    expect(error).toMatchObject({ code: 'UNSUPPORTED' });
    expect(String(error)).toContain('9.7.0');
  });

  it('no secret is shown, whatever is printed of an error', async () => {
    const secret = 's3cr3t';
    const transport = virsh({
      uri: `qemu+ssh://me:${secret}@host/system?keyfile=/keys/${secret}`,
      env: { TOKEN: secret },
      exec: recorder(() =>
        failing(
          `error: failed to connect to the hypervisor\nerror: Cannot recv data: ssh://me:${secret}@host: Connection reset by peer\n`,
        ),
      ).exec,
    });
    const error = await caught(transport.call('network.list', {}));
    expect(error).toBeInstanceOf(TransportError);
    for (const text of [
      String(error),
      inspect(error, { depth: 9, showHidden: true }),
      JSON.stringify(error),
      transport.label,
    ])
      expect(text).not.toContain(secret);
    expect(LibvirtError.is(error)).toBe(true);
  });
});

describe('no secret is shown', () => {
  it('whatever it looks like, and whatever virsh says with it', async () => {
    const count = runs(1000);
    const random = announce('secrets', count);
    const letters = [...'abcXYZ019-._~!$*+,;=:@%'];
    for (let i = 0; i < count; i++) {
      const secret = `S${random.list(6, 20, () => random.pick(letters)).join('')}S`;
      const uri = random.pick([
        `qemu+ssh://me:${secret}@host/system`,
        `qemu+ssh://${secret}@host/system`,
        `qemu+ssh://host/system?keyfile=/k/${secret}`,
        `qemu+tls://host/system?pkipath=/p/${secret}&x=1`,
      ]);
      const words = random.pick([
        `Cannot recv data: ${uri}: Connection reset by peer`,
        `something new about ${uri}`,
        `Failed to connect socket to '${uri}': No such file or directory`,
      ]);
      const transport = virsh({
        uri,
        env: { TOKEN: secret },
        exec: recorder(() => failing(`error: failed to connect to the hypervisor\nerror: ${words}\n`)).exec,
      });
      const error = await caught(transport.call('network.start', { network: 'a' }));
      for (const text of [
        String(error),
        inspect(error, { depth: 9, showHidden: true }),
        JSON.stringify(error),
        transport.label,
      ])
        expect(text).not.toContain(secret);
    }
  });
});

describe('tables are read by their columns', () => {
  const header =
    ' Expiry Time           MAC address         Protocol   IP address          Hostname   Client ID or DUID\n-----\n';
  const row = (hostname: string, id = '01:52:54:00:00:00:01') =>
    ` 2026-11-24 10:20:30   52:54:00:00:00:01   ipv4       192.168.50.101/24   ${hostname}   ${id}\n`;

  it('leases with their end in UTC', () => {
    expect(parseLeases(header + row('db'))).toEqual([
      {
        expiry: new Date('2026-11-24T10:20:30Z'),
        mac: '52:54:00:00:00:01',
        family: 'ipv4',
        address: '192.168.50.101',
        prefix: 24,
        hostname: 'db',
        clientId: '01:52:54:00:00:00:01',
      },
    ]);
  });

  it('leases without an end, name and id', () => {
    const [lease] = parseLeases(row('-', '-').replace('2026-11-24 10:20:30', '1970-01-01 00:00:00'));
    expect([lease?.expiry, lease?.hostname, lease?.clientId]).toEqual([undefined, undefined, undefined]);
  });

  it('host names that look like columns', () => {
    for (const name of ['a b', 'ipv6', '192.168.1.1/24', '\\x1b[31m', '-x', '52:54:00:00:00:09'])
      expect(parseLeases(row(name))[0]?.hostname).toBe(name);
  });

  it('a line of another shape is not guessed at', () => {
    expect(() => parseLeases('something else\n')).toThrow(/cannot read this line/);
  });

  it('events, also of networks with odd names', () => {
    expect(parseEvent("2026-11-24 13:04:11.131+0000: event 'lifecycle' for network a: b: Started")).toEqual({
      type: 'started',
      network: 'a: b',
      at: new Date('2026-11-24T13:04:11.131Z'),
    });
    expect(parseEvent('events received: 3')).toBeUndefined();
  });
});
