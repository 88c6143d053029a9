// #region begin
import { connect, NatNetwork } from 'libvirt-network';
import { diagnose, type HostEvidence, judge, renderDiagnosis } from 'libvirt-network/doctor';
import { mockTransport } from 'libvirt-network/testing';

const lab = NatNetwork.create('lab')
  .bridge('virbr9')
  .subnet('10.9.1.1/24', (subnet) => subnet.dhcp('10.9.1.100', '10.9.1.199'));
await using host = connect(mockTransport({ networks: [lab] })); // for a real daemon: socket({ uri: 'qemu:///system' })
// #endregion

console.log('--- diagnose');
// #region diagnose
const diagnosis = await diagnose(host, 'lab'); // on a real host: { view: localView() }
console.log(renderDiagnosis(diagnosis));
// #endregion

const evidence: HostEvidence = {
  host: 'qemu+ssh://colleague/system',
  libvirt: '12.9.0',
  networks: [
    {
      name: 'lab',
      uuid: '8b1ce9c2-2e3f-4f4e-9a53-5a6a5c1d1a11',
      active: true,
      persistent: true,
      autostart: true,
      xml: lab.toXml(),
      leases: [],
    },
  ],
  nics: [],
  looks: {
    links: JSON.stringify([
      { ifname: 'virbr9', flags: ['UP', 'LOWER_UP'], mtu: 1500, linkinfo: { info_kind: 'bridge' } },
      { ifname: 'eno1', flags: ['UP', 'LOWER_UP'], mtu: 1500, link_type: 'ether' },
    ]),
    addresses: JSON.stringify([
      { ifname: 'virbr9', addr_info: [{ family: 'inet', local: '10.9.1.1', prefixlen: 24, scope: 'global' }] },
      { ifname: 'eno1', addr_info: [{ family: 'inet', local: '192.0.2.10', prefixlen: 24, scope: 'global' }] },
    ]),
    routes4: JSON.stringify([
      { dst: 'default', gateway: '192.0.2.1', dev: 'eno1' },
      { dst: '192.0.2.0/24', dev: 'eno1', protocol: 'kernel', scope: 'link' },
      { dst: '10.9.1.0/24', dev: 'virbr9', protocol: 'kernel', scope: 'link' },
    ]),
    sysctl: 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.virbr9.forwarding = 1\nnet.ipv4.conf.eno1.forwarding = 1\n',
    nft: 'table inet own {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t\tct state established,related accept\n\t\ticmp type echo-request accept\n\t\ttcp dport 22 accept\n\t}\n}\n',
    dnsmasq: 'lab 4711 S (sleeping)\n',
  },
  notSeen: [],
};

console.log('--- judge');
// #region judge
const { findings } = judge(evidence, { complaint: 'no address', network: 'lab' });
for (const { id, what, owner, remedy } of findings.slice(0, 1)) {
  console.log(`${id}: ${what}`);
  console.log(`ask whoever looks after ${owner}`);
  for (const { rules } of remedy.openings ?? [])
    for (const { hook, in: device, protocol, port } of rules)
      console.log(`let in: ${hook} ${device} ${protocol} ${port?.start}`);
}
// #endregion
