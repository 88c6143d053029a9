import { describe, expect, it } from 'vitest';
import { LibvirtError, ValidationError } from '../../src/errors/index.js';
import { BRIDGE_RULES } from '../../src/host-bridge/check/rules.js';
import type { HostBridgeDocument } from '../../src/host-bridge/document.js';
import { HostBridge } from '../../src/host-bridge/host-bridge.js';
import { BACKENDS } from '../../src/host-bridge/render/backends.js';

const nic = { type: 'nic', name: 'eno1' } as const;
const bond = { type: 'bond', name: 'bond0', devices: ['eno2'], mode: '802.3ad' } as const;
const vxlan = { type: 'vxlan', name: 'vx0', id: 42, remotes: ['10.8.0.2'] };
const vlanOf = (parent: object) => ({ type: 'vlan', name: 'bond0.5', id: 5, parent });
const v4 = { addresses: ['10.0.0.2/24'] };

/** One broken document for each rule, with where it breaks. `any` stands for data from JSON. */
const BROKEN: readonly (readonly [code: string, path: string, document: object])[] = [
  ['HB_PROPERTY_UNKNOWN', 'spt', { spt: true }],
  ['HB_PROPERTY_UNKNOWN', 'ports[0].cost', { ports: [{ ...nic, cost: 1 }] }],
  ['HB_PROPERTY_MISSING', 'ports[0].name', { ports: [{ type: 'nic' }] }],
  ['HB_PROPERTY_INVALID', 'mtu', { mtu: '1500' }],
  ['HB_PROPERTY_INVALID', 'ports', { ports: { eno1: {} } }],
  ['HB_PROPERTY_INVALID', 'ports[0].type', { ports: [{ type: 'wifi', name: 'wlan0' }] }],
  ['HB_PROPERTY_INVALID', 'stp.enabled', { stp: { enabled: 'yes' } }],
  ['HB_PROPERTY_INVALID', 'ports[0].mode', { ports: [{ ...bond, mode: 'lacp' }] }],
  ...[
    '',
    'a-name-of-16-byt',
    'all',
    'default',
    'none',
    '.',
    '..',
    'br 0',
    'br/0',
    'br:0',
    'br%d',
    'br$(x)',
    'br;x',
    'br\n0',
    '-br',
    'bré',
  ].map((name) => ['HB_NAME_INVALID', 'name', { name }] as const),
  ['HB_NAME_INVALID', 'ports[0].name', { ports: [{ type: 'nic', name: 'eno1 regex' }] }],
  ['HB_NAME_TWICE', 'ports[1].name', { ports: [nic, nic] }],
  ['HB_NAME_TWICE', 'ports[0].name', { ports: [{ type: 'nic', name: 'br0' }] }],
  ['HB_NAME_TWICE', 'ports[1].devices[0]', { ports: [nic, { ...bond, devices: ['eno1'] }] }],
  ['HB_PORT_LOOPBACK', 'ports[0].name', { ports: [{ type: 'nic', name: 'lo' }] }],
  ['HB_BOND_EMPTY', 'ports[0].devices', { ports: [{ ...bond, devices: [] }] }],
  ['HB_BOND_OPTION', 'ports[0].lacpRate', { ports: [{ ...bond, mode: 'balance-xor', lacpRate: 'fast' }] }],
  ['HB_BOND_OPTION', 'ports[0].primary', { ports: [{ ...bond, mode: '802.3ad', primary: bond.devices[0] }] }],
  ['HB_BOND_PRIMARY', 'ports[0].primary', { ports: [{ ...bond, mode: 'active-backup', primary: 'eno77' }] }],
  ...(['balance-rr', 'broadcast', 'balance-tlb', 'balance-alb'] as const).flatMap(
    (mode) =>
      [
        ['HB_BOND_MODE', 'ports[0].mode', { ports: [{ ...bond, mode }] }],
        ['HB_BOND_MODE', 'ports[0].parent.mode', { ports: [vlanOf({ ...bond, mode })] }],
      ] as const,
  ),
  ...(['balance-rr', 'active-backup', 'balance-xor', 'broadcast'] as const).map(
    (mode) => ['HB_BOND_MONITOR', 'ports[0].monitorInterval', { ports: [{ ...bond, mode }] }] as const,
  ),
  ['HB_BOND_MONITOR', 'ports[0].parent.monitorInterval', { ports: [vlanOf({ ...bond, mode: 'active-backup' })] }],
  ['HB_BOND_MONITOR', 'ports[0].monitorInterval', { ports: [{ ...bond, monitorInterval: 0 }] }],
  ['HB_OVERRIDE_UNUSED', 'ipv4.useDns', { ipv4: { useDns: false } }],
  ['HB_OVERRIDE_UNUSED', 'ipv6.routeMetric', { ipv6: { routeMetric: 5 } }],
  ['HB_RANGE', 'ipv4.routeMetric', { ipv4: { auto: 'dhcp', routeMetric: -1 } }],
  ['HB_VLAN_ID', 'ports[0].id', { ports: [{ type: 'vlan', name: 'eno1.0', id: 0, parent: nic }] }],
  ['HB_VLAN_ID', 'ports[0].id', { ports: [{ type: 'vlan', name: 'eno1.4095', id: 4095, parent: nic }] }],
  ['HB_VLAN_ID', 'vlanFiltering.vlans[0].id', { vlanFiltering: { vlans: [{ id: 4095 }] } }],
  ...([-1, 16_777_216] as const).map((id) => ['HB_VXLAN_ID', 'ports[0].id', { ports: [{ ...vxlan, id }] }] as const),
  ...([0, 65_536] as const).map((port) => ['HB_RANGE', 'ports[0].port', { ports: [{ ...vxlan, port }] }] as const),
  ['HB_VXLAN_PEERS', 'ports[0]', { ports: [{ ...vxlan, remotes: [] }] }],
  ['HB_VXLAN_BOTH', 'ports[0].group', { ports: [{ ...vxlan, group: '239.1.1.1', device: 'eno9' }] }],
  ['HB_VXLAN_DEVICE', 'ports[0].device', { ports: [{ ...vxlan, remotes: undefined, group: '239.1.1.1' }] }],
  ...(['host', '239.1.1.1', '0.0.0.0', '10.8.0.0/24'] as const).map(
    (remote) => ['HB_VXLAN_ADDRESS', 'ports[0].remotes[0]', { ports: [{ ...vxlan, remotes: [remote] }] }] as const,
  ),
  ['HB_VXLAN_ADDRESS', 'ports[0].local', { ports: [{ ...vxlan, local: 'eno1' }] }],
  ['HB_VXLAN_ADDRESS', 'ports[0].group', { ports: [{ ...vxlan, remotes: [], group: '10.8.0.2', device: 'eno9' }] }],
  ...(['lo\nlink del dev eno1', '-x', 'all', 'a b'] as const).map(
    (device) => ['HB_NAME_INVALID', 'ports[0].device', { ports: [{ ...vxlan, device }] }] as const,
  ),
  ...(['127.0.0.1', '::1', '255.255.255.255', '::'] as const).map(
    (remote) => ['HB_VXLAN_ADDRESS', 'ports[0].remotes[0]', { ports: [{ ...vxlan, remotes: [remote] }] }] as const,
  ),
  ['HB_VXLAN_SELF', 'ports[0].remotes[0]', { ports: [{ ...vxlan, local: '10.8.0.2' }] }],
  ['HB_VXLAN_REMOTE_TWICE', 'ports[0].remotes[1]', { ports: [{ ...vxlan, remotes: ['fd00::2', 'FD00:0::2'] }] }],
  ['HB_VXLAN_LINK_LOCAL', 'ports[0].remotes[0]', { ports: [{ ...vxlan, remotes: ['fe80::2'] }] }],
  ['HB_VXLAN_FAMILIES', 'ports[0]', { ports: [{ ...vxlan, local: '2001:db8::1' }] }],
  ['HB_VXLAN_OVER_BRIDGE', 'ports[0].device', { ports: [{ ...vxlan, device: 'br0' }] }],
  ['HB_VXLAN_OVER_BRIDGE', 'ports[1].device', { ports: [nic, { ...vxlan, device: nic.name }] }],
  ['HB_VXLAN_TWICE', 'ports[1].id', { ports: [vxlan, { ...vxlan, name: 'vx1', remotes: ['10.8.0.9'], port: 4789 }] }],
  ['HB_VXLAN_LOOP', 'ports[1]', { ports: [vxlan, { ...vxlan, name: 'vx1', id: 43 }] }],
  ['HB_VXLAN_MTU', 'ports[0].mtu', { ports: [{ ...vxlan, mtu: 1451 }] }],
  ['HB_VXLAN_MTU', 'ports[0].mtu', { mtu: 1500, ports: [vxlan] }],
  ['HB_VXLAN_MTU', 'ports[0].mtu', { ports: [{ ...vxlan, remotes: ['2001:db8::2'], mtu: 1431 }] }],
  ['HB_MAC_INVALID', 'mac', { mac: '52:54:00' }],
  ['HB_MAC_INVALID', 'mac', { mac: '52:54:00:01:02:03; reboot' }],
  ['HB_MAC_MULTICAST', 'mac', { mac: '01:00:5e:00:00:01' }],
  ['HB_MAC_ZERO', 'mac', { mac: '00:00:00:00:00:00' }],
  ['HB_MAC_SOURCE', 'mac.copyFrom', { mac: { copyFrom: 'eno9' }, ports: [nic] }],
  ['HB_MAC_DRIFTS', 'mac', { mac: 'kernel', ports: [nic] }],
  ['HB_MTU_RANGE', 'mtu', { mtu: 67 }],
  ['HB_MTU_RANGE', 'mtu', { mtu: 65_536 }],
  ['HB_MTU_RANGE', 'ports[0].mtu', { ports: [{ ...nic, mtu: 10 }] }],
  ['HB_MTU_IPV6', 'mtu', { mtu: 1279, ipv6: { auto: 'slaac' } }],
  ['HB_MTU_ABOVE_PORT', 'mtu', { mtu: 9000, ports: [{ ...nic, mtu: 1500 }] }],
  [
    'HB_MTU_ABOVE_PORT',
    'ports[0].mtu',
    { ports: [{ type: 'vlan', name: 'v', id: 1, mtu: 1500, parent: { ...nic, mtu: 1400 } }] },
  ],
  ['HB_RANGE', 'stp.forwardDelay', { stp: { enabled: true, forwardDelay: 1 } }],
  ['HB_RANGE', 'stp.forwardDelay', { stp: { enabled: false, forwardDelay: 31 } }],
  ['HB_RANGE', 'stp.helloTime', { stp: { enabled: true, helloTime: 11 } }],
  ['HB_RANGE', 'stp.maxAge', { stp: { enabled: true, maxAge: 5 } }],
  ['HB_RANGE', 'stp.priority', { stp: { enabled: true, priority: 65_536 } }],
  ['HB_RANGE', 'ports[0].priority', { ports: [{ ...nic, priority: 64 }] }],
  ['HB_RANGE', 'ports[0].pathCost', { ports: [{ ...nic, pathCost: 0 }] }],
  ['HB_RANGE', 'ageingTime', { ageingTime: -1 }],
  ['HB_RESOLUTION', 'ageingTime', { ageingTime: 0.005 }],
  ['HB_STP_TIMES', 'stp', { stp: { enabled: true, forwardDelay: 2 } }],
  ['HB_STP_SILENCE', 'stp.enabled', { stp: { enabled: true } }],
  ['HB_STP_UNUSED', 'stp.maxAge', { stp: { enabled: false, maxAge: 20 } }],
  ['HB_VLAN_NO_FILTERING', 'ports[0].vlans', { ports: [{ ...nic, vlans: [{ id: 5 }] }] }],
  ['HB_VLAN_RANGE', 'vlanFiltering.vlans[0].id', { vlanFiltering: { vlans: [{ id: { from: 9, to: 5 } }] } }],
  [
    'HB_VLAN_RANGE_FLAG',
    'vlanFiltering.vlans[0].pvid',
    { vlanFiltering: { vlans: [{ id: { from: 5, to: 9 }, pvid: true }] } },
  ],
  ['HB_VLAN_TWICE', 'vlanFiltering.vlans[1].id', { vlanFiltering: { vlans: [{ id: { from: 5, to: 9 } }, { id: 7 }] } }],
  [
    'HB_VLAN_PVIDS',
    'vlanFiltering.vlans',
    {
      vlanFiltering: {
        vlans: [
          { id: 5, pvid: true },
          { id: 7, pvid: true },
        ],
      },
    },
  ],
  ...[
    '10.0.0.2',
    '10.0.0.2/33',
    '10.0.0.2/024',
    '010.0.0.2/24',
    '10.0.0/24',
    '10.0.0.2/24; reboot',
    '2001:db8::1/64',
  ].map((address) => ['HB_ADDRESS_INVALID', 'ipv4.addresses[0]', { ipv4: { addresses: [address] } }] as const),
  ['HB_ADDRESS_INVALID', 'ipv6.addresses[0]', { ipv6: { addresses: ['fe80::1%eth0/64'] } }],
  ...['10.0.0.0/24', '10.0.0.255/24', '127.0.0.1/8', '224.0.0.1/24', '0.0.0.0/0'].map(
    (address) => ['HB_ADDRESS_UNUSABLE', 'ipv4.addresses[0]', { ipv4: { addresses: [address] } }] as const,
  ),
  ['HB_ADDRESS_UNUSABLE', 'ipv6.addresses[0]', { ipv6: { addresses: ['ff02::1/64'] } }],
  ['HB_ADDRESS_TWICE', 'ipv4.addresses[1]', { ipv4: { addresses: ['10.0.0.2/24', '10.0.0.2/16'] } }],
  ['HB_GATEWAY_INVALID', 'ipv4.gateway', { ipv4: { ...v4, gateway: '10.0.0.1; touch f' } }],
  ['HB_GATEWAY_INVALID', 'ipv6.gateway', { ipv6: { addresses: ['2001:db8::2/64'], gateway: '10.0.0.1' } }],
  ['HB_GATEWAY_OUTSIDE', 'ipv4.gateway', { ipv4: { ...v4, gateway: '10.0.1.1' } }],
  ['HB_GATEWAY_OUTSIDE', 'ipv4.gateway', { ipv4: { gateway: '10.0.1.1' } }],
  ['HB_GATEWAY_SELF', 'ipv4.gateway', { ipv4: { ...v4, gateway: '10.0.0.2' } }],
  ['HB_CLIENT_ID_UNUSED', 'ipv4.clientId', { ipv4: { ...v4, clientId: 'mac' } }],
  ['HB_DNS_SERVER', 'dns.servers[0]', { dns: { servers: ['dns.example'] } }],
  ['HB_DNS_DOMAIN', 'dns.search[0]', { dns: { search: ['x$(touch f)'] } }],
  ['HB_DNS_DOMAIN', 'dns.search[0]', { dns: { search: ['a b'] } }],
  ['HB_DNS_TWICE', 'dns.servers[1]', { dns: { servers: ['10.0.0.1', '10.0.0.1'] } }],
  ['HB_ROUTE_TO', 'routes[0].to', { routes: [{ to: 'default' }] }],
  ['HB_ROUTE_HOST_BITS', 'routes[0].to', { routes: [{ to: '10.9.0.1/16' }] }],
  ['HB_ROUTE_VIA', 'routes[0].via', { routes: [{ to: '10.9.0.0/16', via: '2001:db8::1' }] }],
  ['HB_ROUTE_OUTSIDE', 'routes[0].via', { ipv4: v4, routes: [{ to: '10.9.0.0/16', via: '10.1.0.1' }] }],
  ['HB_ROUTE_ON_LINK', 'routes[0].onLink', { routes: [{ to: '10.9.0.0/16', onLink: true }] }],
  ['HB_ROUTE_TWICE', 'routes[1]', { routes: [{ to: '10.9.0.0/16' }, { to: '10.9.0.0/16' }] }],
];

