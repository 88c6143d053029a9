// #region host
import { BridgedNetwork, connect, LibvirtError } from 'libvirt-network';
import { virsh } from 'libvirt-network/virsh';

const host = connect(virsh({ uri: process.env['LIBVIRT_URI'] ?? 'test:///default' }));
try {
  for (const { name, active } of await host.networks.states()) console.log(name, active);
  const net = await host.networks.get('lab');
  await net.start();
} catch (error) {
  if (!LibvirtError.is(error) || error.code !== 'NETWORK_NOT_FOUND') throw error;
  console.log('define it first:', BridgedNetwork.create({ name: 'lab', bridge: 'br0' }).toXml());
} finally {
  await host.close();
}
// #endregion
