import type { Random } from './random.js';

/** The source of each type as people write it, and what else only this type has. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  network: ["<source network='default'/>", "<source network='lan' portgroup='web'/>", "<source network=''/>"],
  bridge: ["<source bridge='br0'/>", "<source bridge='br0' portgroup='x'/>"],
  direct: ["<source dev='eno1'/>", "<source dev='eno1' mode='bridge'/>", "<source dev='lo' mode='passthrough'/>"],
  user: ['', "<source dev='eno1'/>"],
  ethernet: ['', "<source><ip address='10.9.9.1' prefix='24'/></source>", '<source/>'],
  internal: ["<source name='x'/>"],
  server: ["<source address='127.0.0.1' port='5558'/>", "<source port='5558'/>"],
  client: ["<source address='127.0.0.1' port='5558'/>", "<source address='1.2.3.4' port='-5'/>"],
  mcast: ["<source address='230.0.0.1' port='5558'/>"],
  udp: ["<source address='1.2.3.4' port='5'><local address='1.2.3.5' port='6'/></source>"],
  hostdev: ["<source><address type='pci' domain='0' bus='3' slot='7' function='1'/></source>"],
  vdpa: ["<source dev='/dev/vhost-vdpa-0'/>"],
  vhostuser: [
    "<source type='unix' path='/x' mode='client'/><model type='virtio'/>",
    "<source type='unix' path='/x' mode='server'/><model type='virtio'/>",
    "<source type='unix' path='/x' mode='client'><reconnect enabled='yes' timeout='5'/></source><model type='virtio'/>",
  ],
  null: [''],
  vds: [
    "<source switchid='12345678-1234-1234-1234-123456789abc' portid='6' portgroupid='pg' connectionid='12'/>",
    "<source switchid='12345678-1234-1234-1234-123456789abc' portid='-1' connectionid='0x10'/>",
  ],
};

/** Sources that libvirt's parser refuses, at least with some release. */
const WRONG_SOURCES: Readonly<Record<string, readonly string[]>> = {
  network: ['', '<source/>', "<source network='default'><ip address='1.2.3.4'/></source>"],
  bridge: ['', "<source network='lan'/>"],
  direct: ["<source mode='bridge'/>", "<source dev='eno1' mode='foo'/>"],
  ethernet: [
    "<source><ip address='x'/></source>",
    "<source><ip address='1.2.3.4' prefix='33'/></source>",
    "<source><ip prefix='8'/></source>",
    "<source><route address='1.2.3.0'/></source>",
    "<source><ip address='1.2.3.4' family='ipv6'/></source>",
  ],
  server: ["<source address='127.0.0.1'/>", "<source port='x'/>"],
  client: ["<source port='5'/>", "<source address='1.2.3.4' port='x'/>"],
  udp: ["<source address='1.2.3.4' port='5'/>", "<source address='1.2.3.4' port='5'><local port='6'/></source>"],
  hostdev: ["<source><address type='pci' slot='0x20'/></source>", '<source/>', ''],
  vhostuser: [
    '',
    "<source path='/x'/>",
    "<source type='unix' path='/x'/><model type='virtio'/>",
    "<source type='tcp' path='/x' mode='client'/><model type='virtio'/>",
    "<source type='unix' mode='client'/><model type='virtio'/>",
    "<source type='unix' path='/x' mode='foo'/><model type='virtio'/>",
    "<source type='unix' path='/x' mode='client'/><model type='e1000'/>",
    "<source type='unix' path='/x' mode='server'><reconnect enabled='yes' timeout='5'/></source><model type='virtio'/>",
    "<source type='unix' path='/x' mode='client'><reconnect enabled='yes'/></source><model type='virtio'/>",
    "<source type='unix' path='/x' mode='client'><reconnect enabled='foo'/></source><model type='virtio'/>",
  ],
  vds: ["<source switchid='zz'/>"],
};

