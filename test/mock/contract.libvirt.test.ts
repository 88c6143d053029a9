import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transportContract } from '../../src/testing/index.js';
import { virsh } from '../../src/virsh/index.js';
import { needs } from '../support/needs.js';
import { RELEASES, type Sandbox, startSandbox } from '../support/sandbox.js';

needs('daemon of every release');

for (const release of RELEASES) {
  describe(`virsh on a real daemon of libvirt ${release} keeps the contract`, () => {
    let sandbox: Sandbox;
    beforeAll(() => {
      sandbox = startSandbox(release);
    });
    afterAll(() => sandbox.stop());
    for (const { name, run } of transportContract(() => virsh({ uri: sandbox.uri, path: sandbox.virsh }))) {
      it(name, async () => {
        await run();
        expect(sandbox.ask('net-list', '--all', '--name')).toBe('');
      });
    }
  });
}
