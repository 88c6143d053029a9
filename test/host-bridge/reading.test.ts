import { describe, expect, it } from 'vitest';
import { normalizedBridge } from '../../src/host-bridge/canonical.js';
import { HostBridge } from '../../src/host-bridge/host-bridge.js';
import { type BridgeReadOptions, type ReadableBackend, readHostBridge } from '../../src/host-bridge/read/index.js';

/** Files as people write them: comments, quotes, odd order, several addresses, older spellings. */
const read = (backend: ReadableBackend, files: Readonly<Record<string, string>>, options: BridgeReadOptions = {}) =>
  readHostBridge(
    backend,
    Object.entries(files).map(([path, content]) => ({ path, content })),
    options,
  );

const same = (a: HostBridge, b: HostBridge) =>
  expect(normalizedBridge(a.document)).toEqual(normalizedBridge(b.document));

describe('files that people wrote are read without loss', () => {
  it('ifupdown, with netmasks, underscores, several stanzas and continued lines', () => {
    const { bridge, warnings } = read('ifupdown', {
      '/etc/network/interfaces': `# the uplink
auto lo eno1
iface lo inet loopback
allow-hotplug br0

iface br0 inet static
\tbridge_ports   eno1 \\
\t               eno2
\tbridge_stp on
\tbridge_fd 15
\tbridge_pathcost eno2 50
\tbridge_maxwait 5
\thwaddress ether 52:54:00:AA:00:01
\taddress 192.168.1.10
\tnetmask 255.255.252.0
\tgateway 192.168.1.1
\tdns-nameservers 192.168.1.1 9.9.9.9
\tdns-search lan.example
\tup ip route add 10.8.0.0/16 via 192.168.1.2 dev $IFACE
\tdown ip route del 10.8.0.0/16 via 192.168.1.2 dev $IFACE
# a second address
iface br0 inet static
\taddress 192.168.8.10/24
iface eno1 inet manual
iface br0 inet6 static
\taddress 2001:db8::10
\tnetmask 64
\taccept_ra 0
`,
    });
    expect(warnings).toEqual([]);
    const wanted = HostBridge.create('br0')
      .port('eno1')
      .port('eno2', { pathCost: 50 })
      .stp({ forwardDelay: 15 })
      .mac('52:54:00:aa:00:01')
      .address('192.168.1.10/22')
      .address('192.168.8.10/24')
      .gateway('192.168.1.1')
      .address('2001:db8::10/64')
      .dns(['192.168.1.1', '9.9.9.9'], ['lan.example'])
      .route('10.8.0.0/16', { via: '192.168.1.2' });
    same(bridge, wanted);
  });

  it('what ifupdown has beyond the model is reported with its line', () => {
    const { warnings } = read('ifupdown', {
      interfaces: `source /etc/network/interfaces.d/*
iface br0 inet dhcp
  bridge_ports eno1
  post-up iptables -A FORWARD -i br0 -j ACCEPT; touch /tmp/x
  hostname x
`,
    });
    expect(warnings.map(({ code, line }) => [code, line])).toEqual([
      ['HB_NOT_READ', 1],
      ['HB_NOT_READ', 4],
      ['HB_NOT_READ', 5],
    ]);
  });

  it('netplan, from several files, with anchors, YAML 1.1 words and unquoted MAC addresses', () => {
    const { bridge, warnings } = read('netplan', {
      '/etc/netplan/50-cloud-init.yaml': `# made by cloud-init
network:
    version: 2
    ethernets:
        eno1: &card {dhcp4: no, mtu: 9000}
        eno2: *card
        eno9: {dhcp4: yes}
`,
      '/etc/netplan/90-br0.yaml': `network:
  bridges:
    br0:
      addresses: [ "10.0.0.2/24", 2001:db8::2/64 ]   # two families
      interfaces: [eno1, eno2]
      macaddress: 12:34:56:12:34:56
      mtu: 9000
      accept-ra: off
      gateway4: 10.0.0.1
      nameservers:
        addresses:
          - 10.0.0.53
      parameters:
        stp: off
        path-cost: {eno1: 7}
      routes:
      - to: default
        via: fe80::1
      - {to: 10.8.0.0/16, via: 10.0.0.3, metric: 5}
`,
    });
    expect(warnings).toEqual([]);
    const wanted = HostBridge.create('br0')
      .port('eno1', { pathCost: 7 })
      .port('eno2')
      .mac('12:34:56:12:34:56')
      .mtu(9000)
      .address('10.0.0.2/24')
      .address('2001:db8::2/64')
      .gateway('10.0.0.1')
      .gateway('fe80::1')
      .dns(['10.0.0.53'])
      .route('10.8.0.0/16', { via: '10.0.0.3', metric: 5 });
    same(bridge, wanted);
  });

  it('netplan’s own defaults: any parameter switches the spanning tree on, and advertisements are listened to', () => {
    const { bridge } = read('netplan', {
      'a.yaml': 'network: {bridges: {br0: {dhcp4: true, parameters: {priority: 4096}}}}',
    });
    expect(bridge.document.stp).toEqual({ enabled: true, priority: 4096 });
    expect(bridge.document.ipv6?.auto).toBe('slaac');
    expect(read('netplan', { 'a.yaml': 'network: {bridges: {br0: {dhcp4: true}}}' }).bridge.document.stp?.enabled).toBe(
      false,
    );
  });

  it('what netplan files have beyond the model is reported with its line', () => {
    const { warnings } = read('netplan', {
      'a.yaml':
        'network:\n  bridges:\n    br0:\n      dhcp4: true\n      critical: true\n      dhcp4-overrides: {use-ntp: false}\n',
    });
    expect(warnings.map(({ line, message }) => [line, /bridges\.\S+/.exec(message)?.[0]])).toEqual([
      [5, 'bridges.br0.critical'],
      [6, 'bridges.br0.dhcp4-overrides.use-ntp'],
    ]);
  });

  it('networkd, with sections in any order, time spans and addresses in sections of their own', () => {
    const { bridge, warnings } = read('networkd', {
      '/etc/systemd/network/20-br0.netdev': `[Bridge]
STP = yes
ForwardDelaySec=4s
AgeingTimeSec=5min
HelloTimeSec=1500ms
[NetDev]
# the bridge
Kind=bridge
Name=br0
`,
      '/etc/systemd/network/30-uplink.network': '[Match]\nName=eno1 eno2\n\n[Network]\nBridge=br0\n',
      '/etc/systemd/network/25-br0.network': `[Match]
Name=br0
[Network]
DNS=10.0.0.53 10.0.0.54
Domains=lan.example
Gateway=10.0.0.1
IPv6AcceptRA=no
[Address]
Address=10.0.0.2/24
[Address]
Address=10.0.1.2/24
`,
      '/etc/systemd/network/99-other.network': '[Match]\nName=wlan0\n[Network]\nDHCP=yes\n',
    });
    expect(warnings).toEqual([]);
    const wanted = HostBridge.create('br0')
      .port('eno1')
      .port('eno2')
      .mac('kernel')
      .stp({ forwardDelay: 4, helloTime: 1.5 })
      .address('10.0.0.2/24')
      .address('10.0.1.2/24')
      .gateway('10.0.0.1')
      .dns(['10.0.0.53', '10.0.0.54'], ['lan.example']);
    same(bridge, wanted);
  });

  it('NetworkManager, with masters by uuid, newer names, and its default of a spanning tree', () => {
    const uuid = '0a5b4d1c-0000-4000-8000-000000000001';
    const { bridge, warnings } = read('networkmanager', {
      'bridge.nmconnection': `[connection]
id=LAN bridge
uuid=${uuid}
type=bridge
interface-name=br0
timestamp=1700000000

[bridge]
mac-address=52:54:00:AA:00:01

[ipv4]
address1=10.0.0.2/24
address2=10.0.1.2/24
gateway=10.0.0.1
dns=10.0.0.53;
method=manual

[ipv6]
addr-gen-mode=stable-privacy
method=disabled
`,
      'port.nmconnection': `[connection]
id=Wired 1
type=802-3-ethernet
controller=${uuid}
port-type=bridge
interface-name=eno1

[bridge-port]
path-cost=7
`,
    });
    expect(warnings).toEqual([]);
    const wanted = HostBridge.create('br0')
      .port('eno1', { pathCost: 7 })
      .mac('52:54:00:aa:00:01')
      .stp(true)
      .address('10.0.0.2/24')
      .address('10.0.1.2/24')
      .gateway('10.0.0.1')
      .dns(['10.0.0.53']);
    same(bridge, wanted);
  });

  it('ifcfg, with quotes, comments, netmasks and no device lines', () => {
    const { bridge, warnings } = read('ifcfg', {
      '/etc/sysconfig/network-scripts/ifcfg-br0': `# LAN
TYPE='Bridge'
BOOTPROTO="static"
IPADDR=10.0.0.2   # ours
NETMASK=255.255.255.0
IPADDR1="10.0.1.2"
PREFIX1=25
GATEWAY=10.0.0.1
DNS1=10.0.0.53
DOMAIN="a.example b.example"
ONBOOT=yes
DELAY=0
MACADDR=52:54:00:AA:00:01
`,
      '/etc/sysconfig/network-scripts/ifcfg-eno1': 'DEVICE=eno1\nHWADDR=52:54:00:00:00:09\nBRIDGE="br0"\nONBOOT=yes\n',
      '/etc/sysconfig/network-scripts/route-br0': '10.8.0.0/16 via 10.0.0.3\n# none\ndefault via 10.0.0.4 metric 500\n',
    });
    expect(warnings).toEqual([]);
    const wanted = HostBridge.create('br0')
      .port('eno1')
      .mac('52:54:00:aa:00:01')
      .address('10.0.0.2/24')
      .address('10.0.1.2/25')
      .gateway('10.0.0.1')
      .dns(['10.0.0.53'], ['a.example', 'b.example'])
      .route('10.8.0.0/16', { via: '10.0.0.3' })
      .route('0.0.0.0/0', { via: '10.0.0.4', metric: 500 });
    same(bridge, wanted);
  });

  it('ifcfg is not run: what needs a shell is reported', () => {
    const { bridge, warnings } = read('ifcfg', {
      'ifcfg-br0': 'TYPE=Bridge\nDEVICE=br0\nDOMAIN=x$(touch f)\nSTP=on\n. /etc/other\n',
    });
    expect(bridge.document.stp?.enabled).toBe(true);
    expect(warnings.map(({ line }) => line)).toEqual([3, 5]);
  });

  it('the times of ifcfg need to know who reads them', () => {
    const files = { 'ifcfg-br0': 'TYPE=Bridge\nDEVICE=br0\nSTP=on\nDELAY=4\nBRIDGING_OPTS="hello_time=200 weird=1"\n' };
    expect(() => read('ifcfg', files)).toThrow(/their unit is not known/);
    expect(read('ifcfg', files, { consumer: 'network-scripts-7' }).bridge.document.stp).toEqual({
      enabled: true,
      forwardDelay: 4,
      helloTime: 2,
    });
    expect(read('ifcfg', files, { consumer: 'network-scripts-8+' }).bridge.document.stp?.forwardDelay).toBe(0.04);
    expect(read('ifcfg', files, { consumer: 'NetworkManager' }).bridge.document.stp?.helloTime).toBe(200);
    expect(read('ifcfg', files, { consumer: 'NetworkManager' }).warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('weird=1'),
    ]);
  });
});

