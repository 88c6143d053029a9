import { describe, expect, it } from 'vitest';
import { readHostBridge } from '../../src/host-bridge/read/index.js';
import { NETWORKD_CARDS, NETWORKD_CASES, type NetworkdCase, networkdPath } from '../support/networkd-files.js';

const read = ({ files }: NetworkdCase, devices?: readonly string[]) =>
  readHostBridge(
    'networkd',
    Object.entries(files).map(([name, content]) => ({ path: networkdPath(name), content })),
    devices === undefined ? {} : { devices },
  );

const portsOf = ({ bridge }: ReturnType<typeof read>) => bridge.document.ports?.map(({ name }) => name).sort() ?? [];

describe('files of systemd-networkd are read as the daemon reads them', () => {
  for (const one of NETWORKD_CASES) {
    const { name, ports, known = ports, addresses = [], routes = [], left = [] } = one;
    it(name, () => {
      const reading = read(one);
      expect(portsOf(reading)).toEqual(known);
      expect(reading.bridge.document.ipv4?.addresses ?? []).toEqual(addresses);
      expect(reading.bridge.document.routes?.map(({ to }) => to) ?? []).toEqual(routes);
      const listed = left.map(([file, line, what]) =>
        expect.stringContaining(`${networkdPath(file)}, line ${line}: ${what} `),
      );
      expect(reading.warnings.map(({ message }) => message)).toEqual(listed);
    });

    it(`${name}, with the cards of the host`, () => {
      const reading = read(one, NETWORKD_CARDS);
      expect(portsOf(reading)).toEqual(ports);
      expect(reading.warnings.filter(({ message }) => message.includes('[Match]'))).toEqual([]);
    });
  }

  it('what one file says counts for each of its ports', () => {
    const files = {
      'a.netdev': '[NetDev]\nName=br0\nKind=bridge\n',
      'b.network': '[Match]\nName=eno1 eno2\n[Network]\nBridge=br0\n[Bridge]\nCost=7\n[Link]\nMTUBytes=9000\n',
    };
    const { bridge, warnings } = read({ name: '', files, ports: [] });
    expect(bridge.document.ports?.map(({ pathCost, mtu }) => [pathCost, mtu])).toEqual([
      [7, 9000],
      [7, 9000],
    ]);
    expect(warnings).toEqual([]);
  });
});
