import { NatNetwork, RoutedNetwork } from 'libvirt-network';
import type { FlowGuest, OutsideSegment } from 'libvirt-network/preview';

/** The networks of the host that recipes are tried on. */
export const NAT = NatNetwork.create('nat')
  .bridge('virbr0', { stp: false })
  .natIpv6()
  .dnsHost({ ip: '192.168.122.9', hostnames: ['files'] })
  .subnet('192.168.122.1/24', (subnet) =>
    subnet
      .dhcp('192.168.122.100', '192.168.122.199')
      .host({ mac: '52:54:00:00:00:01', ip: '192.168.122.11', name: 'g1' })
      .host({ mac: '52:54:00:00:00:02', ip: '192.168.122.12', name: 'g1b' })
      .tftp('/var/lib/libvirt/tftp'),
  )
  .subnet('fd00:122::1/64', (subnet) => subnet.dhcp('fd00:122::100', 'fd00:122::1ff'))
  .forwardPort({ protocol: 'tcp', hostPort: 8080, to: { ip: '192.168.122.11', port: 7777 } });
const ROUTE = RoutedNetwork.create('route')
  .bridge('virbr1', { stp: false })
  .subnet('192.168.123.1/24')
  .subnet('2001:db8:123::1/64');
const NAT2 = NatNetwork.create('nat2').bridge('virbr2', { stp: false }).subnet('192.168.124.1/24');

export const NETWORKS = [NAT, ROUTE, NAT2];

/** A guest, and what it is plugged in with. */
export interface LabGuest extends FlowGuest {
  readonly mac: string;
  readonly addresses: readonly string[];
  readonly gateways: readonly string[];
}

const guest = (name: string, network: string, number: number, addresses: readonly string[]): LabGuest => ({
  name,
  network,
  mac: `52:54:00:00:00:0${number}`,
  addresses,
  gateways: addresses.map((address) => address.replace(/([.:])\d+$/, '$11')),
});

export const GUESTS: readonly LabGuest[] = [
  guest('g1', 'nat', 1, ['192.168.122.11', 'fd00:122::11']),
  guest('g1b', 'nat', 2, ['192.168.122.12', 'fd00:122::12']),
  guest('g2', 'route', 3, ['192.168.123.11', '2001:db8:123::11']),
  guest('g3', 'nat2', 4, ['192.168.124.11']),
];

/** The machine beyond the host, with an address that is reached by the default route alone. */
export const BEYOND: readonly OutsideSegment[] = [
  {
    device: 'ext0',
    host: ['198.51.100.1/24', '2001:db8:ffff::1/64'],
    outside: ['198.51.100.2/24', '2001:db8:ffff::2/64', '203.0.113.5/32'],
  },
];
