// #region build
import { NatNetwork } from 'libvirt-network';

const base = NatNetwork.create('team').domain('team.test', { localOnly: true });
const team = base.subnet('10.20.0.0/24', (subnet) => subnet.dhcp('10.20.0.100', '10.20.0.199', { lease: 60 }));
const withPrinter = team.reserve({ mac: '52:54:00:aa:bb:cc', name: 'printer' });

console.log(withPrinter.reservation({ name: 'printer' })?.ip); // 10.20.0.2
// #endregion
