import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { socket } from '../../src/socket/index.js';
import { transportContract } from '../../src/testing/index.js';
import { type Daemon, RELEASES, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';

needs('daemon of every release');

describe.each(RELEASES)("libvirt's protocol, to a real daemon of libvirt %s, keeps the contract", (release) => {
  let daemon: Daemon;
  beforeAll(() => {
    daemon = startDaemon(release);
  });
  afterAll(() => daemon.stop());

  const toDaemon = () => socket({ uri: 'network:///system', path: join(daemon.dir, 'run/libvirt-sock') });
  for (const { name, run } of transportContract(toDaemon)) {
    it(name, async () => {
      await run();
      expect(daemon.ask('net-list', '--all', '--name')).toBe('');
    });
  }
});
