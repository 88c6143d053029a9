/** Networks that libvirt takes, which together have every element and attribute but those of dnsmasq's own options. */
export const WHOLE_NETWORKS: readonly string[] = [
  `<network ipv6='yes' trustGuestRxFilters='no'>
    <name>whole-nat</name>
    <title>All of it</title>
    <description>What a NAT network can have</description>
    <metadata><app:note xmlns:app='urn:example:app'/></metadata>
    <forward dev='eth0' mode='nat' managed='no'>
      <driver name='vfio' model='vfio-pci'/>
      <nat ipv6='yes'><address start='203.0.113.1' end='203.0.113.9'/><port start='1024' end='65535'/></nat>
      <interface dev='eth0'/>
    </forward>
    <bridge name='wholebr0' zone='libvirt' stp='on' delay='2' macTableManager='kernel'/>
    <mtu size='9000'/>
    <mac address='52:54:00:10:20:30'/>
    <domain name='whole.test' localOnly='yes' register='no'/>
    <dns enable='yes' forwardPlainNames='no'>
      <forwarder domain='one.test' addr='192.0.2.1'/>
      <forwarder addr='192.0.2.2'/>
      <txt name='note' value='some text'/>
      <srv service='ldap' protocol='tcp' domain='whole.test' target='db' port='389' priority='1' weight='2'/>
      <host ip='10.20.0.2'><hostname>db</hostname><hostname>db2</hostname></host>
    </dns>
    <bandwidth><inbound average='1000' peak='5000' burst='1024'/><outbound average='128' peak='256' burst='256'/></bandwidth>
    <port isolated='yes'/>
    <ip family='ipv4' address='10.20.0.1' prefix='24' localPtr='yes'>
      <tftp root='/srv/tftp'/>
      <dhcp>
        <range start='10.20.0.100' end='10.20.0.199'><lease expiry='30' unit='minutes'/></range>
        <host mac='52:54:00:00:00:01' name='db' ip='10.20.0.2'><lease expiry='2' unit='hours'/></host>
        <host name='web' ip='10.20.0.3'/>
        <bootp file='pxelinux.0' server='10.20.0.1'/>
      </dhcp>
    </ip>
    <ip family='ipv6' address='fd00:20::1' prefix='64'>
      <dhcp><range start='fd00:20::100' end='fd00:20::1ff'/><host id='0:1:2:3' name='six' ip='fd00:20::2'/></dhcp>
    </ip>
    <ip address='10.21.0.1' netmask='255.255.0.0'/>
    <route family='ipv4' address='10.30.0.0' netmask='255.255.0.0' gateway='10.20.0.2' metric='2'/>
    <route address='10.40.0.0' prefix='16' gateway='10.20.0.2'/>
    <route family='ipv6' address='fd00:30::' prefix='64' gateway='fd00:20::2'/>
    <portgroup name='slow' default='yes' trustGuestRxFilters='no'>
      <bandwidth><inbound average='100' peak='200' burst='100'/><outbound average='100'/></bandwidth>
    </portgroup>
    <portgroup name='fast' default='no'/>
  </network>`,
  `<network>
    <name>whole-isolated</name>
    <domain name='whole.test'/>
    <ip address='10.22.0.1' netmask='255.255.255.0'><dhcp><host mac='52:54:00:00:00:02' ip='10.22.0.5'/></dhcp></ip>
  </network>`,
  `<network>
    <name>whole-routed</name>
    <forward mode='route'><interface dev='eth1'/></forward>
    <ip address='198.51.100.1' prefix='24'/>
    <ip family='ipv6' address='2001:db8:5::1' prefix='64'/>
  </network>`,
  `<network>
    <name>whole-open</name>
    <forward mode='open'/>
    <bridge name='wholebr1' macTableManager='libvirt'/>
    <ip address='10.23.0.1' prefix='24'/>
  </network>`,
  `<network>
    <name>whole-ovs</name>
    <forward mode='bridge'/>
    <bridge name='ovsbr0'/>
    <vlan trunk='yes'><tag id='42' nativeMode='untagged'/><tag id='47'/></vlan>
    <virtualport type='openvswitch'>
      <parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f' profileid='menial'/>
    </virtualport>
    <portgroup name='tagged'>
      <vlan trunk='no'><tag id='5'/></vlan>
      <virtualport type='openvswitch'><parameters profileid='group'/></virtualport>
    </portgroup>
  </network>`,
  `<network>
    <name>whole-midonet</name>
    <forward mode='bridge'/>
    <bridge name='midobr0'/>
    <virtualport type='midonet'><parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/></virtualport>
  </network>`,
  `<network>
    <name>whole-hostdev</name>
    <forward mode='hostdev' managed='yes'>
      <driver name='vfio'/>
      <address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x1' multifunction='on'>
        <zpci uid='0x0001' fid='0x00000001'/>
      </address>
      <address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x3'/>
    </forward>
    <vlan><tag id='10'/></vlan>
    <virtualport type='802.1Qbh'><parameters profileid='finance'/></virtualport>
  </network>`,
  `<network>
    <name>whole-pool</name>
    <forward mode='hostdev' managed='no'><pf dev='lo'/></forward>
  </network>`,
  `<network>
    <name>whole-vepa</name>
    <forward mode='vepa'><interface dev='eth0'/><interface dev='eth1'/></forward>
    <virtualport type='802.1Qbg'>
      <parameters managerid='11' typeid='1193047' typeidversion='2' instanceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/>
    </virtualport>
    <portgroup name='tested'>
      <virtualport type='802.1Qbg'><parameters managerid='12' typeid='1' typeidversion='1'/></virtualport>
    </portgroup>
  </network>`,
  `<network>
    <name>whole-private</name>
    <uuid>8f0a3a6e-7b1c-4c0e-9b11-0a5a7c0e0001</uuid>
    <forward mode='private' dev='eth0'/>
  </network>`,
];

