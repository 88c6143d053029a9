import { describe, expect, it } from 'vitest';
import { ValidationError } from '../../src/errors/index.js';
import { GuestInterface } from '../../src/model/guest-interface.js';
import { BridgedNetwork, DirectNetwork } from '../../src/model/kinds/bridged-networks.js';

describe('interfaces of guests', () => {
  const codes = (one: GuestInterface): readonly string[] => one.validate().map(({ code }) => code);

  it('are connected to the network that they are made from', () => {
    expect(
      BridgedNetwork.create({ name: 'lan', bridge: 'br0' })
        .guestInterface({ mac: '52:54:00:AA:00:01', vlan: 5 })
        .toXml(),
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
    expect(
      DirectNetwork.create({ name: 'pool', mode: 'vepa', devices: ['eno1'] }).guestInterface().document.source,
    ).toEqual({ network: 'pool' });
  });

  it('list everything that is wrong', () => {
    expect(codes(GuestInterface.onBridge(''))).toEqual(['GUEST_SOURCE']);
    expect(codes(GuestInterface.onBridge('br0', { mac: '01:54:00:00:00:01', model: 'a b', vlan: 5000 }))).toEqual([
      'MAC_MULTICAST',
      'VLAN_ID_RANGE',
      'GUEST_MODEL',
    ]);
    expect(codes(GuestInterface.onCard('eno1', { isolated: true }))).toEqual(['GUEST_ISOLATED']);
    expect(codes(GuestInterface.onBridge('br0', { isolated: true, virtualPort: { type: 'openvswitch' } }))).toEqual([
      'GUEST_ISOLATED',
    ]);
    expect(codes(GuestInterface.onBridge('br0', { bandwidth: { inbound: { average: 1, floor: 2 } } }))).toEqual([
      'GUEST_FLOOR',
    ]);
    expect(codes(GuestInterface.onBridge('br0', { mac: 'x' }))).toEqual(['MAC_INVALID']);
    expect(codes(GuestInterface.onBridge('br0', { link: JSON.parse('"off"') })).length).toBe(1);
    expect(() => GuestInterface.onBridge('').toXml()).toThrow(ValidationError);
  });

  it('ask for port groups that the network has', () => {
    const lan = BridgedNetwork.create({ name: 'lan', bridge: 'br0' }).portGroup({ name: 'web' });
    expect(lan.guestInterface({ portGroup: 'web' }).toXml()).toContain("<source network='lan' portgroup='web'/>");
    const [issue] = lan.guestInterface({ portGroup: 'db' }).validate();
    expect(issue).toMatchObject({ code: 'GUEST_PORTGROUP', path: 'source.portgroup', hint: 'its port groups: web' });
    expect(() => lan.guestInterface({ portGroup: 'db' }).toXml()).toThrow(/no port group 'db'/);
  });

  it('are frozen plain data', () => {
    const one = GuestInterface.onBridge('br0', { vlan: [5] });
    expect(Object.isFrozen(one.document.vlan?.tags)).toBe(true);
    expect(JSON.parse(JSON.stringify(one))).toEqual(one.document);
  });
});
