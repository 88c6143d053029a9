// #region nat
import { NatNetwork } from 'libvirt-network';

const lab = NatNetwork.create('lab')
  .via('eth0')
  .natPorts(10_000, 19_999)
  .subnet('192.168.50.1/24', (subnet) => subnet.dhcp('192.168.50.100', '192.168.50.199'))
  .subnet('fd00:50::1/64')
  .natIpv6();
// #endregion

console.log(lab.toXml());
