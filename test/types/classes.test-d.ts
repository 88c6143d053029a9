import { expectTypeOf, test } from 'vitest';
import {
  type AnyNetwork,
  BridgedNetwork,
  DirectNetwork,
  editXml,
  HostdevNetwork,
  IsolatedNetwork,
  NatNetwork,
  Network,
  type NetworkDocument,
  OpenNetwork,
  RoutedNetwork,
} from '../../src/index.js';

const nat = NatNetwork.create('a');
const bridged = BridgedNetwork.create({ name: 'a', bridge: 'br0' });

test('methods keep the class', () => {
  expectTypeOf(nat.bridge('b').domain('d').subnet('10.0.0.1/24')).toEqualTypeOf<NatNetwork>();
  expectTypeOf(bridged.openVswitch().vlan(5).title('t')).toEqualTypeOf<BridgedNetwork>();
  expectTypeOf(IsolatedNetwork.create('a').reserve({ name: 'x' })).toEqualTypeOf<IsolatedNetwork>();
});

test('a method exists only where libvirt accepts the element', () => {
  // @ts-expect-error a routed network translates nothing
  RoutedNetwork.create('a').natPorts;
  // @ts-expect-error an isolated network has no way out
  IsolatedNetwork.create('a').via;
  // @ts-expect-error libvirt refuses a device for mode open
  OpenNetwork.create('a').via;
  // @ts-expect-error a bridged network has no addresses
  bridged.subnet;
  // @ts-expect-error a bridged network's MTU is that of the host's bridge
  bridged.mtu;
  // @ts-expect-error VLAN tags are impossible on libvirt's own bridges
  nat.vlan;
  // @ts-expect-error a direct network has no DNS
  DirectNetwork.create({ name: 'a', mode: 'vepa', devices: ['e'] }).dns;
  // @ts-expect-error a pool is given as devices or as a physical function
  DirectNetwork.create({ name: 'a', mode: 'vepa' });
  // @ts-expect-error not as both
  DirectNetwork.create({ name: 'a', mode: 'vepa', devices: ['e'], pf: 'f' });
  // @ts-expect-error nor is one given by no value of the other
  DirectNetwork.create({ name: 'a', mode: 'vepa', devices: ['e'], pf: undefined });
  // @ts-expect-error addresses are those of one physical function or of many
  HostdevNetwork.create({ name: 'a', pf: 'e', addresses: [{ slot: 1 }] });
  // @ts-expect-error bandwidth is impossible for passthrough devices
  HostdevNetwork.create({ name: 'a', pf: 'e' }).bandwidth;
  // @ts-expect-error nor is it for macvtap
  DirectNetwork.create({ name: 'a', mode: 'vepa', devices: ['e'] }).bandwidth;
  // @ts-expect-error libvirt makes no firewall rules for an open network, NAT neither
  OpenNetwork.create('a').natIpv6;
  // @ts-expect-error the bridge of a bridged network has a MAC address already
  bridged.mac;
  // @ts-expect-error a bridged network has no domain
  bridged.domain;
  // @ts-expect-error routes need a subnet
  bridged.route;
  // @ts-expect-error guests of libvirt's own bridges have no virtual port
  nat.virtualPort;
  // @ts-expect-error Open vSwitch is a bridge, not a device
  DirectNetwork.create({ name: 'a', mode: 'vepa', devices: ['e'] }).openVswitch;
});

test('an edit gives any network back, and nothing else', () => {
  expectTypeOf(editXml('', (network) => network.named('b'))).toBeString();
  expectTypeOf(editXml('', () => nat)).toBeString();
  // @ts-expect-error what is given back is forgotten without a return
  editXml('', () => {});
});

test('the kind narrows', () => {
  const network: AnyNetwork = Network.parse('');
  if (network.kind === 'nat') expectTypeOf(network).toEqualTypeOf<NatNetwork>();
  if (network.kind === 'bridge') expectTypeOf(network).toEqualTypeOf<BridgedNetwork>();
  const exhaustive = (one: AnyNetwork): string => {
    switch (one.kind) {
      case 'nat':
      case 'route':
      case 'open':
      case 'isolated':
      case 'bridge':
      case 'direct':
      case 'hostdev':
      case 'other':
        return one.name;
      default:
        return one satisfies never;
    }
  };
  expectTypeOf(exhaustive).returns.toBeString();
});

test('documents are plain and cannot be written to', () => {
  expectTypeOf(nat.document).toEqualTypeOf<NetworkDocument>();
  // @ts-expect-error documents are read-only
  nat.document.name = 'b';
  // @ts-expect-error a typo is found where it stands
  Network.from({ name: 'a', ips: [{ adress: '10.0.0.1' }] });
});
