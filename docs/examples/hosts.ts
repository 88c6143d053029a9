// #region imports
import { connect, LibvirtError, mayHaveChanged, NatNetwork, xmlMetadata } from 'libvirt-network';
import { mockTransport } from 'libvirt-network/testing';

const transport = mockTransport(); // for a real daemon: socket({ uri: 'qemu:///system' })
// #endregion

// #region life
const lab = NatNetwork.create('lab').subnet('192.168.50.1/24', (s) => s.dhcp('192.168.50.100', '192.168.50.199'));

await using host = connect(transport);
const net = await host.networks.define(lab); // keeps uuid, MAC address and bridge of an older "lab"
await net.start();
await net.setAutostart(true);
console.log(await net.info());
// #endregion

// #region update
await net.update('ip-dhcp-host', 'add-last', { mac: '52:54:00:00:00:02', name: 'web', ip: '192.168.50.3' });
await net.update('dns-host', 'add-last', { ip: '192.168.50.3', hostnames: ['web', 'www'] });
await net.update('ip-dhcp-host', 'delete', { name: 'web' }); // the whole entry is looked up first
// #endregion

transport.addLease('lab', {
  mac: '52:54:00:00:00:07',
  family: 'ipv4',
  address: '192.168.50.107',
  prefix: 24,
  hostname: 'db',
});
// #region lease
const { address } = await net.waitForLease({ mac: '52:54:00:00:00:07' }, { timeoutMs: 30_000 });
console.log('ssh', address);
// #endregion

// #region metadata
const owner = xmlMetadata('https://example.com/owner', 'owner');
await net.setMetadata(owner, { type: 'element', name: 'team', attributes: { name: 'storage' }, children: [] });
console.log((await net.getMetadata(owner))?.attributes['name']);
// #endregion

// #region errors
try {
  await net.start({ timeoutMs: 30_000 });
} catch (error) {
  if (!LibvirtError.is(error)) throw error;
  if (error.code !== 'NETWORK_ACTIVE') console.error(error.message, error.hint);
  if (mayHaveChanged(error)) console.error('look before trying again:', await net.info());
}
// #endregion
