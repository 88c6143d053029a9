import { describe, expect, it } from 'vitest';
import { ValidationError } from '../../src/errors/index.js';
import { GuestNic } from '../../src/model/guest-nic/guest-nic.js';
import { BridgedNetwork } from '../../src/model/kinds/bridged-networks.js';
import { NatNetwork } from '../../src/model/kinds/virtual-kinds.js';
import { GUEST_RULES, type GuestRuleId } from '../../src/schema/guests/rules/table.js';

/** The smallest NIC that breaks a rule, and one beside it that is just right. */
type Example = readonly [rule: GuestRuleId, broken: string, right: string, libvirt?: string, fineIn?: string];

const nic = (type: string, inside: string): string => `<interface type='${type}'>${inside}</interface>`;
const network = (inside: string): string => nic('network', `<source network='n'/>${inside}`);
const bridge = (inside: string): string => nic('bridge', `<source bridge='b'/>${inside}`);
const user = (inside: string): string => nic('user', inside);
const direct = (inside: string, mode = 'bridge'): string => nic('direct', `<source dev='e' mode='${mode}'/>${inside}`);
const VIRTIO = "<model type='virtio'/>";
const PASST = "<backend type='passt'/>";
const FORWARD = "<portForward proto='tcp'/>";
const FUNCTION = "<source><address type='pci' bus='3'/></source>";
const vhost = (inside: string, mode = 'client'): string =>
  nic('vhostuser', `<source type='unix' path='/x' mode='${mode}'>${inside}</source>${VIRTIO}`);
const range = (attributes: string): string =>
  user(`${PASST}<portForward proto='tcp'><range ${attributes}/></portForward>`);
const qbg = (ids: string): string => bridge(`<virtualport type='802.1Qbg'><parameters ${ids}/></virtualport>`);