describe('settings that repeat what their system does anyway are not listed', () => {
  it('of NetworkManager', () => {
    const { warnings } = read('networkmanager', {
      'br0.nmconnection': `[connection]
id=br0
type=bridge
interface-name=br0
permissions=
autoconnect-priority=0
[ipv4]
method=auto
may-fail=true
never-default=true
ignore-auto-dns=false
`,
    });
    expect(warnings.map(({ line }) => line)).toEqual([10]);
  });

  it('of systemd-networkd', () => {
    const { warnings } = read('networkd', {
      'a.netdev': '[NetDev]\nName=br0\nKind=bridge\n',
      'a.network': `[Match]
Name=br0
[Network]
DHCP=yes
IPForward=no
[DHCPv4]
UseDNS=yes
UseMTU=true
UseNTP=true
[IPv6AcceptRA]
UseDNS=1
`,
    });
    expect(warnings.map(({ line }) => line)).toEqual([8]);
  });

  it('of netplan', () => {
    const { warnings } = read('netplan', {
      'a.yaml': `network:
  bridges:
    br0:
      dhcp4: true
      critical: false
      dhcp4-overrides:
        use-dns: true
        use-ntp: false
`,
    });
    expect(warnings.map(({ line }) => line)).toEqual([8]);
  });
});

