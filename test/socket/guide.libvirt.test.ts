import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { socket } from '../../src/socket/index.js';
import { startDaemon } from '../lab/index.js';
import { RemoteAccess } from '../lab/remote/remote.js';
import { needs } from '../support/needs.js';
import { runOrThrow } from '../support/run.js';

needs('daemon 9.0', 'remote access');

const guide = readFileSync(new URL('../../docs/transports.md', import.meta.url), 'utf8');
const commands = /<!-- commands: certificates -->\n```sh\n([^`]*)```/.exec(guide)?.[1] ?? '';

it('the commands of the guide make the certificates of a daemon and of a client, which libvirt accepts', async (test) => {
  const daemon = startDaemon('9.0');
  test.onTestFinished(() => daemon.stop());
  const remote = RemoteAccess.open(daemon);
  test.onTestFinished(() => remote.close());
  const folder = join(remote.folder, 'guide');
  mkdirSync(folder);
  runOrThrow('sh', ['-euc', commands], { cwd: folder, env: { ...process.env, HOST: 'localhost' } });
  const files = { 'cacert.pem': 'ca.pem', 'servercert.pem': 'server.pem', 'serverkey.pem': 'server.key' };
  for (const [made, used] of Object.entries(files))
    runOrThrow('cp', [join(folder, made), join(daemon.dir, 'etc/pki', used)]);
  // The daemon looks closely at its own certificate before it starts.
  daemon.configure({ tls_no_sanity_certificate: '0' });
  const port = await remote.portTo('tls');
  const transport = socket({ uri: `qemu+tls://localhost:${port}/system?pkipath=${folder}`, timeoutMs: 20_000 });
  test.onTestFinished(() => transport.close());
  expect(await transport.call('network.list', {})).toEqual([]);
});
