const content = `# the office LAN
network:
  version: 2
  ethernets:
    enp3s0:
      addresses: [192.168.1.10/24]
      routes: [{to: default, via: 192.168.1.1}]
`;

// #region take-over
import { HostBridge } from 'libvirt-network';
import { readHostNetwork } from 'libvirt-network/host-files';

// All files of the system that manages the host's network.
const network = readHostNetwork('netplan', [{ path: '/etc/netplan/50-cloud-init.yaml', content }]);
for (const { name, type, ipv4 } of network.devices) console.log(name, type, ipv4?.addresses);

// The card becomes a port, and its addresses, routes and name servers move to the bridge.
const lan = HostBridge.takeOver('enp3s0', network);
const { files } = lan.render('netplan', { macs: { enp3s0: '52:54:00:12:34:56' } });
for (const file of files) console.log(file.path, file.content); // the file above, edited, and 90-br0.yaml
// #endregion
