import { HostBridge } from 'libvirt-network';

// #region build
// The host's card becomes a port, and its address moves to the bridge.
const lan = HostBridge.create('br0')
  .port('eno1')
  .address('192.168.1.10/24')
  .gateway('192.168.1.1')
  .dns(['192.168.1.1'], ['lan.example']);

for (const { code, message } of lan.validate()) console.log(code, message);

// The LAN knows the host by the MAC address of the card, so the bridge takes it over.
const { files, apply } = lan.render('netplan', { macs: { eno1: '52:54:00:12:34:56' } });
for (const { path, content } of files) console.log(path, content);
console.log(apply);

// Guests that choose this network are on the LAN.
console.log(lan.toNetwork('lan').toXml());
// #endregion
