import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ErrorCode, mayHaveChanged, type Operation } from '../../src/index.js';
import { type SocketOptions, socket, type TlsOptions } from '../../src/socket/index.js';
import type { Operations } from '../../src/transport-entry.js';
import { type Daemon, startDaemon } from '../lab/index.js';
import { Authority, type Certificate } from '../lab/remote/certificates.js';
import { ACCOUNT, RemoteAccess, type Ssh } from '../lab/remote/remote.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { programOf } from '../support/program.js';
import { outputOf } from '../support/run.js';

needs('daemon 9.0', 'remote access');

let daemon: Daemon;
let remote: RemoteAccess;
let ssh: Ssh;
let stranger: Authority;
let ports: { readonly tcp: number; readonly tls: number };
beforeAll(async () => {
  daemon = startDaemon('9.0');
  remote = RemoteAccess.open(daemon);
  ssh = remote.startSsh();
  ports = { tcp: await remote.portTo('tcp'), tls: await remote.portTo('tls') };
  stranger = new Authority(join(remote.folder, 'stranger'), 'stranger');
});
afterAll(() => {
  remote.close();
  daemon.stop();
});

/** What a caller sees of a refusal. */
interface Seen {
  readonly code: ErrorCode;
  readonly message: RegExp;
  readonly hint: RegExp;
}

/** Expects a refusal, by which nothing has changed. */
async function refused(options: SocketOptions, { code, message, hint }: Seen, call = list): Promise<void> {
  const transport = socket({ timeoutMs: 20_000, ...options });
  const error = await caught(transport.call(call.operation, call.input));
  await transport.close();
  const seen = { code, message: expect.stringMatching(message), hint: expect.stringMatching(hint) };
  expect(error).toMatchObject(seen);
  expect(mayHaveChanged(error)).toBe(false);
}

interface Call {
  readonly operation: Operation;
  readonly input: Operations[Operation]['input'];
}
const list: Call = { operation: 'network.list', input: {} };

const pem = (path: string): Buffer => readFileSync(path);
const ofClient = ({ cert, key }: Certificate): TlsOptions => ({ cert: pem(cert), key: pem(key) });
const trusted = (): TlsOptions => ({ ca: pem(remote.authority.cert) });
const overTls = (tls: TlsOptions, host = 'localhost'): SocketOptions => ({
  uri: `qemu+tls://${host}:${ports.tls}/system`,
  tls,
});
const asClient = (host?: string) => overTls({ ...trusted(), ...ofClient(remote.client) }, host);

