import { connect, DirectNetwork, HostdevNetwork, NatNetwork } from 'libvirt-network';
import { type PictureFormat, renderTopology } from 'libvirt-network/pictures';
import { explainFlow, type Topology } from 'libvirt-network/preview';
import { mockTransport } from 'libvirt-network/testing';
import { describe, expect, it } from 'vitest';
import { columns } from '../../src/pictures/text/columns.js';
import { thrown } from '../support/caught.js';
import { announce, runs } from '../support/random.js';
import { HOSTILE_NAMES, randomTopology, SAMPLE } from './topologies.js';

const lab = NatNetwork.create('lab').bridge('virbr10').subnet('192.168.50.1/24');

describe('a topology as text', () => {
  it('is a tree of LANs, networks and guests', () => {
    expect(renderTopology(SAMPLE, { format: 'text' })).toBe(`host
+-- LAN (eth0), 198.51.100.1/24
|   +-- outside: 198.51.100.2/24
+-- LAN (br0), 10.1.1.2/24
|   +-- outside: 10.1.1.9/24
+-- LAN (eth2)
+-- lab: NAT, virtual switch virbr10
|   +-- 192.168.50.1/24
|   +-- DHCP 192.168.50.100 - 192.168.50.199
|   +-- guest web 192.168.50.2
|   +-- guest db 192.168.50.3 (vnet1, link down)
|   +-- guest gate 192.168.50.4 (vnet2, NIC 1 of 2)
+-- dmz: routed, virtual switch virbr11
|   +-- only by eth0
|   +-- 192.168.51.1/24
|   +-- 2001:db8:51::1/64
|   +-- guest mail 192.168.51.2 2001:db8:51::2
+-- lone: isolated, virtual switch virbr12
|   +-- 192.168.52.1/24
|   +-- guest gate 192.168.52.2 (vnet3, NIC 2 of 2)
|   +-- guest vault 192.168.52.3 (isolated port)
+-- office: bridge, bridge br0
|   +-- guest pc 10.1.1.4/24 (VLAN 20, filter clean-traffic)
+-- direct: macvtap (vepa), NIC eth2
    +-- guest vm
`);
  });

  it('has at most 100 columns and no control characters, whatever the names are', () => {
    const guests = HOSTILE_NAMES.map((name, i) => ({ name: `${i}${name}`, network: 'lab' }));
    const text = renderTopology({ networks: [lab], guests, backend: 'iptables' }, { format: 'text' });
    expect(text.split('\n').filter((line) => columns(line) > 100)).toEqual([]);
    expect(text).toContain(`guest 0${'x'.repeat(38)}… 192.168.50.2`);
    expect(text).not.toMatch(/ $/m);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal obeys them
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e\ud800]/);
  });

  it('is in Spanish where that is the language', () => {
    const text = renderTopology(SAMPLE, { format: 'text', language: 'es' });
    expect(text).toContain('lone: aislada, switch virtual virbr12');
    expect(text).toContain('máquina virtual db 192.168.50.3 (vnet1, enlace caído)');
  });
});

describe('large topologies', () => {
  const guestsOf = (count: number, network: string) =>
    Array.from({ length: count }, (_, i) => ({ name: `${network}${i}`, network, addresses: [] }));
  const textOf = (topology: Omit<Topology, 'backend'>) =>
    renderTopology({ ...topology, backend: 'iptables' }, { format: 'text' });

  it('show 40 guests and group those beyond', () => {
    expect(textOf({ networks: [lab], guests: guestsOf(40, 'lab') })).not.toContain('more');
    const text = textOf({ networks: [lab], guests: guestsOf(52, 'lab') });
    expect(text.match(/guest lab/g)?.length).toBe(40);
    expect(text).toContain('and 12 more');
  });

  it('show small networks whole, and at least one guest of each', () => {
    const networks = ['a', 'b', 'c'].map((name) => NatNetwork.create(name).bridge(`virbr${name}`));
    const guests = [...guestsOf(3, 'a'), ...guestsOf(100, 'b'), ...guestsOf(100, 'c')];
    const text = textOf({ networks, guests });
    expect(['a', 'b', 'c'].map((name) => text.split(`guest ${name}`).length - 1)).toEqual([3, 18, 18]);
    expect(text.match(/and 82 more/g)?.length).toBe(2);
  });

  it('show 24 networks and group those beyond', () => {
    const networks = Array.from({ length: 30 }, (_, i) => NatNetwork.create(`n${i}`).bridge(`virbr${i}`));
    const text = textOf({ networks, guests: [] });
    expect(text.match(/NAT/g)?.length).toBe(24);
    expect(text).toContain('and 6 more networks');
  });
});

