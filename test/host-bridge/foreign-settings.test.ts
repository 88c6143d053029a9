import { describe, expect, it } from 'vitest';
import { type EditableSystem, readHostNetwork } from '../../src/host-bridge/index.js';
import { readHostBridge } from '../../src/host-bridge/read/index.js';

const network = (system: EditableSystem, path: string, content: string) => readHostNetwork(system, [{ path, content }]);

describe('warnings show no secrets', () => {
  const manager = (section: string, setting: string): string =>
    `[connection]\nid=e\ntype=ethernet\ninterface-name=e\n[${section}]\n${setting}\n`;
  const profile = '/etc/NetworkManager/system-connections/e.nmconnection';
  const cases: readonly (readonly [EditableSystem, string, string])[] = [
    ['ifupdown', 'interfaces', 'iface e inet dhcp\n wpa-ssid lan\n wpa-psk hunter22\n'],
    ['ifupdown', 'interfaces', 'iface e inet dhcp\n wireless_key s:hunter22\n'],
    ['ifupdown', 'interfaces', 'iface e inet dhcp\n wpa-private-key-passwd hunter22\n'],
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
      'iface e inet dhcp\n wpa-key-mgmt WPA-PSK\n hostname pinto\n',
    );
    expect(warnings.map(({ message }) => message).join()).toContain('wpa-key-mgmt=WPA-PSK');
    expect(warnings.map(({ message }) => message).join()).toContain('hostname=pinto');
  });
});