it('the files of a rendering hold each stanza once', () => {
  const bridge = HostBridge.create('br0').port('eno1').address('10.0.0.2/24').mac('52:54:00:01:02:03');
  const { files } = bridge.render('ifupdown');
  expect(files.map(({ path }) => path)).toEqual(['/etc/network/interfaces.d/br0']);
  same(readHostBridge('ifupdown', files).bridge, bridge);
});

it('what libvirt’s interfaces have beyond the model is listed with its line', () => {
  const { warnings } = read('libvirt', {
    'br0.xml': `<interface type='bridge' name='br0'>
  <start mode='hotplug'/>
  <protocol family='ipv4'>
    <ip address='10.0.0.2' prefix='24'/>
    <odd/>
  </protocol>
  <bridge stp='off'>
    <interface type='bond' name='bond0'>
      <bond mode='active-backup'>
        <miimon freq='100'
                updelay='10'/>
        <interface type='ethernet' name='eno1'>
          <mac address='52:54:00:00:00:01'/>
        </interface>
      </bond>
    </interface>
  </bridge>
</interface>
`,
  });
  expect(warnings.map(({ message }) => message.replace(/ is not.*| has no.*/, ''))).toEqual([
    "br0.xml, line 2: mode='hotplug' in <start> of bridge br0",
    'br0.xml, line 5: <odd> of bridge br0',
    "br0.xml, line 10: updelay='10' in <miimon> of bond bond0",
    'br0.xml, line 13: <mac> of ethernet eno1',
  ]);
});

describe('reading says which bridge is meant', () => {
  const two = { 'a.yaml': 'network: {bridges: {br0: {}, br1: {}}}' };

  it('one of several must be named', () => {
    expect(() => read('netplan', two)).toThrow(/several bridges in these files: br0, br1/);
    expect(read('netplan', two, { name: 'br1' }).bridge.name).toBe('br1');
    expect(() => read('netplan', two, { name: 'br2' })).toThrow(/no bridge 'br2'/);
    expect(() => read('networkd', {})).toThrow(/no bridge in these files/);
  });

  it('a text that the system could not read is refused with its line', () => {
    expect(() => read('netplan', { 'a.yaml': 'network:\n\tbridges: {}\n' })).toThrow(/a\.yaml, line 2/);
    expect(() => read('libvirt', { 'a.xml': '<interface' })).toThrow(/line 1/);
  });

  it('a system whose files cannot be read is refused', () => {
    expect(() => readHostBridge(JSON.parse('"iproute2"'), [])).toThrow(/cannot read files of 'iproute2'/);
  });
});