/** Parts that most NICs may have, each a list of texts of which the first ones are right everywhere. */
const PARTS: readonly (readonly string[])[] = [
  [
    "<mac address='52:54:00:AA:b:1'/>",
    "<mac address='52:54:00:11:22:33' type='static' check='no'/>",
    "<mac address='00:00:00:00:00:00'/>",
    "<mac address='fe:54:00:11:22:33' currentAddress='52:54:00:00:00:01'/>",
  ],
  [
    "<model type='virtio'/>",
    "<model type='VirtIO'/><driver name='vhost' queues='4' rx_queue_size='512' rss='on'><host csum='off' mrg_rxbuf='on'/><guest tso4='off'/></driver>",
    "<model type='virtio'/><driver queues='1'/>",
    "<model type='virtio'/><driver name='qemu' txmode='timer' ioeventfd='on' event_idx='off' packed='on'/>",
    "<model type='e1000e'/><driver queues='x'/>",
    "<model type='foonic'/>",
    "<model type=''/>",
  ],
  [
    "<bandwidth><inbound average='100' peak='200' burst='64'/></bandwidth>",
    "<bandwidth><inbound average='100'/><outbound average='50'/></bandwidth>",
    '<bandwidth/>',
    "<bandwidth><outbound average='0'/></bandwidth>",
  ],
  [
    "<target dev='tap7'/>",
    "<target dev='vnet7'/>",
    "<target dev=''/>",
    "<target dev='macvtap3'/>",
    "<guest dev='eth0' actual='eth1'/>",
    "<target dev='a&amp;b'/>",
  ],
  ["<link state='up'/>", "<link state='down'/>", '<link/>', "<link state=''/>"],
  ["<mtu size='0'/>", '<mtu/>'],
  ['<coalesce/>', '<coalesce><rx/></coalesce>', '<coalesce><rx><frames/></rx></coalesce>'],
  ["<filterref filter='clean-traffic'/>", '<filterref/>'],
  [
    "<filterref filter='f'><parameter name='Z' value='1'/><parameter name='A' value='10.0.0.1'/><parameter name='A' value='10.0.0.2'/></filterref>",
    "<filterref filter='f'><parameter name='a-b' value='1'/><parameter name='A' value='x y'/></filterref>",
  ],
  ['<tune><sndbuf>1600</sndbuf></tune>', '<tune><sndbuf>0</sndbuf></tune>', '<tune/>'],
  ["<script path='/bin/x'/>", "<script path=''/>", "<backenddomain name='dd'/>", "<downscript path='/bin/y'/>"],
  ["<alias name='ua-nic'/>", "<alias name='net0'/>", '<alias/>'],
  ["<rom bar='on' file='/x'/>", "<rom enabled='no'/>", "<rom bar='off'/>"],
  ["<acpi index='3'/>"],
  ["<backend tap='/dev//net/tun'/>", "<backend vhost='/dev/vhost-net'/>", "<backend logFile='/x'/>"],
  [
    "<address type='pci' slot='0x1a'/>",
    "<address type='pci' domain='0' bus='0' slot='27' function='0' multifunction='on'/>",
  ],
  ["<boot order='3'/>"],
  ["<port isolated='no'/>"],
  ['<unknown a="1"><b/></unknown>'],
];

