// #region mock
import { connect, type Host, LibvirtError, NatNetwork, OperationError } from 'libvirt-network';
import { mockTransport } from 'libvirt-network/testing';

/** The program under test: starts a network, and says what is in the way. */
async function bringUp(host: Host, name: string): Promise<string> {
  try {
    await (await host.networks.get(name)).start();
    return 'up';
  } catch (error) {
    if (LibvirtError.is(error) && error.code === 'NETWORK_ACTIVE') return 'up already';
    if (LibvirtError.is(error)) return error.hint ?? error.message;
    throw error;
  }
}

const lab = NatNetwork.create('lab').subnet('10.0.0.1/24');
const mock = mockTransport({ networks: [lab], libvirt: '9.0.0' });
const host = connect(mock);

mock.once('network.start', { error: new OperationError('SUBNET_IN_USE', 'in use', { hint: 'pick another subnet' }) });
console.log(await bringUp(host, 'lab')); // pick another subnet
console.log(await bringUp(host, 'lab')); // up
console.log(await bringUp(host, 'lab')); // up already
console.log(mock.calls.length, 'calls');
// #endregion
