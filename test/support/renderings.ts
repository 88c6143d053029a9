import type { ExpectedBridge } from '../../src/host/plan/expected.js';
import type { Rendering } from '../../src/host-bridge/render/rendering.js';

/** A bridge for the host of the namespaces: what it has on its NIC. */
export const EXPECTED: ExpectedBridge = {
  name: 'br0',
  ports: ['eno1'],
  mac: '52:54:00:77:00:01',
  mtu: 1500,
  addresses: ['10.77.0.10/24', '2001:db8:77::10/64'],
  gateways: ['10.77.0.1', '2001:db8:77::1'],
};

/** The same written by hand for iproute2. */
export const IPROUTE2: Rendering = {
  backend: 'iproute2',
  files: [],
  apply: [
    'link add name br0 type bridge stp_state 0 forward_delay 0',
    'link set dev br0 address 52:54:00:77:00:01 mtu 1500',
    'link set dev br0 up',
    'link set dev eno1 master br0',
    'addr flush dev eno1 scope global',
    'addr add 10.77.0.10/24 dev br0',
    'addr add 2001:db8:77::10/64 dev br0 nodad',
    'route replace default via 10.77.0.1 dev br0',
    '-6 route replace default via 2001:db8:77::1 dev br0',
  ].map((line) => ['ip', ...line.split(' ')]),
  revert: ['link set dev eno1 nomaster', 'link del dev br0'].map((line) => ['ip', ...line.split(' ')]),
  warnings: [],
};

/** The same written by hand for ifupdown. */
export const IFUPDOWN: Rendering = {
  backend: 'ifupdown',
  files: [
    {
      path: '/etc/network/interfaces.d/br0',
      mode: 0o644,
      owner: 'root:root',
      content: `auto eno1
iface eno1 inet manual

auto br0
iface br0 inet static
    bridge-ports eno1
    bridge-stp off
    bridge-fd 0
    bridge-maxwait 0
    bridge-hw 52:54:00:77:00:01
    address 10.77.0.10/24
    gateway 10.77.0.1

iface br0 inet6 static
    address 2001:db8:77::10/64
    gateway 2001:db8:77::1
    accept_ra 0
`,
    },
  ],
  apply: [
    ['ifup', 'eno1'],
    ['ifup', 'br0'],
  ],
  revert: [
    ['ifdown', 'br0'],
    ['ifdown', 'eno1'],
  ],
  warnings: [],
};

const ifcfg = (name: string, lines: readonly string[]) => ({
  path: `/etc/sysconfig/network-scripts/ifcfg-${name}`,
  mode: 0o644,
  owner: 'root:root',
  content: `${lines.join('\n')}\n`,
});

/** The same written by hand for the scripts of Red Hat, which no test here runs: it is tried by moving the connection. */
export const IFCFG: Rendering = {
  backend: 'ifcfg',
  files: [
    ifcfg('br0', [
      'DEVICE=br0',
      'TYPE=Bridge',
      'ONBOOT=yes',
      'BOOTPROTO=none',
      'STP=off',
      'DELAY=0',
      'IPADDR=10.77.0.10',
    ]),
    ifcfg('eno1', ['DEVICE=eno1', 'TYPE=Ethernet', 'ONBOOT=yes', 'BRIDGE=br0']),
  ],
  apply: [],
  revert: [],
  warnings: [],
};
