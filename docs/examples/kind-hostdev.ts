// #region hostdev
import { HostdevNetwork } from 'libvirt-network';

const pool = HostdevNetwork.create({ name: 'pool', pf: 'eth5', managed: true }).vlan(7);
const listed = HostdevNetwork.create({ name: 'listed', addresses: [{ bus: 3, slot: 16, function: 1 }] });
// #endregion

console.log(pool.toXml());
console.log(listed.toXml());