const EXAMPLES: readonly Example[] = [
  ['GUEST_NEEDED', nic('vhostuser', VIRTIO), vhost('')],
  ['GUEST_HOSTDEV_ADDRESS', nic('hostdev', '<source/>'), nic('hostdev', FUNCTION)],
  [
    'GUEST_HOST_IP',
    nic('bridge', "<source bridge='b'><ip address='10.0.0.1'/></source>"),
    nic('ethernet', "<source><ip address='10.0.0.1'/></source>"),
  ],
  [
    'GUEST_RECONNECT',
    vhost("<reconnect enabled='yes' timeout='1'/>", 'server'),
    vhost("<reconnect enabled='yes' timeout='1'/>"),
  ],
  ['GUEST_UNSUPPORTED', nic('null', ''), user('')],
  ['GUEST_NO_NETWORK', nic('network', "<source network=''/>"), network('')],
  ['GUEST_MODEL', user("<model type='a b'/>"), user("<model type='a-b'/>")],
  [
    'GUEST_MODEL_VIRTIO',
    nic('vdpa', "<source dev='/d'/><model type='e1000'/>"),
    nic('vdpa', `<source dev='/d'/>${VIRTIO}`),
  ],
  ['GUEST_VIRTIO_OPTION', user("<model type='e1000'/><driver iommu='on'/>"), user(`${VIRTIO}<driver iommu='on'/>`)],
  ['GUEST_QUEUE_SIZE', user(`${VIRTIO}<driver rx_queue_size='300'/>`), user(`${VIRTIO}<driver rx_queue_size='512'/>`)],
  ['GUEST_ROM', user("<rom enabled='no' bar='on'/>"), user("<rom enabled='no'/>")],
  [
    'GUEST_TEAMING_PERSISTENT',
    network(`${VIRTIO}<teaming type='persistent' persistent='ua-a'/>`),
    network(`${VIRTIO}<teaming type='persistent'/>`),
  ],
  [
    'GUEST_TEAMING_NEEDS',
    nic('hostdev', `${FUNCTION}<teaming type='transient'/>`),
    nic('hostdev', `${FUNCTION}<teaming type='transient' persistent='ua-a'/>`),
  ],
  ['GUEST_TEAMING_MODEL', network("<teaming type='persistent'/>"), network(`${VIRTIO}<teaming type='persistent'/>`)],
  [
    'GUEST_TEAMING_TYPE',
    bridge("<teaming type='transient' persistent='ua-a'/>"),
    network("<teaming type='transient' persistent='ua-a'/>"),
  ],
  ['GUEST_ISOLATED', user("<port isolated='yes'/>"), bridge("<port isolated='yes'/>")],
  [
    'GUEST_FLOOR',
    bridge("<bandwidth><inbound average='1' floor='1'/></bandwidth>"),
    network("<bandwidth><inbound average='1' floor='1'/></bandwidth>"),
  ],
  [
    'GUEST_CLASSID',
    network("<bandwidth classID='3'><inbound average='1'/></bandwidth>"),
    network("<bandwidth><inbound average='1'/></bandwidth>"),
  ],
  ['GUEST_MTU', direct("<mtu size='1400'/>"), bridge("<mtu size='1400'/>")],
  [
    'GUEST_COALESCE',
    user("<coalesce><rx><frames max='3'/></rx></coalesce>"),
    bridge("<coalesce><rx><frames max='3'/></rx></coalesce>"),
  ],
  ['GUEST_UNMANAGED', bridge("<target dev='t' managed='no'/>"), nic('ethernet', "<target dev='t' managed='no'/>")],
  ['GUEST_VPORT_KIND', user("<virtualport type='openvswitch'/>"), bridge("<virtualport type='openvswitch'/>")],
  [
    'GUEST_VPORT_TYPE',
    bridge("<virtualport><parameters profileid='p'/></virtualport>"),
    network("<virtualport><parameters profileid='p'/></virtualport>"),
  ],
  ['GUEST_VPORT_NEEDS', qbg("managerid='1' typeid='1'"), qbg("managerid='1' typeid='1' typeidversion='1'")],
  [
    'GUEST_VLAN_TYPE',
    direct("<vlan><tag id='5'/></vlan>"),
    direct("<vlan><tag id='5'/></vlan>", 'passthrough'),
    '12.9.0',
    '11.3.0',
  ],
  ['GUEST_VLAN', bridge("<vlan><tag id='5'/></vlan>"), bridge(''), '9.0.0', '11.3.0'],
  ['GUEST_IP', bridge("<ip address='10.0.0.5'/>"), user("<ip address='10.0.0.5'/>")],
  ['GUEST_IP_FAMILY', user("<ip family='ipv6' address='10.0.0.5'/>"), user("<ip address='10.0.0.5'/>")],
  [
    'GUEST_IP_PREFIX',
    nic('ethernet', "<source><ip address='10.0.0.1' prefix='33'/></source>"),
    nic('ethernet', "<source><ip address='10.0.0.1' prefix='32'/></source>"),
  ],
  ['GUEST_IP_TWO', user("<ip address='10.0.0.5'/><ip address='10.0.0.6'/>"), user("<ip address='10.0.0.5'/>")],
  ['GUEST_IP_SLIRP', user("<ip address='10.0.0.5' prefix='28'/>"), user("<ip address='10.0.0.5' prefix='27'/>")],
  ['GUEST_IP_PEER', user("<ip address='10.0.0.5' peer='10.0.0.6'/>"), user("<ip address='10.0.0.5'/>")],
  ['GUEST_ROUTE', user("<route gateway='10.0.0.1'/>"), user(`${PASST}<route gateway='10.0.0.1'/>`)],
  ['GUEST_PASST', bridge(PASST), user(PASST)],
  ['GUEST_PORT_FORWARD', user(FORWARD), user(PASST + FORWARD), '11.3.0', '9.0.0'],
  ['GUEST_PORT_RANGE', range("end='5'"), range("start='5'")],
  ['GUEST_TARGET_NAME', bridge("<target dev='a/b'/>"), bridge("<target dev='a.b'/>")],
  ['GUEST_TARGET_NEEDED', nic('ethernet', "<target managed='no'/>"), nic('ethernet', "<target managed='no' dev='t'/>")],
  ['GUEST_SCRIPT', user("<script path='/s'/>"), nic('ethernet', "<script path='/s'/>")],
  ['GUEST_MTU_BIG', bridge("<mtu size='70000'/>"), bridge("<mtu size='65535'/>")],
  ['GUEST_QUEUES', user(`${VIRTIO}<driver queues='2'/>`), bridge(`${VIRTIO}<driver queues='2'/>`)],
  ['GUEST_QUEUES_MANY', bridge(`${VIRTIO}<driver queues='300'/>`), bridge(`${VIRTIO}<driver queues='256'/>`)],
  [
    'GUEST_QUEUE_RANGE',
    bridge(`${VIRTIO}<driver rx_queue_size='2048'/>`),
    bridge(`${VIRTIO}<driver rx_queue_size='1024'/>`),
  ],
  ['GUEST_TAP', direct("<backend tap='/t'/>"), bridge("<backend tap='/t'/>")],
  [
    'GUEST_FILTER_PARAMETER',
    bridge("<filterref filter='f'><parameter name='IP' value='10.0.0.0/24'/></filterref>"),
    bridge("<filterref filter='f'><parameter name='IP' value='10.0.0.1'/></filterref>"),
  ],
  [
    'GUEST_FILTER_VPORT',
    bridge("<virtualport type='openvswitch'/><filterref filter='f'/>"),
    bridge("<filterref filter='f'/>"),
  ],
];

