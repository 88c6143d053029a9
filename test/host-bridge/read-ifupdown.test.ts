import { describe, expect, it } from 'vitest';
import { readHostBridge } from '../../src/host-bridge/read/index.js';
import { INTERFACES_CASES } from '../support/interfaces-files.js';

const PATH = '/etc/network/interfaces';
const read = (content: string, devices?: readonly string[]) =>
  readHostBridge('ifupdown', [{ path: PATH, content }], { name: 'br0', ...(devices === undefined ? {} : { devices }) });

describe('interfaces files are read as ifupdown reads them', () => {
  for (const { name, content, wanted, ports = [], left = [] } of INTERFACES_CASES) {
    it(name, () => {
      if ('refusedAt' in wanted) {
        expect(() => read(content)).toThrow(`${PATH}, line ${wanted.refusedAt}: `);
        return;
      }
      const { bridge, warnings } = read(content);
      const { ipv4, ipv6, routes = [] } = bridge.document;
      expect(ipv4).toMatchObject(wanted.ipv4 ?? {});
      expect(ipv6?.addresses ?? []).toEqual(wanted.ipv6?.addresses ?? []);
      expect(routes).toEqual(wanted.routes ?? []);
      expect(bridge.document.ports?.map((port) => port.name) ?? []).toEqual(ports);
      const listed = left.map(([line, what]) => expect.stringContaining(`${PATH}, line ${line}: ${what} `));
      expect(warnings.map(({ message }) => message)).toEqual(listed);
    });
  }

  it('patterns of ports are tried on the devices of the host where they are given', () => {
    const { bridge, warnings } = read('iface br0 inet manual\n  bridge_ports regex en.* e(m|th)[0-9]+\n', [
      'eno1',
      'eth10',
      'wlan0',
      'br0',
    ]);
    expect(bridge.document.ports?.map((port) => port.name)).toEqual(['eno1', 'eth10']);
    expect(warnings).toEqual([]);
  });

  it('a VLAN that is named as a port is made by bridge-utils', () => {
    expect(read('iface br0 inet manual\n  bridge_ports eno1.20\n').bridge.document.ports).toEqual([
      { type: 'vlan', name: 'eno1.20', id: 20, parent: { type: 'nic', name: 'eno1' } },
    ]);
  });

  it('files that another one asks for are not listed where they are given', () => {
    const main = { path: PATH, content: 'source /etc/network/interfaces.d/*\nsource /etc/other/*\n' };
    const own = { path: '/etc/network/interfaces.d/br0', content: 'iface br0 inet dhcp\n  bridge_ports none\n' };
    const { warnings } = readHostBridge('ifupdown', [main, own]);
    expect(warnings.map(({ line }) => line)).toEqual([2]);
  });
});
