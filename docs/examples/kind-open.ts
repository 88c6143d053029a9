// #region open
import { OpenNetwork } from 'libvirt-network';

const open = OpenNetwork.create('open').subnet('10.30.0.1/24', (subnet) => subnet.dhcp('10.30.0.10', '10.30.0.99'));
// #endregion

console.log(open.toXml());
