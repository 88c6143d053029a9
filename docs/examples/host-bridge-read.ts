const content = `
auto br0
iface br0 inet static
  address 192.168.1.10
  netmask 255.255.255.0
  gateway 192.168.1.1
  bridge_ports eno1
  bridge_stp off
  hwaddress ether 52:54:00:12:34:56
`;

// #region move
import { readHostBridge } from 'libvirt-network/host-files';

const { bridge, warnings } = readHostBridge('ifupdown', [{ path: '/etc/network/interfaces', content }]);
for (const { message } of warnings) console.log(message); // what the model has no place for

// The same bridge for a host that has moved to networkd.
for (const file of bridge.render('networkd').files) console.log(file.path, file.content);
// #endregion