/** Interfaces of a host that libvirt takes, one of each type. */
export const WHOLE_INTERFACES: readonly string[] = [
  `<interface type='ethernet' name='eth7'>
    <start mode='onboot'/>
    <mtu size='1492'/>
    <mac address='aa:bb:cc:dd:ee:ff'/>
    <link speed='1000' state='up'/>
    <protocol family='ipv4'><ip address='192.0.2.5' prefix='24'/><route gateway='192.0.2.1'/></protocol>
    <protocol family='ipv6'><autoconf/><dhcp peerdns='no'/><ip address='2001:db8::5' prefix='64'/></protocol>
  </interface>`,
  `<interface type='bridge' name='br7'>
    <start mode='none'/>
    <protocol family='ipv4'><dhcp peerdns='yes'/></protocol>
    <bridge stp='off' delay='0.01'>
      <interface type='ethernet' name='eth8'><mac address='ab:bb:cc:dd:ee:ff'/></interface>
      <interface type='bond' name='bond8'>
        <bond mode='balance-rr'><interface type='ethernet' name='eth9'/></bond>
      </interface>
      <interface type='vlan' name='eth8.5'><vlan tag='5'><interface name='eth8'/></vlan></interface>
    </bridge>
  </interface>`,
  `<interface type='bond' name='bond7'>
    <start mode='hotplug'/>
    <bond mode='active-backup'>
      <miimon freq='100' downdelay='10' updelay='20' carrier='ioctl'/>
      <interface type='ethernet' name='eth1'><mac address='ab:bb:cc:dd:ee:fa'/></interface>
      <interface type='ethernet' name='eth2'/>
    </bond>
  </interface>`,
  `<interface type='bond' name='bond6'>
    <bond>
      <arpmon interval='100' target='192.0.2.9' validate='active'/>
      <interface type='ethernet' name='eth3'/>
    </bond>
  </interface>`,
  `<interface type='vlan' name='eth0.42'>
    <protocol family='ipv4'><dhcp/></protocol>
    <vlan tag='42'><interface name='eth0'/></vlan>
  </interface>`,
];

const OPENVSWITCH = `<virtualport type='openvswitch'>
      <parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f' profileid='menial'/>
    </virtualport>`;
const VEPA = `<virtualport type='802.1Qbg'>
      <parameters managerid='11' typeid='1193047' typeidversion='2' instanceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/>
    </virtualport>`;

/** Ports that libvirt takes, one for each way of being plugged in, and one that is not. */
export const WHOLE_PORTS: readonly string[] = [
  '',
  `<plug type='bridge' bridge='virbr0' macTableManager='libvirt'/>`,
  `<plug type='network' bridge='virbr0' macTableManager='kernel'/>`,
  `<plug type='direct' dev='eth0' mode='vepa'/>`,
  `<plug type='hostdev-pci' managed='yes'>
    <driver name='vfio' model='vfio-pci'/>
    <address domain='0x0000' bus='0x03' slot='0x10' function='0x1' multifunction='on'>
      <zpci uid='0x0001' fid='0x00000001'/>
    </address>
  </plug>`,
].map(
  (plug, i) => `<networkport>
    <uuid>5d744f21-ba4a-4d6e-bdb2-30a35ff3207d</uuid>
    <owner><name>guest</name><uuid>06578fc1-c686-46fa-bc2c-83893b466a6e</uuid></owner>
    <group>slow</group>
    <mac address='52:54:00:7b:35:93'/>
    ${i % 2 === 0 ? OPENVSWITCH : VEPA}
    <bandwidth classID='3'>
      <inbound average='100' peak='200' burst='100'/>
      <outbound average='100' peak='200' burst='100'/>
    </bandwidth>
    <vlan trunk='yes'><tag id='42' nativeMode='untagged'/><tag id='47'/></vlan>
    <port isolated='yes'/>
    <rxfilters trustGuest='yes'/>
    ${plug}
  </networkport>`,
);
