import { describe, expect, it } from 'vitest';
import { ValidationError } from '../../src/errors/index.js';
import type { BaseNetwork } from '../../src/model/base.js';
import type { BaseNic } from '../../src/model/guest-nic/base.js';
import { BridgeNic, DirectNic } from '../../src/model/guest-nic/host-nics.js';
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
