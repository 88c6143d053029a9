console.log('--- network');

// #region network
import { HostBridge, Network } from 'libvirt-network';
import { toSource } from 'libvirt-network/source';

const lab = Network.parse(`<network>
  <name>my-lab</name>
  <forward mode='nat'/>
  <bridge name='virbr10' stp='on'/>
  <ip address='192.168.150.1' prefix='24'>
    <dhcp>
      <range start='192.168.150.100' end='192.168.150.199'/>
      <host mac='52:54:00:00:00:01' name='db' ip='192.168.150.2'/>
    </dhcp>
  </ip>
</network>`);
console.log(toSource(lab));
// #endregion

console.log('--- data');
// #region data
const kept = Network.parse(`<network>
  <name>default</name>
  <forward mode='nat'/>
  <ip address='192.168.122.1' netmask='255.255.255.0'/>
  <newer colour='red'/>
</network>`);
console.log(toSource(kept));
// #endregion

console.log('--- simplify');
// #region simplify
const plain = Network.parse("<network><name>lan</name><ip address='10.0.0.1' netmask='255.0.0.0'/></network>");
console.log(toSource(plain, { simplify: true }));
// #endregion

console.log('--- list');
// #region list
const lan = HostBridge.create('br0').port('eno1').dhcp4();
console.log(toSource([lan, lan.toNetwork('lan'), lan.guestNic({ mac: '52:54:00:00:00:02' })]));
// #endregion
