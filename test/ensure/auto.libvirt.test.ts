import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, Network } from '../../src/index.js';
import { virsh } from '../../src/virsh/index.js';
import { type Daemon, RELEASES, startDaemon } from '../lab/index.js';
import { assertApart } from '../support/assert-apart.js';
import { needs } from '../support/needs.js';
import { programOf } from '../support/program.js';
import { runs, thinned } from '../support/random.js';
import { start } from '../support/run.js';

needs('daemon of every release');

/** They get in each other's way: twice as many take four times as long. */
const PROCESSES = runs(10, 6);

for (const release of thinned('releases with many processes at once', RELEASES, 3)) {
  describe(`networks.auto on a real daemon, libvirt ${release}`, () => {
    let daemon: Daemon;
    beforeAll(() => {
      daemon = startDaemon(release);
    });
    afterAll(() => daemon.stop());

    const lineOf = async ({ stdout }: ChildProcess): Promise<string> => {
      if (stdout === null) throw new Error('no output');
      const [data] = await once(stdout, 'data');
      return String(data).trim();
    };

    it('processes that begin at once each get a network of their own', { timeout: 300_000 }, async () => {
      const program = programOf('test/support/auto-process.ts');
      const children = Array.from({ length: PROCESSES }, (_, i) =>
        start(process.execPath, [program, daemon.uri, daemon.virsh, `own${i}`], { seconds: 250 }),
      );
      expect(await Promise.all(children.map(lineOf))).toEqual(children.map(() => 'ready'));
      const exits = children.map((child) => once(child, 'exit'));
      const uuids = children.map(lineOf);
      for (const child of children) child.stdin.end('go\n');
      expect(new Set(await Promise.all(uuids)).size).toBe(PROCESSES);
      for (const exit of exits) expect((await exit)[0]).toBe(0);
      const names = daemon
        .ask('net-list', '--all', '--name')
        .split('\n')
        .filter((name) => name !== '');
      expect(names.sort()).toEqual(children.map((_, i) => `own${i}`));
      expect(
        daemon
          .ask('net-list', '--name')
          .split('\n')
          .filter((name) => name !== ''),
      ).toHaveLength(PROCESSES);
      assertApart(names.map((name) => Network.parse(daemon.ask('net-dumpxml', name)).document));
      const { networks } = connect(virsh({ uri: daemon.uri, path: daemon.virsh }));
      expect((await networks.prune('many')).removed).toHaveLength(PROCESSES);
      expect(daemon.ask('net-list', '--all', '--name')).toBe('');
      expect(daemon.inside('ls /sys/class/net')).not.toContain('virbr-');
    });
  });
}
