// #region socket
import { connect } from 'libvirt-network';
import { socket } from 'libvirt-network/socket';

const local = connect(socket());
const overSsh = connect(socket({ uri: 'qemu+ssh://root@kvm1.example.com/system?keyfile=/etc/keys/kvm' }));
const overTls = connect(socket({ uri: 'qemu+tls://kvm2.example.com/system' }));

for (const host of [local, overSsh, overTls]) {
  console.log(host.label);
  await host.close();
}
// #endregion