/** Parts that libvirt refuses by the time of `define`, at least with some types or releases. */
const WRONG_PARTS: readonly string[] = [
  "<mac address='01:00:5e:00:00:01'/>",
  "<mac address='52:54:00:11:22'/>",
  "<mac type='foo'/>",
  "<mac address=''/>",
  "<mac address='52:54:00:11:22:33' check='maybe'/>",
  "<model type='a b'/>",
  "<model type='virtio'/><driver name='foo'/>",
  "<model type='virtio'/><driver name='default'/>",
  "<model type='virtio'/><driver queues='x'/>",
  "<model type='virtio'/><driver rx_queue_size='100'/>",
  "<model type='virtio'/><driver tx_queue_size='300'/>",
  "<model type='virtio'/><driver host='x'><host csum='yes'/></driver>",
  "<model type='e1000'/><driver iommu='on'/>",
  "<model type='e1000'/><driver ats='on'/>",
  "<model type='virtio'/><driver ats='off'/>",
  "<bandwidth><inbound average='1' floor='5'/></bandwidth>",
  "<bandwidth><inbound peak='5'/></bandwidth>",
  "<bandwidth><inbound average='x'/></bandwidth>",
  "<bandwidth><outbound average='1' floor='5'/></bandwidth>",
  "<bandwidth><inbound average='99999999999999999'/></bandwidth>",
  "<bandwidth classID='3'><inbound average='9'/></bandwidth>",
  "<link state='foo'/>",
  "<link state='default'/>",
  "<mtu size='x'/>",
  "<mtu size='-1'/>",
  "<mtu size='1400'/>",
  "<coalesce><rx><frames max='x'/></rx></coalesce>",
  "<coalesce><rx><frames max='3'/></rx></coalesce>",
  "<boot order='0'/>",
  "<boot order='x'/>",
  "<rom enabled='no' bar='on'/>",
  "<rom bar='foo'/>",
  "<rom enabled='foo'/>",
  "<teaming type='foo'/>",
  "<teaming type='persistent'/>",
  "<model type='virtio'/><teaming type='persistent'/>",
  "<model type='virtio'/><teaming type='persistent' persistent='ua-x'/>",
  "<teaming type='transient'/>",
  "<teaming type='transient' persistent='ua-x'/>",
  "<target dev='tapx' managed='no'/>",
  "<target dev='tapx' managed='yes'/>",
  "<target managed='foo'/>",
  "<port isolated='yes'/>",
  "<port isolated='foo'/>",
  "<ip address='1.2.3.4'/>",
  "<ip address='1.2.3.4'/><ip address='1.2.3.5'/>",
  "<ip address='1.2.3.4' prefix='28'/>",
  "<ip address='1.2.3.4' prefix='24' peer='1.2.3.5'/>",
  "<ip family='ipv6' address='2001:db8::1' prefix='60'/>",
  "<ip family='ipv6' address='2001:db8::1' prefix='64'/>",
  "<ip address='2001:db8::1'/>",
  "<ip address='x'/>",
  "<ip address='1.2.3.4' family='ipx'/>",
  "<ip address='1.2.3.4' prefix='x'/>",
  "<route address='1.2.3.0' prefix='24' gateway='1.2.3.4'/>",
  "<route gateway='1.2.3.4'/>",
  "<portForward proto='tcp'/>",
  "<portForward proto='sctp'/>",
  '<portForward/>',
  "<backend type='passt'/>",
  "<backend type='default'/>",
  "<backend type='foo'/>",
  "<backend type='passt'/><portForward proto='tcp' address='10.0.0.1' dev='eno1'><range start='80' end='90' to='8080'/><range start='85' exclude='yes'/></portForward>",
  "<backend type='passt'/><portForward proto='tcp'><range end='5'/></portForward>",
  "<backend type='passt'/><route gateway='1.2.3.4'/>",
  "<backend type='passt'/><route address='10.0.0.0' prefix='8' gateway='1.2.3.4'/>",
  "<backend type='passt'/><ip address='1.2.3.4' prefix='30'/>",
  "<backend type='passt' hostname='h' fqdn='h.example'/>",
  "<portForward proto='tcp' address='x'/>",
  "<portForward proto='tcp'><range start='0'/></portForward>",
  "<portForward proto='tcp'><range end='5'/></portForward>",
  "<portForward proto='tcp'><range start='5' exclude='foo'/></portForward>",
  '<tune><sndbuf>-5</sndbuf></tune>',
  "<acpi index='x'/>",
  "<address type='foo'/>",
  "<address type='pci' slot='0x20'/>",
  "<address type='pci' bus='0x100'/>",
  "<address type='pci' bus='x'/>",
  "<vlan><tag id='5'/></vlan>",
  '<vlan/>',
  "<vlan><tag id='4096'/></vlan>",
  "<vlan><tag id='0x10'/></vlan>",
  "<vlan trunk='no'><tag id='1'/><tag id='2'/></vlan>",
  "<vlan trunk='yes'><tag id='1' nativeMode='tagged'/><tag id='2' nativeMode='tagged'/></vlan>",
  "<vlan><tag id='5' nativeMode='x'/></vlan>",
  "<virtualport type='openvswitch'/>",
  "<virtualport type='foo'/>",
  "<virtualport type='802.1Qbh'/>",
  "<virtualport type='802.1Qbg'><parameters managerid='1'/></virtualport>",
  "<virtualport type='midonet'/>",
  "<virtualport type='openvswitch'><parameters managerid='1'/></virtualport>",
  "<virtualport type='openvswitch'><parameters interfaceid='zz'/></virtualport>",
  "<virtualport type='802.1Qbh'><parameters profileid='0123456789012345678901234567890123456789'/></virtualport>",
  "<virtualport type='802.1Qbg'><parameters managerid='300' typeid='1' typeidversion='1'/></virtualport>",
  "<virtualport><parameters profileid='x'/></virtualport>",
];

