import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BridgedNetwork, connect, type NetworkEvent } from '../../src/index.js';
import { type VirshOptions, virsh } from '../../src/virsh/index.js';
import { type Daemon, RELEASES, startDaemon } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { runs } from '../support/random.js';
import { define, dump, LeakCheck, network } from './leak-check.js';

needs('daemon of every release');

const check = LeakCheck.install();

for (const release of RELEASES) {
  describe(`a daemon that fails leaves nothing behind, libvirt ${release}`, () => {
    let daemon: Daemon;
    let options: VirshOptions;
    beforeAll(() => {
      check.restore();
      daemon = startDaemon(release);
      options = { uri: daemon.uri, path: daemon.virsh };
    });
    afterAll(() => daemon.stop());

    /**
     * Lets the daemon stand still while something is done. A child that it has just forked goes on: it holds the daemon's
     * sockets until it runs its program, and virsh would wait for it when the daemon is gone.
     */
    async function frozen<T>(work: () => Promise<T>): Promise<T> {
      daemon.inside('kill -STOP $(pgrep -o -x libvirtd)');
      try {
        return await work();
      } finally {
        daemon.inside('kill -CONT $(pidof libvirtd) || true'); // it may be gone
      }
    }

    it('when it does not answer', async () => {
      await frozen(async () => {
        expect(await dump(virsh(options), 500)).toMatchObject({ code: 'TIMEOUT', mayHaveChanged: false });
        expect(await define(virsh(options), 500)).toMatchObject({ code: 'TIMEOUT', mayHaveChanged: true });
      });
    });

    it('when virsh is killed while it waits for the answer', async () => {
      await frozen(async () => {
        const call = define(virsh(options));
        process.kill(await check.running('net-define'), 'SIGKILL');
        expect(await call).toMatchObject({ code: 'UNEXPECTED_REPLY', mayHaveChanged: true });
      });
    });

    it('when it is gone between two calls and comes back', async () => {
      const transport = virsh(options);
      await transport.call('network.list', {});
      daemon.killLibvirt();
      expect(await define(transport)).toMatchObject({ code: 'CONNECTION_FAILED', mayHaveChanged: false });
      daemon.startLibvirt();
      expect(await define(transport)).toBeUndefined();
      daemon.killLibvirt();
      daemon.startLibvirt();
      await transport.call('network.undefine', { network });
    });

    it('when it is gone in the middle of a call', async () => {
      const transport = virsh(options);
      const error = await frozen(async () => {
        const call = define(transport);
        await check.running('net-define');
        daemon.killLibvirt();
        return call;
      });
      expect(error).toMatchObject({ code: 'CONNECTION_FAILED' });
      daemon.startLibvirt();
      if ((await transport.call('network.list', {})).length > 0) await transport.call('network.undefine', { network });
    });

    it('when it is gone while it tells events: the stream throws', async () => {
      const reading = async () => {
        const onListening = () => daemon.killLibvirt();
        for await (const _ of virsh(options).events({ onListening }));
      };
      expect(await caught(reading())).toMatchObject({ code: 'CONNECTION_FAILED' });
      daemon.startLibvirt();
    });

    it('when it is gone while it tells events: the stream goes on behind a gap', async () => {
      await using host = connect(virsh(options));
      const seen: NetworkEvent['type'][] = [];
      let times = 0;
      const onListening = () => {
        if (times++ === 0) {
          daemon.killLibvirt();
          daemon.startLibvirt();
        } else void host.networks.define(BridgedNetwork.create({ name: network, bridge: 'br0' }));
      };
      for await (const { type } of host.networks.events({ reconnect: true, onListening })) {
        seen.push(type);
        if (type === 'defined') break;
      }
      expect(seen).toEqual(['gap', 'defined']);
      await (await host.networks.get(network)).undefine();
    });

    it('when the disk for temporary files is full', async () => {
      const full = join(daemon.dir, 'full');
      daemon.inside(`mkdir -p ${full}; mount -t tmpfs -o size=4k tmpfs ${full}; head -c 4096 /dev/zero > ${full}/file`);
      // The disk is the daemon's alone; this way leads into its mounts.
      process.env['TMPDIR'] = `/proc/${daemon.pid}/root${full}`;
      const error = await define(virsh(options));
      expect(error).toMatchObject({ code: 'TEMP_FILE_FAILED', mayHaveChanged: false });
      expect(String(error)).toContain('ENOSPC');
      expect(daemon.inside(`ls ${full}`)).toBe('file');
      daemon.inside(`umount ${full}; rmdir ${full}`);
      expect(await virsh(options).call('network.list', {})).toEqual([]);
    });

    it('many definitions at once are all there', async () => {
      const transport = virsh(options);
      const names = Array.from({ length: runs(200, 24) }, (_, i) => `parallel-${i}`);
      const xml = (name: string) => BridgedNetwork.create({ name, bridge: 'br0' }).toXml();
      await Promise.all(names.map((name) => transport.call('network.define', { xml: xml(name), name })));
      expect(daemon.ask('net-list', '--all', '--name').split('\n').sort()).toEqual([...names].sort());
      await Promise.all(names.map((name) => transport.call('network.undefine', { network: name })));
      expect(daemon.ask('net-list', '--all', '--name')).toBe('');
    });
  });
}
