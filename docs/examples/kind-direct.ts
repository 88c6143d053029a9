// #region direct
import { DirectNetwork } from 'libvirt-network';

const shared = DirectNetwork.create({ name: 'shared', mode: 'bridge', devices: ['eth2', 'eth3'] });
const functions = DirectNetwork.create({ name: 'functions', mode: 'passthrough', pf: 'eth4' }).vlan(42);
// #endregion

console.log(shared.toXml());
console.log(functions.toXml());
