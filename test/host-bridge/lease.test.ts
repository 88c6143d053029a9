import { describe, expect, it } from 'vitest';
import { wholeBridge } from '../../src/host-bridge/canonical.js';
import { collector } from '../../src/host-bridge/check/context.js';
import { type EditableSystem, HostBridge, readHostNetwork, type TakeOverOptions } from '../../src/host-bridge/index.js';
import { BACKENDS } from '../../src/host-bridge/render/backends.js';
import { reportLease } from '../../src/host-bridge/render/lease.js';
import type { Issue } from '../../src/index.js';
import { EDITABLE } from '../support/taken-over.js';

/** A card that gets its address by DHCP, with a line about how servers know it. */
const CARD: { readonly [S in EditableSystem]: (line: string) => readonly [path: string, content: string] } = {
  netplan: (line) => ['/etc/netplan/a.yaml', `network:\n  ethernets:\n    eno1:\n      dhcp4: true\n      ${line}\n`],
  networkmanager: (line) => [
    '/etc/NetworkManager/system-connections/a.nmconnection',
    `[connection]\nid=eno1\ntype=ethernet\ninterface-name=eno1\n[ipv4]\nmethod=auto\n${line}\n`,
  ],
  networkd: (line) => [
    '/etc/systemd/network/a.network',
    `[Match]\nName=eno1\n[Network]\nDHCP=ipv4\n[DHCPv4]\n${line}\n`,
  ],
  ifupdown: (line) => ['/etc/network/interfaces', `auto eno1\niface eno1 inet dhcp\n  ${line}\n`],
};
const MAC = '52:54:00:00:00:01';

function leases(
  system: EditableSystem,
  [path, content]: readonly [string, string],
  options: TakeOverOptions = {},
  mac?: string,
) {
  const bridge = HostBridge.takeOver('eno1', readHostNetwork(system, [{ path, content }]), options);
  const moved = mac === undefined ? bridge : bridge.mac(mac);
  const { warnings, files } = moved.render(system, { macs: { eno1: MAC } });
  return {
    found: warnings.filter(({ code }) => code === 'HOST_LEASE'),
    text: files.map((file) => file.content).join('\n'),
  };
}

describe('a bridge that takes over a card with an address of a DHCP server', () => {
  const kept: readonly (readonly [EditableSystem, string, string])[] = [
    ['netplan', 'dhcp-identifier: mac', 'dhcp-identifier: "mac"'],
    ['networkd', 'ClientIdentifier=mac', 'ClientIdentifier=mac'],
    ['networkmanager', '', 'method=auto'],
    ['networkmanager', 'dhcp-client-id=mac', 'dhcp-client-id=mac'],
    ['ifupdown', '', 'iface br0 inet dhcp'],
    ['ifupdown', 'client no', 'client no'],
  ];
  it.each(kept)('is the same client to it with %s and "%s"', (system, line, text) => {
    expect(leases(system, CARD[system](line))).toEqual({ found: [], text: expect.stringContaining(text) });
  });

  const lost: readonly (readonly [EditableSystem, string, TakeOverOptions, RegExp])[] = [
    ['netplan', '', {}, /'dhcp-identifier: mac'/],
    ['netplan', 'dhcp-identifier: duid', {}, /'dhcp-identifier: mac'/],
    ['netplan', '', { clientId: 'mac' }, /'dhcp-identifier: mac' at the card before/],
    ['networkd', '', {}, /ClientIdentifier=mac in \[DHCPv4\].*IAID=/],
    ['networkd', 'ClientIdentifier=mac\nIAID=7', {}, /ClientIdentifier=mac/],
    ['networkmanager', 'dhcp-client-id=duid', {}, /ipv4\.dhcp-client-id=mac/],
    ['networkmanager', 'dhcp-client-id=stable', {}, /ipv4\.dhcp-client-id=mac/],
    ['ifupdown', '', { clientId: 'mac' }, /'client' option/],
    ['ifupdown', 'client abc', {}, /'client' option/],
  ];
  it.each(lost)('may be another one with %s, "%s", %o', (system, line, options, hint) => {
    const { found } = leases(system, CARD[system](line), options);
    expect(found).toMatchObject([{ severity: 'warning', path: 'ipv4.clientId', hint: expect.stringMatching(hint) }]);
    expect(found[0]?.message).toMatch(/br0 another address than eno1 has/);
  });

  it.each(EDITABLE)('is another one with another MAC address, with %s', (system) => {
    const line = system === 'netplan' ? 'dhcp-identifier: mac' : system === 'networkd' ? 'ClientIdentifier=mac' : '';
    expect(leases(system, CARD[system](line), {}, '52:54:00:00:00:99').found).toHaveLength(1);
  });

  it('is not warned of where the card has a fixed address, or is in the bridge already', () => {
    const fixed = `[Match]\nName=eno1\n[Network]\nAddress=10.0.0.2/24\n`;
    expect(leases('networkd', ['/etc/systemd/network/a.network', fixed]).found).toEqual([]);
    const there = 'iface eno1 inet manual\niface br0 inet dhcp\n  bridge-ports eno1\n';
    expect(leases('ifupdown', ['/etc/network/interfaces', there]).found).toEqual([]);
  });

  it.each(BACKENDS.map(({ name }) => name))(
    'and with another MAC address is named what keeps it, for %s',
    (backend) => {
      const found: Issue[] = [];
      const bridge = wholeBridge(HostBridge.create('br0').port('eno1').dhcp4().dhcp6().document);
      reportLease({ bridge, backend, before: undefined, keepsMac: false, renderer: 'networkd' }, collector(found));
      expect(found.map(({ code, path }) => [code, path])).toEqual([
        ['HOST_LEASE', 'ipv4.clientId'],
        ['HOST_LEASE', 'ipv6.auto'],
      ]);
      for (const { hint } of found) expect(hint).toMatch(/^what keeps the address: .{10}/);
    },
  );
});
