import { describe, expect, it } from 'vitest';
import { HostBridge } from '../../src/host-bridge/host-bridge.js';
import type { RenderOptions } from '../../src/host-bridge/render/render-options.js';
import type { BackendName } from '../../src/host-bridge/render/rendering.js';

/** The card's address by DHCP: the smallest bridge that is of use. */
const dhcp = HostBridge.create('br0').port('eno1').dhcp4().slaac().mac('52:54:00:77:00:01');

const bond = { type: 'bond', name: 'bond0', devices: ['eno1', 'eno2'], mode: '802.3ad', monitorInterval: 0.1 } as const;

/** One VLAN of a bond, with all that fixed addresses need. */
const fixed = HostBridge.create('br20')
  .vlanPort(bond, 20)
  .address('10.77.20.2/24')
  .address('10.77.21.2/24')
  .gateway('10.77.20.1')
  .address('2001:db8:77:20::2/64')
  .gateway('2001:db8:77:20::1')
  .route('10.99.0.0/16', { via: '10.77.20.254', metric: 50 })
  .mac('52:54:00:77:00:20')
  .mtu(9000);

const tree = HostBridge.create('br0')
  .port('eno1', { pathCost: 50, priority: 20 })
  .stp({ forwardDelay: 4, helloTime: 2, maxAge: 20, priority: 4096 })
  .ageing(300)
  .mac('52:54:00:77:00:01');

const named = fixed.dns(['10.77.20.53', '10.77.20.54'], ['a.example', 'b.example']);

/** The files as one text, each under its name. */
const written = (bridge: HostBridge, backend: BackendName, options: Omit<RenderOptions, 'backend'> = {}): string =>
  bridge
    .render(backend, options)
    .files.map(({ path, mode, owner, content }) => `# ${path} ${mode.toString(8)} ${owner}\n${content}`)
    .join('');

