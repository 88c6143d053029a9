import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IsolatedNetwork } from '../../src/index.js';
import { type Ovn as Cloud, ovn } from '../../src/ovn/index.js';
import { lab, type Ovn } from '../lab/index.js';
import type { OvnHost } from '../lab/ovn/ovn.js';
import { needs } from '../support/needs.js';

needs('Open vSwitch and OVN', 'python3');

const FOLDER = '/run/ovn-lab/pki';
const HOSTS = ['h1', 'h2'] as const satisfies readonly OvnHost[];
const NETWORK = IsolatedNetwork.create('quiet').subnet('172.30.0.1/24', (s) => s.dhcp('172.30.0.11', '172.30.0.20'));

/** The files that `set-ssl` wants. */
const filesOf = (name: string): readonly [key: string, certificate: string, ca: string] => [
  `${FOLDER}/${name}-privkey.pem`,
  `${FOLDER}/${name}-cert.pem`,
  `${FOLDER}/switchca/cacert.pem`,
];

describe('OVN over TLS, set up by the commands of the guide', () => {
  let hosts: Ovn;
  let cloud: Cloud;

  async function run(host: OvnHost, file: string, ...args: string[]): Promise<string> {
    const { exec } = hosts.runner(host);
    const { exitCode, stdout, stderr } = await exec({ file, args, env: {}, signal: AbortSignal.timeout(60_000) });
    if (exitCode !== 0) throw new Error(`${file} ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  }

  /** Runs `ovs-pki`, whose small tools the lab has from busybox. */
  const pki = (words: string): Promise<string> =>
    run(
      'h1',
      'sh',
      '-ec',
      `cd ${FOLDER}
      PATH=$PATH:${FOLDER}.tools ovs-pki --force --dir=${FOLDER} --log=${FOLDER}.log ${words}`,
    );

  beforeAll(async () => {
    hosts = lab.ovn({ hosts: 2 });
    cloud = ovn({ northbound: hosts.northbound });
    await run('h1', 'sh', '-ec', `mkdir ${FOLDER}.tools ${FOLDER}; busybox --install -s ${FOLDER}.tools`);
    await pki('init');
    for (const name of ['northbound', 'southbound', ...HOSTS]) await pki(`-u req+sign ${name} switch`);
    hosts.nbctl('set-ssl', ...filesOf('northbound'));
    hosts.nbctl('set-connection', 'pssl:6643');
    await run('h1', 'ovn-sbctl', 'set-ssl', ...filesOf('southbound'));
    await run('h1', 'ovn-sbctl', 'set-connection', 'pssl:6644');
    for (const host of HOSTS) {
      hosts.vsctl(host, 'set-ssl', ...filesOf(host));
      hosts.vsctl(host, 'set', 'open', '.', 'external-ids:ovn-remote=ssl:10.99.0.1:6644');
    }
    // Nothing may go by the way without TLS.
    for (const [name, port] of [
      ['nb', 6641],
      ['sb', 6642],
    ] as const)
      await run(
        'h1',
        'ovs-appctl',
        '-t',
        `/run/ovn-lab/h1/ovn${name}.ctl`,
        'ovsdb-server/remove-remote',
        `ptcp:${port}:10.99.0.1`,
      );
  }, 120_000);
  afterAll(async () => {
    await cloud.close();
    hosts.stop();
  });

  it('connects the hosts, whose guests get leases and reach each other', async () => {
    await cloud.networks.ensure(NETWORK);
    const guests = [];
    for (const [i, host] of HOSTS.entries()) {
      const mac = `52:54:00:00:00:0${i + 1}`;
      const { id: port } = await cloud.networks.port('quiet', { mac });
      guests.push(hosts.guest(`g${i}`, { host, port, mac }));
    }
    hosts.sync();
    expect(guests.map((guest) => guest.lease())).toEqual([
      '172.30.0.11/24 from 172.30.0.1',
      '172.30.0.12/24 from 172.30.0.1',
    ]);
    const [answer] = (await guests[0]?.probes(['ping 172.30.0.12'])) ?? [];
    expect(answer?.ok).toBe(true);
    for (const host of HOSTS) expect(await run(host, 'ovn-appctl', 'connection-status')).toBe('connected');
  });

  it('serves clients that have a certificate of the same authority, and no others', async () => {
    const [key, cert, ca] = filesOf('h2');
    const show = (...words: string[]) =>
      run('h2', 'ovn-nbctl', '--timeout=5', '--db=ssl:10.99.0.1:6643', ...words, 'ls-list');
    expect(await show('-p', key, '-c', cert, '-C', ca)).toContain('(quiet)');
    await pki('-u req+sign stranger controller');
    const [strange, stranger] = filesOf('stranger');
    await expect(show('-p', strange, '-c', stranger, '-C', ca)).rejects.toThrow('ovn-nbctl');
  });
});
