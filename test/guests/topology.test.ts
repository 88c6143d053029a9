import { connect, IsolatedNetwork, NatNetwork } from 'libvirt-network';
import { readTopology } from 'libvirt-network/guests';
import { explainFlow } from 'libvirt-network/preview';
import { mockTransport } from 'libvirt-network/testing';
import { describe, expect, it } from 'vitest';

const mac = (n: number): string => `52:54:00:00:00:0${n}`;
const nic = (source: string, n: number, more = ''): string =>
  `<interface type='${source.includes('bridge') ? 'bridge' : 'network'}'><mac address='${mac(n)}'/><source ${source}/>${more}</interface>`;

/** Two networks that run and one that does not, with guests on them. */
async function hostWithGuests() {
  const lab = NatNetwork.create('lab')
    .bridge('virbr7')
    .subnet('10.7.0.1/24', (s) => s.dhcp('10.7.0.100', '10.7.0.199').host({ mac: mac(2), ip: '10.7.0.12' }));
  const lone = IsolatedNetwork.create('lone').bridge('virbr8').subnet('10.8.0.1/24');
  const mock = mockTransport({ networks: [lab, lone, IsolatedNetwork.create('off')] });
  const host = connect(mock);
  for (const name of ['lab', 'lone']) await (await host.networks.get(name)).start();
  mock.addGuest({ name: 'web', nics: [nic("network='lab'", 1)] });
  mock.addLease('lab', { mac: mac(1), family: 'ipv4', address: '10.7.0.150', prefix: 24 });
  mock.addGuest({
    name: 'gate',
    nics: [nic("network='lab'", 2, "<port isolated='yes'/>"), nic("bridge='virbr8'", 3, "<link state='down'/>")],
  });
  mock.addGuest({
    name: 'tagged',
    nics: [nic("bridge='virbr8'", 6, "<vlan><tag id='5'/></vlan><filterref filter='clean-traffic'/>")],
  });
  mock.addGuest({ name: 'elsewhere', nics: [nic("bridge='br0'", 4)] });
  mock.addGuest({ name: 'asleep', nics: [nic("network='lab'", 5)], active: false });
  return host;
}

describe('the topology of a host', () => {
  it('has the networks that run, and the NICs of running guests on them', async () => {
    const { networks, guests = [], backend } = await readTopology(await hostWithGuests(), { backend: 'nftables' });
    expect(networks.map(({ name }) => name)).toEqual(['lab', 'lone']);
    expect(backend).toBe('nftables');
    const [gate, down, tagged, web, ...others] = guests;
    expect(others).toEqual([]);
    expect(tagged).toMatchObject({ name: 'tagged', network: 'lone', vlan: 5, filter: 'clean-traffic' });
    const tap = expect.stringMatching(/^vnet\d+$/);
    expect(web).toEqual({ name: 'web', network: 'lab', mac: mac(1), link: 'up', tap, addresses: ['10.7.0.150'] });
    expect(gate).toEqual({
      name: `gate ${gate?.tap}`,
      ...{ network: 'lab', mac: mac(2), link: 'up', tap, isolated: true, addresses: ['10.7.0.12'] },
    });
    expect(down).toEqual({ name: `gate ${down?.tap}`, network: 'lone', mac: mac(3), link: 'down', tap });
  });

  it('says where packets of its guests go', async () => {
    const topology = await readTopology(await hostWithGuests(), { backend: 'nftables' });
    expect(explainFlow(topology, { from: 'web', to: 'outside' }).verdict).toBe('delivered');
    const [, down] = topology.guests ?? [];
    const { verdict, reason } = explainFlow(topology, { from: 'host', to: down?.name ?? '' });
    expect([verdict, reason]).toEqual(['rejected', `the link of ${down?.name} is down`]);
  });
});
