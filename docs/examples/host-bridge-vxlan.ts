console.log('--- vxlan');

// #region vxlan
import { HostBridge } from 'libvirt-network';

const hosts = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];
const bridges = hosts.map((local) =>
  HostBridge.create('br-lab').vxlan(42, { local, remotes: hosts.filter((host) => host !== local) }),
);

console.log(bridges[0]?.guestNic().toXml());
// #endregion
console.log('--- networkd');
for (const { path, content } of bridges[0]?.render('networkd').files ?? []) console.log(`# ${path}\n${content}`);
