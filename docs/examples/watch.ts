// What is printed does not depend on how fast the machine is.
import { BridgedNetwork, connect, watchNetworks } from 'libvirt-network';
import { mockTransport } from 'libvirt-network/testing';

await using host = connect(mockTransport({ networks: [BridgedNetwork.create({ name: 'lan', bridge: 'br0' })] }));
const net = await host.networks.get('lan');

// #region watch
const watching = new AbortController();
for await (const { cause, changed, gone } of watchNetworks(host, { signal: watching.signal })) {
  for (const { state } of changed) console.log(state.name, state.active ? 'runs' : 'is stopped');
  for (const { name } of gone) console.log(name, 'no longer exists');
  if (cause === 'first') await net.start();
  else break;
}
// #endregion
