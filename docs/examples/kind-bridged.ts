// #region bridged
import { BridgedNetwork } from 'libvirt-network';

const lan = BridgedNetwork.create({ name: 'lan', bridge: 'br0' });
const tagged = BridgedNetwork.create({ name: 'tagged', bridge: 'ovsbr0' }).openVswitch().vlan([10, 20]);
// #endregion

console.log(lan.toXml());
console.log(tagged.toXml());
