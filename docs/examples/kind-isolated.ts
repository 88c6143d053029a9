// #region isolated
import { IsolatedNetwork } from 'libvirt-network';

const backstage = IsolatedNetwork.create('backstage').subnet('10.77.0.1/24', (subnet) =>
  subnet.dhcp('10.77.0.10', '10.77.0.99'),
);
const quiet = IsolatedNetwork.create('quiet', { hostAccess: false });
// #endregion

console.log(backstage.toXml());
console.log(quiet.toXml());
