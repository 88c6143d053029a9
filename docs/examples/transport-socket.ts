// #region socket
import { connect } from 'libvirt-network';
import { socket } from 'libvirt-network/socket';

const local = connect(socket());
const overSsh = connect(socket({ uri: 'qemu+ssh://root@kvm1.example.com/system?keyfile=/etc/keys/kvm' }));
const overTls = connect(socket({ uri: 'qemu+tls://kvm2.example.com/system?pkipath=/etc/keys/kvm2' }));
const account = { user: 'ops', password: process.env['KVM3_PASSWORD'] ?? '' };
const withAccount = connect(socket({ uri: 'qemu+tls://kvm3.example.com/system', sasl: account }));

for (const host of [local, overSsh, overTls, withAccount]) {
  console.log(host.label);
  await host.close();
}
// #endregion
