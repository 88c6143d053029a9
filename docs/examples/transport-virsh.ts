// #region virsh
import { connect } from 'libvirt-network';
import { virsh } from 'libvirt-network/virsh';

await using host = connect(virsh({ uri: 'test:///default', timeoutMs: 30_000 }));

for (const { name, active } of await host.networks.states()) console.log(name, active ? 'runs' : 'is stopped');
// #endregion
