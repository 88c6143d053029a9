// #region contract
import { mockTransport, transportContract } from 'libvirt-network/testing';

for (const { name, run } of transportContract(() => mockTransport())) {
  await run();
  console.log('passed:', name);
}
// #endregion
