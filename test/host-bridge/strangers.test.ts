import { describe, expect, it } from 'vitest';
import {
  type EditableSystem,
  HostBridge,
  type ReadableBackend,
  readHostBridge,
  readHostNetwork,
} from '../../src/host-bridge/index.js';

type Files = Readonly<Record<string, string>>;

const sources = (folder: string, files: Files) =>
  Object.entries(files).map(([name, content]) => ({
    path: name.startsWith('/') ? name : `${folder}/${name}`,
    content,
  }));

const FOLDERS = {
  netplan: '/etc/netplan',
  networkmanager: '/etc/NetworkManager/system-connections',
  networkd: '/etc/systemd/network',
  ifupdown: '/etc/network',
  ifcfg: '/etc/sysconfig/network-scripts',
  libvirt: '/etc/libvirt',
} as const;

const network = (system: EditableSystem, files: Files) => readHostNetwork(system, sources(FOLDERS[system], files));
const bridge = (system: ReadableBackend, files: Files) => readHostBridge(system, sources(FOLDERS[system], files));
const listed = ({ warnings }: { readonly warnings: readonly { readonly message: string; readonly line?: number }[] }) =>
  warnings.map(({ message }) => message.replace(/^.*\/([^/]*, line \d+: .*) has no place .*/s, '$1'));

/** The files of a host after a change, by their names. */
function edited(system: EditableSystem, files: Files, device: string, change = (one: HostBridge): HostBridge => one) {
  const taken = HostBridge.takeOver(device, network(system, files)).mac('52:54:00:00:00:01');
  const rendering = change(taken).render(system);
  const names = rendering.files.map(({ path, content }) => [path.replace(`${FOLDERS[system]}/`, ''), content] as const);
  return { rendering, files: { ...files, ...Object.fromEntries(names) }, changed: Object.fromEntries(names) };
}

describe('networkd', () => {
  const NETDEV = { '10-lan.netdev': '[NetDev]\nName=br0\nKind=bridge\n' };

  it('an address without a value clears nothing, as in systemd 252, and is listed', () => {
    const files = { ...NETDEV, 'br0.network': '[Match]\nName=br0\n[Network]\nAddress=10.0.0.2/24\nAddress=\n' };
    const reading = bridge('networkd', files);
    expect(reading.bridge.document.ipv4?.addresses).toEqual(['10.0.0.2/24']);
    expect(listed(reading)).toEqual(['br0.network, line 5: [Network] Address=']);
  });

  it('a new bridge comes before a file that would match it first', () => {
    for (const first of ['01-all.network', '00-all.network', '0-all.network']) {
      const files = { [first]: '[Match]\nName=*\n[Network]\nDHCP=yes\n', 'eno1.network': '[Match]\nName=eno1\n' };
      const own = Object.entries(edited('networkd', { ...files }, 'eno1').changed);
      const [name = ''] =
        own.find(([, content]) => content.includes('Name=br0\n') && content.includes('[Match]')) ?? [];
      expect(name < first, name).toBe(true);
    }
  });

  it('a bridge that changes keeps its files', () => {
    const files = {
      ...NETDEV,
      '20-lan.network': '[Match]\nName=br0\n[Network]\nAddress=10.0.0.2/24\n',
      '20-lan.network.d/more.conf': '[Network]\nAddress=10.0.1.2/24\nNTP=192.0.2.1\n',
      '30-eno1.network': '[Match]\nName=eno1\n[Network]\nBridge=br0\n',
    };
    const { changed, files: all } = edited('networkd', files, 'eno1', (one) => one.address('10.0.2.2/24'));
    expect(Object.keys(changed)).toEqual([
      '30-eno1.network',
      '10-lan.netdev',
      '20-lan.network',
      '20-lan.network.d/more.conf',
    ]);
    expect(changed['20-lan.network.d/more.conf']).toBe('[Network]\nNTP=192.0.2.1\n');
    const { ipv4 } = network('networkd', all).devices.find(({ name }) => name === 'br0') ?? {};
    expect(ipv4?.addresses).toEqual(['10.0.0.2/24', '10.0.1.2/24', '10.0.2.2/24']);
  });

  it('a comment inside a value of several lines leaves no stray line', () => {
    const content = '[Match]\nName=eno1\n[Network]\nDNS=192.0.2.1 \\\n# the second\n  192.0.2.2\nNTP=a \\\n[x] \\\nb\n';
    const { changed } = edited('networkd', { 'eno1.network': content }, 'eno1');
    expect(changed['eno1.network']).toBe(
      '[Match]\nName=eno1\n[Network]\n# the second\nNTP=a \\\n[x] \\\nb\nLinkLocalAddressing=no\nBridge=br0\n',
    );
  });
});

