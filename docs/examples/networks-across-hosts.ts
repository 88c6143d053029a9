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

// #region database
import type { Ovsdb } from 'libvirt-network/ovn';

export async function waitForPorts(northbound: Ovsdb): Promise<void> {
  await using replica = await northbound.replica({ Logical_Switch_Port: { columns: ['name', 'up'] } });
  const areUp = () => [...replica.rows('Logical_Switch_Port').values()].every(({ up }) => up === true);
  await replica.until(() => areUp() || undefined, { timeoutMs: 30_000 });
}
// #endregion

console.log(`${lab.name} has ${lab.subnets.join(', ')}`);

// #region hosts
import { applyAll, type Host, IsolatedNetwork } from 'libvirt-network';
import { guests } from 'libvirt-network/guests';
import type { Ovn } from 'libvirt-network/ovn';

const quiet = IsolatedNetwork.create('quiet')
  .mtu(1442) // what Geneve leaves of 1500
  .subnet('172.30.0.1/24', (s) => s.dhcp('172.30.0.100', '172.30.0.199'));

/** Makes the network, and lets guests of each host into it. */
export async function makeQuiet(cloud: Ovn, hosts: readonly Host[]): Promise<void> {
  await cloud.networks.ensure(quiet);
  const networks = [cloud.networks.attachment()];
  const { results } = await applyAll(hosts.map((host) => ({ host, networks, running: true, autostart: true })));
  for (const { error } of results) if (error) throw error;
}

/** Plugs a guest in, while it runs or not. */
export async function plugIn(cloud: Ovn, host: Host, name: string, mac: string): Promise<void> {
  const { nic } = await cloud.networks.port('quiet', { mac });
  const guest = await guests(host).get(name);
  await guest.attach(nic);
}

/** Unplugs it, and takes its port away. */
export async function unplug(cloud: Ovn, host: Host, name: string, mac: string): Promise<void> {
  const guest = await guests(host).get(name);
  await guest.detach(mac);
  await cloud.networks.removePort('quiet', mac);
}
// #endregion
