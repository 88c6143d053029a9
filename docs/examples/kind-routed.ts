// #region routed
import { RoutedNetwork } from 'libvirt-network';

const dmz = RoutedNetwork.create('dmz')
  .via('eth1')
  .subnet('10.10.0.1/24', (subnet) => subnet.dhcp('10.10.0.50', '10.10.0.99'))
  .route({ to: '10.11.0.0/16', via: '10.10.0.2' });
// #endregion

console.log(dmz.toXml());