describe('ifcfg files have the names and units that their readers take', () => {
  const FOLDER = '/etc/sysconfig/network-scripts';

  it('a card whose bridge asks DHCP', () => {
    expect(written(dhcp, 'ifcfg')).toBe(`# ${FOLDER}/ifcfg-br0 644 root
DEVICE=br0
TYPE=Bridge
ONBOOT=yes
STP=off
DELAY=0
MACADDR=52:54:00:77:00:01
BOOTPROTO=dhcp
IPV6INIT=yes
IPV6_AUTOCONF=yes
# ${FOLDER}/ifcfg-eno1 644 root
DEVICE=eno1
TYPE=Ethernet
ONBOOT=yes
BOOTPROTO=none
IPV6INIT=no
BRIDGE=br0
`);
  });

  it('a VLAN of a bond with fixed addresses, routes and names', () => {
    expect(written(named, 'ifcfg')).toBe(`# ${FOLDER}/ifcfg-br20 644 root
DEVICE=br20
TYPE=Bridge
ONBOOT=yes
STP=off
DELAY=0
MACADDR=52:54:00:77:00:20
MTU=9000
BOOTPROTO=none
IPADDR=10.77.20.2
PREFIX=24
IPADDR1=10.77.21.2
PREFIX1=24
GATEWAY=10.77.20.1
DEFROUTE=yes
IPV6INIT=yes
IPV6_AUTOCONF=no
IPV6ADDR=2001:db8:77:20::2/64
IPV6_DEFAULTGW=2001:db8:77:20::1
DNS1=10.77.20.53
DNS2=10.77.20.54
DOMAIN="a.example b.example"
# ${FOLDER}/ifcfg-bond0 644 root
DEVICE=bond0
TYPE=Bond
BONDING_MASTER=yes
BONDING_OPTS="mode=802.3ad miimon=100"
ONBOOT=yes
BOOTPROTO=none
IPV6INIT=no
MTU=9000
# ${FOLDER}/ifcfg-bond0.20 644 root
DEVICE=bond0.20
TYPE=Vlan
VLAN=yes
PHYSDEV=bond0
VLAN_ID=20
ONBOOT=yes
BOOTPROTO=none
IPV6INIT=no
MTU=9000
BRIDGE=br20
# ${FOLDER}/ifcfg-eno1 644 root
DEVICE=eno1
TYPE=Ethernet
ONBOOT=yes
BOOTPROTO=none
MTU=9000
MASTER=bond0
SLAVE=yes
# ${FOLDER}/ifcfg-eno2 644 root
DEVICE=eno2
TYPE=Ethernet
ONBOOT=yes
BOOTPROTO=none
MTU=9000
MASTER=bond0
SLAVE=yes
# ${FOLDER}/route-br20 644 root
10.99.0.0/16 via 10.77.20.254 dev br20 metric 50
`);
  });

  for (const [consumer, delay, options, owner] of [
    ['network-scripts-7', '4', 'hello_time=200 max_age=2000 ageing_time=30000', 'NM_CONTROLLED=no\n'],
    ['network-scripts-8+', '400', 'hello_time=200 max_age=2000 ageing_time=30000', 'NM_CONTROLLED=no\n'],
    ['NetworkManager', '4', 'hello_time=2 max_age=20 ageing_time=300', ''],
  ] as const) {
    it(`times in the units of ${consumer}`, () => {
      expect(written(tree, 'ifcfg', { consumer })).toBe(`# ${FOLDER}/ifcfg-br0 644 root
DEVICE=br0
TYPE=Bridge
ONBOOT=yes
${owner}STP=on
DELAY=${delay}
BRIDGING_OPTS="priority=4096 ${options}"
MACADDR=52:54:00:77:00:01
BOOTPROTO=none
IPV6INIT=no
# ${FOLDER}/ifcfg-eno1 644 root
DEVICE=eno1
TYPE=Ethernet
ONBOOT=yes
${owner}BOOTPROTO=none
IPV6INIT=no
BRIDGE=br0
BRIDGING_OPTS="path_cost=50 priority=20"
`);
    });
  }

  it('no times at all for a reader that is not known', () => {
    expect(() => tree.render('ifcfg')).toThrow(/stp\.forwardDelay.*options\.consumer/s);
  });
});

describe('wicked files have the names that wicked takes', () => {
  const FOLDER = '/etc/sysconfig/network';

  it('a bridge with a spanning tree', () => {
    expect(
      written(tree.address('10.77.0.20/24').address('2001:db8:77::20/64').mtu(9000), 'wicked'),
    ).toBe(`# ${FOLDER}/ifcfg-br0 644 root
STARTMODE='auto'
BOOTPROTO='static'
BRIDGE='yes'
BRIDGE_PORTS='eno1'
BRIDGE_STP='on'
BRIDGE_FORWARDDELAY='4'
BRIDGE_HELLOTIME='2'
BRIDGE_MAXAGE='20'
BRIDGE_AGEINGTIME='300'
BRIDGE_PRIORITY='4096'
BRIDGE_PATHCOSTS='50'
BRIDGE_PORTPRIORITIES='20'
LLADDR='52:54:00:77:00:01'
MTU='9000'
IPADDR='10.77.0.20/24'
IPADDR_1='2001:db8:77::20/64'
# ${FOLDER}/ifcfg-eno1 644 root
STARTMODE='auto'
BOOTPROTO='none'
MTU='9000'
`);
  });

  it('values of ports by their place, a dash for none', () => {
    const { files } = tree.port('eno2').port('eno3', { pathCost: 7 }).render('wicked');
    expect(files[0]?.content).toContain("BRIDGE_PORTS='eno1 eno2 eno3'\n");
    expect(files[0]?.content).toContain("BRIDGE_PATHCOSTS='50 - 7'\nBRIDGE_PORTPRIORITIES='20 - -'\n");
  });

  it('a VLAN, and routes in a file of their own', () => {
    const bridge = HostBridge.create('br0').vlanPort('eno1', 20).address('10.77.0.20/24').gateway('10.77.0.1');
    expect(
      written(bridge.route('10.99.0.0/16', { via: '10.77.0.254', metric: 50 }).mac('kernel'), 'wicked'),
    ).toBe(`# ${FOLDER}/ifcfg-br0 644 root
STARTMODE='auto'
BOOTPROTO='static'
BRIDGE='yes'
BRIDGE_PORTS='eno1.20'
BRIDGE_STP='off'
BRIDGE_FORWARDDELAY='0'
IPADDR='10.77.0.20/24'
# ${FOLDER}/ifroute-br0 644 root
default 10.77.0.1 - br0
10.99.0.0/16 10.77.0.254 - br0 metric 50
# ${FOLDER}/ifcfg-eno1 644 root
STARTMODE='auto'
BOOTPROTO='none'
# ${FOLDER}/ifcfg-eno1.20 644 root
STARTMODE='auto'
BOOTPROTO='none'
ETHERDEVICE='eno1'
VLAN_ID='20'
`);
  });
});