describe('NetworkManager', () => {
  const CARD = '[connection]\nid=lan\ntype=ethernet\ninterface-name=eno1\n';

  it('an edited profile keeps the words of its writer', () => {
    const files = {
      'br0.nmconnection': '[connection]\nid=br0\ntype=bridge\ninterface-name=br0\n[ipv4]\nmethod=auto\n',
      'a.nmconnection': `${CARD}controller=br0\nport-type=bridge\n[bridge-port]\npath-cost=5\n`,
    };
    const { changed } = edited('networkmanager', files, 'eno1', (one) => one.port('eno1', { pathCost: 7 }));
    expect(changed['a.nmconnection']).toContain('controller=br0\nport-type=bridge\n');
    expect(changed['a.nmconnection']).not.toMatch(/master|slave/);
  });

  it('a bridge that changes keeps its file, and has one profile', () => {
    const files = {
      'Office bridge.nmconnection': '[connection]\nid=Office\ntype=bridge\ninterface-name=br0\n[ipv4]\nmethod=auto\n',
      'old.nmconnection': '[connection]\nid=Old\ntype=bridge\ninterface-name=br0\nautoconnect=false\n',
      'a.nmconnection': `${CARD}master=br0\nslave-type=bridge\n`,
    };
    const { files: all } = edited('networkmanager', files, 'eno1', (one) => one.address('10.0.0.2/24'));
    expect(Object.keys(all).sort()).toEqual(Object.keys(files).sort());
    expect(all['Office bridge.nmconnection']).toContain('10.0.0.2/24');
  });

  it('a profile that names no device is listed, and its MAC address is known', () => {
    const files = {
      'a.nmconnection': '[connection]\nid=lan\ntype=ethernet\n[ethernet]\nmac-address=52:54:00:00:00:09\n',
    };
    const reading = network('networkmanager', files);
    expect(reading.devices).toMatchObject([{ name: 'lan', mac: '52:54:00:00:00:09' }]);
    expect(listed(reading)).toEqual(["a.nmconnection, line 2: a profile without interface-name, here called 'lan',"]);
  });
});

describe('DHCPv6 without router advertisements', () => {
  const all: readonly (readonly [ReadableBackend, Files, string])[] = [
    [
      'netplan',
      {
        'a.yaml':
          'network:\n  version: 2\n  bridges:\n    br0:\n      interfaces: []\n      accept-ra: false\n      dhcp6: true\n',
      },
      'a.yaml, line 6: bridges.br0.accept-ra',
    ],
    [
      'networkd',
      {
        '10-lan.netdev': '[NetDev]\nName=br0\nKind=bridge\n',
        'br0.network': '[Match]\nName=br0\n[Network]\nDHCP=ipv6\nIPv6AcceptRA=no\n',
      },
      'br0.network, line 5: [Network] IPv6AcceptRA=no',
    ],
  ];
  it.each(all)('is listed where a file of %s asks for it', (system, files, what) => {
    const reading = bridge(system, files);
    expect(reading.bridge.document.ipv6?.auto).toBe('dhcp');
    expect(listed(reading)).toEqual([what]);
  });
});

describe('a profile of NetworkManager that never has the default route', () => {
  const profile = (more: string) => ({
    'eno1.nmconnection': `[connection]\nid=eno1\ntype=ethernet\ninterface-name=eno1\n[ipv4]\nmethod=manual\naddress1=10.0.0.2/24,10.0.0.1\n${more}`,
  });

  it('gives a bridge its address without the gateway', () => {
    expect(network('networkmanager', profile('')).devices[0]?.ipv4).toMatchObject({ gateway: '10.0.0.1' });
    const { devices } = network('networkmanager', profile('never-default=true\n'));
    expect(devices[0]?.ipv4).toEqual({ addresses: ['10.0.0.2/24'] });
    const { changed } = edited('networkmanager', profile('never-default=true\n'), 'eno1');
    expect(JSON.stringify(changed)).not.toContain('10.0.0.1');
  });
});

