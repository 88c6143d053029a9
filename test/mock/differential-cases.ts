import type { Step } from '../support/sequences.js';

const uuid = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11';
const other = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a12';
const network = 'twin-a';
const both = { live: true, config: true };
const stored = { live: false, config: true };
const current = { live: false, config: false };

const xml = (inside: string, name = network, id = uuid): string =>
  `<network><name>${name}</name><uuid>${id}</uuid>${inside}</network>`;
const subnet = "<ip address='10.250.0.1' prefix='24'>";
const own = (inside = '', dhcp = ''): string =>
  xml(
    `<bridge name='twinbr0'/><mac address='52:54:00:00:00:01'/>${inside}${subnet}${dhcp === '' ? '' : `<dhcp>${dhcp}</dhcp>`}</ip>`,
  );
const onHost = xml("<forward mode='bridge'/><bridge name='br0'/>");
const devices = (mode: string): string =>
  xml(`<forward mode='${mode}'><interface dev='eth6'/><interface dev='eth7'/></forward>`);

const define = (document: string): Step => ({ operation: 'network.define', input: { xml: document } });
const create = (document: string): Step => ({ operation: 'network.create', input: { xml: document } });
const start: Step = { operation: 'network.start', input: { network } };

type Section = Extract<Step, { operation: 'network.update' }>['input']['section'];
type Command = Extract<Step, { operation: 'network.update' }>['input']['command'];
const update = (section: Section, command: Command, entry: string, copies = current): Step => ({
  operation: 'network.update',
  input: { network, section, command, xml: entry, ...copies },
});
const addPort = (id: string): Step => ({
  operation: 'port.create',
  input: {
    network,
    xml: `<networkport><uuid>${id}</uuid><owner><name>guest</name><uuid>${uuid}</uuid></owner><mac address='52:54:00:00:00:77'/></networkport>`,
  },
});
const port = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a99';

