import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { socket } from '../../src/socket/index.js';
import { CALLS } from '../../src/socket/wire/procedures.js';
import { caught } from '../support/caught.js';
import { body, FakeDaemon } from './fake-daemon.js';

/** Makes the socket of a daemon that has crashed: the file is there, and nobody listens. */
async function deadSocket(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${path}.new`, resolve));
  renameSync(`${path}.new`, path); // Node.js removes the file that it made
  await new Promise((resolve) => server.close(resolve));
}

describe('the sockets of a session, where more than one is there', () => {
  let folder: string;
  let daemon: FakeDaemon;
  beforeEach(async () => {
    const runtime = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
    vi.stubEnv('XDG_RUNTIME_DIR', runtime);
    folder = join(runtime, 'libvirt');
    mkdirSync(folder);
    daemon = await FakeDaemon.start(() => body(CALLS.CONNECT_LIST_ALL_NETWORKS, { nets: [], ret: 0 }));
  });
  afterEach(async () => {
    await daemon.stop();
    rmSync(join(folder, '..'), { recursive: true });
    vi.unstubAllEnvs();
  });

  const at = (name: string): string => join(folder, `${name}-sock`);
  async function listed(): Promise<unknown> {
    const transport = socket({ uri: 'qemu:///session', timeoutMs: 5000 });
    const answer = await caught(transport.call('network.list', {}));
    await transport.close();
    return answer;
  }

  const DEAD: Readonly<Record<string, (path: string) => unknown>> = {
    'of a crashed daemon': deadSocket,
    'that is a plain file': (path) => writeFileSync(path, ''),
    'that is a link into nowhere': (path) => symlinkSync('/nowhere/sock', path),
    'that is a loop of links': (path) => symlinkSync(path, path),
  };
  it.each(Object.entries(DEAD))('one %s is passed over for the one of libvirtd', async (_, make) => {
    for (const name of ['virtnetworkd', 'virtqemud']) await make(at(name));
    symlinkSync(daemon.path, at('libvirt'));
    expect(await listed()).toBeUndefined();
    expect(daemon.connections).toBe(1);
  });

  it('the first that answers is taken', async () => {
    symlinkSync(daemon.path, at('virtnetworkd'));
    await deadSocket(at('libvirt'));
    expect(await listed()).toBeUndefined();
  });

  it('the error names each with its reason where none answers', async () => {
    await deadSocket(at('virtnetworkd'));
    expect(await listed()).toMatchObject({
      code: 'CONNECTION_FAILED',
      hint: expect.stringContaining('check that the daemon runs'),
      message: expect.stringContaining(
        `'${at('virtnetworkd')}': Connection refused, to '${at('virtqemud')}': No such file or directory, to '${at('libvirt')}': No such file or directory`,
      ),
    });
    rmSync(at('virtnetworkd'));
    expect(await listed()).toMatchObject({ code: 'SOCKET_MISSING', hint: expect.stringContaining('start the daemon') });
  });
});
