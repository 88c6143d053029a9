// #region build
import { NatNetwork } from 'libvirt-network';

const lab = NatNetwork.create('lab')
  .bridge('virbr10')
  .domain('lab.test', { localOnly: true })
  .subnet('192.168.50.1/24', (subnet) =>
    subnet.dhcp('192.168.50.100', '192.168.50.199').host({ mac: '52:54:00:00:00:01', ip: '192.168.50.2', name: 'db' }),
  );
console.log(lab.toXml());
// #endregion