describe('ifupdown', () => {
  it('an address with a remark after its prefix counts, as ifup --no-act shows', () => {
    const { devices } = network('ifupdown', {
      interfaces: 'auto a\niface a inet static\n  address 10.0.0.2/24 # x\n  gateway 10.0.0.1\n',
    });
    expect(devices[0]).toMatchObject({ ipv4: { addresses: ['10.0.0.2/24'] }, routes: [{ via: '10.0.0.1' }] });
  });

  it('ports and cards in bonds need no stanza', () => {
    const files = {
      interfaces: 'iface br0 inet manual\n  bridge_ports eth0 bond0\niface bond0 inet manual\n  bond-slaves eth1\n',
    };
    const { devices } = network('ifupdown', files);
    expect(devices.map(({ name, master }) => [name, master])).toEqual([
      ['br0', undefined],
      ['bond0', 'br0'],
      ['eth0', 'br0'],
      ['eth1', 'bond0'],
    ]);
    expect(HostBridge.takeOver('eth0', network('ifupdown', files)).name).toBe('br0');
  });

  it('advertisements beside a fixed address are read, or listed', () => {
    const read = (options: string) => {
      const reading = network('ifupdown', {
        interfaces: `iface eno1 inet6 static\n  address 2001:db8::2/64\n${options}`,
      });
      return [reading.devices[0]?.ipv6?.auto, ...listed(reading)];
    };
    expect(read('')).toEqual([undefined]);
    expect(read('  accept_ra 0\n  autoconf 0\n')).toEqual([undefined]);
    expect(read('  accept_ra 2\n  autoconf 1\n')).toEqual(['slaac']);
    expect(read('  accept_ra 1\n')).toEqual([undefined, 'interfaces, line 3: eno1 inet6: accept-ra=1']);
    const auto = network('ifupdown', { interfaces: 'iface eno1 inet6 auto\n  accept_ra 0\n' });
    expect(listed(auto)).toEqual(['interfaces, line 2: eno1 inet6: accept-ra=0']);
  });

  it('a netmask with gaps, and a gateway without an address, are listed and not guessed', () => {
    const mask = network('ifupdown', {
      interfaces: 'iface eno1 inet static\n  address 10.0.0.2\n  netmask 255.0.255.0\n',
    });
    expect(mask.devices[0]?.ipv4?.addresses).toEqual([]);
    expect(mask.warnings.map(({ line }) => line)).toEqual([2, 3]);
    const alone = network('ifupdown', { interfaces: 'iface eno1 inet static\n  gateway 10.0.0.1\n' });
    expect([alone.devices[0]?.routes, alone.warnings.map(({ line }) => line)]).toEqual([[], [2]]);
  });

  it('a family that nobody reads is listed, and a stanza without a device refused', () => {
    expect(listed(network('ifupdown', { interfaces: 'iface eno1 ipx static\n  netnum 5\n' }))).toEqual([
      'interfaces, line 1: eno1 ipx static',
      'interfaces, line 2: eno1 ipx: netnum=5',
    ]);
    expect(() => network('ifupdown', { interfaces: 'auto eno1\niface\n' })).toThrow(
      /interfaces, line 2: iface names no device/,
    );
  });
});

