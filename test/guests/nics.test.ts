import { describe, expect, it } from 'vitest';
import { ValidationError } from '../../src/errors/index.js';
import type { BaseNetwork } from '../../src/model/base.js';
import type { BaseNic } from '../../src/model/guest-nic/base.js';
import { GuestNic } from '../../src/model/guest-nic/guest-nic.js';
import { BridgeNic, DirectNic } from '../../src/model/guest-nic/host-nics.js';
import { NetworkNic } from '../../src/model/guest-nic/network-nic.js';
import type { NetworkNicOptions } from '../../src/model/guest-nic/options.js';
import { BridgedNetwork, DirectNetwork, HostdevNetwork } from '../../src/model/kinds/bridged-networks.js';
import { NatNetwork } from '../../src/model/kinds/virtual-kinds.js';

describe('interfaces of guests', () => {
  const codes = (one: BaseNic): readonly string[] => one.validate().map(({ code }) => code);

  it('are connected to the network that they are made from', () => {
    expect(
      BridgedNetwork.create({ name: 'lan', bridge: 'br0' }).guestNic({ mac: '52:54:00:AA:00:01', vlan: 5 }).toXml(),
    ).toBe(
      `<interface type='network'>
  <mac address='52:54:00:aa:00:01'/>
  <source network='lan'/>
  <vlan>
    <tag id='5'/>
  </vlan>
  <model type='virtio'/>
</interface>
`,
    );
    expect(DirectNetwork.create({ name: 'pool', mode: 'vepa', devices: ['eno1'] }).guestNic().document.source).toEqual({
      network: 'pool',
    });
  });

  it('list everything that is wrong', () => {
    expect(codes(BridgeNic.create(''))).toEqual([]); // libvirt takes it, and fails at the start
    expect(codes(BridgeNic.create('br0', { mac: '01:54:00:00:00:01', model: 'a b', vlan: 5000 }))).toEqual([
      'MAC_MULTICAST',
      'VLAN_ID_RANGE',
      'GUEST_MODEL',
    ]);
    expect(codes(DirectNic.create('eno1').with({ port: { isolated: true } }))).toEqual(['GUEST_ISOLATED']);
    expect(codes(BridgeNic.create('br0', { isolated: true, virtualPort: { type: 'openvswitch' } }))).toEqual([
      'GUEST_ISOLATED',
    ]);
    expect(codes(BridgeNic.create('br0', { bandwidth: { inbound: { average: 1, floor: 2 } } }))).toEqual([
      'GUEST_FLOOR',
    ]);
    expect(codes(BridgeNic.create('br0', { mac: 'x' }))).toEqual(['MAC_INVALID']);
    expect(codes(BridgeNic.create('br0', { link: JSON.parse('"off"') })).length).toBe(1);
    expect(() => BridgeNic.create('br0', { mac: 'x' }).toXml()).toThrow(ValidationError);
  });

  it('ask for port groups that the network has', () => {
    const lan = BridgedNetwork.create({ name: 'lan', bridge: 'br0' }).portGroup({ name: 'web' });
    expect(lan.guestNic({ portGroup: 'web' }).toXml()).toContain("<source network='lan' portgroup='web'/>");
    const [issue] = lan.guestNic({ portGroup: 'db' }).validate();
    expect(issue).toMatchObject({ code: 'GUEST_PORTGROUP', path: 'source.portgroup', hint: 'its port groups: web' });
    expect(lan.guestNic({ portGroup: 'db' }).toXml()).toContain("portgroup='db'");
  });

  it('have tags only where the network, its virtual port and the release allow them', () => {
    const tagged = (network: BaseNetwork, options: NetworkNicOptions = {}, libvirt = '12.9.0') =>
      network
        .guestNic({ vlan: 5, ...options })
        .validate({ libvirt })
        .map(({ code }) => code);
    const lan = BridgedNetwork.create({ name: 'lan', bridge: 'br0' });
    const open = { virtualPort: { type: 'openvswitch' } } as const;
    const refused = ['GUEST_VLAN'];
    expect([tagged(lan), tagged(lan, {}, '10.10.0'), tagged(lan, open, '9.0.0')]).toEqual([[], refused, []]);
    const nat = NatNetwork.create('nat');
    expect([tagged(nat), tagged(nat, {}, '9.0.0')]).toEqual([[], refused]);
    const pools = (['bridge', 'private', 'vepa', 'passthrough'] as const).map((mode) =>
      tagged(DirectNetwork.create({ name: 'pool', mode, devices: ['eno1'] })),
    );
    expect(pools).toEqual([refused, refused, refused, []]);
    expect(tagged(HostdevNetwork.create({ name: 'vfs', pf: 'eno1' }))).toEqual([]);
    const group = lan.portGroup({ name: 'ovs', virtualport: { type: 'openvswitch' } });
    expect(tagged(group, { portGroup: 'ovs' }, '9.0.0')).toEqual([]);
    // A definition takes them: the guest does not start.
    expect(nat.guestNic({ vlan: 5 }).toXml({ libvirt: '9.0.0' })).toContain("<tag id='5'/>");
    expect(codes(DirectNic.create('eno1', { vlan: 5 }))).toEqual(['GUEST_VLAN_TYPE']);
    expect(codes(DirectNic.create('eno1', { vlan: 5, mode: 'passthrough' }))).toEqual([]);
    const onBridge = BridgeNic.create('br0', { vlan: 5 });
    expect([onBridge.validate({ libvirt: '10.10.0' }).length, onBridge.validate().length]).toEqual([1, 0]);
  });

  it('have a virtual port only on networks that take it', () => {
    const port = (network: BaseNetwork, type: 'openvswitch' | '802.1Qbh') =>
      network
        .guestNic({ virtualPort: { type, ...(type === '802.1Qbh' ? { parameters: { profileid: 'p' } } : {}) } })
        .validate();
    expect(port(NatNetwork.create('nat'), 'openvswitch')).toMatchObject([{ code: 'GUEST_VPORT', phase: 'start' }]);
    expect(port(BridgedNetwork.create({ name: 'lan', bridge: 'br0' }), 'openvswitch')).toEqual([]);
    const pool = DirectNetwork.create({ name: 'pool', mode: 'vepa', devices: ['eno1'] });
    expect([port(pool, 'openvswitch').length, port(pool, '802.1Qbh').length]).toEqual([1, 0]);
  });

  it('are frozen plain data', () => {
    const one = BridgeNic.create('br0', { vlan: [5] });
    expect(Object.isFrozen(one.document.vlan?.tags)).toBe(true);
    expect(JSON.parse(JSON.stringify(one))).toEqual(one.document);
  });
});

