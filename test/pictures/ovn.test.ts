import { BridgedNetwork, IsolatedNetwork, NatNetwork } from 'libvirt-network';
import { type OvnTopology, ovn, ovsdbMock, readOvnTopology } from 'libvirt-network/ovn';
import { renderTopology } from 'libvirt-network/pictures';
import { describe, expect, it } from 'vitest';
import { columns } from '../../src/pictures/text/columns.js';
import { thrown } from '../support/caught.js';
import { CLOUD } from './ovn-topologies.js';
import { HOSTILE_NAMES } from './topologies.js';

const textOf = (topology: OvnTopology): string => renderTopology(topology, { format: 'text' });

const lab = IsolatedNetwork.create('lab').subnet('172.30.0.1/24');
const open = { network: lab };
const kvm = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `kvm${i + 1}` }));
const outside = { physicalNetwork: 'lan', addresses: ['198.51.100.10/24'], chassis: 'kvm1' };

describe('networks on OVN as text', () => {
  it('are a tree of physical networks, tunnels with their hosts, and networks with the guests of each host', () => {
    expect(textOf(CLOUD)).toBe(`OVN
+-- physical network lan (kvm1, kvm2, kvm3)
|   +-- outside: 198.51.100.2/24
|   +-- outside, VLAN 20: 203.0.113.2/24
+-- tunnels (Geneve)
|   +-- host kvm1, 10.0.0.1
|   +-- host kvm2, 10.0.0.2
|   +-- host kvm3
+-- web: NAT
|   +-- 172.31.0.0/24
|   +-- DHCP 172.31.0.100 - 172.31.0.199
|   +-- router 172.31.0.1/24
|   |   +-- outside: lan, 198.51.100.10/24
|   |   +-- by kvm1, then kvm2, kvm3
|   |   +-- default route 198.51.100.1
|   +-- host kvm1
|   |   +-- guest www 172.31.0.11
|   +-- host kvm2
|   |   +-- guest app 172.31.0.101
|   +-- not plugged in
|       +-- guest spare
+-- dmz: routed
|   +-- 172.32.0.0/24
|   +-- 2001:db8:32::/64
|   +-- router 172.32.0.1/24 2001:db8:32::1/64
|   |   +-- outside: lan, VLAN 20, 203.0.113.10/24, 2001:db8:1::10/64
|   |   +-- by kvm2
|   +-- host kvm3
|       +-- guest mail 172.32.0.2 2001:db8:32::2
+-- quiet: isolated
    +-- 172.30.0.0/24
    +-- host not known
        +-- guest vault 172.30.0.2
`);
  });

  it('are in Spanish where that is the language', () => {
    const text = renderTopology(CLOUD, { format: 'text', language: 'es' });
    for (const line of [
      'red física lan (kvm1, kvm2, kvm3)',
      'exterior, VLAN 20: 203.0.113.2/24',
      'túneles (Geneve)',
      'anfitrión kvm1, 10.0.0.1',
      'por kvm1, después kvm2, kvm3',
      'ruta por defecto 198.51.100.1',
      'máquina virtual app 172.31.0.101',
      'anfitrión desconocido',
      'sin conectar',
    ])
      expect(text).toContain(`+-- ${line}\n`);
  });

  it('have at most 100 columns and no control characters, whatever the names are', () => {
    const chassis = HOSTILE_NAMES.map((name, i) => ({ name: `${i}${name}` }));
    const guests = chassis.map(({ name }) => ({ name, network: 'lab', chassis: name }));
    const text = textOf({ chassis, networks: [open], guests });
    expect(text.split('\n').filter((line) => columns(line) > 100)).toEqual([]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal obeys them
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e\ud800]/);
  });
});

describe('hosts of OVN', () => {
  it('are joined by the tunnels that they have; one alone has none', () => {
    const mixed = textOf({ chassis: [...kvm(2), { name: 'old', encapsulation: 'vxlan' }], networks: [] });
    expect(mixed).toBe(
      'OVN\n+-- tunnels (Geneve)\n|   +-- host kvm1\n|   +-- host kvm2\n+-- tunnels (VXLAN)\n    +-- host old\n',
    );
    expect(textOf({ chassis: kvm(1), networks: [] })).toBe('OVN\n+-- host kvm1\n');
    expect(textOf({ chassis: [], networks: [] })).toBe('OVN\n');
  });

  it('that a network names and that are not there are marked', () => {
    const network = NatNetwork.create('web').subnet('172.31.0.1/24');
    const networks = [{ network, outside: { ...outside, chassis: ['kvm1', 'kvm9'] } }];
    expect(textOf({ chassis: kvm(1), networks })).toContain('by kvm1, then kvm9 (not there)');
  });
});