describe('ifcfg', () => {
  const BRIDGE = { 'ifcfg-br0': 'TYPE=Bridge\nDEVICE=br0\nIPADDR=10.0.0.2\nPREFIX=24\n' };

  it('numbered routes are read up to a gap, and the lines of the other form listed', () => {
    const route = 'ADDRESS0=10.1.0.0\nNETMASK0=255.255.0.0\nGATEWAY0=10.0.0.1\n';
    const reading = bridge('ifcfg', {
      ...BRIDGE,
      'route-br0': `10.9.0.0/16 via 10.0.0.9\n${route}ADDRESS2=10.2.0.0\nNETMASK2=255.255.0.0\n`,
    });
    expect(reading.bridge.document.routes).toEqual([{ to: '10.1.0.0/16', via: '10.0.0.1' }]);
    expect(listed(reading)).toEqual([
      'route-br0, line 1: 10.9.0.0/16 via 10.0.0.9',
      'route-br0, line 5: ADDRESS2=10.2.0.0',
      'route-br0, line 6: NETMASK2=255.255.0.0',
    ]);
  });

  it('a route that cannot be read is listed and not guessed', () => {
    const lines = [
      'nonsense',
      '10.1.0.0/16 via gateway',
      '10.1.0.0/16 via 10.0.0.1 table lan',
      '10.2.0.0/16 via 10.0.0.1 table main',
    ];
    const reading = bridge('ifcfg', { ...BRIDGE, 'route-br0': lines.join('\n') });
    expect(reading.bridge.document.routes).toEqual([{ to: '10.2.0.0/16', via: '10.0.0.1' }]);
    expect(reading.warnings.map(({ line }) => line)).toEqual([1, 2, 3]);
  });

  it('rules, aliases and settings for the whole host are listed', () => {
    const reading = bridge('ifcfg', {
      ...BRIDGE,
      'rule-br0': 'from 10.0.0.2 table 5\n',
      'rule-br9': 'from 10.0.0.2 table 5\n',
      'ifcfg-br0:1': 'DEVICE=br0:1\nIPADDR=10.0.7.2\n',
      'ifcfg-br0-range0': 'IPADDR_START=10.0.8.2\n',
      '/etc/sysconfig/network': 'NETWORKING=yes\nHOSTNAME=x\nGATEWAY=10.0.0.1\n',
    });
    expect(listed(reading).sort()).toEqual([
      'ifcfg-br0-range0, line 1: IPADDR_START=10.0.8.2',
      'ifcfg-br0:1, line 2: IPADDR=10.0.7.2',
      'network, line 3: GATEWAY=10.0.0.1',
      'rule-br0, line 1: from 10.0.0.2 table 5',
    ]);
  });
});

describe('netplan', () => {
  it('a device is known by the name that it gets', () => {
    const content =
      'network:\n  ethernets:\n    lan:\n      match: {macaddress: "52:54:00:00:00:09"}\n      set-name: eno7\n      dhcp4: true\n';
    const { rendering } = edited('netplan', { 'a.yaml': content }, 'eno7');
    expect(rendering.files.find(({ path }) => path.endsWith('br0.yaml'))?.content).toContain('- "lan"');
  });

  it.each([
    ['a pattern', '{name: "en*"}'],
    ['a driver', '{driver: "virtio*"}'],
    ['nothing', '{}'],
  ])('a definition that matches by %s can be that of many cards: no bridge takes it over', (_, match) => {
    const content = `network:\n  ethernets:\n    id0:\n      match: ${match}\n      dhcp4: true\n`;
    const read = network('netplan', { 'a.yaml': content });
    expect(read).toMatchObject({ devices: [], others: [{ name: 'id0' }] });
    expect(listed(read)).toEqual(['a.yaml, line 4: ethernets.id0.match']);
    expect(() => HostBridge.takeOver('id0', read)).toThrow(/the definition of every card that matches/);
  });

  it('a definition that matches one card by its name or MAC address is its own', () => {
    for (const match of ['{name: eno1}', '{name: "en*", macaddress: "52:54:00:00:00:09"}']) {
      const content = `network:\n  ethernets:\n    id0:\n      match: ${match}\n      dhcp4: true\n`;
      expect(network('netplan', { 'a.yaml': content })).toMatchObject({ devices: [{ name: 'id0' }], others: [] });
    }
  });

  it('the renderer of a kind is that of its devices', () => {
    const content = 'network:\n  ethernets:\n    renderer: NetworkManager\n    eno1: {dhcp4: true}\n';
    expect(network('netplan', { 'a.yaml': content }).devices.map(({ renderer }) => renderer)).toEqual([
      'NetworkManager',
    ]);
  });

  it('a device that no file defines is refused with its line', () => {
    const content = 'network:\n  bridges:\n    br0:\n      interfaces:\n        - eno1\n';
    expect(() => network('netplan', { 'a.yaml': content })).toThrow(/a\.yaml, line 5: br0: no file defines 'eno1'/);
    const vlan = 'network:\n  vlans:\n    v7:\n      id: 7\n      link: eno1\n';
    expect(() => network('netplan', { 'a.yaml': vlan })).toThrow(/a\.yaml, line 5: v7: no file defines 'eno1'/);
    const two =
      'network:\n  ethernets: {eno1: {}}\n  bridges:\n    br0: {interfaces: [eno1]}\n    br1: {interfaces: [eno1]}\n';
    expect(() => network('netplan', { 'a.yaml': two })).toThrow(/a\.yaml, line 5: br1: 'eno1' is in br0 already/);
  });
});