describe('what generated NICs have shown', () => {
  const stored = (text: string) => GuestNic.parse(text).asStored().toXml({ check: false });

  it('libvirt drops the vhost device of a device of the host, whatever its model', () => {
    const [address, backend] = ["<address type='pci' bus='3'/>", "<backend vhost='/dev/vhost-net'/>"];
    const model = "<model type='virtio'/>";
    expect(stored(`<interface type='hostdev'><source>${address}</source>${model}${backend}</interface>`)).not.toContain(
      'vhost',
    );
    expect(stored(`<interface type='bridge'><source bridge='b'/>${model}${backend}</interface>`)).toContain('vhost');
  });

  it('a range of forwarded ports without its start is printed as none', () => {
    const text = "<interface type='null'><portForward proto='tcp'><range end='5'/></portForward></interface>";
    expect(stored(text)).toContain("<portForward proto='tcp'/>");
  });

  it('limits of 0 leave an empty element', () => {
    const text = "<interface type='user'><bandwidth><outbound average='0'/></bandwidth></interface>";
    expect(stored(text)).toContain('<bandwidth>\n  </bandwidth>');
    expect(stored(text.replace(/<outbound[^>]*>/, ''))).not.toContain('bandwidth');
  });
});

describe('NICs of running guests', () => {
  const live = `<interface type='bridge'><mac address='52:54:00:00:00:01' currentAddress='52:54:00:00:00:02'/>
<source network='lan' portgroup='web' portid='x' bridge='br0' macTableManager='libvirt'/><target dev='vnet3'/>
<model type='virtio'/><alias name='net0'/><address type='pci' slot='3'/></interface>`;

  it('are stored on the network that they name, without what libvirt reports', () => {
    const nic = GuestNic.parse(live);
    expect([nic.kind, nic.network, nic.validate()]).toEqual(['bridge', 'lan', []]);
    expect(nic.asStored().document).toEqual({
      type: 'network',
      mac: { address: '52:54:00:00:00:01' },
      source: { network: 'lan', portgroup: 'web' },
      model: { type: 'virtio' },
      address: { type: 'pci', domain: 0, bus: 0, slot: 3, function: 0 },
    });
    const direct = live.replace("type='bridge'", "type='direct'").replace("bridge='br0'", "dev='eno1' mode='vepa'");
    expect(String(GuestNic.parse(direct).asStored())).toBe('NetworkNic on lan');
  });

  it('keep names that a person gave', () => {
    const named = live.replace('vnet3', 'tap3').replace('net0', 'ua-lan');
    expect(GuestNic.parse(named).asStored().document).toMatchObject({
      target: { dev: 'tap3' },
      alias: { name: 'ua-lan' },
    });
    const own = GuestNic.parse("<interface type='ethernet'><target dev='vnet9' managed='no'/></interface>");
    expect(own.asStored().document.target).toEqual({ dev: 'vnet9', managed: false });
  });
});