/** Rules that only the network can tell, which have tests of their own. */
const ON_NETWORKS: readonly GuestRuleId[] = ['GUEST_VPORT', 'GUEST_PORTGROUP', 'GUEST_FLOOR_NETWORK'];

/** What reading or checking a text lists. */
function issuesOf(text: string, libvirt: string) {
  try {
    return GuestNic.parse(text, { libvirt }).validate({ libvirt });
  } catch (error) {
    if (error instanceof ValidationError) return error.issues;
    throw error;
  }
}

const codesOf = (text: string, libvirt: string) => issuesOf(text, libvirt).map(({ code }) => code);

describe('every rule of guests’ NICs', () => {
  it('has a NIC that breaks it', () => {
    const shown = new Set<string>([...EXAMPLES.map(([rule]) => rule), ...ON_NETWORKS]);
    expect(Object.keys(GUEST_RULES).filter((rule) => !shown.has(rule))).toEqual([]);
  });

  it.each(EXAMPLES.map((example) => [example[0], example] as const))('%s', (_, example) => {
    const [rule, broken, right, libvirt = '12.9.0', fineIn] = example;
    const found = issuesOf(broken, libvirt).filter(({ code }) => code === rule);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      phase: GUEST_RULES[rule].phase,
      line: 1,
      docs: expect.stringContaining('docs/rules.md#'),
    });
    expect(`${found[0]?.message} ${found[0]?.hint}`).not.toMatch(/\{[a-z]+\}/);
    expect(codesOf(right, libvirt)).not.toContain(rule);
    if (fineIn !== undefined) expect(codesOf(broken, fineIn)).not.toContain(rule);
  });

  it('what a start refuses can be printed, what define refuses cannot', () => {
    for (const [rule, broken, , libvirt = '12.9.0'] of EXAMPLES) {
      if (GUEST_RULES[rule].phase === 'parse') continue;
      const print = () => GuestNic.parse(broken, { libvirt }).toXml({ libvirt });
      if (GUEST_RULES[rule].phase === 'start') expect(print, rule).not.toThrow();
      else expect(print, rule).toThrow(ValidationError);
    }
  });

  it('and the network tells the rest', () => {
    const nat = NatNetwork.create('nat').subnet('10.0.0.1/24');
    const lan = BridgedNetwork.create({ name: 'lan', bridge: 'br0' }).portGroup({ name: 'web' });
    const codes = (one: { validate(): readonly { readonly code: string }[] }) => one.validate().map(({ code }) => code);
    const floor = { bandwidth: { inbound: { average: 1, floor: 1 } } };
    expect(codes(nat.guestNic({ virtualPort: { type: 'openvswitch' } }))).toEqual(['GUEST_VPORT']);
    expect(codes(lan.guestNic({ portGroup: 'db' }))).toEqual(['GUEST_PORTGROUP']);
    expect(codes(nat.guestNic(floor))).toEqual(['GUEST_FLOOR_NETWORK']);
    expect(codes(nat.bandwidth({ inbound: { average: 9 } }).guestNic(floor))).toEqual([]);
  });
});

it.each([
  ['mac.address', bridge("<mac address='00:00:00:00:00:00'/>")],
  ['mtu.size', bridge("<mtu size='0'/>")],
  ['driver', bridge("<model type='e1000'/><driver queues='2'/>")],
  ['driver.queues', bridge(`${VIRTIO}<driver queues='1'/>`)],
  ['target.dev', bridge("<target dev='macvtap7'/>")],
  ['alias.name', bridge("<alias name='mine'/>")],
  ['source.dev', user("<source dev='eno1'/>")],
  ['source.portgroup', nic('bridge', "<source bridge='b' portgroup='p'/>")],
])('warns that libvirt drops %s', (path, text) => {
  expect(issuesOf(text, '12.9.0')).toMatchObject([{ code: 'DROPPED', severity: 'warning', path }]);
});
