import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OvsdbTls, ovsdb } from '../../src/ovn/index.js';
import { OvsdbServers } from '../lab/index.js';
import { Authority } from '../lab/remote/certificates.js';
import type { Relay } from '../lab/remote/relay.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';

needs('Open vSwitch and OVN', 'remote access');

describe('an OVSDB server is reached', () => {
  const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-ovsdb-'));
  let servers: OvsdbServers;
  let tls: OvsdbTls;
  let relays: readonly Relay[] = [];
  let authority: Authority;
  beforeAll(async () => {
    authority = new Authority(folder, 'authority');
    const [server, client] = [authority.issue('server', { names: ['DNS:northbound.test'] }), authority.issue('client')];
    tls = { ca: readFileSync(authority.cert), cert: readFileSync(client.cert), key: readFileSync(client.key) };
    servers = OvsdbServers.start();
    for (const [name, file] of Object.entries({ ...server, ca: authority.cert }))
      servers.write(`/run/${name}.pem`, readFileSync(file, 'utf8'));
    servers.kill(1);
    const files = '--private-key=/run/key.pem --certificate=/run/cert.pem --ca-cert=/run/ca.pem';
    servers.begin(1, `--remote=ptcp:6641:127.0.0.1 --remote=pssl:6642:127.0.0.1 ${files}`);
    relays = [await servers.relayTo(6641), await servers.relayTo(6642)];
  });
  afterAll(() => {
    for (const relay of relays) relay.close();
    servers.stop();
    rmSync(folder, { recursive: true });
  });

  const plain = () => `tcp:127.0.0.1:${relays[0]?.port}`;
  const secure = () => `ssl:127.0.0.1:${relays[1]?.port}`;
  const switches = async (endpoints: string | readonly string[], certificates?: OvsdbTls) => {
    await using client = ovsdb({ endpoints, tls: certificates, timeoutMs: 10_000 });
    return await client.select('Logical_Switch');
  };

  it('over TCP and over TLS, where certificates have no name of a host', async () => {
    expect(await switches(plain())).toEqual([]);
    expect(await switches(secure(), tls)).toEqual([]);
    expect(await switches([plain(), secure()], tls)).toEqual([]);
  });

  it('over TLS under the name that its certificate has, and under no other', async () => {
    expect(await switches(secure(), { ...tls, serverName: 'northbound.test' })).toEqual([]);
    const error = await caught(switches(secure(), { ...tls, serverName: 'another.test' }));
    expect(error).toMatchObject({ code: 'CERTIFICATE_FAILED' });
  });

  it('only with certificates that both sides accept', async () => {
    const other = new Authority(folder, 'other');
    const stranger = other.issue('stranger');
    const strange = { cert: readFileSync(stranger.cert), key: readFileSync(stranger.key) };
    for (const wrong of [{ ca: tls.ca }, { ...tls, ...strange }, { ...tls, ca: readFileSync(other.cert) }])
      expect(await caught(switches(secure(), wrong))).toMatchObject({ code: 'CERTIFICATE_FAILED' });
  });

  it('by the first endpoint that answers; an error names all of them', async () => {
    expect(await switches(['unix:/nowhere', 'tcp:127.0.0.1:1', plain()])).toEqual([]);
    const error = await caught(switches(['unix:/nowhere', 'tcp:127.0.0.1:1']));
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED', mayHaveChanged: false });
    expect(String(error)).toMatch(/unix:\/nowhere: .*ENOENT.*; tcp:127\.0\.0\.1:1: .*ECONNREFUSED/);
    expect(await caught(switches('unix:/nowhere'))).toMatchObject({ code: 'SOCKET_MISSING' });
  });

  it('with TLS where it speaks it, and not where it does not', async () => {
    const swapped = (endpoint: string) => endpoint.replace(/^ssl|^tcp/, (by) => (by === 'ssl' ? 'tcp' : 'ssl'));
    expect(await caught(switches(swapped(secure())))).toMatchObject({ code: 'CONNECTION_FAILED' });
    expect(await caught(switches(swapped(plain()), tls))).toMatchObject({
      code: expect.stringMatching(/_FAILED|TIMEOUT/),
    });
  });
});
