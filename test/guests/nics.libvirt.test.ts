import { describe, expect, it } from 'vitest';
import type { BaseNic } from '../../src/model/guest-nic/base.js';
import { BridgeNic, DirectNic } from '../../src/model/guest-nic/host-nics.js';
import type { SwitchedNicOptions } from '../../src/model/guest-nic/options.js';
import { BridgedNetwork } from '../../src/model/kinds/bridged-networks.js';
import { NatNetwork } from '../../src/model/kinds/virtual-kinds.js';
import { needs } from '../support/needs.js';
import { askLibvirt, domains } from '../support/oracle.js';
import { announce, type Random, runs } from '../support/random.js';

needs('virsh');

/** The whole guest, which is what libvirt takes. */
const domain = (name: string, ...interfaces: readonly string[]): string =>
  `<domain type='test'><name>${name}</name><memory>8192</memory><vcpu>1</vcpu><os><type arch='i686'>hvm</type></os><devices>
${interfaces.join('\n')}</devices></domain>`;

/** What libvirt prints of the first interface, at the margin. */
const printedIn = (xml: string): string =>
  (/^ {4}<interface[\s\S]*?^ {4}<\/interface>\n/m.exec(xml)?.[0] ?? '').replace(/^ {4}/gm, '');

function options(random: Random): SwitchedNicOptions {
  const limit = () => ({ average: random.int(1, 999), ...random.maybe(0.5, () => ({ peak: 2000, burst: 64 })) });
  return {
    mac: `52:54:00:0a:0b:${random.int(10, 99)}`,
    target: `tap${random.int(0, 9)}`,
    ...random.maybe(0.5, () => ({ model: random.pick(['virtio', 'e1000e', 'rtl8139']) })),
    ...random.maybe(0.4, () => ({
      vlan: random.pick([5, [5, 6], { trunk: true, tags: [{ id: 7, nativeMode: 'tagged' as const }] }]),
    })),
    ...random.maybe(0.3, () => ({
      virtualPort: {
        type: 'openvswitch' as const,
        parameters: { interfaceid: '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f', profileid: 'p' },
      },
    })),
    ...random.maybe(0.4, () => ({
      bandwidth: { inbound: limit(), ...random.maybe(0.5, () => ({ outbound: limit() })) },
    })),
    ...random.maybe(0.4, () => ({ link: random.pick(['up', 'down'] as const) })),
    ...random.maybe(0.3, () => ({ isolated: random.chance(0.7) })),
    ...random.maybe(0.3, () => ({ mtu: random.pick([1400, 9000]) })),
  };
}

function interfaces(random: Random): BaseNic {
  const given = options(random);
  return random.pick([
    () => BridgeNic.create('br0', given),
    () => {
      const { isolated: _, mtu: __, ...direct } = given;
      const mode = random.pick(['vepa', 'private', 'bridge', 'passthrough'] as const);
      return DirectNic.create('eno1', { ...direct, mode });
    },
    () =>
      BridgedNetwork.create({ name: 'lan', bridge: 'br0' })
        .portGroup({ name: 'pg' })
        .guestNic({ ...given, portGroup: 'pg' }),
    () => NatNetwork.create('nat').guestNic(given),
  ])();
}

describe('interfaces of guests are as libvirt takes and prints them', () => {
  it('for generated ones, right and wrong', () => {
    const count = runs(1000);
    const random = announce('guest interfaces', count);
    const made = Array.from({ length: count }, () => interfaces(random));
    const refused = made.map((one) => one.validate().filter(({ severity }) => severity === 'error'));
    const wrong = refused.filter((issues) => issues.length > 0).length;
    expect(wrong).toBeGreaterThan(0);
    // What we refuse cannot be printed, so libvirt is asked about it in another way below.
    const right = made.filter((_, i) => refused[i]?.length === 0);
    const verdicts = askLibvirt(
      right.map((one, i) => domain(`g${i}`, one.toXml())),
      domains,
    );
    right.forEach((one, i) => {
      expect(verdicts[i]?.error, one.toXml()).toBeUndefined();
      expect(printedIn(verdicts[i]?.xml ?? '')).toBe(one.toXml());
    });
  });

  it('what we refuse, libvirt refuses', () => {
    const xml = (inner: string, type = 'bridge', source = "bridge='br0'") =>
      `<interface type='${type}'><source ${source}/>${inner}</interface>`;
    const verdicts = askLibvirt(
      [
        xml('', 'bridge', ''),
        xml("<mac address='01:54:00:00:00:01'/>"),
        xml("<model type='a b'/>"),
        xml("<port isolated='yes'/>", 'direct', "dev='eno1' mode='bridge'"),
        xml("<virtualport type='openvswitch'/><port isolated='yes'/>"),
        xml("<bandwidth><inbound average='1' floor='2'/></bandwidth>"),
        xml("<vlan><tag id='5000'/></vlan>"),
        xml(''),
      ].map((one, i) => domain(`g${i}`, one)),
      domains,
    );
    expect(verdicts.map(({ error }) => error === undefined)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
  });
});