/** The types that a guest can be defined with on any machine. */
export const NIC_TYPES: readonly string[] = Object.keys(SOURCES);

/** Parts that these types have of their own: a model, or another `<driver>`. */
const isDriver = (texts: readonly string[]): boolean => texts.some((text) => text.includes('<driver'));

/** An `<interface>` as people write it, with what libvirt would drop among it, and nothing that its parser refuses. */
export function goodNicText(random: Random, type = random.pick(NIC_TYPES)): string {
  const possible = type === 'vhostuser' || type === 'hostdev' ? PARTS.filter((texts) => !isDriver(texts)) : PARTS;
  const parts = possible.filter(() => random.chance(0.2)).map((texts) => random.pick(texts));
  return nicOf(random, type, random.pick(SOURCES[type] ?? ['']), parts);
}

/** An `<interface>` in which one thing is probably wrong. */
export function doubtfulNicText(random: Random, type = random.pick(NIC_TYPES)): string {
  const doubt = random.pick(WRONG_PARTS);
  // Of two models or drivers libvirt takes parts of both.
  const beside = PARTS.filter((texts) => !(isDriver(texts) && /<model|<driver/.test(doubt)));
  const parts = beside.filter(() => random.chance(0.08)).map((texts) => random.pick(texts));
  const wrong = WRONG_SOURCES[type] ?? [];
  if (wrong.length > 0 && random.chance(0.15)) return nicOf(random, type, random.pick(wrong), parts);
  return nicOf(random, type, random.pick(SOURCES[type] ?? ['']), [doubt, ...parts]);
}

function nicOf(random: Random, type: string, source: string, parts: readonly string[]): string {
  const trust = random.chance(0.1) ? ` trustGuestRxFilters='${random.pick(['yes', 'no'])}'` : '';
  const managed = type === 'hostdev' && random.chance(0.5) ? ` managed='${random.pick(['yes', 'no'])}'` : '';
  return `<interface type='${type}'${managed}${trust}>${source}${parts.join('')}</interface>`;
}

/** A domain around NICs, laid out as people do it, with what is easily taken for a NIC. */
export function domainText(random: Random, nics: readonly string[]): string {
  const newline = random.pick(['\n', '\r\n']);
  const indent = random.pick(['  ', '\t', '    ']);
  const quoted = nics.map((nic) => (random.chance(0.3) ? nic.replace(/'([^'"]*)'/g, '"$1"') : nic));
  const remark = () => random.pick(['', '<!-- <interface type="user"/> -->', '<!-- lan > wan -->']);
  const devices = quoted.flatMap((nic) => [remark(), nic, random.pick(['', "<input type='mouse' bus='ps2'/>"])]);
  return [
    random.pick(['', '<?xml version="1.0"?>', '<!-- mine -->']),
    "<domain type='qemu'>",
    `${indent}<name>g &gt; h</name>`,
    `${indent}<metadata><x:devices xmlns:x="urn:x"><interface type='user'/></x:devices><![CDATA[<interface>]]></metadata>`,
    `${indent}<memory>1024</memory>`,
    `${indent}<devices>`,
    ...devices.filter((line) => line !== '').map((line) => indent.repeat(2) + line),
    `${indent}</devices>`,
    '</domain>',
    '',
  ].join(newline);
}
