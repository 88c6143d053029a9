// #region network
import { NatNetwork } from 'libvirt-network';
import { type OvsdbTls, ovn } from 'libvirt-network/ovn';

const lab = NatNetwork.create('lab')
  .domain('lab.test')
  .subnet('172.30.0.1/24', (s) => s.dhcp('172.30.0.100', '172.30.0.199'));

export async function makeLab(tls: OvsdbTls): Promise<boolean> {
  await using cloud = ovn({
    northbound: 'ssl:10.0.0.1:6641,ssl:10.0.0.2:6641,ssl:10.0.0.3:6641',
    tls,
    outside: {
      physicalNetwork: 'lan', // in ovn-bridge-mappings of the gateway chassis
      addresses: ['198.51.100.10/24'],
      gateways: ['198.51.100.1'],
      chassis: 'kvm1',
    },
  });
  const { changed, changes } = await cloud.networks.ensure(lab, { owner: 'team-a' });
  for (const { what } of changes) console.log(what);
  return changed;
}

// #endregion

// #region anywhere
import { formatPlan, type Host } from 'libvirt-network';
import type { NetworksAnywhere, Ovn } from 'libvirt-network/ovn';

async function update(networks: NetworksAnywhere): Promise<void> {
  console.log(formatPlan(await networks.plan(lab, { owner: 'team-a' })));
  const results = await networks.ensureAll([lab], { owner: 'team-a', running: true });
  for (const { network, status, error } of results) console.log(network, status, error?.message);
}

export async function updateBoth(host: Host, cloud: Ovn): Promise<void> {
  await update(host.networks);
  await update(cloud.networks);
}

// #endregion

// #region chassis
import { sshRunner } from 'libvirt-network/host';
import { chassis, renderChassis } from 'libvirt-network/ovn';

export async function prepare(): Promise<void> {
  const report = await chassis(sshRunner('root@kvm2'), {
    southbound: 'ssl:10.0.0.1:6642,ssl:10.0.0.2:6642,ssl:10.0.0.3:6642',
    ip: '10.0.0.2',
    bridges: { lan: 'br-ex' },
  });
  if (!report.ok) console.log(renderChassis(report));
}

// #endregion

// #region openings
import type { OvnOutside } from 'libvirt-network/ovn';

export const outside: OvnOutside = {
  physicalNetwork: 'lan',
  addresses: ['198.51.100.10/24'],
  gateways: ['198.51.100.1'],
  chassis: 'kvm1',
  openings: [{ from: '192.0.2.0/24', protocol: 'tcp', ports: 22 }], // SSH to all guests from the office
  ownAddresses: [{ guest: '172.30.0.11', address: '198.51.100.25' }], // the mail server sends as itself
};

// #endregion

// #region seen
import type { Ovn as Cloud } from 'libvirt-network/ovn';

export async function watch(cloud: Cloud): Promise<void> {
  for (const { mac, addresses, up, chassis } of await cloud.networks.ports('lab'))
    console.log(mac, addresses.join(' '), up ? `on ${chassis}` : 'not plugged in');
  for await (const { type, network, port } of cloud.networks.events({ reconnect: true }))
    console.log(type, network, port?.mac);
}

// #endregion

console.log('--- flow');

// #region flow
import { type OvnTopology, readOvnTopology } from 'libvirt-network/ovn';
import { explainFlow, renderFlow } from 'libvirt-network/preview';

const topology: OvnTopology = {
  chassis: [
    { name: 'kvm1', address: '10.0.0.1' },
    { name: 'kvm2', address: '10.0.0.2' },
  ],
  networks: [
    {
      network: lab,
      outside: {
        physicalNetwork: 'lan',
        addresses: ['198.51.100.10/24'],
        gateways: ['198.51.100.1'],
        chassis: 'kvm1',
      },
    },
  ],
  guests: [{ name: 'web', network: 'lab', chassis: 'kvm2' }],
};
console.log(renderFlow(explainFlow(topology, { from: 'web', to: 'outside', protocol: 'tcp', port: 443 })));
console.log(renderFlow(explainFlow(topology, { from: 'outside', to: 'web', protocol: 'tcp', port: 22 })));

export async function explainLive(cloud: Cloud): Promise<string> {
  return renderFlow(explainFlow(await readOvnTopology(cloud), { from: 'web', to: 'outside' }));
}
// #endregion

console.log('--- mock');

// #region mock
import { ovn as connectTo, ovsdbMock } from 'libvirt-network/ovn';

export async function testMakeLab(): Promise<void> {
  const northbound = ovsdbMock();
  await using mocked = connectTo({
    northbound,
    outside: { physicalNetwork: 'lan', addresses: ['198.51.100.10/24'], chassis: 'kvm1' },
  });
  await mocked.networks.ensure(lab);
  const { changed } = await mocked.networks.ensure(lab);
  console.log(changed ? 'changed again' : 'a second call changes nothing');
}

await testMakeLab();

// #endregion

// #region database
import type { Ovsdb } from 'libvirt-network/ovn';

export async function waitForPorts(northbound: Ovsdb): Promise<void> {
  await using replica = await northbound.replica({ Logical_Switch_Port: { columns: ['name', 'up'] } });
  const areUp = () => [...replica.rows('Logical_Switch_Port').values()].every(({ up }) => up === true);
  await replica.until(() => areUp() || undefined, { timeoutMs: 30_000 });
}
// #endregion

console.log(`${lab.name} has ${lab.subnets.join(', ')}`);
