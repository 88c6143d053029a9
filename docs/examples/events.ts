// What is printed does not depend on how fast the machine is.
import { BridgedNetwork, connect } from 'libvirt-network';
import { mockTransport } from 'libvirt-network/testing';

await using host = connect(mockTransport());
const net = await host.networks.define(BridgedNetwork.create({ name: 'lan', bridge: 'br0' }));

// #region events
const listening = new AbortController();
const events = host.networks.events({
  reconnect: true,
  // Nothing is missed from here on.
  onListening: () => net.start().then(() => net.destroy()),
  signal: listening.signal,
});
for await (const { type, network } of events) {
  if (type === 'gap') console.log('something was missed:', await host.networks.states());
  else console.log(network, type);
  if (type === 'stopped') break;
}
// #endregion
