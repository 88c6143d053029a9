console.log('--- network');

// #region network
import { BridgedNetwork, GuestNic, HostBridge, NatNetwork } from 'libvirt-network';
import { editDomainXml, nicsOf } from 'libvirt-network/guests';

const lab = NatNetwork.create('lab').subnet('192.168.50.1/24', (s) => s.dhcp('192.168.50.100', '192.168.50.200'));
const onNetwork = lab.guestNic({ mac: '52:54:00:00:00:01' });
const onBridge = HostBridge.create('br0').port('eno1').guestNic({ model: 'e1000e' });

console.log(onNetwork.toXml());
// #endregion

// #region methods
const web = onBridge.withMac('52:54:00:00:00:02').withVlan(5).withFilter('clean-traffic', { IP: '10.0.0.5' });
// #endregion
console.log('--- methods');
console.log(web.toXml());

console.log('--- check');
// #region check
const lan = BridgedNetwork.create({ name: 'lan', bridge: 'br0' });
for (const { code, phase } of lan.guestNic({ vlan: 5 }).validate({ libvirt: '9.0.0' })) console.log(code, phase);
// #endregion

console.log('--- read');

// #region read
const nic = GuestNic.parse(`<interface type='direct'><source dev='eno1' mode='passthrough'/></interface>`);
if (nic.kind === 'direct') console.log(nic.document.source.mode, nic.equals(nic.withVlan(5)));
// #endregion

// #region document
const domain = `<domain type='kvm'>
  <name>web</name>
  <devices>
    <!-- the office -->
    <interface type="bridge">
      <mac address="52:54:00:00:00:02"/>
      <source bridge="br0"/>
    </interface>
  </devices>
</domain>
`;
const next = editDomainXml(domain, ([first, ...others]) => [
  ...(first === undefined ? [] : [first.withLink('down')]),
  ...others,
  onNetwork,
]);
// #endregion
console.log('--- document');
console.log(next);

console.log('--- stored');
// #region stored
const live = nicsOf(`<domain type='kvm'><devices>
  <interface type='bridge'>
    <source network='lan' portid='0d6f8bd5-1a70-4f4b-9d4e-1a2b3c4d5e6f' bridge='br0'/>
    <target dev='vnet3'/>
    <alias name='net0'/>
  </interface>
</devices></domain>`);
console.log(live.map((one) => one.asStored().toXml()).join(''));
// #endregion
