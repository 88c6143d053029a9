import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transportContract } from '../../src/testing/index.js';
import { virsh } from '../../src/virsh/index.js';
import { type Daemon, RELEASES, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';

needs('daemon of every release');

for (const release of RELEASES) {
  describe(`virsh on a real daemon of libvirt ${release} keeps the contract`, () => {
    let daemon: Daemon;
    beforeAll(() => {
      daemon = startDaemon(release);
    });
    afterAll(() => daemon.stop());
    for (const { name, run } of transportContract(() => virsh({ uri: daemon.uri, path: daemon.virsh }))) {
      it(name, async () => {
        await run();
        expect(daemon.ask('net-list', '--all', '--name')).toBe('');
      });
    }
  });
}
