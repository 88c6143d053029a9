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

console.log(`${quiet.name} has ${quiet.subnets.join(', ')}`);
