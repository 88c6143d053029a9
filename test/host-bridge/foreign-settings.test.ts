import { describe, expect, it } from 'vitest';
import { type EditableSystem, HostBridge, readHostNetwork } from '../../src/host-bridge/index.js';
import { readHostBridge } from '../../src/host-bridge/read/index.js';

const network = (system: EditableSystem, path: string, content: string) => readHostNetwork(system, [{ path, content }]);

describe('warnings show no secrets', () => {
  const manager = (section: string, setting: string): string =>
    `[connection]\nid=e\ntype=ethernet\ninterface-name=e\n[${section}]\n${setting}\n`;
  const profile = '/etc/NetworkManager/system-connections/e.nmconnection';
  const cases: readonly (readonly [EditableSystem, string, string])[] = [
    ['ifupdown', 'interfaces', 'iface e inet dhcp\n bridge_ports x\n wpa-ssid lan\n wpa-psk hunter22\n'],
    ['ifupdown', 'interfaces', 'iface e inet dhcp\n bridge_ports x\n wireless_key s:hunter22\n'],
    ['ifupdown', 'interfaces', 'iface e inet dhcp\n bridge_ports x\n wpa-private-key-passwd hunter22\n'],
    ['ifupdown', 'interfaces', 'iface e inet dhcp\n up join --password "x hunter22"\n'],
    ['ifupdown', 'interfaces', 'iface e inet dhcp\n up curl http://ana:hunter22@192.0.2.1/\n'],
    ['ifupdown', 'interfaces', 'wpa-psk hunter22\n'],
    ['networkmanager', profile, manager('wifi-security', 'psk=a hunter22')],
    ['networkmanager', profile, manager('wifi-security', 'wep-key0=hunter22')],
    ['networkmanager', profile, manager('802-1x', 'private-key-password=hunter22')],
    ['networkmanager', profile, manager('vpn-secrets', 'Xauth code=hunter22')],
    ['networkmanager', profile, manager('gsm', 'pin=hunter22')],
    ['networkd', 'e.network', '[Match]\nName=e\n[WireGuard]\nPrivateKey=hunter22\n'],
    ['networkd', 'e.network', '[Match]\nName=e\n[MACsecTransmitAssociation]\nKey=hunter22\n'],
  ];
  for (const [system, path, content] of cases)
    it(`${system}: ${content.trim().split('\n').at(-1)?.trim()}`, () => {
      const { warnings } = network(system, path, content);
      expect(warnings.some(({ message }) => message.includes('***'))).toBe(true);
      expect(JSON.stringify(warnings)).not.toContain('hunter22');
    });

  it('ifcfg: a line that a shell must read', () => {
    const content = 'TYPE=Bridge\nDEVICE=br0\nWPA_PSK=$(echo hunter22)\nIEEE_8021X_PASSWORD=hunter22\n';
    const { warnings } = readHostBridge('ifcfg', [{ path: 'ifcfg-br0', content }]);
    expect(warnings.map(({ line }) => line)).toEqual([3, 4]);
    expect(JSON.stringify(warnings)).not.toContain('hunter22');
  });

  it('other settings are shown whole', () => {
    const { warnings } = network(
      'ifupdown',
      'interfaces',
      'iface e inet dhcp\n bridge_ports x\n wpa-key-mgmt WPA-PSK\n hostname pinto\n',
    );
    expect(warnings.map(({ message }) => message).join()).toContain('wpa-key-mgmt=WPA-PSK');
    expect(warnings.map(({ message }) => message).join()).toContain('hostname=pinto');
  });
});