/** Data that the compiler would not let through. */
const fromJson = (document: object): HostBridge =>
  HostBridge.from(JSON.parse(JSON.stringify({ name: 'br0', ...document })) as HostBridgeDocument);

describe('a broken bridge is reported, whatever system it is for', () => {
  for (const [code, path, document] of BROKEN) {
    it(`${code}: ${JSON.stringify(document)}`, () => {
      const found = fromJson(document)
        .validate()
        .filter((issue) => issue.code === code);
      expect(found.map((issue) => issue.path)).toContain(path);
      for (const { message } of found) expect(message).not.toMatch(/\{[a-z]+\}/);
    });
  }

  it('every rule about bridges themselves has an example', () => {
    const known = new Set(BROKEN.map(([code]) => code));
    const rules = Object.keys(BRIDGE_RULES);
    // The others are about files that are read, and about single systems.
    const own = rules.slice(0, rules.indexOf('HB_FILE_SYNTAX'));
    expect(own.filter((code) => !known.has(code))).toEqual([]);
  });

  it('and no system gets a single file of it', () => {
    for (const [code, , document] of BROKEN) {
      const { severity }: { severity?: string } = BRIDGE_RULES[code as keyof typeof BRIDGE_RULES];
      if (severity === 'warning') continue;
      for (const { name } of BACKENDS)
        expect(() => fromJson(document).render(name), `${code} ${name}`).toThrow(ValidationError);
    }
  });

  it('all problems are listed at once', () => {
    const issues = fromJson({
      mtu: 1,
      mac: 'x',
      dns: { servers: ['y'] },
      ports: [{ ...nic, priority: 99 }],
    }).validate();
    expect(issues.map(({ code }) => code).sort()).toEqual([
      'HB_DNS_SERVER',
      'HB_MAC_INVALID',
      'HB_MTU_RANGE',
      'HB_RANGE',
    ]);
  });

  it('what is right is not complained about', () => {
    expect(HostBridge.create('br0').port('eno1').dhcp4().slaac().validate()).toEqual([]);
    const watched = { ...bond, mode: 'active-backup', monitorInterval: 0.1 } as const;
    for (const port of [bond, watched, vlanOf(watched)]) expect(fromJson({ ports: [port] }).validate()).toEqual([]);
    expect(HostBridge.create('br0.100').address('10.0.0.2/31').gateway('10.0.0.3').validate()).toEqual([]);
    expect(HostBridge.create('br0').address('2001:db8::2/64').gateway('fe80::1').validate()).toEqual([]);
  });
});

