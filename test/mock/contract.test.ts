import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mockTransport, transportContract } from '../../src/testing/index.js';
import { virsh } from '../../src/virsh/index.js';
import { hasSandbox, RELEASES, type Sandbox, startSandbox } from '../support/sandbox.js';

for (const libvirt of ['9.0.0', '11.3.0']) {
  describe(`the mock of libvirt ${libvirt} keeps the contract`, () => {
    for (const { name, run } of transportContract(() => mockTransport({ libvirt }))) it(name, run);
  });
}

for (const release of RELEASES) {
  describe.runIf(hasSandbox())(`virsh on a real daemon of libvirt ${release} keeps the contract`, () => {
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