describe('devices of other kinds are listed, and no bridge takes them over', () => {
  const profile = (type: string): string =>
    `[connection]\nid=x0\ntype=${type}\ninterface-name=x0\n[ipv4]\nmethod=auto\n[ipv6]\nmethod=auto\n`;
  const managerTypes = ['wifi', 'wireguard', 'vpn', 'tun', 'team', 'ovs-bridge', 'pppoe', 'gsm', 'dummy', 'infiniband'];
  const cases: readonly (readonly [EditableSystem, string, number])[] = [
    ...managerTypes.map((type) => ['networkmanager', profile(type), 3] as const),
    ['ifupdown', '\niface x0 inet ppp\n provider isp\n', 2],
    ['ifupdown', 'iface x0 inet dhcp\n wpa-ssid lan\n', 1],
    ['ifupdown', 'iface x0 inet dhcp\n wpa_conf /etc/wpa.conf\n', 1],
    ['ifupdown', 'iface x0 inet6 v4tunnel\n address 2001:db8::2/64\n endpoint 192.0.2.1\n', 1],
    ['ifupdown', 'iface x0 inet static\n address 10.0.0.1/24\n pre-up ip link add dev $IFACE type wireguard\n', 1],
    ['ifupdown', 'iface x0 inet manual\n ovs_type OVSBridge\n', 1],
    ['networkd', '[Match]\nType=wlan\nName=x0\n[Network]\nDHCP=yes\n', 2],
    ['networkd', '[Match]\nName=x0\nSSID=lan\n[Network]\nDHCP=yes\n', 3],
    ['netplan', 'network:\n  wifis:\n    x0:\n      access-points: {lan: {password: hunter22}}\n', 3],
    ['netplan', 'network:\n  tunnels:\n    x0: {mode: wireguard, key: hunter22}\n', 3],
    ['netplan', 'network:\n  dummy-devices:\n    x0: {addresses: [10.0.0.1/24]}\n', 3],
    ['netplan', 'network:\n  vrfs:\n    x0: {table: 5}\n', 3],
    ['netplan', 'network:\n  modems:\n    x0: {apn: internet}\n', 3],
    ['netplan', 'network:\n  nm-devices:\n    x0: {renderer: NetworkManager}\n', 3],
  ];
  const PATHS = { networkmanager: 'x.nmconnection', ifupdown: 'interfaces', networkd: 'x.network', netplan: 'x.yaml' };
  for (const [system, content, line] of cases)
    it(`${system}: ${content.trim().replaceAll('\n', ' ').slice(0, 70)}`, () => {
      const read = network(system, PATHS[system], content);
      expect(read.devices).toEqual([]);
      expect(read.warnings.map((one) => [one.code, one.line])).toContainEqual(['HB_NOT_READ', line]);
      expect(JSON.stringify(read.warnings)).not.toContain('hunter22');
      expect(() => HostBridge.takeOver('x0', read)).toThrow(
        expect.objectContaining({ code: 'NOT_FOUND', message: expect.stringContaining('describe it as') }),
      );
    });

  it('networkd: a device that a file makes', () => {
    const files = [
      { path: 'x.netdev', content: '[NetDev]\nName=x0\nKind=wireguard\n' },
      { path: 'x.network', content: '[Match]\nName=x0\n[Network]\nAddress=10.0.0.1/24\n' },
    ];
    const { devices, others, warnings } = readHostNetwork('networkd', files);
    expect([devices, others]).toEqual([[], [{ name: 'x0', what: 'a device with Kind=wireguard' }]]);
    expect(warnings.map(({ line, message }) => [line, message.includes('x.netdev')])).toEqual([[3, true]]);
  });

  it('a wireless port of a bridge is listed', () => {
    const files = [
      { path: 'br0.nmconnection', content: '[connection]\nid=br0\ntype=bridge\ninterface-name=br0\n' },
      { path: 'x0.nmconnection', content: '[connection]\nid=x0\ntype=wifi\ninterface-name=x0\nmaster=br0\n' },
    ];
    const { bridge, warnings } = readHostBridge('networkmanager', files);
    expect(bridge.document.ports).toBeUndefined();
    expect(warnings.map(({ line }) => line)).toEqual([3]);
  });
});

it('netplan: a renderer among the devices is not one of them', () => {
  const content =
    'network:\n  ethernets:\n    renderer: networkd\n    e: {dhcp4: true}\n  wifis:\n    renderer: NetworkManager\n';
  const { devices, others } = network('netplan', 'x.yaml', content);
  expect([devices.map(({ name }) => name), others]).toEqual([['e'], []]);
});