describe('NICs compared', () => {
  const one = BridgeNic.create('br0', { mac: '52:54:00:00:00:01' });

  it('are equal when libvirt sees no difference', () => {
    const spelt = GuestNic.parse(
      "<interface type='bridge'><model type='VIRTIO'/><source bridge='br0'/><mac address='52:54:0:0:0:1'/><coalesce/></interface>",
    );
    expect(one.equals(spelt)).toBe(true);
    expect(one.diff(spelt.withLink('down'))).toEqual([{ path: 'link', to: { state: 'down' } }]);
    expect(one.equals(NetworkNic.create('br0', { mac: '52:54:00:00:00:01' }))).toBe(false);
  });

  it('and a document of another type is refused by a class', () => {
    expect(() => one.with(JSON.parse('{"type":"direct"}'))).toThrow(/type direct is not one of type bridge/);
    expect(() => GuestNic.from(JSON.parse('{"type":"wifi"}'))).toThrow(/no type wifi/);
    expect(GuestNic.from(one.document)).toBeInstanceOf(BridgeNic);
    expect(one).toBeInstanceOf(GuestNic);
    expect(one).not.toBeInstanceOf(DirectNic);
  });
});

describe('NICs that hold their own', () => {
  it('cannot be written to, and say what they are compared with', () => {
    const nic = BridgeNic.create('br0');
    expect(Object.isFrozen(nic)).toBe(true);
    for (const other of [null, NatNetwork.create('nat')])
      expect(() => nic.equals(JSON.parse('{}') && (other as never))).toThrow(/need another NIC/);
    expect(() => GuestNic.parse('<domain><devices/></domain>')).toThrow(/<domain>, not <interface>/);
  });

  it('stay on their bridge where nobody reports a port of a network', () => {
    const nic = GuestNic.parse("<interface type='bridge'><source bridge='b' network='n'/></interface>");
    expect(nic.asStored().document).toMatchObject({ type: 'bridge', source: { bridge: 'b' } });
  });

  it('print what their properties say, whatever stands in extra', () => {
    const nic = NetworkNic.create('safe').with({
      source: { network: 'safe', extra: { attributes: { network: 'evil', more: '1' } } },
    });
    expect(nic.toXml()).toContain("<source network='safe' more='1'/>");
  });
});