/** What random sequences have found: each was once a difference between the mock and a daemon. */
export const FOUND: readonly (readonly [name: string, steps: readonly Step[]])[] = [
  [
    'a subnet that a running network has keeps another from starting',
    [
      define(own()),
      define(xml(`<bridge name='twinbr1'/>${subnet}</ip>`, 'twin-b', other)),
      start,
      { operation: 'network.start', input: { network: 'twin-b' } },
    ],
  ],
  [
    'a route that a running network has keeps another from starting',
    [
      create(own("<route address='10.252.0.0' prefix='16' gateway='10.250.0.2'/>")),
      create(
        xml(
          "<bridge name='twinbr1'/><ip address='10.250.1.1' prefix='24'/><route address='10.252.0.0' prefix='16' gateway='10.250.1.2'/>",
          'twin-b',
          other,
        ),
      ),
    ],
  ],
  [
    'a stored network whose transient start fails is forgotten',
    [define(own()), create(own("<forward mode='nat'><nat><port start='9' end='9'/></nat></forward>")), start],
  ],
  [
    'a bridge that runs is not free for its own network either',
    [
      create(xml(`<mac address='52:54:00:00:00:01'/>${subnet}</ip>`)),
      define(xml(`<mac address='52:54:00:00:00:01'/>${subnet}</ip>`)),
    ],
  ],
  [
    'a range is not looked at when there is no subnet for it',
    [define(onHost), update('ip-dhcp-range', 'add-last', "<range start='10.9.0.2' end='10.9.0.1'/>")],
  ],
  [
    'a host is not looked at when there is no subnet for it',
    [define(onHost), update('ip-dhcp-host', 'add-last', "<host mac='52:54:00:00:00:09'/>")],
  ],
  [
    'a range to delete must still fit its subnet',
    [define(own()), update('ip-dhcp-range', 'delete', "<range start='10.9.0.1' end='10.9.0.2'/>")],
  ],
  [
    'a range of the other family is refused for its subnet',
    [define(own()), update('ip-dhcp-range', 'add-last', "<range start='fd00::1' end='fd00::2'/>")],
  ],
  [
    'a host without anything lacks what names the guest before it lacks an address',
    [define(own()), update('ip-dhcp-host', 'modify', '<host/>')],
  ],
  ['a definition of such a host too', [define(own('', '<host/>'))]],
  [
    'SRV records cannot be modified, whatever they say',
    [define(own()), update('dns-srv', 'modify', "<srv protocol='tcp'/>")],
  ],
  [
    'TXT records could not be modified before 10.0, whatever they say',
    [define(own()), update('dns-txt', 'modify', "<txt value='1'/>")],
  ],
  [
    'an SRV record to look up must still be valid',
    [define(own()), update('dns-srv', 'delete', "<srv service='sip' port='389'/>")],
  ],
  ['an SRV record needs a service', [define(own()), update('dns-srv', 'add-last', "<srv protocol='tcp'/>")]],
  ['an SRV record needs a protocol', [define(own()), update('dns-srv', 'add-last', "<srv service='sip'/>")]],
  ['a TXT record needs a name', [define(own()), update('dns-txt', 'add-last', "<txt value='1'/>")]],
  ['a TXT record needs a value', [define(own()), update('dns-txt', 'add-last', "<txt name='a'/>")]],
  ['a DNS host needs names', [define(own()), update('dns-host', 'add-last', "<host ip='192.0.2.3'/>")]],
  [
    'a DNS host needs an address',
    [define(own()), update('dns-host', 'add-last', '<host><hostname>one</hostname></host>')],
  ],
  ['a new DNS host needs both', [define(own()), update('dns-host', 'add-first', '<host/>')]],
  ['a DNS host that is looked for needs either', [define(own()), update('dns-host', 'delete', '<host/>', stored)]],
  [
    'a DNS host is modified by its address alone',
    [
      define(own("<dns><host ip='192.0.2.1'><hostname>one</hostname></host></dns>")),
      update('dns-host', 'modify', '<host><hostname>one</hostname></host>'),
    ],
  ],
  ['a multicast MAC address', [define(xml("<mac address='01:00:5e:00:00:01'/>"))]],
  ['a NAT network without a subnet', [define(xml("<forward mode='nat'/>"))]],
  ['an open network without a subnet, which 10.8 has allowed', [define(xml("<forward mode='open'/>"))]],
  ['a name with a slash', [define(xml('', 'a/b'))]],
  [
    'a range of one port is only refused at the start',
    [create(own("<forward mode='nat'><nat><port start='9' end='9'/></nat></forward>"))],
  ],
  [
    'a route through a gateway of the other family',
    [
      define(
        xml(
          "<bridge name='twinbr0'/><ip family='ipv6' address='fd00:250::1' prefix='64'/><route address='10.252.0.0' prefix='16' gateway='fd00:250::2'/>",
        ),
      ),
    ],
  ],
  [
    'a route to a gateway that is nowhere',
    [define(xml("<route address='10.252.0.0' prefix='16' gateway='10.250.0.2'/>"))],
  ],
  ['a port of a network that does not run', [define(onHost), { operation: 'port.dump', input: { network, port } }]],
  [
    'a port of a network on a host bridge',
    [create(onHost), addPort(port), { operation: 'port.dump', input: { network, port } }],
  ],
  [
    'a port of a network of its own',
    [create(own()), addPort(port), { operation: 'port.dump', input: { network, port } }],
  ],
  [
    'a port of an Open vSwitch network has a name for the switch, and the tags of the network',
    [
      create(
        xml("<forward mode='bridge'/><bridge name='br1'/><vlan><tag id='8'/></vlan><virtualport type='openvswitch'/>"),
      ),
      addPort(port),
      { operation: 'port.dump', input: { network, port } },
    ],
  ],
  ['the same port twice', [create(onHost), addPort(port), addPort(port)]],
  [
    'guests are spread over the devices',
    [create(devices('private')), addPort(port), addPort(other), { operation: 'port.dump', input: { network, port } }],
  ],
  [
    'a device that is passed through takes one guest',
    [create(devices('passthrough')), addPort(port), addPort(other), addPort(uuid)],
  ],
  [
    'a device that is taken is reported before a port that is there',
    [create(xml("<forward mode='passthrough'><interface dev='eth6'/></forward>")), addPort(port), addPort(port)],
  ],
  [
    'metadata comes back with the quotes that it is kept with',
    [
      define(onHost),
      {
        operation: 'metadata.set',
        input: { network, uri: 'urn:twin:a', key: 'k', xml: `<x a='"1"' b="'2'">it &lt; that</x>`, ...stored },
      },
      { operation: 'metadata.get', input: { network, uri: 'urn:twin:a' } },
    ],
  ],
  [
    'a change of a running network forgets how many guests it has',
    [
      create(devices('vepa')),
      addPort(port),
      update('dns-txt', 'add-last', "<txt name='a' value='1'/>"),
      { operation: 'port.delete', input: { network, port } },
    ],
  ],
  [
    'a title in both copies reaches the stored one first',
    [define(own()), { operation: 'text.set', input: { network, kind: 'title', text: 'short', ...both } }],
  ],
  [
    'a title in both copies of what is not stored reaches neither',
    [create(onHost), { operation: 'text.set', input: { network, kind: 'title', text: 'short', ...both } }],
  ],
  [
    'the stored metadata of what is not stored cannot be read',
    [create(own()), { operation: 'metadata.get', input: { network, uri: 'urn:twin:a', inactive: true } }],
  ],
  ...['0', '65536', 'abc', '', '-1', '+53', '53 ', '4294967296'].map(
    (port) =>
      [
        `a forwarder with the port '${port}'`,
        [define(own(`<dns><forwarder addr='192.0.2.1' port='${port}'/></dns>`))],
      ] as const,
  ),
  ['a port of a forwarder without an address', [define(own("<dns><forwarder domain='a' port='0'/></dns>"))]],
  ...['yes', 'maybe', ''].map(
    (word) =>
      [
        `a driver that says '${word}' of IOMMUFD`,
        [define(xml(`<forward mode='hostdev'><driver name='vfio' iommufd='${word}'/><pf dev='lo'/></forward>`))],
      ] as const,
  ),
  ...[
    "managerid='010'",
    "managerid='0x10'",
    "managerid='-1'",
    "typeid='16777216'",
    "typeidversion='256'",
    "instanceid='zz'",
    "interfaceid='6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11'",
  ].map(
    (parameter) =>
      [
        `a virtual port with ${parameter}`,
        [define(xml(`<virtualport type='802.1Qbg'><parameters ${parameter}/></virtualport>`))],
      ] as const,
  ),
  ...["address='fd01::' prefix='64'", "address='10.0.0.0' prefix='8'"].map(
    (destination) =>
      [
        `a route of family ipv6 through an IPv4 gateway: ${destination}`,
        [define(own(`<route family='ipv6' ${destination} gateway='10.250.0.2'/>`))],
      ] as const,
  ),
  ['a virtual port of an unknown type', [define(xml("<virtualport type='zz'/>"))]],
  [
    "a parameter that is not midonet's",
    [define(xml("<virtualport type='midonet'><parameters typeid=' 7'/></virtualport>"))],
  ],
  ...[
    '',
    "prefix='24'",
    "metric='5'",
    "metric='0'",
    "family='ipv6'",
    "netmask='0.0.0.0' prefix='0'",
    "prefix='33'",
  ].map(
    (rest) =>
      [`a route without an address: ${rest}`, [define(own(`<route gateway='10.250.0.2' ${rest}/>`)), start]] as const,
  ),
  [
    'default routes of two networks, of which libvirt compares only those that have an address',
    ["address='0.0.0.0'", ''].flatMap((address, i) => [
      create(own(`<route ${address} gateway='10.250.0.2'/>`)),
      create(
        xml(
          `<bridge name='twinbr1'/><ip address='10.250.1.1' prefix='24'/><route ${i === 0 ? '' : "address='0.0.0.0'"} gateway='10.250.1.2'/>`,
          'twin-b',
          other,
        ),
      ),
      { operation: 'network.destroy', input: { network } } as const,
    ]),
  ],
];

