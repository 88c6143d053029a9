// #region release
import { OpenNetwork } from 'libvirt-network';

const open = OpenNetwork.create('open').title('No firewall here');

console.log(open.validate({ libvirt: '9.0.0' }).map((issue) => issue.code)); // NEWER_THAN_RELEASE, FWD_NEEDS_IP
console.log(open.toXml({ libvirt: '11.3.0' }));
// #endregion