describe('a host bridge is a value', () => {
  it('each method gives a new one, and the document is frozen', () => {
    const first = HostBridge.create('br0');
    const second = first.port('eno1', { pathCost: 5 });
    expect(first.document).toEqual({ name: 'br0' });
    expect(second.document.ports).toEqual([{ type: 'nic', name: 'eno1', pathCost: 5 }]);
    expect(Object.isFrozen(second.document.ports?.[0])).toBe(true);
    expect(second.port('eno1').document.ports).toEqual([nic]);
    expect(second.withoutPort('eno1').document.ports).toEqual([]);
    expect(JSON.parse(JSON.stringify(second))).toEqual(second.document);
  });

  it('bridges that mean the same are equal', () => {
    const bridge = HostBridge.create('br0').port('eno1').address('2001:DB8:0::1/64').mac('52:54:00:AA:00:01');
    const other = HostBridge.from({
      name: 'br0',
      ports: [nic],
      mac: '52:54:00:aa:00:01',
      stp: { enabled: false, forwardDelay: 0 },
      ageingTime: 300,
      ipv6: { addresses: ['2001:db8::1/64'] },
      autostart: true,
    });
    expect(bridge.diff(other)).toEqual([]);
    expect(bridge.equals(other)).toBe(true);
    expect(bridge.diff(other.stp(true))).toEqual([{ path: 'stp.enabled', from: false, to: true }]);
    expect(bridge.diff(other.mtu(9000)).map(({ path }) => path)).toEqual(['ports[0].mtu', 'mtu']);
  });

  it('toNetwork gives the network that offers it', () => {
    expect(HostBridge.create('br0').toNetwork('lan').toXml()).toContain(
      "<forward mode='bridge'/>\n  <bridge name='br0'/>",
    );
  });

  it('the MAC address of a port must be known to be copied', () => {
    const bridge = HostBridge.create('br0').port('eno1');
    expect(bridge.render('iproute2', { macs: { eno1: '52:54:00:AA:00:01' } }).files[0]?.content).toContain(
      'address 52:54:00:aa:00:01',
    );
    for (const macs of [undefined, {}, { eno2: '52:54:00:00:00:01' }, { eno1: 'x' }, { eno1: '01:54:00:00:00:01' }])
      expect(() => bridge.render('iproute2', macs === undefined ? {} : { macs })).toThrow(
        /MAC address of its port eno1 is not known/,
      );
  });

  it('a system that is none is refused', () => {
    const run = () => HostBridge.create('br0').render(JSON.parse('"yast"'));
    expect(run).toThrow(LibvirtError);
    expect(run).toThrow(/no host network system 'yast'/);
  });

  it('warnings of the bridge come with what is written', () => {
    const { warnings } = HostBridge.create('br0').vlanPort('eno1', 5).mac('kernel').stp(true).render('networkd');
    expect(warnings.map(({ code }) => code)).toEqual(['HB_MAC_DRIFTS', 'HB_STP_SILENCE', 'HB_PARENT_WITHOUT_ADDRESS']);
  });
});