describe('networks on devices of the host', () => {
  const pool = DirectNetwork.create({ name: 'pool', mode: 'private', devices: ['eth1', 'eth2', 'eth3'] });
  const functions = HostdevNetwork.create({ name: 'card', addresses: [{ bus: 3, slot: 16, function: 1 }, { bus: 4 }] });
  const textOf = (topology: Omit<Topology, 'backend'>) =>
    renderTopology({ ...topology, backend: 'iptables' }, { format: 'text' });

  it('name the first device of a pool, and count the others', () => {
    const text = textOf({ networks: [pool, functions], guests: [] });
    expect(text).toContain('pool: macvtap (private), NIC eth1 and 2 more');
    expect(text).toContain('card: SR-IOV, NIC 0000:03:10.1 and 1 more');
    const svg = renderTopology({ networks: [pool, functions], guests: [], backend: 'iptables' }, { format: 'svg' });
    for (const name of ['>eth1<', '>0000:03:10.1<', '>pool<', '>card<']) expect(svg).toContain(name);
  });

  it('are drawn once, also where two LANs are at one device', () => {
    const outside = ['10.0.0.9/8', '172.16.0.9/12'].map((address) => ({ device: 'eth1', outside: [address] }));
    const topology: Topology = { networks: [pool], guests: [], outside, backend: 'iptables' };
    expect(textOf(topology)).toContain('outside: 10.0.0.9/8, 172.16.0.9/12');
    expect(renderTopology(topology, { format: 'svg' }).split('>pool<').length).toBe(2);
  });

  it('are left out where there are none: a host alone', () => {
    expect(textOf({ networks: [], outside: [] })).toBe('host\n');
    expect(renderTopology({ networks: [], backend: 'iptables' }, { format: 'svg' })).toContain(
      '>0 networks, 0 guests.<',
    );
  });

  it('have no name where libvirt has not chosen one', () => {
    const text = textOf({ networks: [NatNetwork.create('new').subnet('10.9.0.1/24')], guests: [] });
    expect(text).toContain('new: NAT, virtual switch\n');
  });
});

describe('guests without addresses', () => {
  it('have those that explainFlow gives them', () => {
    const random = announce('addresses in pictures', runs(40));
    let checked = 0;
    for (let i = 0; i < runs(40); i++) {
      const topology = randomTopology(random);
      const plain = {
        ...topology,
        guests: (topology.guests ?? []).map((one, n) => ({ name: `g${n}`, network: one.network })),
      };
      const text = renderTopology(plain, { format: 'text' });
      for (const [, name = '', address] of text.matchAll(/guest (g\d+) ([\d.]+)/g)) {
        const [sent] = explainFlow(plain, { from: 'host', to: name }).steps;
        expect(sent?.text, text).toContain(`sends to ${address} `);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(10);
  });
});

describe('what cannot be drawn', () => {
  it.each([
    ['format', { format: 'png' }, "'png' is not a format of pictures"],
    ['language', { format: 'text', language: 'fr' }, "'fr' is not a language of pictures"],
    ['option', { format: 'text', colour: 'red' }, "has no option 'colour'"],
  ])('an unknown %s is refused', (_, options, message) => {
    const error = thrown(() => renderTopology(SAMPLE, options as { format: PictureFormat }));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) });
  });

  const web = { name: 'web', network: 'lab' };
  const lan = { device: 'eth0', outside: ['198.51.100.2/24'] };
  it.each<[string, unknown]>([
    ['renderTopology needs a topology or a host, not undefined', undefined],
    ['renderTopology needs a topology or a host, not network "lab"', lab],
    ['renderTopology needs a topology or a host', {}],
    ['networks[0] is not a network', { networks: [{ name: 'x' }] }],
    ['network "lab" is in the topology more than once', { networks: [lab, lab] }],
    ['guests must be an array', { networks: [lab], guests: web }],
    ['guests[1] must be an object, not null', { networks: [lab], guests: [web, null] }],
    ['guests[0].name must be a string', { networks: [lab], guests: [{ network: 'lab' }] }],
    ['guests[0].addresses must be an array', { networks: [lab], guests: [{ ...web, addresses: '10.1.0.3' }] }],
    ["'zzz' in guests[0].addresses is not an address", { networks: [lab], guests: [{ ...web, addresses: ['zzz'] }] }],
    ["'<y>' in outside[0].outside is not an address", { networks: [lab], outside: [{ ...lan, outside: ['<y>'] }] }],
    ["'x' in outside[0].host is not an address with", { networks: [lab], outside: [{ ...lan, host: ['x'] }] }],
    ['outside[0].device must be a string', { networks: [lab], outside: [{ outside: [] }] }],
  ])('%s', (message, topology) => {
    const error = thrown(() => renderTopology(topology as Topology, { format: 'svg' }));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) });
    expect(error.hint).not.toBe(undefined);
  });

  it('a guest on a network that is not there is refused', () => {
    const topology: Topology = { networks: [lab], guests: [{ name: 'a', network: 'other' }], backend: 'iptables' };
    expect(thrown(() => renderTopology(topology, { format: 'text' })).message).toContain('network "other"');
  });
});

describe('a host', () => {
  it('is drawn as what runs on it', async () => {
    const mock = mockTransport({ networks: [lab, NatNetwork.create('off').subnet('10.0.0.1/24')] });
    const host = connect(mock);
    await (await host.networks.get('lab')).start();
    mock.addGuest({ name: 'web', nics: [lab.guestNic({ mac: '52:54:00:00:00:01' })] });
    const text = await renderTopology(host, { format: 'text' });
    expect(text).toMatch(
      /^host\n\+-- outside\n\+-- lab: NAT, virtual switch virbr10\n {4}\+-- 192.168.50.1\/24\n {4}\+-- guest web 192.168.50.2 \(vnet\d+\)\n$/,
    );
    const outside = [{ device: 'eth7', outside: ['10.0.0.1/8'] }];
    expect(await renderTopology(host, { format: 'text', outside })).toContain(
      'LAN (eth7)\n|   +-- outside: 10.0.0.1/8',
    );
  });

  it('is refused where it is not one', async () => {
    const call = async () => renderTopology({ networks: {} } as never, { format: 'text' });
    await expect(call()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