describe('over TLS', () => {
  const failed = (message: RegExp): Seen => ({ code: 'CERTIFICATE_FAILED', message, hint: /virt-pki-validate/ });

  it('a client without a certificate is refused', async () => {
    await refused(overTls(trusted()), failed(/does not take the certificate of this client, or gets none/));
  });

  it('a certificate of another authority is refused', async () => {
    const options = overTls({ ...trusted(), ...ofClient(stranger.issue('client')) });
    await refused(options, failed(/does not take the certificate of this client/));
  });

  it('a certificate that has expired is refused', async () => {
    const options = overTls({ ...trusted(), ...ofClient(remote.authority.issue('old', { days: -1 })) });
    await refused(options, failed(/does not take the certificate of this client/));
  });

  it('a file without a certificate is refused', async () => {
    const empty = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n';
    await refused(
      overTls({ ...trusted(), cert: empty, key: empty }),
      failed(/certificates of this client cannot be read: \S/),
    );
  });

  it('a daemon whose certificate comes from another authority is refused', async () => {
    const options = overTls({ ca: pem(stranger.cert), ...ofClient(remote.client) });
    await refused(options, failed(/unable to verify the first certificate/));
  });

  it('a daemon whose certificate is for another name is refused', async () => {
    await refused(asClient('127.0.0.1'), failed(/does not match certificate's altnames/));
    const options = asClient();
    await refused({ ...options, tls: { ...options.tls, serverName: 'kvm1' } }, failed(/kvm1\. is not in the cert's/));
  });

  it('a daemon whose certificate has expired is refused', async () => {
    remote.useCertificate(remote.authority.issue('server', { names: ['DNS:localhost'], days: -1 }));
    await refused(asClient(), failed(/certificate has expired/));
    remote.useCertificate(remote.authority.issue('server', { names: ['DNS:localhost'] }));
  });
});

describe('an account', () => {
  const account: Seen = { code: 'LOGIN_FAILED', message: /authentication failed/, hint: /saslpasswd2/ };

  describe.each(['scram-sha-256', 'plain'])('with the mechanism %s', (mechanism) => {
    beforeAll(() => remote.askForAccount(mechanism));
    it('is missing', async () => {
      await refused(asClient(), { ...account, message: /asks for a user and a password/ });
    });
    it('has another password', async () => {
      await refused({ ...asClient(), sasl: { ...ACCOUNT, password: 'another one' } }, account);
    });
    it('does not exist', async () => {
      await refused({ ...asClient(), sasl: { ...ACCOUNT, user: 'mallory' } }, account);
    });
  });

  it('cannot log in by a mechanism that only virsh speaks', async () => {
    remote.askForAccount('digest-md5');
    const seen: Seen = { code: 'UNSUPPORTED', message: /offers DIGEST-MD5, of which/, hint: /use virsh\(\)/ };
    await refused({ ...asClient(), sasl: ACCOUNT }, seen);
    remote.askForNothing();
  });
});

describe('over ssh', () => {
  const failed = (message: RegExp): Seen => ({ code: 'SSH_FAILED', message, hint: /try the same host with ssh alone/ });

  it('an unknown host key is refused', async () => {
    ssh.forget();
    await refused({ uri: ssh.uri() }, failed(/Host key verification failed/));
    ssh.know();
  });

  it('an unknown key of the user is refused', async () => {
    await refused({ uri: ssh.uri({ keyfile: ssh.strangeKey }) }, failed(/Permission denied/));
  });

  it('a host without the socket says so', async () => {
    const uri = ssh.uri({ proxy: 'netcat', socket: '/nowhere/libvirt-sock' });
    await refused({ uri }, { code: 'SOCKET_MISSING', message: /nowhere/, hint: /start the daemon/ });
  });

  it('a missing ssh is reported', async () => {
    const missing: Seen = {
      code: 'TOOL_MISSING',
      message: /the program \*{3} cannot be started/,
      hint: /openssh-client/,
    };
    await refused({ uri: ssh.uri({ command: 'nossh' }) }, missing);
    await refused({ uri: ssh.uri({ command: '/nowhere/nossh' }) }, missing);
  });
});

describe('on the host', () => {
  const path = () => join(daemon.dir, 'run/libvirt-sock');

  it('a missing socket is reported', async () => {
    const seen: Seen = { code: 'SOCKET_MISSING', message: /No such file or directory/, hint: /start the daemon/ };
    await refused({ path: '/nowhere/libvirt-sock' }, seen);
  });

  it('a user who may not use the socket is refused', () => {
    chmodSync(daemon.dir, 0o755);
    const options = JSON.stringify({ path: path() });
    const program = programOf('test/support/refused-process.ts');
    const nobody = { user: 65_534 };
    expect(JSON.parse(outputOf(process.execPath, [program, options], nobody))).toEqual({
      code: 'ACCESS_DENIED',
      hint: expect.stringContaining('join the group libvirt'),
    });
  });

  it('a socket that is closed to a user is passed over for one that is open, and named where there is none', () => {
    const runtime = join(daemon.dir, 'runtime');
    mkdirSync(join(runtime, 'libvirt'), { recursive: true });
    const place = (name: string) => join(runtime, `libvirt/${name}-sock`);
    const listed = (): string => {
      const program = programOf('test/support/refused-process.ts');
      const env = { ...process.env, XDG_RUNTIME_DIR: runtime };
      return outputOf(process.execPath, [program, '{"uri":"network:///session?name=network:///system"}'], {
        user: 65_534,
        env,
      });
    };
    chmodSync(daemon.dir, 0o755);
    chmodSync(join(daemon.dir, 'run'), 0o755);
    symlinkSync(path(), place('virtnetworkd'));
    expect(JSON.parse(listed())).toMatchObject({ code: 'ACCESS_DENIED' });
    symlinkSync(`${path()}-ro`, place('libvirt'));
    expect(listed()).toBe('');
  });

  it('a driver that the daemon does not have is reported', async () => {
    const seen: Seen = {
      code: 'CONNECTION_FAILED',
      message: /no connection driver available for xen/,
      hint: /the URI/,
    };
    await refused({ uri: 'xen:///system', path: path() }, seen);
  });

  it('a change over a connection that only reads is refused', async () => {
    const seen: Seen = { code: 'READ_ONLY', message: /read only access prevents/, hint: /without the read-only/ };
    const define: Call = { operation: 'network.define', input: { xml: '<network><name>refused</name></network>' } };
    for (const socketPath of [path(), `${path()}-ro`])
      await refused({ uri: 'network:///system', path: socketPath, readOnly: true }, seen, define);
  });

  it('a port where nobody listens is reported', async () => {
    const seen: Seen = { code: 'CONNECTION_FAILED', message: /127\.0\.0\.1:1'.*ECONNREFUSED/, hint: /daemon runs/ };
    await refused({ uri: 'qemu+tcp://127.0.0.1:1/system' }, seen);
    await refused({ uri: 'qemu+tls://127.0.0.1:1/system', tls: trusted() }, seen);
  });
});
