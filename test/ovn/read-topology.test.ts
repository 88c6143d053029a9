import { describe, expect, it } from 'vitest';
import { IsolatedNetwork, NatNetwork } from '../../src/index.js';
import { type Ovn, ovn, ovsdbMock, readOvnTopology } from '../../src/ovn/index.js';
import { renderTopology } from '../../src/pictures/index.js';
import { explainFlow } from '../../src/preview/index.js';
import { caught } from '../support/caught.js';

const outside = { physicalNetwork: 'lan', addresses: ['198.51.100.10/24'], chassis: ['kvm2', 'kvm1', 'kvm3'] };
const lab = NatNetwork.create('lab').subnet('172.30.0.1/24', (s) =>
  s
    .dhcp('172.30.0.100', '172.30.0.199')
    .host({ mac: '52:54:00:00:00:11', ip: '172.30.0.11', name: 'db' })
    .host({ mac: '52:54:00:00:00:12', ip: '172.30.0.12', name: 'quiet' }),
);
const quiet = IsolatedNetwork.create('quiet').subnet('172.31.0.1/24');

/** Networks with ports of guests. */
async function withPorts(): Promise<Ovn> {
  const cloud = ovn({ northbound: ovsdbMock() });
  await cloud.networks.ensure(quiet);
  await cloud.networks.ensure(lab, { outside });
  for (const n of [11, 12, 13]) await cloud.networks.port('lab', { mac: `52:54:00:00:00:${n}` });
  await cloud.networks.port('quiet', { mac: '52:54:00:00:00:11', ip: '172.31.0.9' });
  return cloud;
}

describe('the topology of an OVN', () => {
  it('has its networks, what leads outside, and the guests with their names and addresses', async () => {
    await using cloud = await withPorts();
    const { networks, chassis, guests } = await readOvnTopology(cloud);
    expect(networks.map(({ network, outside: way }) => [network.toXml(), way])).toEqual([
      [lab.toXml(), outside],
      [quiet.toXml(), undefined],
    ]);
    // Without the southbound database only these are known.
    expect(chassis).toEqual([{ name: 'kvm1' }, { name: 'kvm2' }, { name: 'kvm3' }]);
    expect(guests).toEqual([
      { name: 'db', network: 'lab', mac: '52:54:00:00:00:11', addresses: ['172.30.0.11'], up: false },
      // A network has the other name.
      {
        name: 'lab 52:54:00:00:00:12',
        network: 'lab',
        mac: '52:54:00:00:00:12',
        addresses: ['172.30.0.12'],
        up: false,
      },
      { name: 'lab 52:54:00:00:00:13', network: 'lab', mac: '52:54:00:00:00:13', up: false },
      {
        name: 'quiet 52:54:00:00:00:11',
        network: 'quiet',
        mac: '52:54:00:00:00:11',
        addresses: ['172.31.0.9'],
        up: false,
      },
    ]);
  });

  it('is one for flows and for pictures', async () => {
    await using cloud = await withPorts();
    const machine = { physicalNetwork: 'lan', addresses: ['198.51.100.2/24'] };
    const topology = await readOvnTopology(cloud, { outside: [machine] });
    expect(explainFlow(topology, { from: 'outside', to: 'db' }).verdict).toBe('rejected');
    expect(explainFlow(topology, { from: 'db', to: 'outside' }).reason).toBe('db is not plugged in on any chassis');
    expect(renderTopology(topology, { format: 'text' })).toContain('172.30.0.11');
  });

  it('leaves networks out that cannot be read, with their guests', async () => {
    await using cloud = await withPorts();
    const [row] = await cloud.northbound.select('Logical_Switch', { where: [['name', '==', 'lab']] });
    const ids = row?.['external_ids'];
    const marks = ids instanceof Map ? new Map(ids).set('libvirt-network-xml', '<network>') : new Map();
    await cloud.northbound.transact([
      { op: 'update', table: 'Logical_Switch', where: [['name', '==', 'lab']], row: { external_ids: marks } },
    ]);
    const { networks, guests } = await readOvnTopology(cloud);
    expect(networks.map(({ network }) => network.name)).toEqual(['quiet']);
    expect(guests?.map(({ network }) => network)).toEqual(['quiet']);
  });

  it('is only read of OVN', async () => {
    expect(await caught(readOvnTopology({} as Ovn))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