describe('nmstate documents have the properties that nmstate takes', () => {
  it('a bridge with a spanning tree, VLANs, addresses, routes and names', () => {
    const bridge = tree
      .vlanFiltering()
      .port('eno1', {
        pathCost: 50,
        priority: 20,
        vlans: [{ id: 20, pvid: true, untagged: true }, { id: { from: 30, to: 40 } }],
      })
      .port('eno2', { hairpin: true, vlans: [{ id: 5, pvid: true, untagged: true }] })
      .multicastSnooping(false)
      .address('10.77.0.20/24')
      .gateway('10.77.0.1')
      .slaac()
      .route('10.99.0.0/16', { via: '10.77.0.254', metric: 50, table: 100 })
      .dns(['10.77.0.53'], ['lan.example'])
      .mtu(9000);
    expect(bridge.render('nmstate').files[0]?.content).toBe(`interfaces:
  - name: "eno1"
    type: "ethernet"
    state: "up"
    mtu: 9000
    ipv4:
      enabled: false
    ipv6:
      enabled: false
  - name: "eno2"
    type: "ethernet"
    state: "up"
    mtu: 9000
    ipv4:
      enabled: false
    ipv6:
      enabled: false
  - name: "br0"
    type: "linux-bridge"
    state: "up"
    mac-address: "52:54:00:77:00:01"
    mtu: 9000
    ipv4:
      enabled: true
      dhcp: false
      address:
        - ip: "10.77.0.20"
          prefix-length: 24
    ipv6:
      enabled: true
      dhcp: false
      autoconf: true
    bridge:
      options:
        mac-ageing-time: 300
        multicast-snooping: false
        stp:
          enabled: true
          forward-delay: 4
          hello-time: 2
          max-age: 20
          priority: 4096
      port:
        - name: "eno1"
          stp-path-cost: 50
          stp-priority: 20
          vlan:
            mode: "trunk"
            enable-native: true
            tag: 20
            trunk-tags:
              - id-range:
                  min: 30
                  max: 40
        - name: "eno2"
          stp-hairpin-mode: true
          vlan:
            mode: "access"
            tag: 5
routes:
  config:
    - destination: "0.0.0.0/0"
      next-hop-address: "10.77.0.1"
      next-hop-interface: "br0"
    - destination: "10.99.0.0/16"
      next-hop-address: "10.77.0.254"
      next-hop-interface: "br0"
      metric: 50
      table-id: 100
dns-resolver:
  config:
    server:
      - "10.77.0.53"
    search:
      - "lan.example"
`);
  });

  it('no times where the spanning tree is off', () => {
    expect(dhcp.render('nmstate').files[0]?.content).toContain('stp:\n          enabled: false\n      port:');
  });
});
