import { expectTypeOf, test } from 'vitest';
import { type AnyNic, editDomainXml, nicsOf } from '../../src/guests/index.js';
import {
  BridgeNic,
  ClientNic,
  DirectNic,
  EthernetNic,
  GuestNic,
  HostdevNic,
  InternalNic,
  NatNetwork,
  NetworkNic,
  NullNic,
  UserNic,
  VhostUserNic,
} from '../../src/index.js';

const onNetwork = NetworkNic.create('lab');
const onBridge = BridgeNic.create('br0');
const direct = DirectNic.create('eth0');
const user = UserNic.create();
const passed = HostdevNic.create({ type: 'pci', bus: 1 });

test('methods of NICs keep the class', () => {
  expectTypeOf(
    onNetwork.withPortGroup('staff').withLink('down').withFilter('clean-traffic'),
  ).toEqualTypeOf<NetworkNic>();
  expectTypeOf(onBridge.withVlan(5).isolated().withModel('e1000')).toEqualTypeOf<BridgeNic>();
  expectTypeOf(user.withPasst().withMac('52:54:00:00:00:01')).toEqualTypeOf<UserNic>();
  expectTypeOf(NatNetwork.create('lab').guestNic({ mtu: 1400 })).toEqualTypeOf<NetworkNic>();
});

test('a method of a NIC exists only where libvirt accepts the element', () => {
  // @ts-expect-error port groups belong to networks
  direct.withPortGroup;
  // @ts-expect-error port groups belong to networks
  onBridge.withPortGroup;
  // @ts-expect-error libvirt's filters do not see the packets of macvtap
  direct.withFilter;
  // @ts-expect-error a macvtap device has the MTU of its device
  direct.withMtu;
  // @ts-expect-error macvtap has no isolated ports
  direct.isolated;
  // @ts-expect-error QEMU itself is the switch of a user NIC
  user.withVlan;
  // @ts-expect-error no filter of the host sees a user NIC
  user.withFilter;
  // @ts-expect-error only user NICs have passt
  onNetwork.withPasst;
  // @ts-expect-error only user NICs forward ports by themselves
  onBridge.withPortForward;
  // @ts-expect-error a passed-through device has its own hardware, which QEMU does not emulate
  passed.withModel;
  // @ts-expect-error a passed-through device has no driver of QEMU
  passed.withDriver;
  // @ts-expect-error filters need a tap
  passed.withFilter;
  // @ts-expect-error an ethernet NIC is on no switch that libvirt knows
  EthernetNic.create().withVlan;
  // @ts-expect-error only an ethernet NIC has a script
  onBridge.withScript;
  // @ts-expect-error a NIC without a network has no port on a switch
  NullNic.create().isolated;
  // @ts-expect-error a NIC on QEMU's own network has none either
  InternalNic.create('a').withVirtualPort;
});

test('options of a NIC are those of its type', () => {
  NetworkNic.create('lab', { portGroup: 'staff', mtu: 1400, filter: 'no-mac-spoofing' });
  // @ts-expect-error port groups belong to networks
  BridgeNic.create('br0', { portGroup: 'staff' });
  // @ts-expect-error port groups belong to networks
  DirectNic.create('eth0', { portGroup: 'staff' });
  // @ts-expect-error macvtap has these four modes
  DirectNic.create('eth0', { mode: 'nat' });
  // @ts-expect-error a user NIC has no MTU of its own
  UserNic.create({ mtu: 1400 });
  // @ts-expect-error a NIC needs its network
  NetworkNic.create();
  // @ts-expect-error and its bridge
  BridgeNic.create({ mac: '52:54:00:00:00:01' });
  // @ts-expect-error and its socket
  VhostUserNic.create();
  // @ts-expect-error and both its address and its port
  ClientNic.create({ address: '192.0.2.1' });
  // @ts-expect-error a link is up or down
  NetworkNic.create('lab', { link: 'off' });
  // @ts-expect-error the card is the hardware's own
  HostdevNic.create({ type: 'pci', bus: 1 }, { model: 'virtio' });
});

test('documents of NICs are those of their type', () => {
  GuestNic.from({ type: 'direct', source: { dev: 'eth0', mode: 'bridge' } });
  // @ts-expect-error a direct NIC is on a device, not on a network
  GuestNic.from({ type: 'direct', source: { network: 'lab' } });
  // @ts-expect-error a misspelled type
  GuestNic.from({ type: 'bridged', source: { bridge: 'br0' } });
  // @ts-expect-error a misspelled property
  GuestNic.from({ type: 'bridge', source: { bridge: 'br0' }, vlans: { tags: [{ id: 5 }] } });
});

test('what is read is narrowed by its kind', () => {
  const nic = GuestNic.parse("<interface type='network'><source network='lab'/></interface>");
  expectTypeOf(nic).toEqualTypeOf<AnyNic>();
  if (nic.kind === 'network') expectTypeOf(nic).toEqualTypeOf<NetworkNic>();
  // @ts-expect-error not every NIC has port groups
  nic.withPortGroup;
  expectTypeOf(nicsOf('<domain/>')).toEqualTypeOf<readonly AnyNic[]>();
  // @ts-expect-error the callback returns NICs, not texts
  editDomainXml('<domain/>', (nics) => nics.map((one) => one.toXml()));
});
