import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BridgedNetwork, connect, type NetworksView, watchNetworks } from '../../src/index.js';
import { socket } from '../../src/socket/index.js';
import { virsh } from '../../src/virsh/index.js';
import { startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';

needs('daemon 11.3', 'virsh');

const namesIn = (states: readonly { readonly name: string }[]): readonly string[] => states.map(({ name }) => name);

it('a daemon that is not there yet, and that restarts, is watched with virsh and over its socket', async (test) => {
  const daemon = startDaemon('11.3');
  test.onTestFinished(() => daemon.stop());
  daemon.killLibvirt();
  const ways = [
    virsh({ uri: daemon.uri, path: daemon.virsh }),
    socket({ uri: 'network:///system', path: join(daemon.dir, 'run/libvirt-sock') }),
  ];
  const hosts = ways.map(connect);
  const signal = AbortSignal.timeout(60_000);
  const watches = hosts.map((host) => watchNetworks(host, { signal })[Symbol.asyncIterator]());
  test.onTestFinished(async () => void (await Promise.all(hosts.map((host) => host.close()))));
  /** The next view of each that fits: a gap of the start may come before. */
  const next = (fits: (view: NetworksView) => boolean) =>
    Promise.all(
      watches.map(async (views): Promise<NetworksView> => {
        for (;;) {
          const { value, done } = await views.next();
          if (done === true || fits(value)) return value;
        }
      }),
    );

  const first = next(() => true);
  daemon.startLibvirt();
  for (const view of await first) expect(view).toMatchObject({ cause: 'first', networks: [], changed: [] });

  const defined = next(({ changed }) => changed.length > 0);
  await hosts[0]?.networks.define(BridgedNetwork.create({ name: 'lan', bridge: 'br0' }));
  for (const { changed } of await defined) expect(namesIn(changed.map(({ state }) => state))).toEqual(['lan']);

  const missed = next(({ gone }) => gone.length > 0);
  daemon.killLibvirt();
  // No event tells of this: the daemon finds another file when it starts.
  daemon.inside('cd /etc/libvirt/qemu/networks && sed "s/>lan</>other</; /<uuid>/d" lan.xml >other.xml && rm lan.xml');
  daemon.startLibvirt();
  for (const { cause, networks, changed, gone } of await missed) {
    const found = [networks, changed].map((all) => namesIn(all.map(({ state }) => state)));
    expect({ cause, found, gone: namesIn(gone) }).toEqual({
      cause: 'gap',
      found: [['other'], ['other']],
      gone: ['lan'],
    });
  }
}, 90_000);