describe('guests of OVN without addresses', () => {
  it('have what is reserved for their MAC address or name, else a free address of the ranges, or one of their MAC address', () => {
    const network = IsolatedNetwork.create('lab')
      .subnet('172.30.0.1/24', (subnet) =>
        subnet
          .dhcp('172.30.0.10', '172.30.0.12')
          .host({ mac: '52:54:00:00:00:01', ip: '172.30.0.10', name: 'db' })
          .host({ mac: '52:54:00:00:00:02', ip: '172.30.0.99' }),
      )
      .subnet('fd00:30::1/64', (subnet) =>
        subnet.host({ id: '00:03:00:01:52:54:00:00:00:01', ip: 'fd00:30::7', name: 'db' }),
      );
    const names = [
      { name: 'a', addresses: ['172.30.0.11'] },
      { name: 'db' },
      { name: 'c', mac: '52:54:0:0:0:2' },
      { name: 'd' },
    ];
    const guests = names.map((guest) => ({ ...guest, network: 'lab' }));
    const text = textOf({ chassis: [], networks: [{ network }], guests });
    expect(
      [...text.matchAll(/guest (.*)/g)].map(([, line]) => line?.replace(/(?<=::5054:ff:fe)(?!00).*/, '...')),
    ).toEqual([
      'a 172.30.0.11',
      'db 172.30.0.10 fd00:30::7',
      'c 172.30.0.99 fd00:30::5054:ff:fe00:2',
      'd 172.30.0.12 fd00:30::5054:ff:fe...',
    ]);
    const another = textOf({
      chassis: [],
      networks: [{ network }],
      guests: [...guests, { name: 'e', network: 'lab' }],
    });
    expect(another).toMatch(/guest e fd00:30::5054:ff:fe/);
  });
});

it('a running OVN is drawn as it was read', async () => {
  await using cloud = ovn({ northbound: ovsdbMock(), outside });
  const network = NatNetwork.create('web').subnet('172.31.0.1/24', (subnet) =>
    subnet.host({ mac: '52:54:00:00:00:11', ip: '172.31.0.11', name: 'www' }),
  );
  await cloud.networks.ensure(network);
  await cloud.networks.port('web', { mac: '52:54:00:00:00:11' });
  expect(textOf(await readOvnTopology(cloud))).toBe(`OVN
+-- physical network lan (kvm1)
+-- host kvm1
+-- web: NAT
    +-- 172.31.0.0/24
    +-- router 172.31.0.1/24
    |   +-- outside: lan, 198.51.100.10/24
    |   +-- by kvm1
    +-- not plugged in
        +-- guest www 172.31.0.11
`);
});

describe('large topologies of OVN', () => {
  const guestsOn = (count: number, chassis: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => ({ name: `vm${i}`, network: 'lab', chassis: chassis(i), addresses: [] }));

  it('show 12 hosts and count the others; those that lead outside are among them', () => {
    const network = NatNetwork.create('web').subnet('172.31.0.1/24');
    const text = textOf({ chassis: kvm(20), networks: [{ network, outside: { ...outside, chassis: 'kvm20' } }] });
    expect(text.match(/host kvm/g)?.length).toBe(12);
    expect(text).toContain('host kvm20');
    expect(text).toContain('and 8 more hosts');
  });

  it('show 40 guests, some of each host, and count the others', () => {
    const text = textOf({ chassis: kvm(4), networks: [open], guests: guestsOn(100, (i) => `kvm${(i % 4) + 1}`) });
    expect(text.match(/guest vm/g)?.length).toBe(40);
    expect(text.match(/and 15 more/g)?.length).toBe(4);
  });

  it('count the guests of hosts for which there is no room', () => {
    const text = textOf({ chassis: kvm(50), networks: [open], guests: guestsOn(50, (i) => `kvm${i + 1}`) });
    expect(text.match(/guest vm/g)?.length).toBe(40);
    expect(text).toContain('\n    +-- and 10 more\n');
  });

  it('show 24 networks and count the others', () => {
    const networks = Array.from({ length: 30 }, (_, i) => ({ network: IsolatedNetwork.create(`n${i}`) }));
    const text = textOf({ chassis: [], networks });
    expect(text.match(/isolated/g)?.length).toBe(24);
    expect(text).toContain('and 6 more networks');
  });
});

