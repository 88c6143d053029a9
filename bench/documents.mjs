// Documents of our own to measure with.

const MAC = (i) =>
  ['52:54:00', (i >> 16) & 255, (i >> 8) & 255, i & 255]
    .map((part) => (typeof part === 'string' ? part : part.toString(16).padStart(2, '0')))
    .join(':');

/** A network with many reservations, as libvirt prints it. */
export function manyHosts(count) {
  const hosts = Array.from(
    { length: count },
    (_, i) => `      <host mac='${MAC(i)}' name='guest${i}' ip='10.${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}'/>\n`,
  );
  return `<network>\n  <name>many</name>\n  <forward mode='nat'/>\n  <bridge name='virbr7' stp='on' delay='0'/>\n  <ip address='10.0.0.1' prefix='8'>\n    <dhcp>\n${hosts.join('')}    </dhcp>\n  </ip>\n</network>\n`;
}

/** The network of libvirt's own examples: ten lines. */
export const tenLines = `<network>
  <name>lab</name>
  <forward mode='nat'/>
  <bridge name='virbr10'/>
  <ip address='192.168.50.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.50.100' end='192.168.50.199'/>
    </dhcp>
  </ip>
</network>
`;

/** The size and shape of an everyday network. */
export const small = `<network>
  <name>lab</name>
  <uuid>c7c40247-d747-326c-3952-304a82a88fd0</uuid>
  <forward dev='eth0' mode='nat'>
    <nat>
      <port start='1024' end='65535'/>
    </nat>
    <interface dev='eth0'/>
  </forward>
  <bridge name='virbr10' stp='on' delay='0'/>
  <mac address='52:54:00:aa:bb:cc'/>
  <domain name='lab.test' localOnly='yes'/>
  <dns>
    <forwarder addr='192.0.2.53'/>
    <host ip='192.168.50.1'>
      <hostname>gateway</hostname>
    </host>
  </dns>
  <ip address='192.168.50.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.50.100' end='192.168.50.199'/>
      <host mac='52:54:00:00:00:01' name='db' ip='192.168.50.2'/>
    </dhcp>
  </ip>
</network>
`;