/** Cases of releases since 11.3: older ones accept line breaks and print them in a way that cannot be read again. */
export const LINE_BREAKS: typeof FOUND = [
  ...[
    "<dns><txt name='a' value='x&#10;y'/></dns>",
    "<dns><srv service='a' protocol='tcp' domain='x&#13;y'/></dns>",
    "<dns><srv service='a' protocol='tcp' target='x&#10;y'/></dns>",
  ].map((inside) => [`a line break in a record: ${inside}`, [define(own(inside))]] as const),
  [
    'a line break in a record that is added',
    [
      define(own()),
      update('dns-txt', 'add-last', "<txt name='a' value='x&#10;y'/>"),
      update('dns-srv', 'add-last', "<srv service='a' protocol='tcp' target='x&#10;y'/>"),
    ],
  ],
];

/** Cases of releases since 12.8, which do not leave it to dnsmasq to refuse its configuration. */
export const LINE_BREAKS_AT_START: typeof FOUND = [
  ...[
    "<domain name='a&#10;b'/>",
    "<domain name='a&#10;b' localOnly='yes'/>",
    "<dns><forwarder domain='a&#10;b' addr='192.0.2.1'/></dns>",
  ].map((inside) => [`a line break that dnsmasq would read: ${inside}`, [create(own(inside))]] as const),
];
