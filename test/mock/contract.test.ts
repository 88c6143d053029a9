import { describe, it } from 'vitest';
import { mockTransport, transportContract } from '../../src/testing/index.js';

for (const libvirt of ['9.0.0', '11.3.0']) {
  describe(`the mock of libvirt ${libvirt} keeps the contract`, () => {
    for (const { name, run } of transportContract(() => mockTransport({ libvirt }))) it(name, run);
  });
}
