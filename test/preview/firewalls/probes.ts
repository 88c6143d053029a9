import type { FlowPacket } from 'libvirt-network/preview';

/** A packet that is followed, and the words by which `netprobe` sends it. */
export interface Question {
  readonly packet: FlowPacket;
  readonly words: string;
}

const PORT = 7777;
const FAR = '203.0.113.5';

const tcp = (from: string, to: string, address: string, port = PORT): Question => ({
  packet: { from, to, protocol: 'tcp', port, family: familyOf(address) },
  words: `tcp ${address} ${port}`,
});
const udp = (from: string, to: string, address: string): Question => ({
  packet: { from, to, protocol: 'udp', port: PORT, family: familyOf(address) },
  words: `udp ${address} ${PORT}`,
});
const ping = (from: string, to: string, address: string): Question => ({
  packet: { from, to, protocol: 'icmp', family: familyOf(address) },
  words: `ping ${address}`,
});
const name = (from: string, address: string, asked: string, protocol: 'dns' | 'dns-tcp' = 'dns'): Question => ({
  packet: { from, to: 'host', protocol, name: asked, family: familyOf(address) },
  words: `${protocol === 'dns' ? 'dns' : 'dnstcp'} ${address} ${asked}`,
});
const broadcast = (words: string, protocol: 'dhcp' | 'ra', family: 'ipv4' | 'ipv6'): Question => ({
  packet: { from: 'g1', to: 'host', protocol, family },
  words: `${words} eth0`,
});

const familyOf = (address: string): 'ipv4' | 'ipv6' => (address.includes(':') ? 'ipv6' : 'ipv4');

/**
 * What is asked on every host.
 *
 * @param round - tells one name outside from those that dnsmasq remembers
 */
export const questionsOf = (round: number): readonly Question[] => [
  broadcast('dhcp', 'dhcp', 'ipv4'),
  broadcast('dhcp6', 'dhcp', 'ipv6'),
  broadcast('ra', 'ra', 'ipv6'),
  name('g1', '192.168.122.1', `${round}-a.outside.test`),
  name('g1', '192.168.122.1', 'files'),
  name('g1', '192.168.122.1', 'files', 'dns-tcp'),
  name('g1', 'fd00:122::1', `${round}-b.outside.test`),
  { packet: { from: 'g1', to: 'host', protocol: 'tftp', family: 'ipv4' }, words: 'tftp 192.168.122.1 file' },
  ping('g1', 'host', '192.168.122.1'),
  ping('g1', 'host', 'fd00:122::1'),
  tcp('g1', 'host', '192.168.122.1'),
  tcp('g1', 'outside', '198.51.100.2'),
  udp('g1', 'outside', '198.51.100.2'),
  ping('g1', 'outside', '198.51.100.2'),
  tcp('g1', 'outside', '2001:db8:ffff::2'),
  tcp('g1', FAR, FAR),
  tcp('g1', 'g1b', '192.168.122.12'),
  udp('g1', 'g1b', '192.168.122.12'),
  tcp('g1', 'g2', '192.168.123.11'),
  tcp('g1', 'g3', '192.168.124.11'),
  tcp('g2', 'host', '192.168.123.1'),
  tcp('g2', 'outside', '198.51.100.2'),
  tcp('g2', 'outside', '2001:db8:ffff::2'),
  tcp('g2', 'g1b', '192.168.122.12'),
  tcp('g3', 'outside', '198.51.100.2'),
  tcp('g3', 'g2', '192.168.123.11'),
  tcp('g3', 'g1b', '192.168.122.12'),
  tcp('outside', 'host', '198.51.100.1'),
  tcp('outside', '198.51.100.1', '198.51.100.1', 8080),
  tcp('outside', 'g1b', '192.168.122.12'),
  tcp('outside', 'g2', '192.168.123.11'),
  tcp('outside', 'g2', '2001:db8:123::11'),
  ping('outside', 'host', '198.51.100.1'),
  tcp('host', '198.51.100.1', '198.51.100.1', 8080),
  tcp('host', 'g1', '192.168.122.11'),
  tcp('host', 'outside', '198.51.100.2'),
  tcp('host', FAR, FAR),
  udp('host', 'g2', '192.168.123.11'),
  tcp('host', '127.0.0.1', '127.0.0.1'),
];

/** Addresses that nobody has: whoever looks for them says so after three seconds, and what he says may be filtered. */
export const NOBODY: readonly Question[] = [
  tcp('g1', '192.168.122.99', '192.168.122.99'),
  ping('g1', '192.168.122.99', '192.168.122.99'),
  udp('g1', 'fd00:122::99', 'fd00:122::99'),
  tcp('host', '192.168.122.99', '192.168.122.99'),
  ping('host', '192.168.122.99', '192.168.122.99'),
  tcp('outside', '192.168.123.99', '192.168.123.99'),
  udp('outside', '192.168.123.99', '192.168.123.99'),
  ping('outside', '192.168.123.99', '192.168.123.99'),
  tcp('outside', '2001:db8:123::99', '2001:db8:123::99'),
  tcp('g3', '192.168.123.99', '192.168.123.99'),
];
