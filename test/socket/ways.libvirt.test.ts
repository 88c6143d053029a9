import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SocketOptions, socket } from '../../src/socket/index.js';
import { type ContractCase, transportContract } from '../../src/testing/index.js';
import { type Daemon, RELEASES, startDaemon } from '../lab/index.js';
import { ACCOUNT, RemoteAccess, type Ssh } from '../lab/remote/remote.js';
import { needs } from '../support/needs.js';
import { programOf } from '../support/program.js';
import { runs, seed } from '../support/random.js';
import { outputOf } from '../support/run.js';

needs('daemon of every release', 'remote access');

/** The newest release alone, with all of them under SOAK=1. */
const releases = RELEASES.slice(-runs(RELEASES.length, 1));
/** One of how many cases of the contract each way runs; together the ways run all. */
const EVERY = runs(1, 6);

describe.each(releases)('the contract is kept by a daemon of libvirt %s', (release) => {
  let daemon: Daemon;
  let remote: RemoteAccess;
  let ssh: Ssh;
  let ports: { readonly tcp: number; readonly tls: number };
  beforeAll(async () => {
    daemon = startDaemon(release);
    remote = RemoteAccess.open(daemon);
    ssh = remote.startSsh();
    ports = { tcp: await remote.portTo('tcp'), tls: await remote.portTo('tls') };
  });
  afterAll(() => {
    remote.close();
    daemon.stop();
  });

  const overTls = (): SocketOptions => ({
    uri: `qemu+tls://localhost:${ports.tls}/system`,
    tls: {
      ca: readFileSync(remote.authority.cert),
      cert: readFileSync(remote.client.cert),
      key: readFileSync(remote.client.key),
    },
  });

  const ways: Readonly<Record<string, () => SocketOptions>> = {
    'over TCP': () => ({ uri: `qemu+tcp://localhost:${ports.tcp}/system` }),
    'over TLS with certificates': overTls,
    'through virt-ssh-helper': () => ({
      uri: 'network:///system',
      command: [...daemon.enter, 'virt-ssh-helper', 'network:///system'],
    }),
    'through netcat': () => ({
      uri: 'network:///system',
      command: ['nc', '-U', join(daemon.dir, 'run/libvirt-sock')],
    }),
    'over ssh': () => ({ uri: ssh.uri() }),
    'over ssh with netcat': () => ({ uri: ssh.uri({ proxy: 'netcat' }) }),
  };
  describe.each(Object.entries(ways))('%s:', (way, options) => {
    const cases = transportContract(() => socket(options()));
    for (const { name, run } of share(cases, Object.keys(ways).indexOf(way))) it(name, run);
  });

  describe.each(['scram-sha-256', 'plain'])('over TLS with an account and the mechanism %s:', (mechanism) => {
    beforeAll(() => remote.askForAccount(mechanism));
    const cases = transportContract(() => socket({ ...overTls(), sasl: ACCOUNT }));
    for (const { name, run } of share(cases, mechanism.length)) it(name, run);
  });

  it('and by the daemon of networks alone, at the socket that it has where each driver has a daemon of its own', () => {
    const sockets = 'cd /run/libvirt; mv';
    daemon.inside(`${sockets} libvirt-sock virtnetworkd-sock`);
    const [file, ...words] = daemon.enter;
    const program = programOf('test/support/contract-process.ts');
    const failed = outputOf(file, [...words, process.execPath, program, 'qemu:///system', `${EVERY}`]);
    daemon.inside(`${sockets} virtnetworkd-sock libvirt-sock`);
    expect(failed).toBe('');
  });

  it('leaves nothing', () => {
    expect(daemon.ask('net-list', '--all', '--name')).toBe('');
  });
});

const share = (cases: readonly ContractCase[], way: number): readonly ContractCase[] =>
  cases.filter((_, i) => i % EVERY === (seed + way) % EVERY);