describe('what cannot be drawn of OVN', () => {
  const web = { name: 'web1', network: 'lab' };
  const base = { chassis: kvm(1), networks: [open] };
  const nat = NatNetwork.create('web').subnet('172.31.0.1/24');
  it.each<[string, unknown]>([
    ['chassis must be an array', { ...base, chassis: 'kvm1' }],
    ['chassis[1] must be an object, not null', { ...base, chassis: [{ name: 'a' }, null] }],
    ['chassis[0].name must be a string', { ...base, chassis: [{}] }],
    ["chassis[0] has no option 'ip'", { ...base, chassis: [{ name: 'a', ip: '10.0.0.1' }] }],
    ["'x' in chassis[0].address is not an address", { ...base, chassis: [{ name: 'a', address: 'x' }] }],
    ["'stt' is not a known value of chassis[0].encap", { ...base, chassis: [{ name: 'a', encapsulation: 'stt' }] }],
    ['chassis "kvm1" is in the topology more than once', { ...base, chassis: [...kvm(1), ...kvm(1)] }],
    ["a topology has no option 'hosts'", { ...base, hosts: [] }],
    ['networks must be an array', { ...base, networks: open }],
    ['networks[0] has no option', { ...base, networks: [lab] }],
    ['networks[0].network is not a network but object', { ...base, networks: [{ network: {} }] }],
    ['network "lab" is in the topology more than once', { ...base, networks: [open, open] }],
    [
      'networks[0]: outside.addresses is empty',
      { ...base, networks: [{ network: nat, outside: { ...outside, addresses: [] } }] },
    ],
    ['network "web" is of kind nat, and nothing says how', { ...base, networks: [{ network: nat }] }],
    ['guests must be an array', { ...base, guests: web }],
    ['guests[0].name must be a string', { ...base, guests: [{ network: 'lab' }] }],
    ["guests[0] has no option 'tap'", { ...base, guests: [{ ...web, tap: 'vnet0' }] }],
    ['guest "web1" is in the topology more than once', { ...base, guests: [web, web] }],
    ['guest "lab" has a name that means something else', { ...base, guests: [{ ...web, name: 'lab' }] }],
    ['guest "outside" has a name that means', { ...base, guests: [{ ...web, name: 'outside' }] }],
    ['guest "web1" is on network "labs", which', { ...base, guests: [{ ...web, network: 'labs' }] }],
    ['guest "web1" is on chassis "kvm2", which', { ...base, guests: [{ ...web, chassis: 'kvm2' }] }],
    ["'y' in guests[0].mac is not a MAC address", { ...base, guests: [{ ...web, mac: 'y' }] }],
    ['guests[0].up must be true or false', { ...base, guests: [{ ...web, up: 1 }] }],
    ["'172.30.0.9/24' in guests[0].addresses is not", { ...base, guests: [{ ...web, addresses: ['172.30.0.9/24'] }] }],
    [
      'guest "web1" has two addresses of one family',
      { ...base, guests: [{ ...web, addresses: ['10.0.0.1', '10.0.0.2'] }] },
    ],
    ['guest "router" has a name that means', { ...base, guests: [{ ...web, name: 'router' }] }],
    ['outside[0].physicalNetwork must be a string', { ...base, outside: [{ addresses: [] }] }],
    [
      "'z' in outside[0].addresses is not an address",
      { ...base, outside: [{ physicalNetwork: 'lan', addresses: ['z'] }] },
    ],
    ["outside[0].vlan is '4095'", { ...base, outside: [{ physicalNetwork: 'lan', vlan: 4095, addresses: [] }] }],
    [
      'outside[0].routes must be a string',
      { ...base, outside: [{ physicalNetwork: 'lan', addresses: [], routes: [5] }] },
    ],
  ])('%s', (message, topology) => {
    const error = thrown(() => renderTopology(topology as OvnTopology, { format: 'svg' }));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) });
    expect(error.hint).not.toBe(undefined);
  });

  it('a network that OVN cannot have is refused', () => {
    const networks = [{ network: BridgedNetwork.create({ name: 'office', bridge: 'br0' }) }];
    const error = thrown(() => textOf({ ...base, networks }));
    expect(error).toMatchObject({ code: 'OVN_FIELD_UNSUPPORTED', network: 'office' });
  });
});
